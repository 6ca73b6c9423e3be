"""Money that comes back, and whether a case is settled."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from keshu.bureau.money.models import Payment, Recovery, RecoveryReceipt, Surplus
from keshu.bureau.money.planning import current_approval, instalments_of, rest_of
from keshu.bureau.money.problems import MoneyProblem, in_words, yuan
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants.reading import number_of
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.records.services import Writing, digest_of

RETURN_DAYS = "money.return_days"  # from the day on which it is asked for, where nobody names another
NOTHING = Decimal(0)


def paid_to(application_id: int) -> Decimal:
    rows = Payment.objects.filter(instalment__application_id=application_id, voided_by__isnull=True)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def asked_back(application_id: int) -> Decimal:
    rows = Recovery.objects.filter(application_id=application_id, withdrawn_by__isnull=True)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def recover(case: Case, within: Writing) -> None:
    """What the event asks back: the amount that was said, else everything that was paid where the case ends by it."""
    said = case.given.get("recovery")
    said = said if isinstance(said, Mapping) else {}
    rest = paid_to(case.application.pk) - asked_back(case.application.pk)
    amount = read_amount(said.get("amount"), _("应收回金额"))
    if amount is None:
        if rest > 0 and not case.application.end:
            raise MoneyProblem(_("请填写应收回的金额；没有结余需要收回的，填 0"))
        amount = rest
    if amount > 0:
        ask_back(case, amount, case.reason or _event_words(case), due_on=_day(said.get("due_on"), case), within=within)


def ask_back(case: Case, amount: Decimal, reason: str, *, due_on: date, within: Writing) -> Recovery:
    """An amount to be given back; never more than was paid and not yet asked back."""
    rest = paid_to(case.application.pk) - asked_back(case.application.pk)
    if amount > rest:
        raise MoneyProblem(
            _("应收回 %(amount)s 元，超过已拨而未收回的 %(rest)s 元，请核对")
            % {"amount": yuan(amount), "rest": yuan(rest)}
        )
    with in_words():
        row = Recovery.objects.create(
            application=case.application, amount=amount, reason=reason[:300], due_on=due_on, act=within.act
        )
    within.wrote(digest_of(["recovery", row.application_id, amount, row.reason, due_on]), "recovery")
    return row


def return_by(case: Case) -> date:
    """The day until which what is asked back today has to come."""
    return case.today + timedelta(days=number_of(RETURN_DAYS, case))


def _event_words(case: Case) -> str:
    step = next((one for one in case.ladder.steps if one.event == case.event), None)
    return step.label if step else _("收回经费")


def _day(text: object, case: Case) -> date:
    if not text:
        return return_by(case)
    try:
        day = date.fromisoformat(str(text))
    except ValueError:
        raise MoneyProblem(_("应缴回日期“%(text)s”不是日期，请写成 2026-03-15 的样子") % {"text": text}) from None
    if day < case.today:
        raise MoneyProblem(_("应缴回日期早于今天，请改填以后的日期"))
    return day


@dataclass(frozen=True)
class Back:
    """Money that came back, as somebody typed it in."""

    amount: Decimal
    received_on: date
    voucher_no: str
    key: str = ""


def receive(recovery: Recovery, back: Back, within: Writing) -> RecoveryReceipt:
    """Book what came back; the same form twice is one receipt."""
    if back.key and (earlier := RecoveryReceipt.objects.filter(key=back.key).first()):
        return earlier
    with in_words():
        row = RecoveryReceipt.objects.create(
            recovery=recovery, amount=back.amount, received_on=back.received_on, voucher_no=back.voucher_no,
            key=back.key or None, act=within.act,
        )  # fmt: skip
    within.wrote(digest_of(["receipt", recovery.pk, row.amount, row.received_on, row.voucher_no]))
    return row


def note_surplus(
    case: Case, amount: Decimal, disposal: str, *, found_on: date, keep_until: date | None, note: str, within: Writing
) -> Surplus:
    """What was left over; returned money is asked back at once."""
    if amount > paid_to(case.application.pk):
        raise MoneyProblem(_("结余金额不能超过已拨金额"))
    Surplus.objects.filter(application=case.application, replaced_by__isnull=True).update(replaced_by=within.act)
    row = Surplus.objects.create(
        application=case.application, amount=amount, disposal=disposal, found_on=found_on, keep_until=keep_until,
        note=note[:300], act=within.act,
    )  # fmt: skip
    within.wrote(digest_of(["surplus", row.application_id, amount, disposal, found_on, keep_until]))
    if disposal == Surplus.Disposal.RETURNED and amount > 0:
        ask_back(case, amount, _("收回结余经费"), due_on=return_by(case), within=within)
    return row


def settled(case: Case) -> str:
    """ "" when nothing is to be paid or given back any more, else what is."""
    if not case.programme.pays or current_approval(case.application.pk) is None:
        return ""
    for row in instalments_of(case.application.pk):
        if row.lapsed_by_id is None and rest_of(row) > 0:
            if row.stopped_by_id is not None:
                return _("“%(name)s”已停止拨付；请先恢复拨付，或确定不再拨付") % {"name": row.name}
            return _("“%(name)s”还有 %(rest)s 元没有拨付，拨付后再办") % {"name": row.name, "rest": yuan(rest_of(row))}
    due = asked_back(case.application.pk)
    receipts = RecoveryReceipt.objects.filter(
        recovery__application=case.application, recovery__withdrawn_by__isnull=True, voided_by__isnull=True
    )
    back = receipts.aggregate(total=Sum("amount"))["total"] or NOTHING
    if back < due:
        return _("还有 %(rest)s 元应收回经费没有缴回，登记缴款凭证后再办") % {"rest": yuan(due - back)}
    return ""
