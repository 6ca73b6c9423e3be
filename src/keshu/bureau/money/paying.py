"""A payment: read from what an event brings, checked against plan and shares, booked, voided."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext as _

from keshu.bureau.money import planning
from keshu.bureau.money.models import Approval, ApprovalShare, Instalment, Level, Payment
from keshu.bureau.money.planning import current_approval, instalments_of, paid_of, rest_of
from keshu.bureau.money.problems import MoneyProblem, in_words, no_money, yuan
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.records.services import Writing, digest_of
from keshu.kernel.typed.hidden import hidden_sign

NOTHING = Decimal(0)
LONGEST_VOUCHER = 60


def too_long() -> str:
    return _("凭证号超过%(n)s字，请核对") % {"n": LONGEST_VOUCHER}


@dataclass(frozen=True)
class Paid:
    """A payment as it was said; what was left out is filled in from the plan."""

    instalment: Instalment
    level: str
    amount: Decimal
    paid_on: date
    voucher_no: str
    key: str = ""


def instalment_due(case: Case) -> str:
    """ "" when an instalment can be paid now, else why not; with a payment given, about that very instalment."""
    if not case.programme.pays:
        return str(no_money())
    if current_approval(case.application.pk) is None:
        return _("还没有登记核定金额，先登记会议决定和金额")
    rows = instalments_of(case.application.pk)
    if not rows:
        return _("还没有拨款计划；签订任务书后自动生成")
    said = case.given.get("payment")
    code = str(said.get("instalment") or "") if isinstance(said, Mapping) else ""
    if code:
        rows = [row for row in rows if str(row.pk) == code]
        if not rows:
            return _("这笔款项不属于这件申报，请刷新页面后重选")
    reasons = [obstacle(row) for row in rows]
    return "" if "" in reasons else next(reason for reason in reversed(reasons) if reason)


def obstacle(row: Instalment) -> str:
    """Why this instalment cannot be paid now; "" when it can."""
    if row.lapsed_by_id is not None:
        return _("“%(name)s”不再拨付：%(reason)s") % {"name": row.name, "reason": row.reason}
    if row.stopped_by_id is not None:
        return _("“%(name)s”已停止拨付：%(reason)s") % {"name": row.name, "reason": row.reason}
    if rest_of(row) <= 0:
        return _("“%(name)s”已全部拨付") % {"name": row.name}
    if row.promised_on is None:
        return _("“%(name)s”要在%(condition)s拨付") % {"name": row.name, "condition": row.condition}
    return ""


def record(case: Case, within: Writing) -> None:
    """Book the payment that the event brings along."""
    said = case.given.get("payment")
    if not isinstance(said, Mapping):
        raise MoneyProblem(_("请填写拨付金额、拨付日期和凭证号"))
    case.notes["payment"] = book(case, read_payment(case, said), within)


def read_payment(case: Case, said: Mapping[str, Any]) -> Paid:
    """What was said, with the gaps filled: the first instalment that is due, the level with a rest, that rest."""
    rows = instalments_of(case.application.pk)
    code = str(said.get("instalment") or "")
    row = next((one for one in rows if (str(one.pk) == code if code else not obstacle(one))), None)
    if row is None:
        raise MoneyProblem(_("没有可以拨付的款项，请刷新页面核对拨款计划"))
    if reason := obstacle(row):
        raise MoneyProblem(reason)
    rests = rests_by_level(case)
    level = str(said.get("level") or "") or next((one for one, rest in rests.items() if rest > 0), "")
    if level not in rests:
        raise MoneyProblem(_("核定金额中没有“%(level)s”承担的部分，请改选资金级次") % {"level": level_name(level)})
    amount = read_amount(said.get("amount"), _("拨付金额"))
    if amount is None:
        amount = min(rest_of(row), rests[level])
    return _checked(case, row, rests, Paid(
        row, level, amount, _day(case, said.get("paid_on")), str(said.get("voucher_no") or "").strip(),
        str(said.get("key") or ""),
    ))  # fmt: skip


def _checked(case: Case, row: Instalment, rests: Mapping[str, Decimal], paid: Paid) -> Paid:
    if not paid.voucher_no:
        raise MoneyProblem(_("请填写国库支付凭证号"))
    if len(paid.voucher_no) > LONGEST_VOUCHER:
        raise MoneyProblem(too_long())
    if sign := hidden_sign(paid.voucher_no):
        raise MoneyProblem(_("凭证号中有看不见的字符（%(sign)s），请删去后重新填写") % {"sign": sign})
    if paid.amount <= 0:
        raise MoneyProblem(_("拨付金额必须大于 0"))
    limits = (
        (rest_of(row), _("“%s”尚未拨付的") % row.name),
        (rests[paid.level], _("%s尚未拨付的") % level_name(paid.level)),
    )
    for rest, words in limits:
        if paid.amount > rest:
            raise MoneyProblem(
                _("拨付 %(amount)s 元，超过%(words)s %(rest)s 元，请核对金额")
                % {"amount": yuan(paid.amount), "words": words, "rest": yuan(rest)}
            )
    return paid


def _day(case: Case, text: Any) -> date:
    if isinstance(text, date):
        day = text
    else:
        try:
            day = date.fromisoformat(str(text or ""))
        except ValueError:
            raise MoneyProblem(_("拨付日期没有填写或不是日期，请写成 2026-03-15 的样子")) from None
    if day > case.today:
        raise MoneyProblem(_("拨付日期晚于今天，请核对"))
    approval = current_approval(case.application.pk)
    if approval is not None and day < approval.day:
        raise MoneyProblem(_("拨付日期早于核定日期 %(day)s，请核对") % {"day": approval.day})
    return day


def level_name(level: str) -> str:
    return str(Level(level).label) if level in Level.values else level


def rests_by_level(case: Case) -> dict[str, Decimal]:
    """What each treasury still has to pay of the approved total."""
    shares = ApprovalShare.objects.filter(
        approval__application=case.application, approval__replaced_by__isnull=True
    ).order_by("pk")
    paid = dict(
        Payment.objects.filter(instalment__application=case.application, voided_by__isnull=True)
        .values_list("level")
        .annotate(Sum("amount"))
    )
    return {one.level: one.amount - paid.get(one.level, NOTHING) for one in shares}


def treasury_of(case: Case, level: str) -> Place:
    """Whose treasury pays at a level: the county's own at its level, the calling bureau's at every other."""
    return case.application.place if level == Level.COUNTY else case.call.place


def book(case: Case, paid: Paid, within: Writing) -> Payment:
    """Write the payment; a form that comes twice is the payment of the first time."""
    if paid.key and (earlier := Payment.objects.filter(key=paid.key).first()):
        return earlier
    with in_words():
        row = Payment.objects.create(
            instalment=paid.instalment, level=paid.level, place=treasury_of(case, paid.level), amount=paid.amount,
            paid_on=paid.paid_on, year=paid.paid_on.year, voucher_no=paid.voucher_no, key=paid.key or None,
            act=within.act,
        )  # fmt: skip
    within.wrote(payment_digest(row), "payment")
    return row


def payment_digest(row: Payment) -> bytes:
    columns = [row.instalment_id, row.level, row.place_id, str(row.amount.normalize()), row.paid_on, row.voucher_no]
    return digest_of(["payment", *columns])


def recount_payments() -> Iterable[tuple[int, bytes]]:
    for row in Payment.objects.iterator(chunk_size=2000):
        yield row.act_id, payment_digest(row)


def recount_approvals() -> Iterable[tuple[int, bytes]]:
    from keshu.bureau.money.approving import approval_digest

    for row in Approval.objects.iterator(chunk_size=2000):
        yield row.act_id, approval_digest(row)


def void(rows: Iterable[Payment], within: Writing) -> int:
    """These payments were not made: their amounts are open again."""
    done = 0
    for row in rows:
        if row.voided_by_id is None:
            row.voided_by = within.act
            row.save(update_fields=["voided_by"])
            within.wrote(digest_of(["payment.voided", row.pk]))
            done += 1
    return done


def stop_all(case: Case, within: Writing) -> None:
    """Nothing more is paid for now: every instalment that is not wholly paid is stopped."""
    for row in instalments_of(case.application.pk):
        if rest_of(row) > 0 and row.lapsed_by_id is None and row.stopped_by_id is None:
            planning.stop(row, within, reason=case.reason or _("停止拨款"))


def resume_all(case: Case, within: Writing) -> None:
    for row in instalments_of(case.application.pk):
        if row.stopped_by_id is not None and row.lapsed_by_id is None:
            planning.resume(row, within)


def open_amount(rows: Iterable[Instalment]) -> Decimal:
    """What is due and unpaid of these."""
    return sum((row.amount - paid_of(row) for row in rows if not obstacle(row)), NOTHING)
