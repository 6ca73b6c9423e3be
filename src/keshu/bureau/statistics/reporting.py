"""Whether a place has reported a ledger: without that, no rows mean missing, not zero."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from django.db.models import Q

from keshu.bureau.ledgers.models import Report
from keshu.bureau.places.models import Place
from keshu.bureau.statistics.trees import Trees
from keshu.kernel.measure.period import BadPeriod, Period

#: places that report themselves; those above them have reported when all below them have
REPORTING = frozenset({Place.Kind.COUNTY, Place.Kind.ZONE, Place.Kind.TOWN})


class Reports:
    """What places have said to be complete, as known at one instant."""

    def __init__(self, ledgers: Iterable[str], known_at: datetime, trees: Trees) -> None:
        known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
        rows = Report.objects.filter(known, ledger__in=list(ledgers)).values_list("ledger", "place_id", "period")
        self._trees = trees
        self._periods: dict[tuple[str, int], list[Period]] = {}
        for ledger, place, text in rows:
            try:
                self._periods.setdefault((ledger, place), []).append(Period.parse(text))
            except BadPeriod:  # a report for a period that nobody can ask for says nothing
                continue

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
