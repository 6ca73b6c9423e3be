"""Until when a call is open, and for whom: asked by guides, eligibility, handing in, the applicant's home and lapsing.

An extension for all moves it for everybody, one for a place for the places below it too, one for a case for that case.
"""

from collections.abc import Iterable
from datetime import datetime

from keshu.bureau.places.queries import ids_above
from keshu.bureau.programmes.models import Application, Call, Extension

Row = tuple[int, int | None, int | None, datetime]  # call, place, case, the last instant


def closing_for_all(calls: Iterable[Call]) -> dict[int, datetime]:
    """The last instant of each call that holds for everybody, by one query."""
    known = {call.pk: call for call in calls}
    rows = Extension.objects.filter(call_id__in=known, place__isnull=True, application__isnull=True)
    return {pk: _last(call, rows_of_call) for pk, call, rows_of_call in _by_call(known, _read(rows))}


def closing_for(calls: Iterable[Call], place_id: int | None) -> dict[int, datetime]:
    """The last instant of each call for whoever applies from the place; a case's own extension is its own."""
    known = {call.pk: call for call in calls}
    rows = _read(Extension.objects.filter(call_id__in=known, application__isnull=True))
    above = _above(rows, [place_id])[place_id]
    return {pk: _last(call, [row for row in mine if row[1] in above]) for pk, call, mine in _by_call(known, rows)}


def closing_of(applications: Iterable[Application]) -> dict[int, datetime]:
    """The last instant for each of these cases: of its call, its place and itself."""
    cases = {one.pk: one for one in applications}
    rows = _read(Extension.objects.filter(call_id__in={one.call_id for one in cases.values()}))
    above = _above(rows, {one.place_id for one in cases.values()})
    return {
        pk: _last(one.call, [
            row for row in rows
            if row[0] == one.call_id and row[1] in above[one.place_id] and row[2] in (None, pk)
        ])
        for pk, one in cases.items()
    }  # fmt: skip


def closes_at(application: Application) -> datetime:
    """The last instant for this case."""
    return closing_of([application])[application.pk]


def _read(rows: Iterable) -> list[Row]:  # type: ignore[type-arg]
    return list(rows.values_list("call_id", "place_id", "application_id", "closes_at"))  # type: ignore[attr-defined]


def _by_call(calls: dict[int, Call], rows: list[Row]) -> Iterable[tuple[int, Call, list[Row]]]:
    return ((pk, call, [row for row in rows if row[0] == pk]) for pk, call in calls.items())


def _last(call: Call, rows: Iterable[Row]) -> datetime:
    return max([call.closes_at, *(row[3] for row in rows)])


def _above(rows: list[Row], places: Iterable[int | None]) -> dict[int | None, frozenset[int | None]]:
    """For each place the scopes that reach it: all, itself, what lies above; the tree is read only where it matters."""
    wanted = set(places)
    limited = any(row[1] is not None for row in rows)
    lines = ids_above(one for one in wanted if one is not None) if limited else {}
    return {one: frozenset({None, one, *lines.get(one, ())}) for one in wanted}
