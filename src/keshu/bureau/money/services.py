"""What people do with money outside the events of a case: budgets, payments one by one and in bulk, what comes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.money import approving, paying, planning, returning
from keshu.bureau.money.models import (
    Approval,
    BudgetLine,
    Instalment,
    Level,
    Payment,
    Recovery,
    RecoveryReceipt,
    Surplus,
)
from keshu.bureau.money.problems import MoneyProblem, in_words
from keshu.bureau.programmes.access import calls_of, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application, Batch, BatchItem, Call
from keshu.bureau.programmes.outcomes import write_outcomes
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import COLUMNS, dealing, held, pass_within
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import Writing, digest_of, writing

PAY, PLAN = "programmes.pay", "programmes.contract"
KEPT = tuple(name for name in COLUMNS if name not in ("revision", "act_id"))


@dataclass(frozen=True)
class ToPay:
    """A payment to be booked: of which case, and what was said of it (texts, as a form or a sheet has them)."""

    application_id: int
    said: Mapping[str, str]
    label: str = ""  # where it stands, for the sentence that refuses it


def paying_event(case: Case) -> str:
    """The event by which this case is paid where it stands; "" where none is."""
    for step in case.ladder.out_of(case.application.state):
        if "record_payment" in step.effects:
            return step.event
    return ""


def pay_many(rows: Sequence[ToPay], *, viewer: Viewer, key: str) -> list[Batch]:
    """Book payments as one act, all or none; each call gets a batch by which its payments can be taken back.

    The same key again books nothing. Raises MoneyProblem with the row that cannot be booked.
    """
    if not rows:
        raise MoneyProblem(_("没有要登记的拨付"))
    if Payment.objects.filter(key=_key(key, 1)).exists():
        raise MoneyProblem(_("这批拨付已经登记，没有重复登记"))
    places = {row.application_id: number for number, row in enumerate(rows)}
    with writing(verb="money.pay", by=viewer.actor, note={"rows": len(rows)}) as act:
        items: dict[int, BatchItem] = {}
        for application_id in places:
            mine = [(n, row) for n, row in enumerate(rows, 1) if row.application_id == application_id]
            items[application_id] = _pay_case(application_id, mine, key, viewer, act)
        return _batches(items.values(), viewer, act)


def _key(key: str, number: int) -> str:
    return f"{key}:{number}"


def _pay_case(
    application_id: int, rows: Sequence[tuple[int, ToPay]], key: str, viewer: Viewer, act: Writing
) -> BatchItem:
    application = held(application_id)
    seen, before = application.revision, _before(application)
    standing = Case(application, at=act.act.at, by=viewer.actor)
    before["stage"], first = standing.stage.pk if standing.stage else None, paying_event(standing)
    for number, row in rows:
        event = paying_event(Case(application, at=act.act.at, by=viewer.actor))
        said = {**row.said, "key": _key(key, number)}
        case = Case(application, at=act.act.at, by=viewer.actor, given={"payment": said}, event=event)
        try:
            if not event:
                raise MoneyProblem(_("这件申报现在的状态（%(state)s）不能拨付") % {"state": case.state.name})
            pass_within(case, rights_in(viewer, application), act)
        except (CaseProblem, NotAllowed) as problem:
            where = row.label or str(application.number or application)
            raise MoneyProblem(f"{where}：{problem}") from problem
    return BatchItem(
        application=application, event=first, seen=seen, given={"payments": [dict(row.said) for _n, row in rows]},
        result=BatchItem.Result.DONE, before=before, after=application.revision,
    )  # fmt: skip


def _before(application: Application) -> dict[str, Any]:
    values = {name: getattr(application, name) for name in KEPT}
    return {name: value.isoformat() if isinstance(value, date | datetime) else value for name, value in values.items()}


def _batches(items: Any, viewer: Viewer, act: Writing) -> list[Batch]:
    by_call: dict[int, list[BatchItem]] = {}
    for item in items:
        by_call.setdefault(item.application.call_id, []).append(item)
    found = []
    for call_id, mine in by_call.items():
        batch = Batch.objects.create(
            call_id=call_id, name=_("拨付登记 %(n)s 件") % {"n": len(mine)}, state=Batch.State.RELEASED,
            created_by=viewer.actor.username, created_at=act.act.at, act=act.act, released_by=act.act,
        )  # fmt: skip
        for item in mine:
            item.batch = batch
        BatchItem.objects.bulk_create(mine)
        act.wrote(digest_of(["batch.release", batch.pk, [[item.application_id, item.result] for item in mine]]))
        found.append(batch)
    return found


def void_payment(payment: Payment, *, seen: int, viewer: Viewer, reason: str) -> None:
    """A payment that was not made: its amount is open again, the ledger says what is paid without it."""
    if not reason.strip():
        raise MoneyProblem(_("请写明撤销拨付登记的原因"))
    application_id = payment.instalment.application_id
    opened = dealing(application_id, verb="money.void", right=PAY, seen=seen, viewer=viewer, reason=reason)
    with opened as (case, act):
        if not paying.void([payment], act):
            raise MoneyProblem(_("这笔拨付已经撤销，刷新页面查看"))
        case.event = paying_event(case)
        write_outcomes(case, act)


def revise_total(
    application_id: int, amount: Decimal, *, day: date, reference: str, seen: int, viewer: Viewer
) -> Approval:
    """Another approved total by a later document; instalments that are not paid yet take the difference."""
    opened = dealing(application_id, verb="money.approve", right=PLAN, seen=seen, viewer=viewer, reason=reference)
    with opened as (case, act):
        if planning.current_approval(application_id) is None:
            raise MoneyProblem(_("还没有核定金额；由会议决定登记，不能在这里调整"))
        if not reference.strip():
            raise MoneyProblem(_("请填写调整核定金额的依据"))
        return approving.approve(case, amount, day=day, reference=reference.strip(), within=act)


def promise_day(row: Instalment, day: date, *, seen: int, viewer: Viewer, reason: str) -> None:
    """Say by hand on which day an instalment is to be paid."""
    opened = dealing(row.application_id, verb="money.promise", right=PAY, seen=seen, viewer=viewer, reason=reason)
    with opened as (_case, act):
        planning.promise(row, day, act)


def stop_one(row: Instalment, *, seen: int, viewer: Viewer, reason: str) -> None:
    with dealing(row.application_id, verb="money.stop", right=PAY, seen=seen, viewer=viewer, reason=reason) as (
        _c,
        act,
    ):
        planning.stop(row, act, reason=reason)


def resume_one(row: Instalment, *, seen: int, viewer: Viewer, reason: str) -> None:
    opened = dealing(row.application_id, verb="money.resume", right=PAY, seen=seen, viewer=viewer, reason=reason)
    with opened as (_case, act):
        planning.resume(row, act)


def lapse_one(row: Instalment, *, seen: int, viewer: Viewer, reason: str) -> None:
    """What is not paid of it yet never will be."""
    opened = dealing(row.application_id, verb="money.lapse", right=PAY, seen=seen, viewer=viewer, reason=reason)
    with opened as (_case, act):
        planning.lapse(row, act, reason=reason)


def ask_back(application_id: int, amount: Decimal, *, reason: str, due_on: date, seen: int, viewer: Viewer) -> Recovery:
    opened = dealing(application_id, verb="money.recover", right=PAY, seen=seen, viewer=viewer, reason=reason)
    with opened as (case, act):
        return returning.ask_back(case, amount, reason, due_on=due_on, within=act)


def receive(recovery: Recovery, back: returning.Back, *, seen: int, viewer: Viewer) -> RecoveryReceipt:
    opened = dealing(recovery.application_id, verb="money.receive", right=PAY, seen=seen, viewer=viewer)
    with opened as (case, act):
        if recovery.withdrawn_by_id is not None:
            raise MoneyProblem(_("这笔应收回经费已撤销"))
        if back.received_on > case.today:
            raise MoneyProblem(_("缴回日期晚于今天，请核对"))
        return returning.receive(recovery, back, act)


def note_surplus(
    application_id: int,
    amount: Decimal,
    disposal: str,
    *,
    keep_until: date | None,
    note: str,
    seen: int,
    viewer: Viewer,
) -> Surplus:
    with dealing(application_id, verb="money.surplus", right=PAY, seen=seen, viewer=viewer, reason=note) as (case, act):
        return returning.note_surplus(
            case, amount, disposal, found_on=case.today, keep_until=keep_until, note=note, within=act
        )


@dataclass(frozen=True)
class Line:
    """A line of the budget as it was typed."""

    level: str
    year: int
    name: str
    amount: Decimal


def set_budget(call: Call, line: Line, *, viewer: Viewer, replaces: BudgetLine | None = None) -> BudgetLine | None:
    """A line of the budget of a call, in place of an earlier one; an amount of 0 takes the line away."""
    may = any(calls_of(viewer, right).filter(pk=call.pk).exists() for right in (PAY, "calls.edit"))
    if not may:
        raise NotAllowed(_("您没有登记这个批次预算的权限"))
    if line.level not in Level.values or line.amount < 0:
        raise MoneyProblem(_("预算的级次或金额不对，请重填"))
    with writing(verb="money.budget", by=viewer.actor, subject=f"call:{call.pk}", place=call.place.code) as act:
        if replaces is not None:
            BudgetLine.objects.filter(pk=replaces.pk, replaced_by__isnull=True).update(replaced_by=act.act)
        act.wrote(digest_of(["budget", call.pk, line.level, line.year, line.name, line.amount]))
        if line.amount == 0:
            return None
        with in_words():
            return BudgetLine.objects.create(
                call=call, level=line.level, year=line.year, name=line.name, amount=line.amount, act=act.act
            )
