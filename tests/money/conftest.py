"""A case as the programmes have it, cut short: the money is what is looked at here."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from tests.conftest import CLERK
from tests.programmes.conftest import _areas, bureau, firm, open_call  # noqa: F401 - fixtures


@pytest.fixture
def case_at(open_call, firm, places):  # noqa: F811
    """`case_at("plan.soft", "running")`: a submitted case of the firm that stands in this state."""
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
            version = FormVersion.objects.create(
                application=row, number=1, values=values or {}, papers=[], sha256="0" * 64, event="submit",
                by="applicant", at=at, act=under_way.act,
            )  # fmt: skip
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


@pytest.fixture
def now():
    return datetime.now(UTC)
