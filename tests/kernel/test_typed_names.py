"""Names, choices, yes and no."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.typed import cell_text, core_name, former_name, normal_name, read_bool, read_choice, read_names

CODES = {"hte": ("高新技术企业", "高企", "国家高企"), "sme": ("科技型中小企业", "科小"), "none": ("无", "不属于")}


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("云岭宇盛医药有限公司;云岭学院", ("云岭宇盛医药有限公司", "云岭学院")),
        ("甲公司；乙公司、丙公司，丁公司,戊公司/己公司\n庚公司", tuple(f"{name}公司" for name in "甲乙丙丁戊己庚")),
        ("甲公司（原乙、丙公司）、丁公司", ("甲公司（原乙、丙公司）", "丁公司")),
        ("甲公司(原乙公司)", ("甲公司（原乙公司）",)),
        ("1.甲公司 2.乙公司", ("甲公司", "乙公司")),
        ("1、甲公司\n2、乙公司", ("甲公司", "乙公司")),
        ("Acme Co., Ltd.; 乙公司", ("Acme Co., Ltd.", "乙公司")),
        ("A/S公司", ("A/S公司",)),
        ("云岭 学院", ("云岭学院",)),
        ("3M中国有限公司", ("3M中国有限公司",)),
    ],
)
def test_several_names(typed, names):
    assert read_names(typed).value == names


def test_names_once_and_lists_that_go_on():
    assert read_names("甲公司、甲公司").value == ("甲公司",) and "重复" in read_names("甲公司、甲公司").note
    assert read_names("甲公司、乙公司等3家企业").value == ("甲公司", "乙公司")
    assert "名单不全" in read_names("甲公司、乙公司等").note
    assert read_names("/").missing and read_names("、；").missing


@given(
    st.lists(st.text("云岭江川甲乙丙丁戊公司院所", min_size=2, max_size=8), min_size=1, max_size=6, unique=True),
    st.sampled_from(";；、,，\n/"),
)
def test_joined_names_come_apart(names, separator):
    assert read_names(separator.join(names)).value == tuple(names)


def test_matching_forms():
    assert normal_name("云岭（集团）有限 公司") == normal_name("云岭(集团)有限公司")
    assert normal_name("ａｂｃ科技") == "ABC科技"
    assert normal_name("新名有限公司（原旧名有限公司）") == "新名有限公司"
    assert former_name("新名有限公司（原旧名有限公司）") == ("新名有限公司", "旧名有限公司")
    assert former_name("甲公司") == ("甲公司", None)
    assert core_name("云岭科德软件有限责任公司") == core_name("云岭科德软件有限公司") == "云岭科德软件"
    assert core_name("青岩制药股份有限公司") == "青岩制药"
    assert core_name("公司") == "公司"


@pytest.mark.parametrize(
    ("typed", "code"), [("高企", "hte"), (" 高新 技术企业 ", "hte"), ("HTE", "hte"), ("科小", "sme"), ("无", "none")]
)
def test_choices(typed, code):
    assert read_choice(typed, codes=CODES).value == code


def test_choices_that_are_none():
    assert read_choice("", codes=CODES).missing
    problem = read_choice("高新企业", codes=CODES).problem
    assert "高新技术企业" in problem.message and "科技型中小企业" in problem.remedy


@pytest.mark.parametrize(
    ("typed", "value"),
    [("是", True), ("√", True), ("有", True), ("Y", True), (1.0, True), (True, True), ("否", False), ("无", False), ("×", False), (0, False), ("", None), ("/", None)],
)  # fmt: skip
def test_yes_and_no(typed, value):
    read = read_bool(typed)
    assert read.value is value and read.problem is None


def test_neither_yes_nor_no():
    assert read_bool("也许").problem.remedy


def test_cells_as_people_see_them():
    assert cell_text(202599010000000.0) == "202599010000000"
    assert cell_text(None) == "" and cell_text(0.30000000000000004) == "0.3" and cell_text(" 甲 ") == "甲"


@pytest.mark.parametrize(
    ("typed", "single", "names"),
    [
        ("云岭\n宏远材料有限公司", True, ("云岭宏远材料有限公司",)),
        ("云岭宏远材料有限公司\n云岭学院", True, ("云岭宏远材料有限公司", "云岭学院")),
        ("云岭宏远材料\n有限公司、云岭学院", False, ("云岭宏远材料有限公司", "云岭学院")),
        ("张三\n云岭学院", False, ("张三", "云岭学院")),
    ],
)
def test_a_line_break_inside_a_name_is_the_cells(typed, single, names):
    assert read_names(typed, single=single).value == names
