"""Decide now, announce later: events kept in a batch, released as one act, taken back as one act."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.outbox.queries import of_batch
from keshu.bureau.outbox.services import Channel, Notice, cancel, post
from keshu.bureau.outbox.services import State as MessageState
from keshu.bureau.programmes.access import OF_PLACE, OWN, actor_in, calls_of, rights_in, stands_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.looking import MOST, Asked, Look, look_at
from keshu.bureau.programmes.handling.telling import HELD, name_of
from keshu.bureau.programmes.machine import UNDONE, machine_of, step_of, take_back_all
from keshu.bureau.programmes.models import Application, Batch, BatchItem, Reminder, Stage
from keshu.bureau.programmes.problems import CaseProblem, StaleCase
from keshu.bureau.programmes.services import COLUMNS, RELATED, held, pass_within, touch
from keshu.bureau.programmes.stages import remind, stage_digest
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.models import Passage
from keshu.bureau.records.services import Actor, Writing, digest_of, writing

Result = BatchItem.Result
Who = tuple[Viewer, Actor]  # the person with her rights, and as whom she acts here
KEPT = tuple(name for name in COLUMNS if name not in ("revision", "act_id"))


@dataclass(frozen=True)
class Outcome:
    """How a release or its undoing went: cases dealt with, cases left out."""

    batch: Batch
    done: int
    left: int


def held_key(batch_id: int, application_id: int) -> str:
    """The name under which the messages of one case of the batch wait: each case goes out or stays by itself."""
    return f"batch:{batch_id}:{application_id}"


def add_batches(asked: Sequence[Asked], event: str, *, name: str, viewer: Viewer, at: datetime) -> list[Batch]:
    """Keep the event for every case that can take it at this instant, one batch for each call; the messages are written and held.

    Raises CaseProblem where none of the cases can, or where they are too many.
    """
    if len(asked) > MOST:
        raise CaseProblem(_("一次最多办理%(most)s件，请缩小筛选范围，分几次办理") % {"most": MOST})
    looks = [look for look in look_at(asked, event, viewer=viewer, at=at) if not look.problem]
    if not looks:
        raise CaseProblem(_("所选的申报都不能办理这一项，没有存为批次"))
    by_call: dict[int, list[Look]] = {}
    for look in looks:
        by_call.setdefault(look.application.call_id, []).append(look)
    return [_add(mine, event, name, viewer) for mine in by_call.values()]


def _add(looks: Sequence[Look], event: str, name: str, viewer: Viewer) -> Batch:
    call, step = looks[0].application.call, looks[0].step
    assert step is not None
    title = name.strip()[:120] or f"{call.name[:90]} {step.label}"
    by = actor_in(viewer, ((look.application, step.right) for look in looks))
    with writing(verb="batch.add", by=by, subject=f"call:{call.pk}", place=call.place.code) as act:
        batch = Batch.objects.create(
            call=call, name=title, right=step.right, created_by=viewer.actor.username, created_at=act.act.at,
            act=act.act,
        )  # fmt: skip
        rows = [
            BatchItem(
                batch=batch,
                application=look.application,
                event=event,
                seen=look.asked.seen,
                given=dict(look.asked.given),
            )
            for look in looks
        ]
        for item in BatchItem.objects.bulk_create(rows):
            act.wrote(digest_of(["batch", batch.pk, item.application_id, item.event, item.seen, item.given]))
        for look in looks:
            if look.notices:
                key = held_key(batch.pk, look.application.pk)
                post(look.notices, within=act, held=True, batch=key)
    return batch


def batches_of(viewer: Viewer) -> QuerySet[Batch]:
    """The batches that are this person's business: made by her, or of an event that is hers to take for every case."""
    found = Q(created_by=viewer.actor.username)
    alike: dict[object, list[str]] = {}  # rights that hold in the same calls
    for right in sorted(viewer.rights - OWN - {OF_PLACE}):
        if right.startswith("programmes."):
            alike.setdefault((viewer.places(right), viewer.sections(right)), []).append(right)
    for rights in alike.values():
        found |= Q(right__in=rights, call__in=calls_of(viewer, rights[0]))
    if OF_PLACE in viewer.rights:
        places = viewer.place_ids(OF_PLACE)
        elsewhere = BatchItem.objects.filter(batch=OuterRef("pk")).exclude(application__place__in=places or ())
        found |= Q(right=OF_PLACE) if places is None else Q(right=OF_PLACE) & ~Exists(elsewhere)
    return Batch.objects.filter(found).select_related("call__place", "act", "released_by", "undone_by")


def _acting(batch_id: int, viewer: Viewer) -> Actor:
    """Who deals with the batch, naming colleagues away whose rights its cases take."""
    if not stands_in(viewer):
        return viewer.actor
    items = BatchItem.objects.filter(batch_id=batch_id).select_related(
        "batch", *(f"application__{name}" for name in RELATED)
    )
    return actor_in(viewer, ((item.application, item.batch.right) for item in items))


