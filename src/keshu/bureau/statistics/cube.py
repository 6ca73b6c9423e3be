"""The answer to the plans of one source: groups of rows, from which every measure is a selection."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.asking import Homes
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.plans import Layout, Plan, layout_of, statement
from keshu.bureau.statistics.trees import Trees

Row = tuple[Any, ...]
Key = tuple[int, int]  # age of the tree, home
PART, PLACE, PARTY = 0, 1, 2  # where they stand in every row


def read_cubes(source: FactSource, plans: Sequence[Plan], known_at: datetime | None) -> list["Cube"]:
    """One cube for each plan, in one statement."""
    layout = layout_of(plans)
    cubes, key = [Cube(plan, layout) for plan in plans], layout.key
    groups = [cube.groups for cube in cubes]
    with connection.cursor() as cursor:
        cursor.execute(*statement(source, plans, known_at))
        for row in cursor.fetchall():
            groups[row[PART]][row[key]].append(row)
    return cubes


class Cube:
    """The groups of one plan, by their codes and packed numbers."""

    def __init__(self, plan: Plan, layout: Layout) -> None:
        self._plan, self._packs_at = plan, layout.codes
        self.count_at = layout.count_at
        self.groups: dict[Row, list[Row]] = defaultdict(list)
        self._totals: dict[Row, list[Row]] = {}
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
        for pack, number in zip(self._plan.packs, numbers, strict=False):  # rows are padded to the widest plan
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
        answers: dict[tuple[int, Any], bool] = {}
        for numbers, day in days.items():
            for key in self._by_numbers[numbers]:
                if all(_matches(answers, i, test, key[i]) for i, test in named):
                    yield day, key

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
                    found[home] = _added(found[home], row[self.count_at :])
                else:
                    found[home] = list(row[self.count_at :])
            self._totals[key] = [(home, *numbers) for home, numbers in found.items()]
        return self._totals[key]

    def parties(self, key: Row, homes: Homes, canonical: dict[int, int]) -> list[tuple[int, int, set[int]]]:
        """The rows of a group as (home, rows, parties)."""
        if key not in self._parties:
            counts: dict[int, int] = defaultdict(int)
            found: dict[int, set[int]] = defaultdict(set)
            for row in self.groups[key]:
                home = homes.get(row[PLACE], row[PLACE])
                counts[home] += row[self.count_at]
                if row[PARTY] is not None:
                    found[home].add(canonical.get(row[PARTY], row[PARTY]))
            self._parties[key] = [(home, count, found[home]) for home, count in counts.items()]
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


def _matches(answers: dict[tuple[int, Any], bool], i: int, test: Test, value: Any) -> bool:
    known = answers.get((i, value))
    if known is None:
        known = answers[i, value] = test.matches(value)
    return known


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
        if measure.count == "place" or measure.also:
            _tally_rows(found, age, cube.groups[key], cube, measure, sieve)
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


def _tally_rows(found: Tally, age: int, rows: list[Row], cube: Cube, measure: Measure, sieve: Sieve) -> None:
    """Row by row: where single parties or places decide."""
    at = cube.count_at + cube.sum_index(measure.summed) if measure.summed else 0
    for row in rows:
        party = sieve.canonical.get(row[PARTY], row[PARTY])
        if sieve.within is not None and party not in sieve.within:
            continue
        key = (age, sieve.homes.get(row[PLACE], row[PLACE]))
        found.rows[key] += row[cube.count_at]
        found.places[key].add(row[PLACE])
        if party is not None and measure.count == "party":
            found.parties[key].add(party)
        if at and row[at] is not None:
            found.totals[key] += int(row[at])
