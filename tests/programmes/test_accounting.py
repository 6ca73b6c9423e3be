"""The budget of a grant: promised, changed, spent, and what is left, head by head to the 分."""

import io
from decimal import Decimal

import pytest
from django.urls import reverse
from docx import Document

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import accounting, changing, reading
from keshu.bureau.programmes.grants.printing import conclusion_paper, latest_conclusion
from keshu.bureau.programmes.models import CaseReport, ChangeRequest
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import now
from keshu.office.papers import render
from tests.programmes.test_grants import (  # noqa: F401 - fixtures
    SPENT,
    _file,
    _fresh,
    _verdict,
    contracting,
    go,
    running,
    skipping,
)

pytestmark = pytest.mark.django_db


def account(application, by):
    return accounting.account_of(Case(_fresh(application), at=now(), by=by.actor))


def column(found, number, *names):
    """Of each head and the sum, the amounts of one kind of money by their names, as texts."""
    return [tuple(f"{getattr(line.amounts[number], name):f}" for name in names) for line in (*found.lines, found.total)]


def test_promised_changed_and_spent_side_by_side(running, unit_admin, applicant):  # noqa: F811
    change = {"kind": "budget", "after": {"budget:1:grant": "90000", "budget:2:grant": "110000"}}
    changing.file_change(running.pk, change, reason="设备降价", seen=running.revision, viewer=unit_admin)
    _file(running, "acceptance", applicant, spent=SPENT)
    found = account(running, applicant)
    assert found.columns == ("专项经费", "自筹经费")
    assert column(found, 0, "promised", "now", "spent", "left") == [
        ("100000.00", "90000.00", "95000.50", "-5000.50"), ("100000.00", "110000.00", "110000.00", "0.00"),
        ("100000.00", "100000.00", "80000.00", "20000.00"), ("10000.00", "10000.00", "10000.00", "0.00"),
        ("310000.00", "310000.00", "295000.50", "14999.50"),
    ]  # fmt: skip
    assert found.total.amounts[1].left == Decimal(100000)
    assert found.remarks == ("自筹经费支出 1,200,000 元，比预算少 100,000 元",)
    assert accounting.listing_of(found).rows[0] == (
        "设备费", "100,000", "90,000", "95,000.50", "-5,000.50", "1,000,000", "1,000,000", "0",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param(dict.fromkeys(SPENT, ""), "请按科目填写经费决算", id="nothing said"),
        pytest.param({"budget:3:own": ""}, "没有填写“劳务费”自筹经费的决算数；没有支出的填 0", id="empty is not 0"),
        pytest.param({"budget:3:own": "很多"}, "劳务费|数", id="no amount"),
        pytest.param({"budget:3:grant": "-1"}, "负", id="below zero"),
        pytest.param({"budget:1:grant": "110000.01"}, "支出合计 310,000.01 元，超过预算 310,000 元", id="a 分 more than granted"),
        pytest.param({"budget:4:grant": "10000.01"}, "“间接费用”比批准的预算多 0.01 元，单位不能自行调增，请写明原因", id="indirect raised"),
    ],
)  # fmt: skip
def test_a_final_account_that_does_not_add_up_is_not_taken(running, applicant, changes, said):  # noqa: F811
    spent = {path: text for path, text in {**SPENT, **changes}.items() if text}
    if "110000.01" in spent.values():
        spent["budget:3:grant"] = "80000"
    with pytest.raises(CaseProblem, match=said):
        _file(running, "acceptance", applicant, spent=spent)
    assert not CaseReport.objects.filter(kind="acceptance", filed_on__isnull=False).exists()


