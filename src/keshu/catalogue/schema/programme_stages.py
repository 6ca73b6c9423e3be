"""The way of a case: states with an inner and a public name, and the rows that lead from one to the next.

A ladder is put together from segments. ``next`` as a target means the entry of the segment that follows, so a programme
takes the segments that it needs and leaves the others out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator
from pydantic import Field as Value

from keshu.catalogue.schema.base import Code, Name, Part
from keshu.catalogue.schema.programme_parts import Limit

NEXT: Final = "next"
Who = Literal["applicant", "recommender", "bureau", "expert", "leader", "finance", "upper", "public"]
End = Literal["withdrawn", "refused", "rejected", "approved", "completed", "failed", "terminated", "revoked", "expired"]
Unit = Literal["working_days", "days", "months"]
States = Annotated[
    tuple[Code, ...], BeforeValidator(lambda value: (value,) if isinstance(value, str) else value), Value(min_length=1)
]


class State(Part):
    """Where a case stands: the name for those who handle it and the one for the applicant; ``end`` says how it ended."""

    unhashed: ClassVar[frozenset[str]] = frozenset({"public"})

    code: Code
    name: Name
    public: Name
    who: Who = "bureau"
    end: End | None = None


class Transition(Part):
    """A row: from these states, by this event, to that one. ``within`` is the time for it, from entering the state."""

    from_: States = Value(alias="from")
    event: Code
    to: Code
    label: Name
    right: str
    conditions: tuple[Code, ...] = ()
    effects: tuple[Code, ...] = ()
    within: Limit | None = None
    unit: Unit = "working_days"
    reason: bool = False


class Segment(Part):
    """A stretch of the way that many programmes share; ``entry`` is where the one before leads to."""

    code: Code
    name: Name
    entry: Code
    states: Annotated[tuple[State, ...], Value(min_length=1)]
    transitions: Annotated[tuple[Transition, ...], Value(min_length=1)]


class Rename(Part):
    """Other names of a state in this programme: 拟认定公示 instead of 拟立项公示."""

    unhashed: ClassVar[frozenset[str]] = frozenset({"public"})

    name: Name
    public: Name


@dataclass(frozen=True, slots=True)
class Step:
    """One row of the finished ladder, as the transition machine takes it."""

    source: str
    event: str
    target: str
    label: str
    right: str
    conditions: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()
    within: int | str | None = None
    unit: Unit = "working_days"
    reason: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    """The way of one programme as a whole: where it starts, all states, all rows."""

    start: str
    states: Mapping[str, State]
    steps: tuple[Step, ...]

    def out_of(self, state: str) -> tuple[Step, ...]:
        """The rows that lead away from a state, in the order of the definition."""
        return tuple(step for step in self.steps if step.source == state)

    def events(self) -> frozenset[str]:
        return frozenset(step.event for step in self.steps)

    def as_json(self) -> dict[str, Any]:
        """States and edges for programs that draw."""
        return {
            "start": self.start,
            "states": [state.model_dump(mode="json") for state in self.states.values()],
            "edges": [
                {"from": s.source, "event": s.event, "to": s.target, "label": s.label, "right": s.right,
                 "conditions": list(s.conditions), "effects": list(s.effects), "within": s.within, "unit": s.unit}
                for s in self.steps
            ],
        }  # fmt: skip


def ladder_of(
    segments: tuple[Segment, ...], *, renamed: Mapping[str, Rename], limits: Mapping[str, int | str],
    without: frozenset[str],
) -> Ladder:  # fmt: skip
    """The segments joined; a state that only left-out events led to and from is left out with them.

    A target that no segment has stays as it is written; validation speaks about it.
    """
    entries = [segment.entry for segment in segments]
    states = {state.code: _named(state, renamed) for segment in segments for state in segment.states}
    steps = [
        _step(row, source, following, limits)
        for segment, following in zip(segments, [*entries[1:], NEXT], strict=True)
        for row in segment.transitions
        if row.event not in without
        for source in row.from_
    ]
    if without:
        named = {code for step in steps for code in (step.source, step.target)}
        states = {code: state for code, state in states.items() if code in named}
    return Ladder(entries[0] if entries else "", states, tuple(steps))


def _named(state: State, renamed: Mapping[str, Rename]) -> State:
    other = renamed.get(state.code)
    return state.model_copy(update={"name": other.name, "public": other.public}) if other else state


def _step(row: Transition, source: str, following: str, limits: Mapping[str, int | str]) -> Step:
    target = following if row.to == NEXT else row.to
    within = limits.get(row.event, row.within)
    return Step(
        source, row.event, target, row.label, row.right, row.conditions, row.effects, within, row.unit, row.reason
    )
