"""The parts of the case page that areas bring along: panels, questions that an event asks, pages of an area's own.

The page itself (`programmes:case`) knows none of them; each area registers its own in `registering.py`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application
from keshu.catalogue.schema.programme_stages import Step


@dataclass(frozen=True)
class Panel:
    """A card below the ladder. `right` None: everybody who sees the case; else one of `hands(viewer, case)`.

    `context` gives what the template needs besides `case` and `inner`, or None where there is nothing to show.
    """

    code: str
    order: int
    right: str | None
    template: str
    context: Callable[[HttpRequest, Case], dict[str, Any] | None]


@dataclass(frozen=True)
class Question:
    """What an event has to be told: a form whose answers become `given[code]`, texts by the names of its fields.

    It is asked for rows that name one of `words` as event, condition or effect. `fills`: the conditions that an answer
    satisfies, so that their not holding yet is no obstacle to being asked. `form` gets the case and the body of a POST
    (or None) and binds with `prefix=code`.
    """

    code: str
    words: frozenset[str]
    form: Callable[[Case, Mapping[str, Any] | None], forms.Form]
    fills: frozenset[str] = frozenset()

    def asked_by(self, step: Step) -> bool:
        return bool(self.words & {step.event, *step.conditions, *step.effects})


Door = Callable[[Case], str]
_panels: dict[str, Panel] = {}
_questions: dict[tuple[str, tuple[str, ...]], Question] = {}
_doors: dict[str, Door] = {}


def register_panel(panel: Panel) -> None:
    _panels[panel.code] = panel


def register_question(question: Question) -> None:
    _questions[question.code, tuple(sorted(question.words))] = question


def register_door(event: str, door: Door) -> None:
    """Where an event is taken on a page of its own area: its button leads there; "" leaves the general page."""
    _doors[event] = door


def panels() -> list[Panel]:
    return sorted(_panels.values(), key=lambda panel: (panel.order, panel.code))


def questions_of(step: Step) -> list[Question]:
    """What has to be asked before this row can be taken."""
    return [one for one in sorted(_questions.values(), key=lambda one: one.code) if one.asked_by(step)]


def door_of(event: str, case: Case) -> str:
    """The page on which the event is taken, or "" where the general one serves."""
    return _doors[event](case) if event in _doors else ""


def hands(viewer: Viewer, application: Application) -> frozenset[str]:
    """What decides which panels somebody sees: her rights in the case, `own.view` as a member of the applicant,

    `cases.view` as one of the bureau that has the call.
    """
    found = set(rights_in(viewer, application))
    if application.party_id in viewer.parties("own.view"):
        found.add("own.view")
    if viewer.may("cases.view", place=application.call.place.code):
        found.add("cases.view")
    return frozenset(found)
