"""The ladder of a case: every stage of its programme's way, the days on which the case was there, what comes next."""

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Stage
from keshu.bureau.records.services import ZONE
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_stages import Segment, State, Step

ENOUGH = 5  # stays from which a usual duration is told
RECENT = 3000  # stays of a programme, the latest, that it is computed from
GOOD_ENDS = ("completed", "approved")


@dataclass(frozen=True)
class Rung:
    """One stage as it is shown. `status`: done, here, ended (here, for good), ahead, or missed (ended before it)."""

    name: str
    status: str
    stays: tuple[Stage, ...] = ()
    detours: tuple[str, ...] = ()  # names of states beside the main way in which the case was or is
    usual: int | None = None
    due_on: date | None = None
    late: bool = False

    @property
    def entered_on(self) -> date | None:
        return _day(self.stays[0].entered_at) if self.stays else None

    @property
    def left_on(self) -> date | None:
        last = self.stays[-1] if self.stays else None
        return _day(last.left_at) if last and last.left_at and self.status == "done" else None


@dataclass
class _Group:
    """States that are one rung: neighbours on the main way under one name, and the states beside the way."""

    name: str
    codes: list[str]
    beside: list[str] = field(default_factory=list)

    @property
    def members(self) -> set[str]:
        return {*self.codes, *self.beside}


def shown_name(state: State, *, inner: bool) -> str:
    """The name for those who handle the case, or the one for everybody else."""
    return state.name if inner else state.public


def rungs_of(case: Case, stages: Sequence[Stage], *, inner: bool, usual: Mapping[str, int]) -> list[Rung]:
    """The whole ladder; neighbours with one public name are one rung for those who see only that."""
    groups = _groups(case.programme, inner=inner)
    here = _place_of(case, stages, groups)
    found = []
    for number, group in enumerate(groups):
        status = "done" if number < here else "ahead"
        if case.application.end:
            status = "ended" if number == here else "missed" if number > here else "done"
        elif number == here:
            status = "here"
        own = tuple(stage for stage in stages if _belongs(stage, group, number == here and status == "ended"))
        found.append(_rung(case, group, own, status, inner=inner, usual=usual))
    return found


def usual_days(programme: str) -> dict[str, int]:
    """The median of days that cases of this programme stayed in each state, where there are enough of them."""
    rows = Stage.objects.filter(application__call__programme=programme, left_at__isnull=False).order_by("-pk")
    stays: dict[str, list[int]] = {}
    for state, entered, left in rows.values_list("state", "entered_at", "left_at")[:RECENT]:
        stays.setdefault(state, []).append((_day(left) - _day(entered)).days)
    return {state: round(median(days)) for state, days in stays.items() if len(days) >= ENOUGH}


def next_steps(programme: Programme, state: str) -> str:
    """The state to which the main way leads from here; from a state beside it, the one to which most rows lead back."""
    way = [code for codes in main_way(programme) for code in codes]
    if state in way:
        following = way[way.index(state) + 1 : way.index(state) + 2]
        return following[0] if following else ""
    return next((step.target for step in programme.ladder.out_of(state) if step.target in way), "")


def next_name(case: Case, *, inner: bool) -> str:
    """The name of what the main way brings next, beyond states that are shown under the name of this one; or ""."""
    states, state = case.ladder.states, case.application.state
    here = shown_name(states[state], inner=inner)
    while state := next_steps(case.programme, state):
        if (name := shown_name(states[state], inner=inner)) != here:
            return name
    return ""


def main_way(programme: Programme) -> list[tuple[str, ...]]:
    """The states of each segment that a case passes where nothing goes wrong, in order."""
    states, segments, found = programme.ladder.states, _segments(programme), []
    for number, segment in enumerate(segments):
        members = {state.code for state in segment.states}
        goals = {following.entry for following in segments[number + 1 : number + 2]}
        goals = goals or {code for code in members if code in states and states[code].end in GOOD_ENDS}
        found.append(_shortest(programme.ladder.steps, segment.entry, members, goals))
    return found


def _rung(
    case: Case, group: _Group, stays: tuple[Stage, ...], status: str, *, inner: bool, usual: Mapping[str, int]
) -> Rung:
    states = case.ladder.states
    running = next((stage for stage in stays if stage.left_at is None), None) if status == "here" else None
    names = dict.fromkeys(shown_name(states[stage.state], inner=inner) for stage in stays)
    days = [usual[code] for code in group.codes if code in usual]
    return Rung(
        name=group.name,
        status=status,
        stays=stays,
        detours=tuple(name for name in names if name != group.name),
        usual=sum(days) if days else None,
        due_on=running.due_on if running else None,
        late=bool(running and running.due_on and running.due_on < case.today),
    )


def _belongs(stage: Stage, group: _Group, ending: bool) -> bool:
    return stage.state in group.members or (ending and stage.left_at is None)


def _place_of(case: Case, stages: Sequence[Stage], groups: Sequence[_Group]) -> int:
    """The rung on which the case stands; an end beside the way is shown where the case came from."""
    states = [case.application.state, *(stage.state for stage in reversed(stages))]
    if case.application.end and not any(states[0] in group.codes for group in groups):
        states = [state for state in states if not case.ladder.states[state].end] or states
    return next((n for n, group in enumerate(groups) if states[0] in group.members), 0)


def _groups(programme: Programme, *, inner: bool) -> list[_Group]:
    states, found = programme.ladder.states, []
    way = main_way(programme)
    for codes in way:
        for code in codes:
            name = shown_name(states[code], inner=inner)
            if found and found[-1].name == name:
                found[-1].codes.append(code)
            else:
                found.append(_Group(name, [code]))
    _put_beside(found, set(states) - {code for codes in way for code in codes}, programme.ladder.steps)
    return found


def _put_beside(groups: Sequence[_Group], others: set[str], steps: Sequence[Step]) -> None:
    """Each state beside the main way belongs to the first rung from which it is reached."""
    sources: dict[str, set[str]] = {}
    for step in steps:
        sources.setdefault(step.target, set()).add(step.source)
    while others:
        reached = {}
        for code in others:
            group = next((group for group in groups if sources.get(code, set()) & group.members), None)
            if group is not None:
                reached[code] = group
        if not reached:
            return
        for code, group in reached.items():
            group.beside.append(code)
        others = others - set(reached)


def _segments(programme: Programme) -> list[Segment]:
    return [part for part in programme.path if isinstance(part, Segment)]


def _shortest(steps: Sequence[Step], entry: str, members: Collection[str], goals: Collection[str]) -> tuple[str, ...]:
    """The shortest way through a segment to where the next begins, or to its good end."""
    waiting, came = deque([entry]), {entry: ""}
    while waiting:
        state = waiting.popleft()
        for step in steps:
            if step.source != state or step.target in came:
                continue
            came[step.target] = state
            if step.target in goals:
                return _back(came, step.target if step.target in members else state)
            if step.target in members:
                waiting.append(step.target)
    return (entry,)


def _back(came: Mapping[str, str], state: str) -> tuple[str, ...]:
    way = []
    while state:
        way.append(state)
        state = came[state]
    return tuple(reversed(way))


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()