def _locked(batch_id: int, state: str, problem: str) -> Batch:
    batch = Batch.objects.select_for_update(of=("self",)).select_related("call__place").get(pk=batch_id)
    if batch.state != state:
        raise CaseProblem(problem % {"state": batch.get_state_display()})
    return batch


def release_batch(batch_id: int, *, viewer: Viewer, only: Collection[int] | None = None) -> Outcome:
    """Take the events of the batch, all or those of the cases named, as one act, and let their messages go.

    A case that was dealt with since, or cannot take its event any more, is left out with the reason; its messages are
    never sent. The others are not held up by it.
    """
    by = _acting(batch_id, viewer)
    with writing(verb="batch.release", by=by, subject=f"case_batch:{batch_id}") as act:
        batch = _locked(batch_id, Batch.State.PENDING, _("这个批次%(state)s，不能再发布"))
        items = list(batch.items.order_by("pk"))
        done = sum(_release(item, batch, (viewer, by), act, only) for item in items)
        if not done:
            raise CaseProblem(_none_released(items))
        batch.state, batch.released_by, batch.problem = Batch.State.RELEASED, act.act, ""
        batch.save(update_fields=["state", "released_by", "problem"])
        act.wrote(digest_of(["batch.release", batch.pk, [[item.application_id, item.result] for item in items]]))
    return Outcome(batch, done, len(items) - done)


def _none_released(items: Sequence[BatchItem]) -> str:
    reasons = "；".join(dict.fromkeys(item.message for item in items if item.message))
    return _("没有一件可以办理，批次没有发布：%(why)s") % {"why": reasons[:400]}


def _release(item: BatchItem, batch: Batch, who: Who, act: Writing, only: Collection[int] | None) -> bool:
    """One case of the batch, in a savepoint of its own; whether it was done."""
    key = held_key(batch.pk, item.application_id)
    try:
        if only is not None and item.application_id not in only:
            raise CaseProblem(_("本次没有选它，未办理"))
        with _part(act):
            _take(item, key, who, act)
    except (CaseProblem, NotAllowed) as problem:
        item.result, item.message = Result.REFUSED, str(problem)[:500]
        cancel(key, within=act)
    item.save(update_fields=["result", "message", "before", "after"])
    return item.result == Result.DONE


def _take(item: BatchItem, key: str, who: Who, act: Writing) -> None:
    viewer, by = who
    try:
        application = held(item.application_id, item.seen)
    except StaleCase:
        raise CaseProblem(_("存入批次以后，这件申报由他人办理过，未办理")) from None
    case = Case(application, at=act.act.at, by=by, given=item.given, event=item.event)
    case.notes[HELD] = key
    before = {name: _plain(getattr(application, name)) for name in KEPT}
    before["stage"] = case.stage.pk if case.stage else None
    pass_within(case, rights_in(viewer, application), act)
    item.before, item.after, item.result, item.message = before, case.application.revision, Result.DONE, ""


@contextmanager
def _part(act: Writing) -> Iterator[None]:
    """A savepoint; what is rolled back is not sealed either."""
    sealed = {kind: len(rows) for kind, rows in act.digests.items()}
    try:
        with transaction.atomic():
            yield
    except BaseException:
        for kind in list(act.digests):
            del act.digests[kind][sealed.get(kind, 0) :]
            if not act.digests[kind]:
                del act.digests[kind]
        raise


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def drop_batch(batch_id: int, *, viewer: Viewer) -> Batch:
    """Give a pending batch up: nothing moves, nobody is told."""
    by = _acting(batch_id, viewer)
    with writing(verb="batch.drop", by=by, subject=f"case_batch:{batch_id}") as act:
        batch = _locked(batch_id, Batch.State.PENDING, _("这个批次%(state)s，不能再放弃"))
        batch.state = Batch.State.DROPPED
        batch.save(update_fields=["state"])
        for application_id in batch.items.values_list("application_id", flat=True):
            cancel(held_key(batch.pk, application_id), within=act)
        act.wrote(digest_of(["batch.drop", batch.pk]))
    return batch


def undo_batch(batch_id: int, *, viewer: Viewer, reason: str) -> Outcome:
    """Take a release back as one act: every case that nobody has dealt with since stands where it stood before.

    Messages that have not left are cancelled; whoever was told already is told that it no longer holds.
    """
    if not reason.strip():
        raise CaseProblem(_("撤销批次必须写明原因"))
    released = Batch.objects.filter(pk=batch_id).values_list("released_by", flat=True).first()
    by = _acting(batch_id, viewer)
    opened = writing(
        verb="batch.undo", by=by, reason=reason.strip()[:2000], subject=f"case_batch:{batch_id}",
        undoes=_act(released),
    )  # fmt: skip
    with opened as act:
        batch = _locked(batch_id, Batch.State.RELEASED, _("这个批次%(state)s，没有可撤销的发布"))
        items = list(batch.items.filter(result=Result.DONE).order_by("pk"))
        done = sum(_undo(item, batch, (viewer, by), act, reason.strip()) for item in items)
        if not done:
            raise CaseProblem(_("批次中的申报都已有后续办理，没有可撤销的：%(why)s") % {"why": _whys(items)})
        batch.state, batch.undone_by = Batch.State.UNDONE, act.act
        batch.save(update_fields=["state", "undone_by"])
        act.wrote(digest_of(["batch.undo", batch.pk, [[item.application_id, item.result] for item in items]]))
    return Outcome(batch, done, len(items) - done)


