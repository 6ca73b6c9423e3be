"""What moves a case: begun, passed on by an event. One verb, one act; everything else hangs on the event."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.access import actor_in, rights_in, stands_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.machine import arrive, follow, machine_of, step_of, write_given
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.programmes.outcomes import write_outcomes
from keshu.bureau.programmes.problems import CaseProblem, StaleCase
from keshu.bureau.records.machine import NotAllowed, Transition
from keshu.bureau.records.services import Actor, Writing, digest_of, writing

COLUMNS = (
    "state", "end", "title", "leader", "number", "revision", "version_id", "submitted_at", "accepted_at", "decided_on",
    "issued_on", "concluded_on", "ended_at", "act_id",
)  # fmt: skip
RELATED = ("call__place", "place", "party")


def begin_case(call: Call, *, party_id: int, place_id: int, by: Actor) -> Application:
    """Open a case of a party in the first state of its ladder; whether it may apply is judged before (applying)."""
    with writing(verb="case.begin", by=by, subject=f"call:{call.pk}", place=call.place.code) as under_way:
        application = Application(
            call=call, party_id=party_id, place_id=place_id, created_by=by.username, created_at=under_way.act.at,
            act=under_way.act,
        )  # fmt: skip
        case = Case(application, at=under_way.act.at, by=by)
        application.state = case.ladder.start
        application.save()
        under_way.wrote(case_digest(application), "case")
        stages.enter(case, under_way)
    return application


def events_open(viewer: Viewer, application: Application, *, at: datetime) -> list[tuple[Transition, str]]:
    """What this person may do with the case now, each with "" or the reason why it is not possible yet."""
    case = Case(application, at=at, by=viewer.actor)
    return machine_of(case.programme).open_to(application.state, rights_in(viewer, application), case)


def pass_case(
    application_id: int, event: str, *, seen: int, viewer: Viewer, given: Mapping[str, Any] | None = None
) -> Application:
    """Take an event: one act that moves the case, writes what the event brings and its outcome in the ledgers.

    Raises StaleCase when the case was dealt with since `seen`, NotAllowed where right or condition is missing.
    """
    given = given or {}
    subject = f"application:{application_id}"
    by = acting(viewer, application_id, event=event)
    with writing(verb="case.pass", by=by, reason=_reason(given), subject=subject, note={"event": event}) as act:
        application = held(application_id, seen)
        case = Case(application, at=act.act.at, by=by, given=given, event=event)
        pass_within(case, rights_in(viewer, application), act)
    return case.application


@contextmanager
def dealing(
    application_id: int, *, verb: str, right: str, seen: int, viewer: Viewer, reason: str = ""
) -> Iterator[tuple[Case, Writing]]:
    """An act about a case that does not move it: locked, not stale, the right held; its revision grows at the end."""
    by = acting(viewer, application_id, right=right)
    with writing(verb=verb, by=by, reason=reason, subject=f"application:{application_id}") as act:
        application = held(application_id, seen)
        if right not in rights_in(viewer, application):
            raise NotAllowed(_("您没有办理这件申报此项工作的权限"))
        case = Case(application, at=act.act.at, by=by)
        yield case, act
        touch(case, act)


def acting(viewer: Viewer, application_id: int, *, event: str = "", right: str = "") -> Actor:
    """Who acts on the case, with the absent colleague whose right it takes, under a right or by an event.

    Looked up before the act is opened, which seals who it was; whoever dealt with the case meanwhile makes it stale.
    """
    if not stands_in(viewer):
        return viewer.actor
    application = Application.objects.select_related(*RELATED).get(pk=application_id)
    return actor_in(viewer, [(application, right or right_of(viewer, application, event))])


def right_of(viewer: Viewer, application: Application, event: str) -> str:
    """The right under which this person would take the event now; "" where she may not."""
    rights = rights_in(viewer, application)
    steps = programme_for(application.call).ladder.out_of(application.state)
    return next((step.right for step in steps if step.event == event and step.right in rights), "")


def held(application_id: int, seen: int | None = None) -> Application:
    """The case, locked for this transaction. Raises StaleCase when its revision is not the one that was seen."""
    rows = Application.objects.select_for_update(of=("self",)).select_related(*RELATED)
    application = rows.get(pk=application_id)
    if seen is not None and application.revision != seen:
        raise StaleCase
    return application


def pass_within(case: Case, rights: frozenset[str], within: Writing) -> None:
    """The event itself, inside an act that is under way: for one case, or for each case of a batch.

    Conditions see the case where it is, effects and outcomes where it has come to.
    """
    application, event = case.application, case.event
    machine = machine_of(case.programme)
    step = step_of(case.programme, application.state, event)
    if step is not None and step.right in rights:
        if step.reason and not case.reason:
            raise CaseProblem(_("“%(label)s”必须写明原因") % {"label": step.label})
        write_given(case, step, within)
    row = machine.allowed(case, state=application.state, event=event, rights=rights)
    _move(case, row, within)
    machine.take(row, case, key=str(application.pk), within=within)
    if row.source != row.target:
        arrive(case, within)
    follow(case, within)
    write_outcomes(case, within)
    stages.settle(case, within)
    touch(case, within)


def _move(case: Case, row: Transition, within: Writing) -> None:
    """The new state with its stage; an event that leads back to where the case is leaves the stage as it runs."""
    application = case.application
    if row.source == row.target:
        return
    stages.leave(case, within, event=row.event)
    application.state = row.target
    application.end = case.state.end or ""
    application.ended_at = within.act.at if application.end else None
    if row.event == "accept":
        application.accepted_at = within.act.at
    stages.enter(case, within, event=row.event)


def touch(case: Case, within: Writing) -> None:
    """Keep the case as it now stands; its revision grows, so that whoever has it open learns of it."""
    application = case.application
    application.revision += 1
    application.act = within.act
    application.save()
    within.wrote(case_digest(application))


def case_digest(application: Application) -> bytes:
    """What an act seals of a case: every column that says where it stands."""
    return digest_of(["case", application.pk, *(getattr(application, name) for name in COLUMNS if name != "act_id")])


def _reason(given: Mapping[str, Any]) -> str:
    return str(given.get("reason", ""))[:2000]
