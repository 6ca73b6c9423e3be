"""Reads for the pages of money: instalments as a ledger, a call's money as a whole, what has to come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.money.models import (
    Approval,
    ApprovalShare,
    BudgetLine,
    Instalment,
    Level,
    Payment,
    Recovery,
    RecoveryReceipt,
)
from keshu.bureau.pages.holding import holds
from keshu.bureau.programmes.access import may_see
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.records.fields import MoneyField

NOTHING = Decimal(0)
ZERO = Value(0, output_field=MoneyField())
STATES = {
    "due": _("待拨付"), "overdue": _("逾期未拨"), "paid": _("已拨清"), "waiting": _("条件未到"),
    "stopped": _("已停拨"), "lapsed": _("不再拨付"),
}  # fmt: skip
OPEN, ALL = "open", "all"  # what is to be paid now; every instalment
TONES = {"due": "info", "overdue": "bad", "paid": "ok", "waiting": "quiet", "stopped": "warn", "lapsed": "quiet"}
RELATED = ("application__call__place", "application__party", "application__place")


def less(one: str, other: str) -> ExpressionWrapper:
    """The difference of two columns of money, as money: without saying so it would be a number of 分."""
    return ExpressionWrapper(F(one) - F(other), output_field=MoneyField())


def summed(rows: QuerySet[Any], by: str) -> Coalesce:
    """The sum of `amount` of rows that point at the outer row by `by`."""
    sums = rows.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(total=Sum("amount")).values("total")
    return Coalesce(Subquery(sums, output_field=MoneyField()), ZERO)


def with_sums(rows: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """Each instalment with what was paid of it and what is left."""
    paid = summed(Payment.objects.filter(voided_by__isnull=True), "instalment")
    return rows.annotate(paid=paid).annotate(rest=less("amount", "paid"))


def ledger(viewer: Viewer) -> QuerySet[Instalment]:
    """Every instalment of cases that the viewer may see."""
    return with_sums(Instalment.objects.filter(may_see(viewer, "application__"))).select_related(*RELATED)


def in_state(state: str, today: date) -> Q:
    """The condition on instalments with sums that puts them in a state; every one is in exactly one.

    "open" is no state of its own: what is due and unpaid, be it in time or late.
    """
    open_ = Q(lapsed_by__isnull=True, stopped_by__isnull=True)
    unpaid = Q(paid__lt=F("amount"))
    return {
        "lapsed": Q(lapsed_by__isnull=False) & unpaid,
        "stopped": Q(lapsed_by__isnull=True, stopped_by__isnull=False) & unpaid,
        "paid": Q(paid__gte=F("amount")),
        "waiting": open_ & unpaid & Q(promised_on__isnull=True),
        OPEN: open_ & unpaid & Q(promised_on__isnull=False),
        "overdue": open_ & unpaid & Q(promised_on__lt=today),
        "due": open_ & unpaid & Q(promised_on__gte=today),
    }[state]


def state_of(row: Instalment, today: date) -> str:
    """The same for one row that was read with its sums."""
    if row.rest <= 0:
        return "paid"
    if row.lapsed_by_id is not None:
        return "lapsed"
    if row.stopped_by_id is not None:
        return "stopped"
    if row.promised_on is None:
        return "waiting"
    return "overdue" if row.promised_on < today else "due"


def filtered(rows: QuerySet[Instalment], query: Mapping[str, Any], today: date) -> QuerySet[Instalment]:
    """The rows that a filter leaves: year, call, place, state, text."""
    exact = {
        "application__call__year": query.get("year"), "application__call_id": query.get("call"),
        "application__place_id": query.get("place"),
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if (state := query.get("state")) in {*STATES, OPEN}:
        rows = rows.filter(in_state(state, today))
    if text := (query.get("q") or "").strip():
        rows = rows.filter(holds(text, "application__party__name", "application__title", "application__number"))
    return rows


@dataclass(frozen=True)
class Totals:
    """Sums over a list of instalments."""

    planned: Decimal
    paid: Decimal
    due: Decimal
    overdue: Decimal
    waiting: Decimal


def totals_of(rows: QuerySet[Instalment], today: date) -> Totals:
    """One statement for the strip above the list."""
    open_ = {name: Sum("rest", filter=in_state(name, today)) for name in ("due", "overdue", "waiting")}
    found = rows.aggregate(planned=Sum("amount", filter=Q(lapsed_by__isnull=True)), all_paid=Sum("paid"), **open_)
    names = ("planned", "all_paid", "due", "overdue", "waiting")
    planned, paid, due, overdue, waiting = (found[name] or NOTHING for name in names)
    return Totals(planned, paid, due, overdue, waiting)


def payments_of(application_id: int) -> list[Payment]:
    rows = Payment.objects.filter(instalment__application_id=application_id)
    return list(rows.select_related("instalment", "voided_by", "act").order_by("paid_on", "pk"))


def recoveries(viewer: Viewer) -> QuerySet[Recovery]:
    """Amounts to be given back in cases that the viewer may see, each with what was received."""
    rows = Recovery.objects.filter(may_see(viewer, "application__"), withdrawn_by__isnull=True)
    received = summed(RecoveryReceipt.objects.filter(voided_by__isnull=True), "recovery")
    return rows.annotate(received=received).annotate(rest=less("amount", "received")).select_related(*RELATED)


# a call's money


@dataclass(frozen=True)
class OfLevel:
    """What one treasury has set aside, approved and paid for a call; None: nobody said what was set aside."""

    level: str
    name: str
    budget: Decimal | None
    approved: Decimal
    paid: Decimal

    @property
    def unpaid(self) -> Decimal:
        return self.approved - self.paid

    @property
    def left(self) -> Decimal | None:
        return None if self.budget is None else self.budget - self.approved


def levels_of(call: Call) -> list[OfLevel]:
    """A line for each treasury that has anything to do with the call, and the sum of them as the last."""
    budget = _by_level(BudgetLine.objects.filter(call=call, replaced_by__isnull=True))
    holding = {"approval__application__call": call, "approval__replaced_by__isnull": True}
    approved = _by_level(ApprovalShare.objects.filter(**holding))
    paid = _by_level(Payment.objects.filter(instalment__application__call=call, voided_by__isnull=True))
    found = [
        OfLevel(level, str(name), budget.get(level), approved.get(level, NOTHING), paid.get(level, NOTHING))
        for level, name in Level.choices
        if level in budget or level in approved or level in paid
    ]
    whole = sum(budget.values(), NOTHING) if budget else call.budget
    total = OfLevel("", "", whole, sum(approved.values(), NOTHING), sum(paid.values(), NOTHING))
    return [*found, total]


def budget_and_approved(call: Call) -> tuple[Decimal | None, Decimal]:
    """The whole budget of a call and what of it is approved, for whoever decides."""
    total = levels_of(call)[-1]
    return total.budget, total.approved


def _by_level(rows: QuerySet[Any]) -> dict[str, Decimal]:
    return dict(rows.order_by().values_list("level").annotate(Sum("amount")))


def lines_of(call: Call) -> list[BudgetLine]:
    rows = BudgetLine.objects.filter(call=call, replaced_by__isnull=True)
    return list(rows.order_by("level", "year", "name"))


@dataclass(frozen=True)
class OfCase:
    """The money of one case of a call."""

    application: Application
    approved: Decimal
    planned: Decimal
    paid: Decimal
    asked_back: Decimal
    received: Decimal


def cases_of(call: Call) -> list[OfCase]:
    """Every case of a call that was granted anything, whatever their number in five statements."""
    approvals = Approval.objects.filter(application__call=call, replaced_by__isnull=True)
    rows = approvals.select_related("application__party", "application__place").order_by("application__number")
    of_call = {"application__call": call}
    planned = _by_case(Instalment.objects.filter(**of_call, lapsed_by__isnull=True), "application_id")
    payments = Payment.objects.filter(instalment__application__call=call, voided_by__isnull=True)
    paid = _by_case(payments, "instalment__application_id")
    asked = _by_case(Recovery.objects.filter(**of_call, withdrawn_by__isnull=True), "application_id")
    back = RecoveryReceipt.objects.filter(recovery__application__call=call, voided_by__isnull=True)
    received = _by_case(back, "recovery__application_id")
    return [
        OfCase(row.application, row.amount, *(one.get(row.application_id, NOTHING) for one in (planned, paid, asked, received)))
        for row in rows
    ]  # fmt: skip


def _by_case(rows: QuerySet[Any], column: str) -> dict[int, Decimal]:
    return dict(rows.order_by().values_list(column).annotate(Sum("amount")))


def calls_with_money(calls: QuerySet[Call]) -> QuerySet[Call]:
    """Calls of which something was set aside or approved, each with the sums; the latest year first."""
    budget = summed(BudgetLine.objects.filter(replaced_by__isnull=True), "call")
    approved = summed(Approval.objects.filter(replaced_by__isnull=True), "application__call")
    paid = summed(Payment.objects.filter(voided_by__isnull=True), "instalment__application__call")
    rows = calls.annotate(lines=budget, approved=approved, paid=paid)
    rows = rows.filter(Q(budget__gt=0) | Q(lines__gt=0) | Q(approved__gt=0))
    over = Q(lines__gt=0, approved__gt=F("lines")) | Q(lines=0, budget__isnull=False, approved__gt=F("budget"))
    rows = rows.annotate(unpaid=less("approved", "paid"), over=ExpressionWrapper(over, output_field=BooleanField()))
    return rows.select_related("place").order_by("-year", "name")
