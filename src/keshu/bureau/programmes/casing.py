"""A case with all that conditions and effects ask of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, Call, Stage
from keshu.bureau.records.services import ZONE, Actor
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_stages import Ladder, State


@dataclass
class Case:
    """One case at one instant, in one person's hands.

    `given` is what the event brings along: texts by name (reason, meeting, day, amount ...), as a form or a batch has
    them. `event` is the one that is being asked for or taken; empty where a page only looks.
    """

    application: Application
    at: datetime
    by: Actor
    given: Mapping[str, Any] = field(default_factory=dict)
    event: str = ""
    notes: dict[str, Any] = field(default_factory=dict)  # what effects tell each other and the page

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()

    @cached_property
    def call(self) -> Call:
        return self.application.call

    @cached_property
    def programme(self) -> Programme:
        return programme_for(self.call)

    @cached_property
    def ladder(self) -> Ladder:
        return self.programme.ladder

    @property
    def state(self) -> State:
        return self.ladder.states[self.application.state]

    @cached_property
    def stage(self) -> Stage | None:
        """The stage in which the case is now."""
        return Stage.objects.filter(application_id=self.application.pk, left_at__isnull=True).first()

    @property
    def reason(self) -> str:
        return str(self.given.get("reason", "")).strip()

    @property
    def key(self) -> str:
        """The subject under which acts, passages and messages name the case."""
        return f"application:{self.application.pk}"
