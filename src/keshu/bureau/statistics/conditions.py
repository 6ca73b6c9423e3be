"""Conditions of a definition as tests on columns: once as SQL, once as a predicate, from the same object.

A definition names ledger fields; here they have become columns. Money and quantities are whole numbers in the database,
so literals are scaled before they are compared.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from keshu.catalogue.columns import AMOUNTS, CODES, DATES, QUANTITIES, TEXTS
from keshu.catalogue.schema import Any_, In, Range, Where

TEXTUAL = frozenset({*CODES, *TEXTS})
#: how a yes-or-no field looks once it lies in a code column
SPELLINGS = {True: ("true", "True", "1"), False: ("false", "False", "0")}


def places_of(column: str) -> int:
    """Decimal places that the column's whole numbers hide."""
    if column in AMOUNTS:
        return 2
    return 4 if column in QUANTITIES else 0


@dataclass(frozen=True)
class Test:
    """One column against values, a range, or presence. `low` and `high` are included; None is open."""

    column: str
    kind: str  # in | range | any
    values: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    present: bool = True

    __test__ = False  # not a test case, whatever pytest thinks of its name

    @property
    def grouped(self) -> bool:
        """True if rows are grouped by the column itself; other tests become a yes-or-no column of their own."""
        return self.column in CODES

    def sql(self) -> tuple[str, list[Any]]:
        match self.kind:
            case "in":
                marks = ", ".join(["%s"] * len(self.values))
                return f"{self.column} IN ({marks})", [_bound(value) for value in self.values]
            case "range":
                return self._range_sql()
            case _:
                empty = f"{self.column} = ''" if self.column in TEXTUAL else f"{self.column} IS NULL"
                return (f"NOT ({empty})" if self.present else empty), []

    def _range_sql(self) -> tuple[str, list[Any]]:
        parts = [(f"{self.column} >= %s", self.low), (f"{self.column} <= %s", self.high)]
        used = [(sql, _bound(bound)) for sql, bound in parts if bound is not None]
        return " AND ".join(sql for sql, _ in used), [bound for _, bound in used]

    def matches(self, value: Any) -> bool:
        """The same answer for one value of the column, as Python holds it (columns that are grouped by)."""
        match self.kind:
            case "in":
                return value in self.values
            case "range":
                low = self.low is None or value >= self.low
                return value is not None and low and (self.high is None or value <= self.high)
            case _:
                return (value not in (None, "")) is self.present


def _bound(value: Any) -> Any:
    return connection.ops.adapt_datefield_value(value) if isinstance(value, date) else value


def tests_of(where: Where, column_of: Callable[[str], str]) -> tuple[Test, ...]:
    """The condition of a definition as tests; raises KeyError for a field that has no column."""
    return tuple(_test(column_of(field), condition) for field, condition in where.items())


def _test(column: str, condition: Any) -> Test:
    match condition:
        case Any_(present=present):
            return Test(column, "any", present=present)
        case Range(bounds=(low, high)):
            return Test(column, "range", low=_low(column, low), high=_high(column, high))
        case In(values=values):
            return _one_of(column, values)
        case literal:
            return _one_of(column, (literal,))


def _one_of(column: str, literals: Iterable[Any]) -> Test:
    literals = tuple(literals)
    if column in DATES and len(literals) == 1 and isinstance(literals[0], Decimal):
        return Test(column, "range", low=_low(column, literals[0]), high=_high(column, literals[0]))
    return Test(column, "in", values=tuple(stored for literal in literals for stored in _stored(column, literal)))


def _stored(column: str, literal: Any) -> tuple[Any, ...]:
    if isinstance(literal, bool):
        return SPELLINGS[literal]
    if isinstance(literal, Decimal) and column in TEXTUAL:
        return (format(literal, "f"),)
    return (_scaled(column, literal) if isinstance(literal, Decimal) else literal,)


def _scaled(column: str, number: Decimal) -> int:
    return int(number.scaleb(places_of(column)))


def _low(column: str, bound: Decimal | date | None) -> Any:
    if column in DATES and isinstance(bound, Decimal):
        return date(int(bound), 1, 1)
    return _scaled(column, bound) if isinstance(bound, Decimal) else bound


def _high(column: str, bound: Decimal | date | None) -> Any:
    if column in DATES and isinstance(bound, Decimal):
        return date(int(bound), 12, 31)
    return _scaled(column, bound) if isinstance(bound, Decimal) else bound


def joined(tests: Iterable[Test]) -> tuple[str, list[Any]]:
    """All tests at once, as SQL that begins with AND (or nothing)."""
    sql, params = "", []
    for test in tests:
        part, more = test.sql()
        sql += f" AND ({part})"
        params += more
    return sql, params
