"""What one statement has to keep apart, and the statement itself.

Rows are cut by date first, then grouped by place, by the code columns that any condition names, and by whole numbers
that pack everything else: a digit for each other condition and for the stretch of time into which each date falls.
Measures that count parties, or ask for parties that stand in another ledger too, have groups by party as well; both
kinds of groups come from one reading of the rows.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from math import prod
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Window
from keshu.bureau.statistics.trees import Trees

DAY = timedelta(days=1)
STARTED, ENDED = "started_on", "ended_on"
FEW = 2  # tests on a code column that are cheaper as digits than as a column to group by
LARGEST = 2**62  # what a packed number may reach
Sql = tuple[str, list[Any]]


@dataclass(frozen=True)
class Digit:
    """One digit of a packed number: an expression whose value is below `size`."""

    sql: str
    params: tuple[Any, ...]
    size: int


@dataclass
class Plan:
    """Everything that one kind of groups has to tell apart, so that every measure handed to `include` can be read."""

    trees: Trees
    by_party: bool
    codes: dict[str, set[str] | None] = field(default_factory=dict)  # with the values that matter; None: all
    tests: dict[Test, None] = field(default_factory=dict)
    flows: dict[str, set[tuple[date, date]]] = field(default_factory=lambda: defaultdict(set))
    days: set[date] = field(default_factory=set)
    sums: set[str] = field(default_factory=set)
    whole: bool = False  # also rows that no measure counts: they show who has reported
    _included: int = 0

    def include(self, tests: Sequence[Test], window: Window, summed: str = "") -> None:
        named = {test.column: test for test in tests if test.grouped}
        for column in named.keys() | self.codes.keys():
            self._restrict(column, named.get(column))
        self.tests |= dict.fromkeys(tests)
        if summed:
            self.sums.add(summed)
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
        """Columns that are grouped by. A firm has few rows, so by party a yes or no tells its groups apart cheaper."""
        asked = Counter(test.column for test in self.tests)
        return sorted(column for column in self.codes if not self.by_party or asked[column] > FEW)

    @cached_property
    def flags(self) -> list[Test]:
        """Tests that become a digit: on other columns than codes, and few ones on a code."""
        return [test for test in self.tests if test.column not in self.code_columns]

    @cached_property
    def sum_columns(self) -> list[str]:
        return sorted(self.sums)

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

    def dated(self, name: str) -> str:
        """Rows with a date in any window: the digits of dates are the upper ones of the packed number `name`."""
        if len(self.packs) > 1:
            return "1 = 1"
        return f"{name} >= {prod(digit.size for digit in self.packs[0][: len(self.flags)])}"


def cut(plans: Sequence[Plan]) -> Sql:
    """The rows that any window of any plan can reach; one plan alone is cut to its codes as well."""
    flows: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for plan in plans:
        for column, windows in plan.flows.items():
            flows[column] += windows
    parts, params = [], []
    for column, found in sorted(flows.items()):
        parts.append(f"({column} >= %s AND {column} <= %s)")
        params += [_bound(min(start for start, _ in found)), _bound(max(end for _, end in found))]
    if days := sorted(day for plan in plans for day in plan.days):
        parts.append(f"({STARTED} <= %s AND ({ENDED} IS NULL OR {ENDED} >= %s))")
        params += [_bound(days[-1]), _bound(days[0])]
    named, values = plans[0].cut_codes() if len(plans) == 1 else ("", [])
    return f"({' OR '.join(parts)}){named}", params + values


@dataclass(frozen=True)
class Layout:
    """Where things stand in a row of the answer: part, place, party, codes, packed numbers, count, sums."""

    codes: int
    packs: int
    sums: int

    @property
    def key(self) -> slice:
        return slice(3, 3 + self.codes + self.packs)

    @property
    def count_at(self) -> int:
        return 3 + self.codes + self.packs


def layout_of(plans: Sequence[Plan]) -> Layout:
    return Layout(
        max(len(plan.code_columns) for plan in plans),
        max(len(plan.packs) for plan in plans),
        max(len(plan.sum_columns) for plan in plans),
    )


def statement(source: FactSource, plans: Sequence[Plan], known_at: datetime | None) -> Sql:
    """One statement for all plans of a source; several read the rows once and group them twice."""
    layout = layout_of(plans)
    known, known_params = source.condition(known_at)
    where, reach = cut(plans)
    if len(plans) == 1:
        packs = [_packed(pack) for pack in plans[0].packs]
        rows = f"{source.table()} WHERE {known} AND {where}"
        params = [param for _, used in packs for param in used] + known_params + reach
        return _grouped(0, plans[0], layout, [sql for sql, _ in packs], rows), params
    columns, params = _read_once(plans)
    once = f"SELECT {', '.join(columns)} FROM {source.table()} WHERE {known} AND {where}"
    params += known_params + reach
    parts = []
    for n, plan in enumerate(plans):
        named, values = plan.cut_codes()
        names = [f"k{n}_{i}" for i in range(len(plan.packs))]
        parts.append(_grouped(n, plan, layout, names, f"once WHERE {plan.dated(names[0])}{named}"))
        params += values
    return f"WITH once AS MATERIALIZED ({once}) {' UNION ALL '.join(parts)}", params


def _read_once(plans: Sequence[Plan]) -> tuple[list[str], list[Any]]:
    """The columns that any of the plans needs, the packed numbers of each under a name of their own."""
    plain = {column for plan in plans for column in (*plan.codes, *plan.sum_columns)}
    columns, params = ["place_id", "party_id", *sorted(plain)], []
    for n, plan in enumerate(plans):
        for i, pack in enumerate(plan.packs):
            sql, used = _packed(pack)
            columns.append(f"{sql} AS k{n}_{i}")
            params += used
    return columns, params


def _grouped(number: int, plan: Plan, layout: Layout, packs: list[str], rows: str) -> str:
    """Groups of one plan, every row padded to the layout."""
    codes = [*plan.code_columns, *["''"] * (layout.codes - len(plan.code_columns))]
    packs = [*packs, *["0"] * (layout.packs - len(packs))]
    sums = [f"CAST(SUM({column}) AS BIGINT)" for column in plan.sum_columns]
    sums += ["NULL"] * (layout.sums - len(sums))
    columns = [str(number), "place_id", "party_id" if plan.by_party else "0", *codes, *packs]
    by = [str(n) for n, column in enumerate(columns, start=1) if n > 1 and column not in ("0", "''")]
    return f"SELECT {', '.join([*columns, 'COUNT(*)', *sums])} FROM {rows} GROUP BY {', '.join(by)}"


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
