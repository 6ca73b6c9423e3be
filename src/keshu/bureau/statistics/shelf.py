"""Rows below figures: read for one measure at a time, or once per source for many measures together.

Neither way uses the groups that figures are counted from, so that each can be held against them.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Protocol

from django.db import connection

from keshu.bureau.statistics.conditions import Test, joined
from keshu.bureau.statistics.engine import Engine
from keshu.bureau.statistics.measures import Measure, Window, source_for

Row = tuple[int, int, int | None, int, date | None, int | None]  # entry, revision, party, place, day, amount
STARTED, ENDED = "started_on", "ended_on"


class Reader(Protocol):
    """Finds the rows of a measure inside a window, at places."""

    def __call__(self, measure: Measure, window: Window, places: frozenset[int]) -> Iterable[Row]: ...


class OneByOne:
    """One statement for each measure and window."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, measure: Measure, window: Window, places: frozenset[int]) -> Iterator[Row]:
        source = source_for(measure.source, self._engine.catalogue)
        known, params = source.condition(self._engine.known_at)
        tests, more = joined(measure.tests)
        inside = ", ".join(str(int(place)) for place in sorted(places))
        dated, days = _dated(window)
        columns = f"entry_id, id, party_id, place_id, {window.on or STARTED}, {measure.summed or 'NULL'}"
        where = f"{known} AND {dated} AND place_id IN ({inside}){tests}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {columns} FROM {source.table()} WHERE {where}", [*params, *days, *more])
            for *ids, day, amount in cursor.fetchall():
                yield (*ids, _day(day), amount)


class Wishes:
    """Notes what is wanted and finds nothing: the first of two rounds."""

    def __init__(self) -> None:
        self.noted: dict[tuple[Measure, Window], None] = {}

    def __call__(self, measure: Measure, window: Window, places: frozenset[int]) -> Iterable[Row]:
        self.noted[measure, window] = None
        return ()


class Shelf:
    """All rows that any of the wishes can reach, one statement a source; conditions are decided by the database."""

    def __init__(self, engine: Engine, wishes: Iterable[tuple[Measure, Window]]) -> None:
        by_source: dict[str, dict[tuple[Measure, Window], None]] = {}
        for measure, window in wishes:
            by_source.setdefault(measure.source, {})[measure, window] = None
        self._engine = engine
        self._books = {source: _Book(engine, source, list(wanted)) for source, wanted in by_source.items()}

    def __call__(self, measure: Measure, window: Window, places: frozenset[int]) -> Iterator[Row]:
        return self._books[measure.source].rows(measure, window, places)


class _Book:
    """The rows of one source, by the conditions that they meet."""

    def __init__(self, engine: Engine, source: str, wanted: list[tuple[Measure, Window]]) -> None:
        self._tests = list(dict.fromkeys(measure.tests for measure, _ in wanted))
        self._dates = sorted({STARTED, ENDED, *(window.on for _, window in wanted if window.on)})
        self._sums = sorted({measure.summed for measure, _ in wanted if measure.summed})
        self._rows: dict[tuple[Test, ...], list[tuple[Any, ...]]] = {tests: [] for tests in self._tests}
        first_flag = 4 + len(self._dates) + len(self._sums)
        for row in self._read(engine, source, [window for _, window in wanted]):
            days = [_day(day) for day in row[4 : 4 + len(self._dates)]]
            kept = (*row[:4], *days, *row[4 + len(self._dates) : first_flag])
            for tests, met in zip(self._tests, row[first_flag:], strict=True):
                if met:
                    self._rows[tests].append(kept)

    def _read(self, engine: Engine, source: str, windows: list[Window]) -> list[tuple[Any, ...]]:
        facts = source_for(source, engine.catalogue)
        known, known_params = facts.condition(engine.known_at)
        flags, params = [], []
        for tests in self._tests:
            sql, used = joined(tests)
            flags.append(f"CASE WHEN 1 = 1{sql} THEN 1 ELSE 0 END")
            params += used
        reach = [_dated(window) for window in _widest(windows)]
        params += [*known_params, *(day for _, days in reach for day in days)]
        columns = ["entry_id", "id", "party_id", "place_id", *self._dates, *self._sums, *flags]
        where = f"{known} AND ({' OR '.join(sql for sql, _ in reach)})"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(columns)} FROM {facts.table()} WHERE {where}", params)
            return cursor.fetchall()

    def rows(self, measure: Measure, window: Window, places: frozenset[int]) -> Iterator[Row]:
        on = 4 + self._dates.index(window.on or STARTED)
        ended = 4 + self._dates.index(ENDED)
        amount = 4 + len(self._dates) + self._sums.index(measure.summed) if measure.summed else None
        for row in self._rows[measure.tests]:
            day = row[on]
            if row[3] not in places or day is None or day > window.end:
                continue
            if day >= window.start if window.on else row[ended] is None or row[ended] >= window.end:
                yield (*row[:4], day, None if amount is None else row[amount])


def _widest(windows: Iterable[Window]) -> list[Window]:
    """For each date column one window around all; every stock on a day of its own."""
    around: dict[str, Window] = {}
    stocks: dict[date, Window] = {}
    for window in windows:
        if not window.on:
            stocks[window.end] = window
            continue
        known = around.get(window.on, window)
        around[window.on] = Window(window.on, min(known.start, window.start), max(known.end, window.end))
    return [*around.values(), *stocks.values()]


def _dated(window: Window) -> tuple[str, list[Any]]:
    """Dates inside the window, both ends included; what stands on its last day where no date is named."""
    end = connection.ops.adapt_datefield_value(window.end)
    if window.on:
        return f"({window.on} >= %s AND {window.on} <= %s)", [connection.ops.adapt_datefield_value(window.start), end]
    return f"({STARTED} <= %s AND ({ENDED} IS NULL OR {ENDED} >= %s))", [end, end]


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value