def _act(pk: int | None) -> Any:
    from keshu.bureau.records.models import Act

    return Act.objects.get(pk=pk) if pk else None


def _whys(items: Sequence[BatchItem]) -> str:
    return "；".join(dict.fromkeys(item.message for item in items if item.message))[:400]


def _undo(item: BatchItem, batch: Batch, who: Who, act: Writing, reason: str) -> bool:
    try:
        with _part(act):
            application = held(item.application_id)
            _refuse_if_dealt_with(application, item)
            _restore(application, item, batch, who, act)
            item.result, item.message = Result.UNDONE, ""
            _untell(item, batch, application, act, reason)
    except (CaseProblem, NotAllowed) as problem:
        item.result, item.message = Result.LEFT, str(problem)[:500]
    item.save(update_fields=["result", "message"])
    return item.result == Result.UNDONE


def _refuse_if_dealt_with(application: Application, item: BatchItem) -> None:
    if application.revision != item.after:
        last = application.act
        facts = {"by": last.by_name or last.by, "at": f"{last.at:%Y-%m-%d}"}
        raise CaseProblem(_("发布以后已由%(by)s于%(at)s办理，未撤销") % facts)


def _restore(application: Application, item: BatchItem, batch: Batch, who: Who, act: Writing) -> None:
    viewer, by = who
    case = Case(application, at=act.act.at, by=by, event=item.event)
    step = step_of(case.programme, str(item.before["state"]), item.event)
    if step is None or step.right not in rights_in(viewer, application):
        raise CaseProblem(_("您没有撤销这件申报的权限，未撤销"))
    assert batch.released_by_id is not None
    take_back_all(case, batch.released_by_id, act)
    _reopen(application, item.before, act)
    Passage.objects.create(
        machine=machine_of(case.programme).code, subject=str(application.pk), event=UNDONE,
        from_state=application.state, to_state=str(item.before["state"]), act=act.act,
    )  # fmt: skip
    for name in KEPT:
        value = item.before[name]
        setattr(application, name, None if value is None else Application._meta.get_field(name).to_python(value))
    touch(case, act)


def _reopen(application: Application, before: Mapping[str, Any], act: Writing) -> None:
    """The stage that the release had ended runs on with its due date; those that it began are marked as taken back.

    No row goes: what was known in between stays known as of then; readers of stages see the way as it was before.
    """
    rows = Stage.objects.select_for_update().filter(application=application).order_by("order")
    former = rows.get(pk=before["stage"])
    undone = list(rows.filter(order__gte=former.order))
    if undone == [former]:
        return
    last = undone[-1]
    last.left_at, last.left_by, last.left_act = act.act.at, UNDONE, act.act
    Reminder.objects.filter(stage=last, told_at__isnull=True).delete()
    for row in undone:
        row.undone_by = act.act
        row.save(update_fields=["left_at", "left_by", "left_act", "undone_by"])
    stage = Stage.objects.create(
        application=application, state=former.state, order=former.order, entered_at=former.entered_at,
        due_on=former.due_on, event=former.event, act=former.act, restored_by=act.act,
    )  # fmt: skip
    act.wrote(stage_digest(stage))
    if stage.due_on:
        remind_again(stage, former)


def remind_again(stage: Stage, former: Stage) -> None:
    """The days of reminding of the stage that runs on; what was told in its former row is not told once more."""
    remind(stage)
    for row in Reminder.objects.filter(stage=former, told_at__isnull=False):
        Reminder.objects.filter(stage=stage, on=row.on, kind=row.kind).update(told_at=row.told_at)


def _untell(item: BatchItem, batch: Batch, application: Application, act: Writing, reason: str) -> None:
    """Take back the messages that have not left; tell those who have been told."""
    key = held_key(batch.pk, application.pk)
    told: dict[str, set[str]] = {}
    for message in of_batch(key).filter(state=MessageState.SENT).exclude(to_user=""):
        told.setdefault(message.to_user, set()).add(message.channel)
    cancel(key, within=act)
    title = _("%(name)s：此前的通知作废") % {"name": name_of(application)}
    body = _("此前关于%(name)s的办理通知已撤销，请以之后的通知为准。说明：%(reason)s") % {
        "name": name_of(application), "reason": reason,
    }  # fmt: skip
    notices = [
        Notice(
            kind="case.undone", title=title, body=body, url=f"/programmes/cases/{application.pk}/", to_user=user,
            channels=tuple(sorted(channels | {Channel.SITE})), subject=f"application:{application.pk}",
            place=batch.call.place.code,
        )
        for user, channels in sorted(told.items())
    ]  # fmt: skip
    if notices:
        post(notices, within=act)
