"""The plan of instalments: made with the approved total, due when their event comes, lapsed when it no longer can."""

from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.calendar import add_workdays
from keshu.bureau.money.knowing import known, names_of
from keshu.bureau.money.models import Approval, Instalment
from keshu.bureau.money.rules import reachable, spread
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants.reading import number_of
from keshu.bureau.programmes.machine import machine_of
from keshu.bureau.records.models import Passage
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue import programme_judging
from keshu.catalogue.schema.programme_money import Instalment as Planned
from keshu.kernel.rules import compile_rule

PAY_DAYS = (
    "money.pay_days"  # working days from the event to the promised day, where no row of the ladder says otherwise
)
PLANNING = "plan_instalments"
NEVER_GRANTED = ("withdrawn", "refused", "rejected", "expired")
NOTHING = Decimal(0)


def current_approval(application_id: int) -> Approval | None:
    return Approval.objects.filter(application_id=application_id, replaced_by__isnull=True).first()


def with_paid(rows: QuerySet[Instalment]) -> QuerySet[Instalment]:
    """Each instalment with what was paid of it."""
    return rows.annotate(paid=Sum("payments__amount", filter=Q(payments__voided_by__isnull=True)))


def instalments_of(application_id: int) -> list[Instalment]:
    return list(with_paid(Instalment.objects.filter(application_id=application_id)).order_by("order", "pk"))


def paid_of(row: Instalment) -> Decimal:
    """What was paid of an instalment that was read with its payments."""
    return row.paid or NOTHING


def rest_of(row: Instalment) -> Decimal:
    return row.amount - paid_of(row)


def planned_later(case: Case) -> bool:
    """Whether the ladder plans the money at an event of its own, as projects do when the task book is signed."""
    return any(PLANNING in step.effects for step in case.ladder.steps)


def plan(case: Case, within: Writing) -> None:
    """Instalments for the total that holds; those that are there take other amounts, never less than was paid."""
    approval, money = current_approval(case.application.pk), case.programme.money
    if approval is None or money is None:
        return
    facts = known(case, names_of(money))
    rows = {row.code: row for row in instalments_of(case.application.pk)}
    wanted = {one.code: one for one in money.instalments} or {"all": None}
    parts = programme_judging.instalments(case.programme, approval.amount, facts) or [("all", approval.amount)]
    amounts = dict(spread(approval.amount, parts, {code: paid_of(row) for code, row in rows.items()}))
    for order, (code, amount) in enumerate(amounts.items(), 1):
        _plan_one(case, wanted[code], order, code, amount, rows.get(code), within)
    for row in instalments_of(case.application.pk):
        if row.promised_on is None and row.lapsed_by_id is None and _has_come(case, row):
            fall_due(case, row, within)


def _plan_one(
    case: Case, planned: Planned | None, order: int, code: str, amount: Decimal, row: Instalment | None, within: Writing
) -> None:
    if row is not None and row.amount != amount:
        if amount == 0:
            lapse(row, within, reason=_("核定金额调整后不再拨付"))
            return
        row.amount = amount
        row.save(update_fields=["amount"])
        _wrote(row, within)
    if row is None and amount > 0:
        row = Instalment.objects.create(
            application=case.application, code=code, order=order, name=planned.name if planned else _("一次拨付"),
            amount=amount, on=planned.on if planned else "", condition=_condition(case, planned), act=within.act,
        )  # fmt: skip
        _wrote(row, within)


def _condition(case: Case, planned: Planned | None) -> str:
    """When it is due, in words: 签订任务书后."""
    if planned is None:
        return _("核定后")
    label = next((step.label for step in case.ladder.steps if step.event == planned.on), planned.on)
    words = _("“%(event)s”后") % {"event": label}
    return words if planned.when is None else _("%(words)s，且%(when)s") % {"words": words, "when": planned.when}


def _has_come(case: Case, row: Instalment) -> bool:
    if not row.on or row.on == case.event:
        return True
    passed = Passage.objects.filter(machine=machine_of(case.programme).code, subject=str(case.application.pk))
    return passed.filter(event=row.on).exists() and row.on not in reachable(case.ladder, case.application.state)


def fall_due(case: Case, row: Instalment, within: Writing) -> None:
    """The event has come: the promised day is stored; an instalment whose own condition does not hold lapses."""
    money = case.programme.money
    planned = next((one for one in money.instalments if one.code == row.code), None) if money else None
    if planned is not None and planned.when is not None:
        rule = compile_rule(planned.when)
        truth = rule.truth(known(case, rule.names))
        if truth is False:
            lapse(row, within, reason=_("不符合拨款条件：%(when)s") % {"when": planned.when})
            return
        if truth is None:
            row.reason = _("拨款条件待核实：%(when)s") % {"when": planned.when}
    promise(row, pay_by(case), within)


def pay_by(case: Case) -> date:
    """The day until which money that is due today is to be paid: by the row of paying, else by the parameter."""
    for step in case.ladder.out_of(case.application.state):
        if "record_payment" in step.effects and isinstance(step.within, int) and step.unit == "working_days":
            return add_workdays(case.today, step.within)
    return add_workdays(case.today, number_of(PAY_DAYS, case))


def promise(row: Instalment, day: date, within: Writing) -> None:
    row.promised_on, row.promised_by = day, within.act
    row.save(update_fields=["promised_on", "promised_by", "reason"])
    _wrote(row, within)


def lapse(row: Instalment, within: Writing, *, reason: str) -> None:
    """The instalment will not be paid any more; what was paid of it stays."""
    row.lapsed_by, row.reason = within.act, reason[:300]
    row.save(update_fields=["lapsed_by", "reason"])
    _wrote(row, within)


def stop(row: Instalment, within: Writing, *, reason: str) -> None:
    row.stopped_by, row.reason = within.act, reason[:300]
    row.save(update_fields=["stopped_by", "reason"])
    _wrote(row, within)


def resume(row: Instalment, within: Writing) -> None:
    row.stopped_by, row.reason = None, ""
    row.save(update_fields=["stopped_by", "reason"])
    _wrote(row, within)


def arrived(case: Case, within: Writing) -> None:
    """The case has come to another state: what this event was awaited for is due, what can come no longer lapses."""
    if not case.programme.pays:
        return
    waiting = [row for row in instalments_of(case.application.pk) if row.promised_on is None and not row.lapsed_by_id]
    due = next((row for row in waiting if row.on == case.event), None)
    if due is not None:
        fall_due(case, due, within)
    still = reachable(case.ladder, case.application.state)
    for row in waiting:
        if row is not due and row.on not in still:
            lapse(row, within, reason=_("“%(name)s”的拨款条件不会再出现") % {"name": row.name})
    if case.application.end in NEVER_GRANTED:
        void_approval(case, within)


def void_approval(case: Case, within: Writing) -> None:
    """The case is not granted after all; no approved total holds any more. One of which something was paid stays."""
    approval = current_approval(case.application.pk)
    if approval is not None and not any(row.paid for row in instalments_of(case.application.pk)):
        approval.replaced_by = within.act
        approval.save(update_fields=["replaced_by"])
        within.wrote(digest_of(["approval.voided", approval.pk]))


def _wrote(row: Instalment, within: Writing) -> None:
    columns = [row.code, row.amount, row.on, row.promised_on, row.stopped_by_id, row.lapsed_by_id, row.reason]
    within.wrote(digest_of(["instalment", row.application_id, *columns]))
