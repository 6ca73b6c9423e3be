"""Transitions as declared rows: asking "what may I do" and doing it use the same object.

Effects that reach into upper apps are registered by name in `ready()`; a machine that names an unregistered effect
or condition does not start.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.records.models import Passage
from keshu.bureau.records.services import Writing


class NotAllowed(Exception):
    """The event is not open to this person from this state; the message says why, in the user's language."""


@dataclass(frozen=True)
class Transition:
    """One row: from which state, by which event, to which state, whose right, conditions, effects."""

    source: str
    event: str
    target: str
    right: str
    label: str
    conditions: tuple[str, ...] = ()
    effects: tuple[str, ...] = ()


Condition = Callable[[Any], str]  # "" when it holds, else the reason why not
Effect = Callable[[Any, Writing], None]
_conditions: dict[str, Condition] = {}
_effects: dict[str, Effect] = {}


def register_condition(name: str, condition: Condition) -> None:
    _conditions[name] = condition


def register_effect(name: str, effect: Effect) -> None:
    _effects[name] = effect


@dataclass(frozen=True)
class Machine:
    code: str
    transitions: tuple[Transition, ...]

    def check(self) -> None:
        """Raise KeyError when a row names a condition or an effect that nobody registered."""
        for row in self.transitions:
            for name in row.conditions:
                _conditions[name]
            for name in row.effects:
                _effects[name]

    def open_to(self, state: str, rights: frozenset[str], subject: Any) -> list[tuple[Transition, str]]:
        """The events that this person may raise from here, each with "" or the reason why it is not possible now."""
        rows = [row for row in self.transitions if row.source == state and row.right in rights]
        return [(row, self.obstacle(row, subject)) for row in rows]

    def obstacle(self, row: Transition, subject: Any) -> str:
        return next((reason for name in row.conditions if (reason := _conditions[name](subject))), "")

    def allowed(self, subject: Any, *, state: str, event: str, rights: frozenset[str]) -> Transition:
        """The row that the event takes from here. Raises NotAllowed where right or condition is missing."""
        row = next((r for r in self.transitions if r.source == state and r.event == event and r.right in rights), None)
        if row is None:
            raise NotAllowed(_("当前状态下不能执行此操作，或您没有相应权限；请刷新页面后重试"))
        if reason := self.obstacle(row, subject):
            raise NotAllowed(reason)
        return row

    def take(self, row: Transition, subject: Any, *, key: str, within: Writing) -> str:
        """Record the passage of a row that was found allowed and run its effects; returns the new state."""
        Passage.objects.create(
            machine=self.code, subject=key, event=row.event, from_state=row.source, to_state=row.target, act=within.act
        )
        for name in row.effects:
            _effects[name](subject, within)
        return row.target

    def pass_through(
        self, subject: Any, *, key: str, state: str, event: str, rights: frozenset[str], within: Writing
    ) -> str:
        """Take the event, record the passage, run the effects; returns the new state. Raises NotAllowed."""
        row = self.allowed(subject, state=state, event=event, rights=rights)
        return self.take(row, subject, key=key, within=within)
