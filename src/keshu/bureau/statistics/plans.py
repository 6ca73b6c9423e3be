"""What one statement has to keep apart, and the statement itself.

Rows are cut by date first, then grouped by home (places that no ask tells apart), by the code columns that conditions
name often, and by whole numbers that pack everything else: a digit for each other condition and for the stretch of time
into which each date falls. Where a measure counts parties, or asks for parties that stand in another ledger too, each
group brings the list of its parties: one row with many numbers is read far quicker than many rows.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.asking import Homes
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.trees import Trees

DAY = timedelta(days=1)
STARTED, ENDED = "started_on", "ended_on"
FEW = 2  # tests on a code column that are cheaper as digits than as a column to group by
LARGEST = 2**62  # what a packed number may reach
MANY = 16  # homes that are cheaper told apart in Python, from the rows of each place
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Digit:
    """One digit of a packed number: an expression whose value is below `size`."""

    sql: str
    params: tuple[Any, ...]
    size: int


@dataclass
class Plan:
    """Everything that the groups of one source have to tell apart, so that every measure handed to it can be read."""

    trees: Trees
    homes: Homes
    codes: dict[str, set[str] | None] = field(default_factory=dict)  # with the values that matter; None: all
    tests: dict[Test, None] = field(default_factory=dict)
    flows: dict[str, set[tuple[date, date]]] = field(default_factory=lambda: defaultdict(set))
    days: set[date] = field(default_factory=set)
    sums: set[str] = field(default_factory=set)
    parties: bool = False  # whose the rows of a group are
    listed: set[str] = field(default_factory=set)  # columns that are added up over some parties only
    by_place: bool = False
    whole: bool = False  # also rows that no measure counts: they show who has reported
    _included: int = 0

    def include(self, measure: Measure, window: Window) -> None:
        self.parties |= measure.by_party
        self.by_place |= measure.count == "place"
        if measure.summed:
            (self.listed if measure.also else self.sums).add(measure.summed)
        self.look(measure.tests, window)

    def include_join(self, tests: Sequence[Test], day: date) -> None:
        """The parties that stand there on the day."""
        self.parties = True
        self.look(tests, Window("", day, day))

    def report(self) -> None:
        """Which places have rows at all has to be seen as well."""
        self.whole = self.by_place = True

    def look(self, tests: Sequence[Test], window: Window) -> None:
        named = {test.column: test for test in tests if test.grouped}
        for column in named.keys() | self.codes.keys():
            self._restrict(column, named.get(column))
        self.tests |= dict.fromkeys(tests)
        if window.on:
            self.flows[window.on].add((window.start, window.end))
        else:
            self.days.add(window.end)
        self._included += 1

    def _restrict(self, column: str, test: Test | None) -> None:
        """A column is cut to the values that measures name, as long as every measure names some."""
        listed = set(test.values) if test is not None and test.kind == "in" else None
        known = self.codes.get(column, set() if not self._included else None)
        self.codes[column] = None if listed is None or known is None else known | listed

    @cached_property
    def code_columns(self) -> list[str]:
        """Columns that are grouped by; what few tests ask for is told apart cheaper by a yes or no for each."""
        asked = Counter(test.column for test in self.tests)
        return sorted(column for column in self.codes if asked[column] > FEW)

    @cached_property
    def flags(self) -> list[Test]:
        """Tests that become a digit: on other columns than codes, and few ones on a code."""
        return [test for test in self.tests if test.column not in self.code_columns]

    @cached_property
    def sum_columns(self) -> list[str]:
        return sorted(self.sums)

    @cached_property
    def listed_columns(self) -> list[str]:
        return sorted(self.listed)

    @property
    def count_at(self) -> int:
        """Where the count stands in a row of the answer: place, codes, packed numbers, count, sums, lists."""
        return 1 + len(self.code_columns) + len(self.packs)

    @property
    def key(self) -> slice:
        return slice(1, self.count_at)

    @property
    def lists_at(self) -> int:
        return self.count_at + 1 + len(self.sum_columns)

    @cached_property
    def cut_offs(self) -> list[date]:
        return sorted(self.days)

    @cached_property
    def segments(self) -> dict[str, list[tuple[date, date]]]:
        """The days of all windows on a column, cut wherever one begins or ends and wherever a place moved."""
        return {column: _segments(windows, self.trees) for column, windows in sorted(self.flows.items())}

    @cached_property
    def packs(self) -> list[list[Digit]]:
        """The digits in as few whole numbers as hold them; one as a rule."""
        stretches = [_stretch(column, segments) for column, segments in self.segments.items()]
        packs: list[list[Digit]] = [[]]
        room = LARGEST
        for digit in [*map(_flag, self.flags), *stretches, *_standing(self.cut_offs)]:
            if room < digit.size:
                packs.append([])
                room = LARGEST
            packs[-1].append(digit)
            room //= digit.size
        return packs

    def cut_codes(self) -> Sql:
        """Only rows with codes that any measure names, as SQL that begins with AND (or nothing)."""
        sql, params = "", []
        for column, values in sorted(self.codes.items()):
            if values and not self.whole:
                sql += f" AND {column} IN ({', '.join(['%s'] * len(values))})"
                params += sorted(values)
        return sql, params

    def place(self) -> Sql:
        """The home of a row's place, as far as that is cheap; "" where all places are at one home."""
        found: dict[int, list[int]] = defaultdict(list)
        for place, home in self.homes.items():
            found[home].append(place)
        if self.by_place or len(found) > MANY or not found:
            return "place_id", []
        if len(found) == 1:
            return "", []
        whens, params = "", []
        for home, places in sorted(found.items(), key=lambda item: -len(item[1])):
            whens += f" WHEN place_id IN ({', '.join(['%s'] * len(places))}) THEN {home}"
            params += places
        return f"CASE{whens} ELSE place_id END", params

    def cut(self) -> Sql:
        """The rows that any window can reach, with the codes that any measure names."""
        parts, params = [], []
        for column, found in sorted(self.flows.items()):
            parts.append(f"({column} >= %s AND {column} <= %s)")
            params += [_bound(min(start for start, _ in found)), _bound(max(end for _, end in found))]
        if days := self.cut_offs:
            parts.append(f"({STARTED} <= %s AND ({ENDED} IS NULL OR {ENDED} >= %s))")
            params += [_bound(days[-1]), _bound(days[0])]
        named, values = self.cut_codes()
        return f"({' OR '.join(parts)}){named}", params + values


