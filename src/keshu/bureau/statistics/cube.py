"""One grouped statement per fact source answers every measure that is asked of it.

Rows are cut by date first, then grouped by place, by the code columns that any condition names, by a yes-or-no column
for every other condition, and by the stretch of time into which their dates fall. What comes back is a few hundred or
thousand groups; each measure is then a selection of groups. A second statement groups by party as well, for measures
that count parties or ask for parties that stand in another ledger too.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.trees import Trees

DAY = timedelta(days=1)
STARTED, ENDED = "started_on", "ended_on"


@dataclass
class Plan:
    """What one statement has to keep apart so that every measure handed to `include` can be read from it."""

    codes: set[str] = field(default_factory=set)
    flags: set[Test] = field(default_factory=set)
    edges: dict[str, set[date]] = field(default_factory=lambda: defaultdict(set))
    sums: set[str] = field(default_factory=set)
    flows: dict[str, tuple[date, date]] = field(default_factory=dict)
    stock: tuple[date, date] | None = None

    def include(self, tests: Iterable[Test], window: Window, trees: Trees, summed: str = "") -> None:
        for test in tests:
            if test.grouped:
                self.codes.add(test.column)
            else:
                self.flags.add(test)
        if summed:
            self.sums.add(summed)
        if window.on:
            self._include_flow(window, trees)
        else:
            self._include_stock(window)

    def _include_flow(self, window: Window, trees: Trees) -> None:
        self.edges[window.on] |= {window.start, window.end + DAY, *trees.changes_within(window.start, window.end)}
        low, high = self.flows.get(window.on, (window.start, window.end))
        self.flows[window.on] = (min(low, window.start), max(high, window.end))

    def _include_stock(self, window: Window) -> None:
        self.edges[STARTED].add(window.end + DAY)
        self.edges[ENDED].add(window.end)
        low, high = self.stock or (window.end, window.end)
        self.stock = (min(low, window.end), max(high, window.end))

    @property
    def is_empty(self) -> bool:
        return not self.flows and self.stock is None


@dataclass(frozen=True)
class Cell:
    """Rows of one group: where, whose (0 where the statement did not ask), how many, and their sums."""

    place: int
    party: int
    n: int
    sums: tuple[int | None, ...]  # None: no row of the group has the amount


class Cube:
    """The answer to a plan."""

    def __init__(self, source: FactSource, plan: Plan, known_at: datetime, *, by_party: bool) -> None:
        self._codes = sorted(plan.codes)
        self._flags = sorted(plan.flags, key=repr)
        self._dates = sorted(plan.edges)
        self._edges = {column: sorted(days) for column, days in plan.edges.items()}
        self._sums = sorted(plan.sums)
        self._width = len(self._codes) + len(self._flags) + len(self._dates)
        self.groups: dict[tuple[Any, ...], list[Cell]] = defaultdict(list)
        if not plan.is_empty:
            self._read(*self._statement(source, plan, known_at, by_party))
        self._seen = [{key[i] for key in self.groups} for i in range(self._width)]

    def _statement(self, source: FactSource, plan: Plan, known_at: datetime, by_party: bool) -> tuple[str, list[Any]]:
        columns, params = ["place_id", "party_id" if by_party else "0"], []
        columns += self._codes
        for test in self._flags:
            sql, more = test.sql()
            columns.append(f"CASE WHEN {sql} THEN 1 ELSE 0 END")
            params += more
        for column in self._dates:
            sql, more = _stretch(column, self._edges[column])
            columns.append(sql)
            params += more
        grouped = ", ".join(str(i + 1) for i in range(len(columns)) if columns[i] != "0")
        totals = ["COUNT(*)", *(f"SUM({column})" for column in self._sums)]
        known, known_params = source.condition(known_at)
        cut, cut_params = _cut(plan)
        sql = f"SELECT {', '.join(columns + totals)} FROM {source.table()} WHERE {known} AND ({cut}) GROUP BY {grouped}"
        return sql, [*params, *known_params, *cut_params]

    def _read(self, sql: str, params: list[Any]) -> None:
        end = 2 + self._width
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for row in cursor.fetchall():
                sums = tuple(None if total is None else int(total) for total in row[end + 1 :])
                self.groups[row[2:end]].append(Cell(row[0], row[1] or 0, row[end], sums))

    def cells(self, tests: Iterable[Test], window: Window) -> Iterator[tuple[date, Cell]]:
        """Every cell inside the tests and the window, with a day that stands for its dates."""
        allowed = self._allowed(tests, window)
        if any(not values for _, values in allowed):
            return
        at = self._index(window.on) if window.on else None
        for key, cells in self.groups.items():
            if all(key[i] in values for i, values in allowed):
                day = window.end if at is None else self._edges[window.on][key[at] - 1]
                for cell in cells:
                    yield day, cell

    def _index(self, column: str) -> int:
        return len(self._codes) + len(self._flags) + self._dates.index(column)

    def _allowed(self, tests: Iterable[Test], window: Window) -> list[tuple[int, set[Any]]]:
        found: list[tuple[int, set[Any]]] = []
        for test in tests:
            if test.grouped:
                i = self._codes.index(test.column)
                found.append((i, {value for value in self._seen[i] if test.matches(value)}))
            else:
                i = len(self._codes) + self._flags.index(test)
                found.append((i, self._seen[i] & {1}))
        return found + self._allowed_stretches(window)

    def _allowed_stretches(self, window: Window) -> list[tuple[int, set[Any]]]:
        if window.on:
            i, edges = self._index(window.on), self._edges[window.on]
            low, high = bisect_right(edges, window.start), bisect_right(edges, window.end)
            return [(i, {n for n in self._seen[i] if low <= n <= high})]
        started, ended = self._index(STARTED), self._index(ENDED)
        last = bisect_right(self._edges[STARTED], window.end)
        first = bisect_right(self._edges[ENDED], window.end)
        return [
            (started, {n for n in self._seen[started] if 0 <= n <= last}),
            (ended, {n for n in self._seen[ended] if n < 0 or n >= first}),
        ]

    def sum_index(self, column: str) -> int:
        return self._sums.index(column)


def _stretch(column: str, edges: list[date]) -> tuple[str, list[Any]]:
    """-1 where there is no date, else how many edges lie at or before it."""
    whens = "".join(f" WHEN {column} < %s THEN {i}" for i in range(len(edges)))
    params = [connection.ops.adapt_datefield_value(edge) for edge in edges]
    return f"CASE WHEN {column} IS NULL THEN -1{whens} ELSE {len(edges)} END", params


def _cut(plan: Plan) -> tuple[str, list[Any]]:
    """The rows that any window can reach."""
    parts, params = [], []
    for column, (low, high) in sorted(plan.flows.items()):
        parts.append(f"({column} >= %s AND {column} <= %s)")
        params += [low, high]
    if plan.stock is not None:
        parts.append(f"({STARTED} <= %s AND ({ENDED} IS NULL OR {ENDED} >= %s))")
        params += [plan.stock[1], plan.stock[0]]
    return " OR ".join(parts), [connection.ops.adapt_datefield_value(day) for day in params]


@dataclass
class Tally:
    """What a measure found: rows, their total, their parties, by the day that decides the tree and by place."""

    rows: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    totals: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    parties: dict[tuple[int, int], set[int]] = field(default_factory=lambda: defaultdict(set))


def tally(cube: Cube, measure: Measure, window: Window, trees: Trees, within: frozenset[int] | None,
          canonical: dict[int, int]) -> Tally:  # fmt: skip
    """Run a measure over its cube. `within`: only these parties; `canonical`: merged parties to what is left."""
    found = Tally()
    at = cube.sum_index(measure.summed) if measure.summed else None
    for day, cell in cube.cells(measure.tests, window):
        party = canonical.get(cell.party, cell.party)
        if within is not None and party not in within:
            continue
        key = (trees.age(day), cell.place)
        found.rows[key] += cell.n
        if at is not None and (total := cell.sums[at]) is not None:
            found.totals[key] += total
        if measure.count == "party" and party:
            found.parties[key].add(party)
    return found
