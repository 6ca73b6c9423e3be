"""Each kind of slip that people make in a table, one by one: named at its cell, with the sound rows left in peace."""

from datetime import date

import pytest

from tests.ledgers.conftest import rows_of, said
from tests.ledgers.workbooks import Sheet, code, csv_bytes, patent_number, xlsx

TITLE_HEAD = [
    "企业名称",
    "统一社会信用代码",
    "所属县区",
    "证书编号",
    "发证日期",
    "有效期至",
    "营业收入(万元)",
    "联系电话",
]


def firm(n, **changes):
    """A sound row of a list of certified firms in 青岩县."""
    row = {
        "name": f"云岭第{n}号仪表有限公司", "uscc": code("990121", n), "place": "青岩县", "number": f"GR202599{n:06d}",
        "issued": date(2025, 11, 3), "ended": date(2028, 11, 3), "revenue": 5000 + n * 100, "phone": "",
    }  # fmt: skip
    return list((row | changes).values())


def titles(*rows, title="2025年高新技术企业名单 截至2025年12月31日"):
    return xlsx(Sheet("名单", [[title], TITLE_HEAD, *rows], merge=["A1:H1"]))


SLIPS = [
    pytest.param({"uscc": code("990121", 3)[:-1]}, {(5, "uscc-length")}, id="a code one character short"),
    pytest.param({"uscc": code("990121", 3).replace("0", "O", 1)}, {(5, "uscc-character")}, id="letter O in a code"),
    pytest.param({"uscc": f"９{code('990121', 3)[1:]}"}, set(), id="a full-width digit in a code is read"),
    pytest.param({"name": code("990121", 3), "uscc": "云岭第3号仪表有限公司"}, {(5, "swapped")}, id="two columns changed over"),
    pytest.param({"name": ""}, {(5, "required")}, id="no name"),
    pytest.param({"name": "12345"}, {(5, "party-name")}, id="a number for a name"),
    pytest.param({"place": "清岩县"}, {(5, "place-unknown")}, id="a place that does not exist"),
    pytest.param({"place": "城关镇"}, {(5, "place-ambiguous")}, id="a town of two counties"),
    pytest.param({"place": "青岩县城关镇"}, set(), id="a town with its county before it"),
    pytest.param({"place": "江川区"}, {(5, "region-differs")}, id="county of the row against county of the code"),
    pytest.param({"place": "高新区"}, set(), id="a park overlaps counties"),
    pytest.param({"number": "GR20259900003"}, {(5, "certificate-shape")}, id="a certificate number one digit short"),
    pytest.param({"number": "GR202499000003"}, {(5, "certificate-year")}, id="year of the number against day of issue"),
    pytest.param({"number": "ＧＲ202599000003"}, set(), id="full-width letters in a number"),
    pytest.param({"issued": "2025-13-03"}, {(5, "date-impossible")}, id="month 13"),
    pytest.param({"issued": "2025年2月30日"}, {(5, "date-impossible")}, id="30 February"),
    pytest.param({"issued": "25.11.3"}, {(5, "date-ambiguous")}, id="a year of two digits"),
    pytest.param({"issued": "2O25-11-03"}, {(5, "lookalike")}, id="letter O in a date"),
    pytest.param({"issued": "十一月初"}, {(5, "date-shape")}, id="a day in words"),
    pytest.param({"issued": date(2029, 11, 3)}, {(5, "date-future"), (5, "validity"), (5, "certificate-year")}, id="a day to come"),
    pytest.param({"issued": date(2026, 2, 3), "number": "GR202699000003"}, {(5, "date-after-cut-off"), (5, "three-years")}, id="a day behind the cut-off"),
    pytest.param({"ended": date(2024, 11, 3)}, {(5, "validity")}, id="expiry before issue"),
    pytest.param({"ended": date(2027, 11, 3)}, {(5, "three-years")}, id="a certificate of two years"),
    pytest.param({"issued": ""}, {(5, "date-missing")}, id="the only day left blank"),
    pytest.param({"revenue": "————"}, set(), id="a dash of any length for nothing"),
    pytest.param({"revenue": "约5300万"}, set(), id="about so much"),
    pytest.param({"revenue": "5O00"}, {(5, "lookalike")}, id="letter O in an amount"),
    pytest.param({"revenue": "保密"}, {(5, "number-shape")}, id="words in a column of numbers"),
    pytest.param({"revenue": -5300}, {(5, "negative")}, id="a negative income"),
    pytest.param({"revenue": "5000-6000"}, {(5, "number-range")}, id="a range for an amount"),
    pytest.param({"revenue": "5300人"}, {(5, "number-unit")}, id="people in a column of money"),
    pytest.param({"revenue": 53_000_000}, {(5, "unit-suspected")}, id="yuan in a column of ten thousands"),
    pytest.param({"phone": "1380013800"}, {(5, "phone-mobile")}, id="a telephone number one digit short"),
    pytest.param({"revenue": "/"}, set(), id="a slash for nothing"),
    pytest.param({"name": "云岭第3号仪表有限公司(原云岭旧仪表厂)"}, set(), id="a former name in brackets"),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(("changes", "expected"), SLIPS)
def test_one_slip_in_a_list_is_named_and_nothing_else(stage, changes, expected):
    rows = [firm(n, **(changes if n == 3 else {})) for n in range(1, 13)]
    assert said(stage("title", titles(*rows))) == expected


@pytest.mark.django_db
def test_same_certificate_for_two_firms_accuses_both_rows(stage):
    batch = stage("title", titles(firm(1), firm(2), firm(3, number="GR202599000001"), firm(4)))
    assert said(batch) == {(3, "duplicate-differs"), (5, "duplicate-differs")}
    assert rows_of(batch) == {"new": 2, "wrong": 2}


@pytest.mark.django_db
def test_same_certificate_as_a_firm_that_the_ledger_holds(take, stage):
    take("title", titles(firm(1), firm(2)))
    batch = stage("title", titles(firm(3, number="GR202599000001"), firm(2)))
    assert said(batch) == {(3, "held-by-another")}
    assert rows_of(batch) == {"unchanged": 1, "wrong": 1}


@pytest.mark.django_db
def test_a_row_that_comes_twice_is_left_out_once(stage):
    batch = stage("title", titles(firm(1), firm(2), firm(1)))
    assert said(batch) == {(5, "duplicate")}
    assert rows_of(batch) == {"new": 2, "duplicate": 1}


@pytest.mark.django_db
def test_a_row_that_comes_twice_with_another_amount_is_wrong(stage):
    batch = stage("title", titles(firm(1), firm(2), firm(1, ended=date(2027, 11, 3))))
    assert said(batch) == {(5, "duplicate-differs"), (5, "three-years")}
    assert rows_of(batch) == {"new": 2, "wrong": 1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("total", "expected"),
    [
        pytest.param(["合计", "3家", "", "", "", "", 15600], set(), id="a total that agrees"),
        pytest.param(["合计", "", "", "", "", "", "15,600.00"], set(), id="a total typed with separators"),
        pytest.param(["合计", "4家", "", "", "", "", 15600], {(6, "total-count")}, id="a count that does not"),
        pytest.param(["总 计", "", "", "", "", "", 16600], {(6, "total-disagrees")}, id="a sum that does not"),
    ],
)
def test_the_line_of_sums_is_held_against_the_rows(stage, total, expected):
    batch = stage("title", titles(firm(1), firm(2), firm(3), total))
    assert said(batch) == expected
    assert rows_of(batch) == {"new": 3}


@pytest.mark.django_db
def test_a_subtotal_in_the_middle_sums_the_rows_since_the_last_one(stage):
    first, second = (
        [firm(1), firm(2), ["小计", "", "", "", "", "", 10300]],
        [firm(3), firm(4), ["小计", "", "", "", "", "", 9999]],
    )
    batch = stage("title", titles(*first, *second, ["合计", "4家", "", "", "", "", 21000]))
    assert said(batch) == {(8, "total-disagrees")}
    assert rows_of(batch) == {"new": 4}


@pytest.mark.django_db
def test_one_name_with_two_codes_in_a_file(stage):
    batch = stage("title", titles(firm(1), firm(2), firm(3, name="云岭第1号仪表有限公司")))
    assert said(batch) == {(5, "code-conflict")}


@pytest.mark.django_db
def test_one_code_with_two_names_in_a_file(stage):
    batch = stage("title", titles(firm(1), firm(2), firm(3, uscc=code("990121", 1))))
    assert said(batch) == {(5, "party-other-name"), (5, "duplicate-differs")}  # and its income differs from row 3
    assert rows_of(batch) == {"new": 3}


@pytest.mark.django_db
def test_slips_in_patents(stage):
    number = patent_number(2024, 1, 55)
    head = ["申请号", "名称", "类型", "申请人", "申请日", "授权日"]
    sound = [
        [patent_number(2024, 1, 100 + n), "一种装置", "发明", "云岭甲有限公司", "2024-05-06", "2025-06-07"]
        for n in range(8)
    ]
    slips = [
        [number, "一种装置", "外观设计", "云岭甲有限公司", "2024-05-06", "2025-06-07"],
        [patent_number(2023, 1, 56), "一种装置", "发明", "云岭甲有限公司", "2024-05-06", "2025-06-07"],
        [patent_number(2024, 1, 57), "一种装置", "发明", "云岭甲有限公司", "2024-05-06", "2024-05-05"],
        [patent_number(2024, 1, 58)[:-3], "一种装置", "发明", "云岭甲有限公司", "2024-05-06", "2025-06-07"],
        [patent_number(2024, 1, 59), "一种装置", "软件著作", "云岭甲有限公司", "2024-05-06", "2025-06-07"],
        ["2.02410000061E+12", "一种装置", "发明", "云岭甲有限公司", "2024-05-06", "2025-06-07"],
    ]  # fmt: skip
    batch = stage("patent", xlsx(Sheet("专利", [head, *sound, *slips])))
    assert said(batch) == {
        (10, "kind-agrees"), (11, "filing-year"), (12, "grant-after-filing"), (13, "patent-shape"), (14, "choice"),
        (15, "lost-digits"),
    }  # fmt: skip


@pytest.mark.django_db
def test_a_wrong_identity_card_is_named_and_its_number_is_not_kept_open(stage):
    head = ["姓名", "身份证号", "工作单位", "人才计划", "入选年度"]
    rows = [
        ["张三", "350423198506153024", "云岭甲有限公司", "领军人才", "2025"],
        ["李四", "350423198506153025", "云岭甲有限公司", "领军人才", "2025"],
        ["王五", "350423198513153024", "云岭甲有限公司", "领军人才", "2025"],
    ]
    batch = stage("talent", xlsx(Sheet("人才", [head, *rows])))
    assert said(batch) == {(3, "idcard-check"), (4, "idcard-birth")}
    assert "350423198506153024" not in str(list(batch.rows.values()))


@pytest.mark.django_db
def test_an_event_that_is_told_twice(stage):
    head = ["活动名称", "活动时间", "活动地点", "场次", "参加人次"]
    rows = [
        ["科普进校园", "2025-03-15", "江川一小", 2, 300],
        ["科普进校园", "2025-03-15", "江川二小", 2, 300],
        ["科普进校园", "2025.3.15", "江川一小", 2, 300],
        ["科普进校园", "2025年3月15日", "江川二小", 3, 300],
    ]
    assert said(stage("activity", csv_bytes([head, *rows]), "活动.csv")) == {(4, "duplicate"), (5, "duplicate-differs")}


@pytest.mark.django_db
def test_a_day_outside_the_year_of_the_title(stage):
    head = ["活动名称", "活动时间", "活动地点"]
    rows = [["讲座", f"2025-03-{n:02d}", "图书馆"] for n in range(1, 12)] + [
        ["讲座", "2052-03-20", "图书馆"],
        ["讲座", "2024-03-20", "图书馆"],
    ]
    batch = stage("activity", xlsx(Sheet("表", [["2025年科普活动统计表"], head, *rows], merge=["A1:C1"])))
    assert said(batch) == {(14, "date-future"), (15, "date-other-year")}


@pytest.mark.django_db
def test_a_month_that_is_not_over_yet_is_in_the_future(stage):
    rows = [["讲座", "2026-10-31", "图书馆"], ["讲座", "2026-11-02", "图书馆"]]
    batch = stage("activity", csv_bytes([["活动名称", "活动时间", "活动地点"], *rows]), "活动.csv")
    assert said(batch) == {(3, "date-future")}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "expected"),
    [
        pytest.param(b"", "a.xlsx", "empty", id="nothing"),
        pytest.param(b"%PDF-1.7 ...", "a.xlsx", "kind", id="a PDF under another name"),
        pytest.param(xlsx(Sheet("表", [["甲", "乙", "丙"], ["1", "2", "3"], ["4", "5", "6"]])), "a.xlsx", "no-heading", id="no heading"),
        pytest.param(xlsx(Sheet("表", [["证书编号", "发证日期"], ["GR202599000001", "2025-11-03"]])), "a.xlsx", "columns-missing", id="no column for the firm"),
        pytest.param(xlsx(Sheet("说明", [["填表说明:只填一次"]])), "a.xlsx", "file-empty", id="only a note"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_why(stage, content, name, expected):
    batch = stage("title", content, name)
    assert {problem for _, problem in said(batch)} == {expected}
    assert rows_of(batch) == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("number", "expected"),
    [
        pytest.param("2025990100O0007", {(8, "number-odd")}, id="a letter for a digit"),
        pytest.param("20259901000007", {(8, "number-odd")}, id="a digit too few"),
        pytest.param("2025990100000077", {(8, "number-odd")}, id="a digit too many"),
        pytest.param("JX-2025-7", set(), id="a number of another kind"),
        pytest.param("2.02599E+14", {(8, "lost-digits")}, id="a number that the sheet rounded"),
    ],
)
def test_a_number_that_is_one_slip_away_from_all_the_others(stage, number, expected):
    head = ["合同编号", "合同名称", "合同类别", "卖方名称", "合同成交额", "登记日期"]
    rows = [
        [f"2025990100{n:05d}", "服务", "技术服务", f"云岭第{n}号有限公司", 5000 + n, "2025-05-06"] for n in range(1, 13)
    ]
    rows[6][0] = number
    assert said(stage("tech_contract", csv_bytes([head, *rows]), "合同.csv")) == expected


@pytest.mark.django_db
def test_a_firm_that_comes_twice_with_two_certificates(stage):
    batch = stage("title", titles(firm(1), firm(2), firm(1, number="GR202599000009")))
    assert said(batch) == {
        (5, "holder-twice"),
    }
    assert rows_of(batch) == {"new": 3}


@pytest.mark.django_db
def test_a_rule_of_uniqueness_holds_within_the_file_and_against_the_ledger(take, stage, monkeypatch):
    from keshu.bureau.ledgers import catalogue
    from keshu.catalogue.schema import Check

    rule = Check(code="document-once", rule="unique(name)", message="项目名称重复", remedy="核对是否重复立项")
    project = catalogue.ledger_of("project")
    ruled = project.model_copy(update={"checks": (*project.checks, rule)})
    monkeypatch.setitem(catalogue.catalogue().ledgers, "project", ruled)
    head = ["项目编号", "项目名称", "承担单位", "计划类别", "级别"]
    row = ["X1", "工艺研究", "云岭甲有限公司", "重点研发", "市级"]
    take("project", csv_bytes([head, row]), "a.csv")
    again = [["X1", *row[1:]], ["X2", *row[1:]], ["X3", "材料研究", *row[2:]], ["X4", "材料研究", *row[2:]]]
    batch = stage("project", csv_bytes([head, *again]), "a.csv")
    assert said(batch) == {(3, "document-once"), (5, "document-once")}
    assert rows_of(batch) == {"unchanged": 1, "new": 1, "wrong": 2}


@pytest.mark.django_db
def test_serials_of_document_numbers_may_grow(stage):
    head = ["平台名称", "依托单位", "平台类型", "级别", "认定文号"]
    rows = [[f"第{n}重点实验室", "云岭甲有限公司", "重点实验室", "市级", f"云科〔2025〕{n}号"] for n in range(8, 31)]
    assert said(stage("platform", csv_bytes([head, *rows]), "平台.csv")) == set()


@pytest.mark.django_db
def test_what_the_definition_assumes_changes_no_row_that_is_there(take, stage, monkeypatch):
    from keshu.bureau.ledgers import catalogue

    head = ["合同编号", "合同类别", "卖方名称", "合同成交额", "登记日期"]
    row = ["202599010000001", "技术服务", "云岭甲有限公司", "5000", "2025-05-06"]
    contract = catalogue.ledger_of("tech_contract")
    without = tuple(f.model_copy(update={"default": None}) for f in contract.fields)
    with monkeypatch.context() as patch:
        patch.setitem(catalogue.catalogue().ledgers, "tech_contract", contract.model_copy(update={"fields": without}))
        take("tech_contract", csv_bytes([head, row]), "合同.csv")
    assert rows_of(stage("tech_contract", csv_bytes([head, row]), "合同.csv")) == {"unchanged": 1}
