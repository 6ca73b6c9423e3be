"""Which indicator a figure speaks of; what is not sure is shown, never guessed."""

from decimal import Decimal

import pytest

from keshu.kernel.prose.figure import Figure, Kind, Role
from keshu.kernel.prose.linking import Index, Meaning
from keshu.kernel.prose.reference import Form

MEANINGS = [
    Meaning("hte.valid", ("有效高新技术企业数", "高新技术企业", "高企", "高企保有量"), "家", "stock"),
    Meaning("hte.new", ("新认定高新技术企业数", "新增高新技术企业"), "家", "flow"),
    Meaning("hte.upper", ("全省高新技术企业数",), "家", "received"),
    Meaning("patent.filed", ("专利申请量", "专利申请"), "件", "flow"),
    Meaning("patent.invention", ("发明专利申请量", "发明专利申请"), "件", "flow"),
    Meaning("contract.count", ("技术合同登记项数", "技术合同"), "项", "flow"),
    Meaning("contract.total", ("技术合同成交额",), "元", "flow"),
    Meaning("centre", ("工程技术研究中心数", "工程中心"), "家", "stock"),
    Meaning("centre.provincial", ("工程技术研究中心数", "工程中心"), "家", "stock", "省级"),
    Meaning("centre.city", ("工程技术研究中心数", "工程中心"), "家", "stock", "市级"),
    Meaning("rd.ratio", ("R&D经费投入强度", "研发投入强度", "R&D经费占GDP比重"), "%", "ratio"),
]
INDEX = Index(MEANINGS, ["云岭市", "青岩县"])


def figure(subject: str, unit: str, kind: Kind = Kind.COUNT, role: Role = Role.ACTUAL) -> Figure:
    return Figure(0, 2, "12", Decimal(12), unit, kind=kind, canonical=unit, subject=subject, role=role)


@pytest.mark.parametrize(
    ("subject", "unit", "kind", "before", "code"),
    [
        ("有效高新技术企业", "家", Kind.COUNT, "", "hte.valid"),
        ("国家高新技术企业总数", "家", Kind.COUNT, "", "hte.valid"),
        ("青岩县高企", "家", Kind.COUNT, "", "hte.valid"),
        ("新认定国家级高新技术企业", "家", Kind.COUNT, "", "hte.new"),
        ("高新技术企业", "家", Kind.COUNT, "全年新增", "hte.new"),
        ("全市专利申请量", "件", Kind.COUNT, "", "patent.filed"),
        ("发明专利申请", "件", Kind.COUNT, "其中", "patent.invention"),
        ("登记技术合同", "项", Kind.COUNT, "", "contract.count"),
        ("技术合同成交额", "元", Kind.AMOUNT, "", "contract.total"),
        ("省级工程技术研究中心", "家", Kind.COUNT, "", "centre.provincial"),
        ("工程中心", "个", Kind.COUNT, "", "centre"),
        ("研发投入强度", "%", Kind.RATIO, "", "rd.ratio"),
    ],
)
def test_a_name_that_says_everything_is_sure(subject: str, unit: str, kind: Kind, before: str, code: str) -> None:
    linked = INDEX.link(figure(subject, unit, kind), before)
    assert linked.sure
    assert linked.links[0].code == code


@pytest.mark.parametrize(
    ("subject", "unit", "kind"),
    [
        ("生物医药领域高新技术企业", "家", Kind.COUNT),  # a part of them
        ("高新技术企业研发人员", "人", Kind.COUNT),  # another thing, another measure word
        ("高新技术企业", "亿元", Kind.AMOUNT),
        ("研讨会", "场", Kind.COUNT),
    ],
)
def test_what_is_not_said_in_full_is_never_sure(subject: str, unit: str, kind: Kind) -> None:
    assert not INDEX.link(figure(subject, unit, kind)).sure


@pytest.mark.parametrize(
    ("found", "before", "form"),
    [
        (figure("专利申请", "%", Kind.GROWTH), "专利申请258件，同比增长", Form.GROWTH),
        (figure("研发投入强度", "个百分点", Kind.GROWTH), "较上年提高", Form.POINTS),
        (figure("高新技术企业", "位", Kind.RANK), "居全省", Form.RANK),
        (figure("高新技术企业", "家"), "较上年末增加", Form.DIFFERENCE),
        (figure("高新技术企业", "%", Kind.RATIO), "完成年度目标的", Form.COMPLETION),
        (figure("高新技术企业", "家", role=Role.TARGET), "力争达到", Form.TARGET),
    ],
)
def test_the_form_is_how_it_is_said(found: Figure, before: str, form: Form) -> None:
    assert [link.form for link in INDEX.link(found, before).links] == [form]


def test_a_planned_change_is_no_form_that_can_be_recomputed() -> None:
    assert INDEX.link(figure("高新技术企业", "%", Kind.TARGET_CHANGE), "力争增长").links == ()
