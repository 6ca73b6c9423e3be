"""Whether a place has reported a ledger, and since when it keeps it: without that, no rows mean missing, not zero."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, Q

from keshu.bureau.ledgers.models import Report
from keshu.bureau.places.models import Place
from keshu.bureau.statistics.trees import Trees
from keshu.kernel.measure.period import BadPeriod, Period
from keshu.kernel.measure.presence import Presence, presence_over

#: places that report themselves; those above them have reported when all below them have
REPORTING = frozenset({Place.Kind.COUNTY, Place.Kind.ZONE, Place.Kind.TOWN})


def begun() -> Exists:
    """Whether anybody has ever said since when a ledger is kept."""
    return Exists(Report.objects.filter(begins_on__isnull=False))


class Reports:
    """What places have said to be complete, as known at one instant."""

    def __init__(self, ledgers: Iterable[str], known_at: datetime, trees: Trees) -> None:
        known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
        rows = Report.objects.filter(known, ledger__in=list(ledgers))
        self._trees = trees
        self._periods: dict[tuple[str, int], list[Period]] = {}
        self._begins: dict[str, dict[int, date]] = {}
        for ledger, place, text, day in rows.values_list("ledger", "place_id", "period", "begins_on"):
            if day is not None:
                self._begins.setdefault(ledger, {})[place] = day
                continue
            try:
                self._periods.setdefault((ledger, place), []).append(Period.parse(text))
            except BadPeriod:  # a report for a period that nobody can ask for says nothing
                continue

    def reach(self, ledger: str, place: str, start: date, end: date) -> Presence:
        """Whether records were kept on these days: VALUE, PARTIAL, MISSING. What was declared for a place counts for
        all below it; without that a place reaches as far as those below it."""
        begins = self._begins.get(ledger)
        if begins is None:
            return Presence.VALUE
        declared = [self._trees.ids[code] for code in self._trees.upper(place, end) if code in self._trees.ids]
        if day := next((begins[pk] for pk in declared if pk in begins), None):
            return Presence.MISSING if end < day else Presence.PARTIAL if start < day else Presence.VALUE
        below = self._trees.children(place, end)
        return presence_over([self.reach(ledger, child, start, end) for child in below] or [Presence.VALUE])

    def collecting(self, ledger: str, place: str, end: date, today: date) -> bool:
        """Whether a year's rows are still coming in: nobody has confirmed it, and it is not over or an earlier one was
        confirmed."""
        year = Period.of_year(end.year)
        if self.reported(ledger, place, year.start, end, frozenset):
            return False
        near = self._trees.below(place, end) | {self._trees.ids.get(code) for code in self._trees.upper(place, end)}
        known = (period for pk in near for period in self._periods.get((ledger, pk), []))
        return year.end >= today or any(period.end < year.start for period in known)

    def reported(self, ledger: str, place: str, start: date, end: date, rows_in: Callable[[], frozenset[int]]) -> bool:
        """True if the place, one above it, or all below it have reported these days, or have rows in them."""
        above = self._trees.upper(place, end)
        if any(self._covers(ledger, code, start, end) for code in above):
            return True
        return self._by_rows(ledger, place, start, end, rows_in)

    def _by_rows(self, ledger: str, place: str, start: date, end: date, rows_in: Callable[[], frozenset[int]]) -> bool:
        own = self._trees.ids.get(place)
        if own in rows_in() or self._covers(ledger, place, start, end):
            return True
        if self._trees.kinds.get(place) in REPORTING and self._trees.below(place, end) & rows_in():
            return True
        below = self._trees.children(place, end)
        return bool(below) and all(self._by_rows(ledger, child, start, end, rows_in) for child in below)

    def _covers(self, ledger: str, place: str, start: date, end: date) -> bool:
        """Whether the reports of this place leave no day out."""
        day = start
        for period in sorted(self._periods.get((ledger, self._trees.ids.get(place, 0)), [])):
            if period.start <= day <= period.end:
                day = period.end + timedelta(days=1)
        return day > end
