"""What an event would do to each of many cases, before anybody takes it: who can, who cannot and why, who is told."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.outbox.services import Notice
from keshu.bureau.programmes.access import OWN, may_see, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.advising import read_advice, read_amount
from keshu.bureau.programmes.handling.telling import TELLING, notices_of
from keshu.bureau.programmes.machine import machine_of, step_of
from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.problems import CaseProblem
from keshu.catalogue.schema.programme_stages import Step

MOST = 2000  # cases in one batch


Foresight = Callable[[Case, Step], None]
_foresights: list[Foresight] = []


def foresight(function: Foresight) -> Foresight:
    """Register what can tell beforehand that an effect will refuse: it raises CaseProblem as the effect would."""
    _foresights.append(function)
    return function


@dataclass(frozen=True)
class Asked:
    """One case as it was chosen: its revision then, and what the event is to bring along for it."""

    application_id: int
    seen: int
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Look:
    """One case under the event: "" or the sentence that says why not; whom it would tell what."""

    application: Application
    asked: Asked
    event: str
    step: Step | None
    problem: str
    notices: tuple[Notice, ...] = ()

    @property
    def amount(self) -> Decimal | None:
        """The amount that is decided or advised, where it can be read."""
        for name in ("decision", "advice"):
            said = self.asked.given.get(name)
            if isinstance(said, Mapping):
                try:
                    return read_amount(said.get("amount"), "")
                except CaseProblem:
                    return None
        return None


def chosen(viewer: Viewer, ids: Iterable[int]) -> dict[int, Application]:
    """Those of the cases that the viewer may see, with all that conditions and messages ask of them."""
    rows = Application.objects.filter(may_see(viewer), pk__in=list(ids))
    return {one.pk: one for one in rows.select_related("call__place", "place", "party", "version", "act")}


def look_at(asked: Sequence[Asked], event: str, *, viewer: Viewer, at: datetime) -> list[Look]:
    """Each of the cases under the event, in the order in which they were chosen. Nothing is written."""
    known = chosen(viewer, (one.application_id for one in asked))
    return [_look(known[one.application_id], one, event, viewer, at) for one in asked if one.application_id in known]


def _look(application: Application, asked: Asked, event: str, viewer: Viewer, at: datetime) -> Look:
    case = Case(application, at=at, by=viewer.actor, given=asked.given, event=event)
    step = step_of(case.programme, application.state, event)
    problem = _problem(case, step, asked, viewer)
    notices: tuple[Notice, ...] = ()
    if step is not None and not problem:
        effects = [name for name in step.effects if name in TELLING]
        notices = tuple(one for name in effects for one in notices_of(case, name, step.target))
    return Look(application, asked, event, step, problem, notices)


def _problem(case: Case, step: Step | None, asked: Asked, viewer: Viewer) -> str:
    """Why the case cannot take the event now; "" where nothing stands in its way."""
    application = case.application
    if step is None:
        return _("现在的状态是“%(state)s”，不能办理这一项") % {"state": case.state.name}
    if step.right in OWN or step.right not in rights_in(viewer, application):
        return _("您没有办理这件申报此项工作的权限")
    if application.revision != asked.seen:
        return _("打开列表以后，这件申报由他人办理过，请刷新列表再选")
    if step.reason and not case.reason:
        return _("“%(label)s”必须写明原因") % {"label": step.label}
    try:
        _read_given(case, step)
    except CaseProblem as problem:
        return str(problem)
    machine = machine_of(case.programme)
    row = next(one for one in machine.transitions if (one.source, one.event) == (step.source, step.event))
    return machine.obstacle(row, case) or _foreseen(case, step)


def _foreseen(case: Case, step: Step) -> str:
    try:
        for function in _foresights:
            function(case, step)
    except CaseProblem as problem:
        return str(problem)
    return ""


def _read_given(case: Case, step: Step) -> None:
    """Read what the event brings along as the act itself will. Raises CaseProblem."""
    if "decision_recorded" in step.conditions and isinstance(case.given.get("decision"), Mapping):
        read_amount(case.given["decision"].get("amount"), _("核定金额"))
    if "advice" in case.given:
        read_advice(case.given["advice"])


def events_for(viewer: Viewer, applications: Iterable[Application]) -> list[tuple[str, str, int]]:
    """The events that this person may take for at least one of the cases: code, label, for how many."""
    found: dict[str, tuple[str, int]] = {}
    for application in applications:
        case = Case(application, at=application.created_at, by=viewer.actor)
        rights = rights_in(viewer, application) - OWN
        for step in case.ladder.out_of(application.state):
            if step.right in rights:
                label, n = found.get(step.event, (step.label, 0))
                found[step.event] = (label, n + 1)
    return [(event, label, n) for event, (label, n) in found.items()]


def sentences(looks: Sequence[Look]) -> list[tuple[str, str, int]]:
    """Who will be told what, alike messages together: title, body, how many people or organisations."""
    found: dict[tuple[str, str], int] = {}
    for look in looks:
        for notice in look.notices:
            key = (notice.title, notice.body)
            found[key] = found.get(key, 0) + 1
    return [(title, body, n) for (title, body), n in found.items()]
