"""The answer to the plan of one source: groups of rows, from which every measure is a selection."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.asking import Homes
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.plans import Plan, statement
from keshu.bureau.statistics.trees import Trees

Row = tuple[Any, ...]
Key = tuple[int, int]  # age of the tree, home
PLACE = 0  # where it stands in every row
HASHED = "SET enable_sort = off; SET work_mem = '64MB'"
AS_BEFORE = "RESET enable_sort; RESET work_mem"


@contextmanager
def hashing() -> Iterator[None]:
    """PostgreSQL expects a thousand times the groups that there are and would sort all rows; told to hash, it takes
    half the time. A transaction that breaks takes the settings back with it."""
    if connection.vendor != "postgresql":
        yield
        return
    connection.ensure_connection()
    connection.connection.execute(HASHED)
    try:
        yield
    finally:
        if not connection.in_atomic_block or connection.connection.info.transaction_status.name == "INTRANS":
            connection.connection.execute(AS_BEFORE)


def read_cube(source: FactSource, plan: Plan, known_at: datetime | None) -> "Cube":
    """All groups of a plan, in one statement."""
    cube = Cube(plan)
    groups, key = cube.groups, plan.key
    with connection.cursor() as cursor:
        cursor.execute(*statement(source, plan, known_at))
        for row in cursor.fetchall():
            groups[row[key]].append(row)
    return cube


@dataclass(frozen=True)
class Holders:
    """The rows of a group at one place one by one: their parties (0: none), and what each has in listed columns."""

    place: int
    parties: list[int]
    amounts: list[list[str]]


class Cube:
    """The groups of one plan, by their codes and packed numbers."""

    def __init__(self, plan: Plan) -> None:
        self._plan, self._packs_at = plan, len(plan.code_columns)
        self.count_at = plan.count_at
        self.groups: dict[Row, list[Row]] = defaultdict(list)
        self._values: dict[int, set[Any]] = {}
        self._totals: dict[Row, list[Row]] = {}
        self._holders: dict[Row, list[Holders]] = {}
        self._parties: dict[Row, list[tuple[int, int, set[int]]]] = {}

    @cached_property
    def _by_numbers(self) -> dict[Row, list[Row]]:
        """The keys of groups by their packed numbers."""
        found: dict[Row, list[Row]] = defaultdict(list)
        for key in self.groups:
            found[key[self._packs_at :]].append(key)
        return found

    @cached_property
    def _unpacked(self) -> dict[Row, list[int]]:
        """The digits behind every combination of packed numbers that occurs."""
        return {numbers: self._digits(numbers) for numbers in self._by_numbers}

    def _digits(self, numbers: Row) -> list[int]:
        digits = []
        for pack, number in zip(self._plan.packs, numbers, strict=True):
            rest = int(number)
            for digit in pack:
                rest, value = divmod(rest, digit.size)
                digits.append(value)
        return digits

    def select(self, tests: Iterable[Test], window: Window) -> Iterator[tuple[date, Row]]:
        """The key of every group inside the tests and the window, with a day that stands for its dates."""
        tests, plan = list(tests), self._plan
        coded = [test for test in tests if test.column in plan.code_columns]
        named = [(plan.code_columns.index(test.column), test) for test in coded]
        days = self._days([plan.flags.index(test) for test in tests if test not in coded], window)
        allowed = [(i, self._matching(i, test)) for i, test in named]
        for numbers, day in days.items():
            keys = self._by_numbers[numbers]
            for i, values in allowed:
                keys = [key for key in keys if key[i] in values]
            for key in keys:
                yield day, key

    def _matching(self, i: int, test: Test) -> frozenset[Any]:
        """The values of a code column that pass the test."""
        if i not in self._values:
            self._values[i] = {key[i] for key in self.groups}
        return frozenset(value for value in self._values[i] if test.matches(value))

    def rows(self, tests: Iterable[Test], window: Window) -> Iterator[Row]:
        """Every row inside the tests and the window."""
        return (row for _, key in self.select(tests, window) for row in self.groups[key])

    def totals(self, key: Row, homes: Homes) -> list[Row]:
        """The rows of a group as (home, rows, sums…), places that no ask tells apart put together."""
        if key not in self._totals:
            found: dict[int, list[Any]] = {}
            for row in self.groups[key]:
                home = homes.get(row[PLACE], row[PLACE])
                if home in found:
                    found[home] = _added(found[home], row[self.count_at : self._plan.lists_at])
                else:
                    found[home] = list(row[self.count_at : self._plan.lists_at])
            self._totals[key] = [(home, *numbers) for home, numbers in found.items()]
        return self._totals[key]

    def holders(self, key: Row, canonical: dict[int, int]) -> list[Holders]:
        """Whose the rows of a group are, after mergers."""
        if key not in self._holders:
            at, found = self._plan.lists_at, []
            for row in self.groups[key]:
                parties = [*map(int, row[at].split(","))]
                if canonical:
                    parties = [canonical.get(party, party) for party in parties]
                found.append(Holders(row[PLACE], parties, [text.split(",") for text in row[at + 1 :]]))
            self._holders[key] = found
        return self._holders[key]

    def parties(self, key: Row, homes: Homes, canonical: dict[int, int]) -> list[tuple[int, int, set[int]]]:
        """The rows of a group as (home, rows, parties)."""
        if key not in self._parties:
            counts: dict[int, int] = defaultdict(int)
            found: dict[int, set[int]] = defaultdict(set)
            for one in self.holders(key, canonical):
                home = homes.get(one.place, one.place)
                counts[home] += len(one.parties)
                found[home].update(one.parties)
            self._parties[key] = [(home, count, found[home] - {0}) for home, count in counts.items()]
        return self._parties[key]

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
        plan = self._plan
        if window.on:
            stretch = digits[len(plan.flags) + list(plan.segments).index(window.on)]
            start = plan.segments[window.on][stretch - 1][0] if stretch else None
            return start if start is not None and window.start <= start <= window.end else None
        standing = digits[len(plan.flags) + len(plan.segments) :]
        if len(standing) == 1:
            return window.end if standing[0] else None
        n = plan.cut_offs.index(window.end) + 1
        return window.end if 1 <= standing[0] <= n <= standing[1] else None

    def sum_index(self, column: str) -> int:
        """Where a sum stands behind the count."""
        return 1 + self._plan.sum_columns.index(column)

    def listed_index(self, column: str) -> int:
        return self._plan.listed_columns.index(column)


def _added(one: Sequence[Any], other: Sequence[Any]) -> list[Any]:
    """Sums side by side; no amount and an amount make the amount."""
    return [b if a is None else a if b is None else a + b for a, b in zip(one, other, strict=True)]


@dataclass
class Tally:
    """What a measure found: rows, totals, parties, places, by the age of the tree that decides and by home."""

    rows: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    totals: dict[Key, int] = field(default_factory=lambda: defaultdict(int))
    parties: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))
    places: dict[Key, set[int]] = field(default_factory=lambda: defaultdict(set))


@dataclass(frozen=True)
class Sieve:
    """What a measure is run with: where each place is at home, what became of merged parties, who passes a join."""

    trees: Trees
    homes: Homes
    canonical: dict[int, int]
    within: frozenset[int] | None = None


def tally(cube: Cube, measure: Measure, window: Window, sieve: Sieve) -> Tally:
    """Run a measure over its cube."""
    found = Tally()
    for day, key in cube.select(measure.tests, window):
        age = sieve.trees.age(day)
        if sieve.within is not None:
            _tally_some(found, age, cube, key, measure, sieve)
        elif measure.count == "place":
            for row in cube.groups[key]:
                at_home = (age, sieve.homes.get(row[PLACE], row[PLACE]))
                found.rows[at_home] += row[cube.count_at]
                found.places[at_home].add(row[PLACE])
        elif measure.count == "party":
            for home, count, parties in cube.parties(key, sieve.homes, sieve.canonical):
                found.rows[age, home] += count
                found.parties[age, home] |= parties
        else:
            at = 1 + cube.sum_index(measure.summed) if measure.summed else 0
            for numbers in cube.totals(key, sieve.homes):
                found.rows[age, numbers[0]] += numbers[1]
                if at and numbers[at] is not None:
                    found.totals[age, numbers[0]] += int(numbers[at])
    return found


def _tally_some(found: Tally, age: int, cube: Cube, key: Row, measure: Measure, sieve: Sieve) -> None:
    """Row by row: only those of parties that pass the joins."""
    within = sieve.within or frozenset()
    for one in cube.holders(key, sieve.canonical):
        kept = [n for n, party in enumerate(one.parties) if party in within]
        if not kept:
            continue
        at_home = (age, sieve.homes.get(one.place, one.place))
        found.rows[at_home] += len(kept)
        found.places[at_home].add(one.place)
        if measure.count == "party":
            found.parties[at_home].update(one.parties[n] for n in kept)
        if measure.summed:
            amounts = one.amounts[cube.listed_index(measure.summed)]
            if known := [amounts[n] for n in kept if amounts[n]]:
                found.totals[at_home] += sum(map(int, known))
