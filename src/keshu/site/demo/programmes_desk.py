"""Where the lives of calls and cases are carried on: each sleeps until its next day, all acts come in order of time."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import count
from random import Random
from typing import Any

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.programmes.services import pass_case
from keshu.site.demo.programmes_clock import Clock, at, office_day
from keshu.site.demo.programmes_people import People
from keshu.site.demo.world import Firm, World

Life = Iterator[datetime]  # yields when it wants to go on


@dataclass(frozen=True)
class Plan:
    """One opening as the demo tells it: its days, how many apply, and what becomes of some of them.

    `fates` names what happens to single cases (`duplicate`, `terminated` ...); the others go the usual way.
    `until` is the last gate that the call passes, where it is still under way.
    """

    programme: str
    year: int
    opens: date
    closes: date
    cases: int
    fates: tuple[str, ...] = ()
    budget: int | None = None  # 万元
    starts: date | None = None
    months: int = 0
    serial: int = 1
    part: str = ""
    until: str = ""
    shown: tuple[str, ...] = ()  # fates of the two enterprises with accounts, where they apply


@dataclass
class Desk:
    """The heap of lives, the clock, and whoever acts."""

    world: World
    people: People
    clock: Clock
    firms: Sequence[Firm]
    place_ids: Mapping[str, int]
    today: date  # the real one, on which the demo is loaded
    heap: list[tuple[datetime, int, Life]] = field(default_factory=list)
    order: Iterator[int] = field(default_factory=count)

    def start(self, life: Life) -> None:
        self._sleep(life)

    def _sleep(self, life: Life) -> None:
        when = next(life, None)
        if when is not None:
            heapq.heappush(self.heap, (when, next(self.order), life))

    def run(self, end: datetime, tell: Callable[[int], None]) -> None:
        """Carry on until nobody wants anything before the end; what would come later never happens.

        `tell` hears of every year that is over.
        """
        while self.heap and self.heap[0][0] < end:
            when, _order, life = heapq.heappop(self.heap)
            if when.year > self.clock.today.year:
                tell(self.clock.today.year)
            self.clock.forward(when)
            self._sleep(life)

    def take(self, application_id: int, event: str, viewer: Viewer, **given: Any) -> Application:
        """Pass the case on, as whoever has just opened its page."""
        seen = seen_of(application_id)
        return pass_case(application_id, event, seen=seen, viewer=viewer, given=given)


def seen_of(application_id: int) -> int:
    revision: int = Application.objects.values_list("revision", flat=True).get(pk=application_id)
    return revision


def state_of(application_id: int) -> str:
    state: str = Application.objects.values_list("state", flat=True).get(pk=application_id)
    return state


def in_state(call: Call, state: str) -> list[int]:
    rows = Application.objects.filter(call=call, state=state).order_by("number", "pk")
    return list(rows.values_list("pk", flat=True))


def later(draw: Random, day: date, least: int, most: int) -> datetime:
    """A working hour some days after a day."""
    found = office_day(day + timedelta(days=draw.randint(least, most)))
    return at(found, draw.choice((9, 10, 11, 14, 15, 16)), draw.randint(0, 59))
