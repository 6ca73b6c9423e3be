"""Money on the way of a case: approved, planned, paid, stopped, asked back, settled, taken back."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.money.models import Approval, Instalment, Payment, Recovery
from keshu.bureau.money.planning import instalments_of
from keshu.bureau.money.problems import MoneyProblem
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About, known_facts
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.audit import faults
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import ZONE, writing
from tests.conftest import CLERK

TODAY = datetime.now(UTC).astimezone(ZONE).date()
ASKED = {"funding:special:amount": "600000"}


def decision(amount=""):
    return {"meeting": "局务会", "day": TODAY.isoformat(), "amount": str(amount)}


def payment(amount="", voucher="拨001", **more):
    return {"amount": str(amount), "paid_on": TODAY.isoformat(), "voucher_no": voucher, **more}


def plan_of(case):
    return [
        (row.code, row.amount, row.promised_on is not None, bool(row.lapsed_by_id)) for row in instalments_of(case.pk)
    ]


def total_of(case):
    return Approval.objects.filter(application=case, replaced_by=None).values_list("amount", flat=True).first()


@pytest.fixture
def agreed(standing, go):
    """A project of 重点研发 for which the meeting approved 50000."""
    return go(standing("plan.key_rd", "deciding"), "agree", "director", decision=decision(50000))


@pytest.fixture
def running(agreed, go):
    """The same, with the task book signed: it runs."""
    from keshu.bureau.programmes.models import Application, Stage

    Application.objects.filter(pk=agreed.pk).update(state="contracting")
    Stage.objects.filter(application=agreed, left_at=None).update(state="contracting")
    return go(agreed, "sign", "clerk")


def test_the_meeting_approves_the_amount(agreed):
    approval = Approval.objects.get()
    assert (approval.amount, approval.day, approval.reference) == (Decimal(50000), TODAY, "局务会")
    assert [(one.level, one.amount) for one in approval.shares.all()] == [("municipal", Decimal(50000))]
    assert not Instalment.objects.exists()  # a project's money is planned when its task book is signed
    assert not list(faults())


def test_an_amount_above_the_rule_is_refused_with_both_numbers(standing, go):
    case = standing("plan.key_rd", "deciding")
    with pytest.raises(MoneyProblem, match="超过规定的上限"):
        go(case, "agree", "director", decision=decision(99_999_999))
    with pytest.raises(MoneyProblem, match="请填写核定金额"):
        go(case, "agree", "director", decision=decision())
    assert not Approval.objects.exists()


def test_nothing_approved_is_no_approval(standing, go):
    case = go(standing("plan.key_rd", "deciding"), "agree", "director", decision=decision(0))
    assert case.state == "announcing"
    assert not Approval.objects.exists()


def test_signing_plans_the_instalments_and_promises_the_first(running):
    assert plan_of(running) == [("first", Decimal(30000), True, False), ("last", Decimal(20000), False, False)]
    first, last = instalments_of(running.pk)
    assert (first.condition, last.condition) == ("“签订任务书”后", "“通过验收”后")


def test_paying_what_is_due(running, go):
    case = go(running, "pay_instalment", "finance", payment=payment(30000))
    made = Payment.objects.get()
    assert (made.amount, made.level, made.voucher_no, made.place_id) == (
        Decimal(30000), "municipal", "拨001", case.call.place_id,
    )  # fmt: skip
    about = About(case.call, case.party_id, TODAY, datetime.now(UTC), case)
    assert known_facts(about, ["核定金额", "已拨金额", "拨付日期"]) == {
        "核定金额": Decimal(50000), "已拨金额": Decimal(30000), "拨付日期": TODAY,
    }  # fmt: skip
    with pytest.raises(NotAllowed, match="“尾款”要在“通过验收”后拨付"):
        go(case, "pay_instalment", "finance", payment=payment(1, "拨002"))
    assert not list(faults())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"amount": "30000.01"}, "超过“首款”尚未拨付的 30,000"),
        ({"amount": "0"}, "必须大于 0"),
        ({"amount": "很多"}, "不是金额"),
        ({"voucher_no": " "}, "凭证号"),
        ({"paid_on": "2999-01-01"}, "晚于今天"),
        ({"paid_on": "2001-01-01"}, "早于核定日期"),
        ({"paid_on": "昨天"}, "不是日期"),
        ({"level": "county"}, "没有“县级”承担的部分"),
    ],
)
def test_a_payment_that_is_wrong_is_refused_with_a_sentence(running, go, said, why):
    with pytest.raises(CaseProblem, match=why):
        go(running, "pay_instalment", "finance", payment=payment(30000) | said)
    assert not Payment.objects.exists()


def test_only_finance_pays(running, go):
    for role in ("clerk", "head", "director", "county", "office"):
        with pytest.raises(NotAllowed):
            go(running, "pay_instalment", role, payment=payment(1))


def test_an_instalment_of_another_case_is_not_paid_here(running, standing, go):
    other = standing("plan.key_rd", "running")
    with pytest.raises(NotAllowed, match="还没有登记核定金额"):
        go(other, "pay_instalment", "finance", payment=payment(1, instalment=str(instalments_of(running.pk)[0].pk)))


def test_the_last_instalment_is_paid_after_acceptance_and_before_the_file_is_closed(running, go, put_state):
    put_state(running, "concluding")
    case = go(running, "pass_acceptance", "head")
    assert case.state == "evaluating"
    assert plan_of(case)[1] == ("last", Decimal(20000), True, False)
    with pytest.raises(NotAllowed, match="“首款”还有 30,000"):
        go(case, "finish_evaluation", "head")
    go(case, "pay_instalment", "finance", payment=payment())
    go(case, "pay_instalment", "finance", payment=payment(voucher="拨002"))
    assert [one.amount for one in Payment.objects.order_by("pk")] == [Decimal(30000), Decimal(20000)]
    assert go(case, "finish_evaluation", "head").state == "archiving"


@pytest.fixture
def put_state():
    def put(case, state):
        from keshu.bureau.programmes.models import Application, Stage

        Application.objects.filter(pk=case.pk).update(state=state)
        Stage.objects.filter(application=case, left_at=None).update(state=state)

    return put


def test_a_grant_closed_partly_gives_back_what_is_said_and_its_last_instalment_lapses(running, go, put_state):
    go(running, "pay_instalment", "finance", payment=payment(30000))
    put_state(running, "concluding")
    with pytest.raises(MoneyProblem, match="请填写应收回的金额"):
        go(running, "close_partly", "head")
    with pytest.raises(MoneyProblem, match="超过已拨而未收回的 30,000"):
        go(running, "close_partly", "head", recovery={"amount": "30001"})
    case = go(running, "close_partly", "head", recovery={"amount": "5000", "due_on": ""})
    assert plan_of(case)[1][3]
    row = Recovery.objects.get()
    assert (row.amount, row.reason) == (Decimal(5000), "按规定办理")
    with pytest.raises(NotAllowed, match="还有 5,000 元应收回经费没有缴回"):
        go(case, "finish_evaluation", "head")


def test_revoking_stops_the_plan_and_asks_everything_back(running, go):
    go(running, "pay_instalment", "finance", payment=payment(10000))
    case = go(running, "revoke", "director", decision=decision())
    assert [bool(row.stopped_by_id) for row in instalments_of(case.pk)] == [True, True]
    assert Recovery.objects.get().amount == Decimal(10000)


def test_a_stop_is_lifted_when_the_check_is_passed(running, go, put_state):
    put_state(running, "midterm")
    case = go(running, "order_correction", "clerk")
    put_state(case, "running")
    with pytest.raises(NotAllowed, match="已停止拨付"):
        go(case, "pay_instalment", "finance", payment=payment(1))
    put_state(case, "midterm")
    case = go(case, "pass_midterm", "clerk")
    go(case, "pay_instalment", "finance", payment=payment(1))


def test_an_objection_that_is_upheld_takes_the_approval_away(agreed, go, put_state):
    put_state(agreed, "objection")
    go(agreed, "uphold", "director")
    assert total_of(agreed) is None


def test_taking_a_decision_back_leaves_no_money(standing, go, bureau):
    from keshu.bureau.money.undoing import take_back
    from keshu.bureau.records.services import writing

    case = go(standing("payout.rd_reserve", "deciding"), "agree", "director", decision=decision(800))
    assert total_of(case) == Decimal(800)
    assert plan_of(case) == [("all", Decimal(800), False, False)]
    with writing(verb="batch.undo", by=CLERK) as act:
        take_back(Case(case, at=act.act.at, by=CLERK), Approval.objects.get().act_id, act)
    assert total_of(case) is None
    assert not Instalment.objects.exists()
    assert not list(faults())


def test_a_subsidy_is_paid_by_two_treasuries(standing, go, put_state):
    """省 3 : 市 2; each with a voucher of its own, the second from where the first has led."""
    case = go(standing("payout.voucher", "deciding", changes=SERVICES), "agree", "director", decision=decision())
    assert total_of(case) == Decimal(50000)  # half of 100000
    assert list(case.approvals.get().shares.values_list("level", "amount")) == [
        ("provincial", Decimal(30000)), ("municipal", Decimal(20000)),
    ]  # fmt: skip
    put_state(case, "issuing")
    case = go(case, "issue", "head")
    assert plan_of(case) == [("all", Decimal(50000), True, False)]
    with pytest.raises(MoneyProblem, match="超过省级尚未拨付的 30,000"):
        go(case, "pay", "finance", payment=payment(30001, "省1", level="provincial"))
    case = go(case, "pay", "finance", payment=payment("", "省1"))
    assert case.state == "paid"
    with pytest.raises(NotAllowed, match="“一次拨付”还有 20,000"):
        go(case, "settle", "finance")
    case = go(case, "pay", "finance", payment=payment("", "市1"))
    assert go(case, "settle", "finance").state == "archiving"
    assert list(Payment.objects.order_by("pk").values_list("level", "amount")) == [
        ("provincial", Decimal(30000)), ("municipal", Decimal(20000)),
    ]  # fmt: skip


SERVICES = {
    "services:r1:provider": "青岩远景农业有限公司", "services:r1:kind": "检验检测", "services:r1:contract_no": "HT-1",
    "services:r1:contract": "100000", "services:r1:paid": "100000", "services:r1:paid_on": "2026-03-01",
    "services:r1:result": "检测报告",
}  # fmt: skip


def test_what_was_granted_this_year_counts_against_the_cap(standing, go):
    """The cap of a year is 200000: half of 500000 is cut, and nothing is left for the next."""
    big = SERVICES | {"services:r1:contract": "500000", "services:r1:paid": "500000"}
    first = go(standing("payout.voucher", "deciding", changes=big), "agree", "director", decision=decision())
    assert total_of(first) == Decimal(200000)
    second = go(standing("payout.voucher", "deciding", changes=big), "agree", "director", decision=decision())
    assert total_of(second) is None


@pytest.mark.parametrize(
    ("values", "counted"),
    [
        pytest.param({"approved_amount": "150000"}, 150_000, id="approved elsewhere"),
        pytest.param({"approved_amount": None, "paid_amount": "30000"}, 30_000, id="only the payment is known"),
        pytest.param({"approved_amount": "90000", "paid_amount": "30000"}, 90_000, id="one row is counted once"),
        pytest.param({"approved": date(TODAY.year - 1, 5, 1)}, 0, id="of another year"),
        pytest.param({"kind": "interest"}, 0, id="of another policy"),
        pytest.param({"status": "claimed", "approved_amount": None, "claimed_amount": "150000"}, 0, id="only claimed"),
        pytest.param({"status": "recovered"}, 0, id="taken back"),
    ],
)
def test_payouts_brought_in_from_elsewhere_count_against_the_cap_too(standing, firm, places, values, counted):
    case = standing("payout.voucher", "deciding", changes=SERVICES)
    of_year = {"approved": date(case.call.year, 5, 1), "approved_amount": "150000", "status": "approved"}
    said = {"holder": firm.pk, "kind": "voucher", "item": "导入的券", **of_year, **values}
    said = {code: value for code, value in said.items() if value is not None}
    create_entry("payout", said, place_id=places["990121"].pk, by=CLERK)
    about = About(case.call, case.party_id, TODAY, datetime.now(UTC), case)
    assert known_facts(about, ["申报单位.本年同类兑现额"]) == {"申报单位.本年同类兑现额": Decimal(counted)}


def test_a_case_and_its_row_in_the_ledger_count_once(standing, go, firm, bureau):
    """What was agreed, written into the ledger and paid counts by its approved total, for other cases of the year."""
    from keshu.bureau.ledgers.models import Revision
    from keshu.bureau.programmes.outcomes import write_outcomes

    first = go(standing("payout.voucher", "deciding", changes=SERVICES), "agree", "director", decision=decision())
    with writing(verb="test.row", by=CLERK) as act:
        for event in ("submit", "issue"):
            write_outcomes(Case(first, at=act.act.at, by=CLERK, event=event), act)
    row = Revision.objects.get(ledger="payout", party_id=firm.pk, known_to=None)
    assert (row.status, row.amount_2, row.decided_on.year) == ("approved", total_of(first), first.call.year)
    second = standing("payout.voucher", "deciding", changes=SERVICES)
    about = About(second.call, second.party_id, TODAY, datetime.now(UTC), second)
    assert known_facts(about, ["申报单位.本年同类兑现额"]) == {"申报单位.本年同类兑现额": total_of(first)}


def test_a_programme_without_money_has_nothing_to_do_with_it(standing, go):
    case = go(standing("platform.key_lab", "deciding"), "agree", "director", decision=decision())
    assert case.state == "announcing"
    assert all("record_payment" not in step.effects for step in Case(case, at=datetime.now(UTC), by=CLERK).ladder.steps)


def test_years_of_a_workstation_fall_due_one_by_one(standing, go, put_state):
    case = go(standing("platform.academician", "deciding"), "agree", "director", decision=decision())
    put_state(case, "issuing")
    case = go(case, "issue", "head")
    assert [one[2] for one in plan_of(case)] == [True, False, False]
    put_state(case, "assessing")
    case = go(case, "pass_assessment", "clerk")
    assert [one[2] for one in plan_of(case)] == [True, True, False]
    case = go(case, "wind_up", "clerk")
    assert [one[3] for one in plan_of(case)] == [False, False, True]
    with pytest.raises(NotAllowed, match="“第一年”还有"):
        go(case, "archive", "clerk")
