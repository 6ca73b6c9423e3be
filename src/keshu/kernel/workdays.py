"""Workdays of the People's Republic: counting them, and the last day of a term.

A term in working days cannot be computed from weekdays alone: the State Council announces each year's holidays and the
weekends worked in their place. That list is data, and it is kept by the package chinesecalendar; for a year that the
package does not know yet, or knows wrongly, whoever asks hands in what the notice says (`Announced`). Nothing else is read
here, neither clock nor file. For a year that nobody knows (`known` says so) Monday to Friday count.

Terms follow the Civil Code, Articles 201 to 203: the day on which a term begins does not count; a term in months ends on
the day of the same number, or on the month's last day where there is none; a last day that is a day off gives way to
the next workday.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import chinese_calendar  # type: ignore[import-untyped]

Unit = Literal["working_days", "days", "months"]
DAY = timedelta(days=1)
_FIRST: int = min(chinese_calendar.holidays).year
_LAST: int = max(chinese_calendar.holidays).year


@dataclass(frozen=True)
class Announced:
    """What notices say that somebody wrote down: the years that they are about, days off, weekends worked.

    For these years it goes before the package. A day of a neighbouring year that a notice names (the 31 December before)
    is as the notice says.
    """

    years: frozenset[int] = frozenset()
    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


NOTHING = Announced()
LONGEST = 15  # days off in a row that a notice has ever come near to


def days_in(texts: Iterable[str | date]) -> list[date]:
    """`2027-02-05..2027-02-11` and single days, in their order. Raises ValueError that says which and what to write."""
    return [day for text in texts for day in _span(text)]


def _span(text: str | date) -> list[date]:
    if isinstance(text, date):
        return [text]
    first, _dots, last = text.partition("..")
    try:
        begin = date.fromisoformat(first.strip())
        end = date.fromisoformat(last.strip()) if last else begin
    except ValueError:
        raise ValueError(f"“{text}”不是日期，请写成 2027-02-05 或 2027-02-05..2027-02-11") from None
    if not begin <= end <= begin + LONGEST * DAY:
        raise ValueError(f"“{text}”的起止日期前后颠倒或超过 {LONGEST} 天，请核对放假通知")
    return [begin + n * DAY for n in range((end - begin).days + 1)]


def known(year: int, told: Announced = NOTHING) -> bool:
    """True if the holidays of the year are announced and in the data; otherwise Monday to Friday are taken."""
    return _FIRST <= year <= _LAST or year in told.years


def is_workday(day: date, told: Announced = NOTHING) -> bool:
    """Monday to Friday without holidays, and the weekends that are worked in their place."""
    if day in told.off or day in told.worked:
        return day in told.worked
    if day.year in told.years or not known(day.year):
        return day.weekday() < 5
    return bool(chinese_calendar.is_workday(day))


def add_workdays(day: date, n: int, told: Announced = NOTHING) -> date:
    """The n-th workday after the day, which does not count itself; before it for negative n.

    Zero gives the day if it is a workday, else the next one.
    """
    if n == 0:
        return day if is_workday(day, told) else add_workdays(day, 1, told)
    step, left = (DAY, n) if n > 0 else (-DAY, -n)
    while left:
        day += step
        left -= is_workday(day, told)
    return day


def workdays_between(first: date, last: date, told: Announced = NOTHING) -> int:
    """How many workdays lie after `first` up to and with `last`; negative when `last` comes before `first`."""
    if last < first:
        return -workdays_between(last, first, told)
    return sum(is_workday(first + n * DAY, told) for n in range(1, (last - first).days + 1))


def add_months(day: date, n: int) -> date:
    """The day of the same number n months on, or the last day of that month: 31 January and one month is 28 February."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def due_on(start: date, within: int, unit: Unit, told: Announced = NOTHING) -> date:
    """The last day of a term that begins on `start`; always a workday. Raises ValueError for a term below zero."""
    if within < 0:
        raise ValueError(f"a term has no negative length: {within}")
    if unit == "working_days":
        return add_workdays(start, within, told)
    last = start + within * DAY if unit == "days" else add_months(start, within)
    return add_workdays(last, 0, told)
