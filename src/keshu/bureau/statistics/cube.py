"""The answer to the plans of one source: groups of rows, from which every measure is a selection."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection

from keshu.bureau.records.facts import FactSource
from keshu.bureau.statistics.conditions import Test
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.plans import Layout, Plan, layout_of, statement
from keshu.bureau.statistics.trees import Trees

Row = tuple[Any, ...]
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

    @cached_property
    def _by_numbers(self) -> dict[Row, list[tuple[Row, list[Row]]]]:
        """The groups by their packed numbers."""
        found: dict[Row, list[tuple[Row, list[Row]]]] = defaultdict(list)
        for key, rows in self.groups.items():
            found[key[self._packs_at :]].append((key, rows))
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

    def select(self, tests: Iterable[Test], window: Window) -> Iterator[tuple[date, list[Row]]]:
        """The rows of every group inside the tests and the window, with a day that stands for their dates."""
        tests, plan = list(tests), self._plan
        coded = [test for test in tests if test.column in plan.code_columns]
        named = [(plan.code_columns.index(test.column), test) for test in coded]
        days = self._days([plan.flags.index(test) for test in tests if test not in coded], window)
        answers: dict[tuple[int, Any], bool] = {}
        for numbers, day in days.items():
            for key, rows in self._by_numbers[numbers]:
                if all(_matches(answers, i, test, key[i]) for i, test in named):
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
        return self.count_at + 1 + self._plan.sum_columns.index(column)


def _matches(answers: dict[tuple[int, Any], bool], i: int, test: Test, value: Any) -> bool:
    known = answers.get((i, value))
    if known is None:
        known = answers[i, value] = test.matches(value)
    return known


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
