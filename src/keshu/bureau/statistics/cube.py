"""One grouped statement per fact source answers every measure that is asked of it.

Rows are cut by date first, then grouped by place, by the code columns that any condition names, and by one whole number
that packs everything else: a digit for each other condition and for the stretch of time into which each date falls.
What comes back is a few hundred or thousand groups; each measure is then a selection of groups. A second statement
groups by party as well, for measures that count parties or ask for parties that stand in another ledger too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.trees import Trees

DAY = timedelta(days=1)
STARTED, ENDED = "started_on", "ended_on"
Sql = tuple[str, list[Any]]
Row = tuple[Any, ...]
LARGEST = 2**62  # what a packed number may reach
PLACE, PARTY = 0, 1  # where they stand in every row


@dataclass
class Plan:
    """What one statement has to keep apart so that every measure handed to `include` can be read from it."""

    codes: dict[str, set[str] | None] = field(default_factory=dict)  # with the values that matter; None: all
    flags: dict[Test, None] = field(default_factory=dict)
    flows: dict[str, set[tuple[date, date]]] = field(default_factory=lambda: defaultdict(set))
    cut_offs: set[date] = field(default_factory=set)
    sums: set[str] = field(default_factory=set)
    whole: bool = False  # also rows that no measure counts: they show who has reported
    _included: int = 0

    def include(self, tests: Iterable[Test], window: Window, summed: str = "") -> None:
        named = {test.column: test for test in tests if test.grouped}
        for column in named.keys() | self.codes.keys():
            self._restrict(column, named.get(column))
        self.flags |= dict.fromkeys(test for test in tests if not test.grouped)
        if summed:
            self.sums.add(summed)
        if window.on:
            self.flows[window.on].add((window.start, window.end))
        else:
            self.cut_offs.add(window.end)
        self._included += 1

    def _restrict(self, column: str, test: Test | None) -> None:
        """A column is cut to the values that measures name, as long as every measure names some."""
        listed = set(test.values) if test is not None and test.kind == "in" else None
        known = self.codes.get(column, set() if not self._included else None)
        self.codes[column] = None if listed is None or known is None else known | listed

    @property
    def is_empty(self) -> bool:
        return not self.flows and not self.cut_offs


@dataclass(frozen=True)
class Digit:
    """One digit of the packed number: an expression whose value is below `size`."""

    sql: str
    params: tuple[Any, ...]
    size: int


class Cube:
    """The answer to a plan."""

    def __init__(self, source: FactSource, plan: Plan, known_at: datetime | None, trees: Trees, *, by_party: bool):
        self._trees, self._by_party = trees, by_party
        self._codes, self._flags, self._sums = sorted(plan.codes), list(plan.flags), sorted(plan.sums)
        self._segments = {column: _segments(windows, trees) for column, windows in sorted(plan.flows.items())}
        self._cut_offs = sorted(plan.cut_offs)
        stretches = [_stretch(column, segments) for column, segments in self._segments.items()]
        self._packs = _packed([*map(_flag, self._flags), *stretches, *self._standing()])
        self._key = slice(2, 2 + len(self._codes) + len(self._packs))
        self.count_at = self._key.stop
        self.groups: dict[Row, list[Row]] = defaultdict(list)
        if not plan.is_empty:
            self._read(*self._statement(source, plan, known_at))

    def _standing(self) -> list[Digit]:
        """Validity on one day is yes or no; on several it is the first and the last of them."""
        days = [_bound(day) for day in self._cut_offs]
        if not days:
            return []
        if len(days) == 1:
            valid = f"CASE WHEN {STARTED} <= %s AND ({ENDED} IS NULL OR {ENDED} >= %s) THEN 1 ELSE 0 END"
            return [Digit(valid, (days[0], days[0]), 2)]
        begun = "".join(f" WHEN {STARTED} <= %s THEN {n}" for n in range(1, len(days) + 1))
        lasts = "".join(f" WHEN {ENDED} >= %s THEN {n}" for n in range(len(days), 0, -1))
        size = len(days) + 1
        return [
            Digit(f"CASE{begun} ELSE 0 END", tuple(days), size),
            Digit(f"CASE WHEN {ENDED} IS NULL THEN {len(days)}{lasts} ELSE 0 END", tuple(reversed(days)), size),
        ]

    def _statement(self, source: FactSource, plan: Plan, known_at: datetime | None) -> Sql:
        packs = [_sql_of(pack) for pack in self._packs]
        params = [param for _, used in packs for param in used]
        columns = ["place_id", "party_id" if self._by_party else "0", *self._codes, *(pack for pack, _ in packs)]
        grouped = [str(n) for n, column in enumerate(columns, start=1) if column != "0"]
        totals = ["COUNT(*)", *(f"SUM({column})" for column in self._sums)]
        known, known_params = source.condition(known_at)
        cut, cut_params = _cut(plan)
        sql = (
            f"SELECT {', '.join(columns + totals)} FROM {source.table()} "
            f"WHERE {known} AND {cut} GROUP BY {', '.join(grouped)}"
        )
        return sql, [*params, *known_params, *cut_params]

    def _read(self, sql: str, params: list[Any]) -> None:
        key, groups = self._key, self.groups
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            for row in cursor.fetchall():
                groups[row[key]].append(row)

    @cached_property
    def _unpacked(self) -> dict[Row, list[int]]:
        """The digits behind every combination of packed numbers that occurs."""
        start = len(self._codes)
        return {numbers: self._digits(numbers) for numbers in {key[start:] for key in self.groups}}

    def _digits(self, numbers: Row) -> list[int]:
        digits = []
        for pack, number in zip(self._packs, numbers, strict=True):
            rest = int(number)
            for digit in pack:
                rest, value = divmod(rest, digit.size)
                digits.append(value)
        return digits

    def select(self, tests: Iterable[Test], window: Window) -> Iterator[tuple[date, list[Row]]]:
        """The rows of every group inside the tests and the window, with a day that stands for their dates."""
        tests = list(tests)
        named = [(self._codes.index(test.column), test) for test in tests if test.grouped]
        days = self._days([self._flags.index(test) for test in tests if not test.grouped], window)
        answers: dict[tuple[int, Any], bool] = {}
        start = len(self._codes)
        for key, rows in self.groups.items():
            day = days.get(key[start:])
            if day is not None and all(_matches(answers, i, test, key[i]) for i, test in named):
                yield day, rows

    def _days(self, flags: list[int], window: Window) -> dict[Row, date]:
        """Packed numbers whose flags are all up and whose dates lie in the window, with the day that they stand for."""
        found = {}
        for numbers, digits in self._unpacked.items():
            if all(digits[flag] for flag in flags):
                day = self._day(digits, window)
                if day is not None:
                    found[numbers] = day
        return found

    def _day(self, digits: list[int], window: Window) -> date | None:
        if window.on:
            stretch = digits[len(self._flags) + list(self._segments).index(window.on)]
            start = self._segments[window.on][stretch - 1][0] if stretch else None
            return start if start is not None and window.start <= start <= window.end else None
        standing = digits[len(self._flags) + len(self._segments) :]
        if len(standing) == 1:
            return window.end if standing[0] else None
        n = self._cut_offs.index(window.end) + 1
        return window.end if 1 <= standing[0] <= n <= standing[1] else None

    def sum_index(self, column: str) -> int:
        return self.count_at + 1 + self._sums.index(column)


def _matches(answers: dict[tuple[int, Any], bool], i: int, test: Test, value: Any) -> bool:
    known = answers.get((i, value))
    if known is None:
        known = answers[i, value] = test.matches(value)
    return known


def _bound(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _packed(digits: list[Digit]) -> list[list[Digit]]:
    """The digits in as few whole numbers as hold them; one as a rule."""
    packs: list[list[Digit]] = [[]]
    room = LARGEST
    for digit in digits:
        if room < digit.size:
            packs.append([])
            room = LARGEST
        packs[-1].append(digit)
        room //= digit.size
    return packs


def _sql_of(pack: list[Digit]) -> Sql:
    terms, params, weight = [], [], 1
    for digit in pack:
        terms.append(digit.sql if weight == 1 else f"CAST({weight} AS BIGINT) * {digit.sql}")
        params += digit.params
        weight *= digit.size
    return " + ".join(terms), params


def _flag(test: Test) -> Digit:
    sql, params = test.sql()
    return Digit(f"CASE WHEN {sql} THEN 1 ELSE 0 END", tuple(params), 2)


def _segments(windows: set[tuple[date, date]], trees: Trees) -> list[tuple[date, date]]:
    """The days of all windows, cut wherever a window begins or ends and wherever a place moved."""
    edges = {edge for start, end in windows for edge in (start, end + DAY)}
    edges |= {day for start, end in windows for day in trees.changes_within(start, end)}
    ordered = sorted(edges)
    pieces = [(first, after - DAY) for first, after in pairwise(ordered)]
    return [(a, b) for a, b in pieces if any(start <= a and b <= end for start, end in windows)]


def _stretch(column: str, segments: list[tuple[date, date]]) -> Digit:
    """0 outside every segment (or without a date), else the number of the segment."""
    whens = "".join(f" WHEN {column} >= %s AND {column} <= %s THEN {n}" for n in range(1, len(segments) + 1))
    params = tuple(_bound(day) for segment in segments for day in segment)
    return Digit(f"CASE{whens} ELSE 0 END", params, len(segments) + 1)


def _cut(plan: Plan) -> Sql:
    """The rows that any window can reach, and among them those with codes that any measure names."""
    parts, params = [], []
    for column, windows in sorted(plan.flows.items()):
        parts.append(f"({column} >= %s AND {column} <= %s)")
        params += [_bound(min(start for start, _ in windows)), _bound(max(end for _, end in windows))]
    if plan.cut_offs:
        parts.append(f"({STARTED} <= %s AND ({ENDED} IS NULL OR {ENDED} >= %s))")
        params += [_bound(max(plan.cut_offs)), _bound(min(plan.cut_offs))]
    sql = f"({' OR '.join(parts)})"
    for column, values in sorted(plan.codes.items()):
        if values and not plan.whole:
            sql += f" AND {column} IN ({', '.join(['%s'] * len(values))})"
            params += sorted(values)
    return sql, params


@dataclass
class Tally:
    """What a measure found: rows, their total, their parties, by the age of the tree that decides and by place."""

    rows: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    totals: dict[tuple[int, int], int] = field(default_factory=lambda: defaultdict(int))
    parties: dict[tuple[int, int], set[int]] = field(default_factory=lambda: defaultdict(set))


def tally(
    cube: Cube, measure: Measure, window: Window, trees: Trees, within: frozenset[int] | None,
    canonical: dict[int, int],
) -> Tally:  # fmt: skip
    """Run a measure over its cube. `within`: only these parties; `canonical`: merged parties to what is left."""
    found = Tally()
    count_at = cube.count_at
    sum_at = cube.sum_index(measure.summed) if measure.summed else 0
    by_party, age = measure.by_party, trees.age
    for day, rows in cube.select(measure.tests, window):
        era = age(day)
        for row in rows:
            key = (era, row[PLACE])
            if by_party:
                party = canonical.get(row[PARTY], row[PARTY])
                if within is not None and party not in within:
                    continue
                if party is not None and measure.count == "party":
                    found.parties[key].add(party)
            found.rows[key] += row[count_at]
            if sum_at and row[sum_at] is not None:
                found.totals[key] += int(row[sum_at])
    return found
