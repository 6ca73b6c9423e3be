"""A clock for the loader: acts of past years lie on their days. Nothing in the product knows of it."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

from keshu.bureau.records import services
from keshu.bureau.records.services import ZONE
from keshu.kernel.workdays import add_workdays

TICK = timedelta(seconds=3)


class Clock:
    """Runs forward only: every look at it is a little later than the one before."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        self.at += TICK
        return self.at

    def forward(self, at: datetime) -> None:
        self.at = max(self.at, at)

    @property
    def today(self) -> date:
        return self.at.astimezone(ZONE).date()


@contextmanager
def simulated(clock: Clock) -> Iterator[Clock]:
    """Inside, every act is stamped by this clock; afterwards by the real one again."""
    real = services.now
    patched = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith("keshu.") and getattr(module, "now", None) is real
    ]
    for module in patched:
        module.now = clock.now  # type: ignore[attr-defined]
    try:
        yield clock
    finally:
        for module in patched:
            module.now = real  # type: ignore[attr-defined]


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A time of day in Shanghai."""
    return datetime.combine(day, time(hour, minute), ZONE)


def office_day(day: date) -> date:
    """The day itself when people work on it, else the next working day."""
    return add_workdays(day - timedelta(days=1), 1)
