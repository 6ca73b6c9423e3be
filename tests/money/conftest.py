"""A case as the programmes have it, cut short: the money is what is looked at here."""

from datetime import date
from decimal import Decimal

import pytest

from tests.conftest import CLERK
from tests.programmes.conftest import _areas, bureau, firm, open_call  # noqa: F401 - fixtures


@pytest.fixture
def case_at(open_call, firm, places):  # noqa: F811
    """`case_at("plan.soft", "running")`: a submitted case of the firm that stands in this state."""
    from keshu.bureau.programmes.applying.versions import hash_of
    from keshu.bureau.programmes.models import Application, FormVersion, Stage
    from keshu.bureau.records.services import writing

    calls = {}

    def make(code="plan.key_rd", state="running", party=None, values=None, **columns):
        call = calls.setdefault(code, None) or open_call(code)
        calls[code] = call
        with writing(verb="test.case", by=CLERK) as under_way:
            at = under_way.act.at
            row = Application.objects.create(
                call=call, party=party or firm, place=places["990121"], title="在线测试仪器研究", state="draft",
                created_by="applicant", created_at=at, act=under_way.act,
            )  # fmt: skip
            version = FormVersion(
                application=row, number=1, values=values or {}, papers=[], event="submit", by="applicant", at=at,
                act=under_way.act,
            )  # fmt: skip
            version.sha256 = hash_of(version)
            version.save()
            under_way.wrote(bytes.fromhex(version.sha256), "form")
            row.version, row.number, row.submitted_at, row.state = version, f"T{row.pk:06d}", at, state
            for name, value in columns.items():
                setattr(row, name, value)
            row.save()
            Stage.objects.create(application=row, state=state, order=1, entered_at=at, act=under_way.act)
        return Application.objects.select_related("call__place", "place", "party").get(pk=row.pk)

    return make


@pytest.fixture
def approved(case_at):
    """`approved(100000, first=60000, last=40000)`: a case with an approved total and instalments, all due."""
    from keshu.bureau.money.models import Approval, ApprovalShare, Instalment
    from keshu.bureau.records.services import writing

    def make(total, code="plan.key_rd", state="running", case=None, **parts):
        case = case or case_at(code, state)
        with writing(verb="test.money", by=CLERK) as under_way:
            approval = Approval.objects.create(
                application=case, amount=Decimal(total), day=date(2026, 3, 2), reference="局务会", act=under_way.act
            )
            ApprovalShare.objects.create(approval=approval, level="municipal", amount=Decimal(total))
            for order, (name, amount) in enumerate(parts.items(), 1):
                Instalment.objects.create(
                    application=case, code=name, order=order, name=name, amount=Decimal(amount), on="sign",
                    condition="任务书签订后", promised_on=date(2026, 4, 1), act=under_way.act,
                )  # fmt: skip
        return case

    return make


@pytest.fixture
def put_payment(places):
    """`put_payment(instalment, 100, voucher="1")` straight into the table, past every service."""
    from keshu.bureau.money.models import Payment
    from keshu.bureau.records.services import writing

    def put(instalment, amount, *, voucher, paid_on=date(2026, 4, 2), year=None, key=None):
        with writing(verb="test.pay", by=CLERK) as under_way:
            return Payment.objects.create(
                instalment=instalment, level="municipal", place=places["990100"], amount=Decimal(amount),
                paid_on=paid_on, year=year or paid_on.year, voucher_no=voucher, key=key, act=under_way.act,
            )  # fmt: skip

    return put


MINE = ("instalment_due", "money_settled")
MY_EFFECTS = (
    "allot_money", "plan_instalments", "record_payment", "stop_payments", "resume_payments", "recover_money",
)  # fmt: skip


@pytest.fixture
def only_money(monkeypatch):
    """Of conditions, effects and followers only those of money do anything: a case walks without papers and reports."""
    from keshu.bureau.programmes import machine as steps
    from keshu.bureau.records import machine

    for name in machine._conditions:
        if name not in MINE:
            monkeypatch.setitem(machine._conditions, name, lambda _case: "")
    for name in machine._effects:
        if name not in MY_EFFECTS:
            monkeypatch.setitem(machine._effects, name, lambda _case, _within: None)
    mine = {
        event: [one for one in functions if one.__module__.startswith("keshu.bureau.money")]
        for event, functions in steps._followers.items()
    }
    monkeypatch.setattr(steps, "_followers", mine)


@pytest.fixture
def standing(open_call, firm, only_money):  # noqa: F811
    """`standing("plan.key_rd", "deciding")`: a whole case of the firm, handed in, in this state."""
    from tests.programmes.cases_at import put

    calls = {}

    def make(code, state, party=None, **given):
        if code not in calls:
            calls[code] = open_call(code, budget=given.pop("budget", None))
        return put(calls[code], party or firm, state, **given)

    return make


@pytest.fixture
def go(bureau):  # noqa: F811
    """`go(case, "agree", "director", decision={…})`: take the event as this role; answers the case afterwards."""
    from keshu.bureau.programmes.models import Application
    from keshu.bureau.programmes.services import pass_case
    from tests.programmes.cases_at import again

    def take(case, event, role, **given):
        seen = Application.objects.values_list("revision", flat=True).get(pk=case.pk)
        pass_case(case.pk, event, seen=seen, viewer=bureau[role], given={"reason": "按规定办理", **given})
        return again(case)

    return take
