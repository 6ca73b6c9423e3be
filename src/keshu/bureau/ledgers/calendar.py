"""Workdays of this bureau: the announced holidays, and the notices that its catalogue adds for years not known otherwise."""

from datetime import date

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.catalogue.holidays import announced
from keshu.catalogue.loader import Catalogue
from keshu.kernel import workdays
from keshu.kernel.workdays import Announced, Unit

_read: list[tuple[Catalogue, Announced]] = []  # the last catalogue with what its notices say


def told() -> Announced:
    """What the catalogue's notices say, read once for a catalogue."""
    now = catalogue()
    if not _read or _read[0][0] is not now:
        _read[:] = [(now, announced(now.parameters))]
    return _read[0][1]


def add_workdays(day: date, n: int) -> date:
    """The n-th workday after the day; see kernel.workdays."""
    return workdays.add_workdays(day, n, told())


def due_on(start: date, within: int, unit: Unit) -> date:
    """The last day of a term that begins on `start`; see kernel.workdays."""
    return workdays.due_on(start, within, unit, told())


def doubt(*days: date | None) -> str:
    """One line where a day lies in a year whose holidays nobody has announced to the program yet; else nothing."""
    years = sorted({day.year for day in days if day is not None and not workdays.known(day.year, told())})
    if not years:
        return ""
    said = "、".join(str(year) for year in years)
    return _("%(years)s 年的放假安排还没有录入，工作日暂按周一至周五计算") % {"years": said}