def statement(source: FactSource, plan: Plan, known_at: datetime | None) -> Sql:
    """The one statement of a source: its living rows in groups."""
    known, known_params = source.condition(known_at)
    where, reach = plan.cut()
    place, params = plan.place()
    packs = [_packed(pack) for pack in plan.packs]
    columns = [place or str(next(iter(plan.homes.values()))), *plan.code_columns, *(sql for sql, _ in packs)]
    params = [*params, *(param for _, used in packs for param in used), *known_params, *reach]
    by = [str(n) for n in range(1 if place else 2, len(columns) + 1)]
    found = ["COUNT(*)", *(f"CAST(SUM({column}) AS BIGINT)" for column in plan.sum_columns), *_lists(plan)]
    rows = f"{source.table()} WHERE {known} AND {where}"
    return f"SELECT {', '.join([*columns, *found])} FROM {rows} GROUP BY {', '.join(by)}", params


def _lists(plan: Plan) -> list[str]:
    """The parties of a group's rows (0: none) and what each row has in the listed columns, all in the same order."""
    if not plan.parties:
        return []
    joined = "STRING_AGG" if connection.vendor == "postgresql" else "GROUP_CONCAT"
    named = ["CAST(COALESCE(party_id, 0) AS TEXT)"]
    named += [f"COALESCE(CAST({column} AS TEXT), '')" for column in plan.listed_columns]
    return [f"{joined}({text}, ',')" for text in named]


def _packed(pack: list[Digit]) -> Sql:
    """Digits as one whole number: one column to group by instead of many."""
    terms, params, weight = [], [], 1
    for digit in pack:
        terms.append(digit.sql if weight == 1 else f"CAST({weight} AS BIGINT) * {digit.sql}")
        params += digit.params
        weight *= digit.size
    return " + ".join(terms), params


def _bound(day: date) -> Any:
    return connection.ops.adapt_datefield_value(day)


def _flag(test: Test) -> Digit:
    sql, params = test.sql()
    return Digit(f"CASE WHEN {sql} THEN 1 ELSE 0 END", tuple(params), 2)


def _segments(windows: set[tuple[date, date]], trees: Trees) -> list[tuple[date, date]]:
    edges = {edge for start, end in windows for edge in (start, end + DAY)}
    edges |= {day for start, end in windows for day in trees.changes_within(start, end)}
    pieces = [(first, after - DAY) for first, after in pairwise(sorted(edges))]
    return [(a, b) for a, b in pieces if any(start <= a and b <= end for start, end in windows)]


def _stretch(column: str, segments: list[tuple[date, date]]) -> Digit:
    """0 outside every segment (or without a date), else the number of the segment."""
    whens = "".join(f" WHEN {column} >= %s AND {column} <= %s THEN {n}" for n in range(1, len(segments) + 1))
    params = tuple(_bound(day) for segment in segments for day in segment)
    return Digit(f"CASE{whens} ELSE 0 END", params, len(segments) + 1)


def _standing(cut_offs: list[date]) -> list[Digit]:
    """Validity on one day is yes or no; on several it is the first and the last of them."""
    days = [_bound(day) for day in cut_offs]
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