def test_what_went_beyond_is_named_wherever_the_money_is_judged(running, applicant, bureau, go, client_as):  # noqa: F811
    spent = {**SPENT, "budget:4:grant": "10500", "budget:4:note": "管理费分摊增加"}
    _file(running, "acceptance", applicant, spent=spent)
    named = "“间接费用”比批准的预算多 500 元，单位不能自行调增"
    page = client_as("finance").get(reverse("programmes:case", args=[running.pk])).content.decode()
    assert named in page and "管理费分摊增加" in page
    case = go(_fresh(running), "ask_acceptance")
    for kind, role, office in (
        ("project", "head", "高新科"),
        ("money", "finance", "计财科"),
        ("performance", "clerk", "监督科"),
    ):
        _verdict(case, bureau, kind, role, office, points="88" if kind == "performance" else "")
    case = go(_fresh(case), "pass_acceptance")
    held = Case(_fresh(case), at=now(), by=applicant.actor)
    paper = Document(io.BytesIO(render("conclusion_reply", conclusion_paper(held, latest_conclusion(held)))))
    rows = [[cell.text for cell in row.cells] for table in paper.tables for row in table.rows]
    assert ["设备费", "100,000", "95,000.50", "4,999.50", "1,000,000", "1,000,000", "0"] in rows
    assert any(named in line.text for line in paper.paragraphs)


def test_raising_indirect_costs_is_asked_for_and_small_shifts_do_not_add_up_unseen(running, unit_admin, go):  # noqa: F811
    raised = {"kind": "budget", "after": {"budget:3:grant": "99000", "budget:4:grant": "11000"}}
    with pytest.raises(CaseProblem, match="须经主管部门批准"):
        changing.file_change(running.pk, raised, reason="分摊增加", seen=running.revision, viewer=unit_admin)
    case = go(running, "ask_change", given={"change": raised})
    asked = ChangeRequest.objects.get(application=case)
    assert (asked.weight, asked.right) == ("important", "programmes.supervise")
    case = go(case, "allow_change")
    again = {"kind": "budget", "after": {"budget:3:grant": "98000", "budget:4:grant": "12000"}}
    with pytest.raises(CaseProblem, match="须经主管部门批准"):  # the agreed one is the measure from now on
        changing.file_change(case.pk, again, reason="再增", seen=case.revision, viewer=unit_admin)
    back = {"kind": "budget", "after": {"budget:3:grant": "100000", "budget:4:grant": "10000"}}
    changing.file_change(case.pk, back, reason="调回", seen=case.revision, viewer=unit_admin)
    assert reading.book_of(case).values["budget:4:grant"] == "10000"
    changing.file_change(
        case.pk,
        {"kind": "budget", "after": raised["after"]},
        reason="回到批准数",
        seen=_fresh(case).revision,
        viewer=unit_admin,
    )  # up to what was agreed the unit is free again


def test_the_form_asks_head_by_head_and_keeps_what_was_typed(running, client_as):  # noqa: F811
    client, address = client_as("applicant"), reverse("programmes:report", args=[running.pk])
    page = client.get(f"{address}?kind=acceptance").content.decode()
    assert page.count('name="spent-budget-') == 12 and "间接费用" in page
    assert 'name="spent-budget-' not in client.get(f"{address}?kind=science").content.decode()
    posted = {"kind": "acceptance", "text": "已完成", "seen": running.revision}
    cells = {f"spent-{path.replace(':', '-')}": text for path, text in SPENT.items()}
    answer = client.post(address, posted | cells | {"spent-budget-1-own": ""})
    assert (
        "没有填写“设备费”自筹经费的决算数" in answer.content.decode() and 'value="95000.5"' in answer.content.decode()
    )
    assert client.post(address, posted | cells).status_code == 302
    filed = CaseReport.objects.get(kind="acceptance", filed_on__isnull=False)
    assert filed.values["spent"] == SPENT


def test_a_budget_that_is_not_what_was_approved_is_said_at_once(running, applicant, monkeypatch):  # noqa: F811
    monkeypatch.setattr(accounting, "granted", lambda _case: Decimal(290_000))
    (remark,) = account(running, applicant).remarks
    assert remark == "任务书的专项经费预算 310,000 元，与核定金额 290,000 元不一致，请变更预算或调整核定金额"
    _file(running, "acceptance", applicant, spent=SPENT)
    assert "专项经费支出 295,000.50 元，超过核定金额 290,000 元" in account(running, applicant).remarks
