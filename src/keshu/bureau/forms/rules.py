"""The row rules of a ledger, judged for one row: the same answer in an import and in a form."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from keshu.catalogue.rules import Rule
from keshu.catalogue.schema import Any_, Check, In, Ledger, Range, Where


@lru_cache(maxsize=256)
def _rule(text: str) -> Rule:
    from keshu.catalogue.rules import parse_rule

    return parse_rule(text)


def broken(checks: Iterable[Check], values: Mapping[str, Any]) -> list[Check]:
    """The checks that this row does not keep. A missing value breaks nothing."""
    return [
        check
        for check in checks
        if (not check.when or matches(check.when, values)) and _rule(check.rule).holds(values) is False
    ]


def fields_of(check: Check) -> tuple[str, ...]:
    """The fields that a check speaks about, the first one being where to complain."""
    return _rule(check.rule).fields


def unique_checks(ledger: Ledger) -> list[tuple[Check, tuple[str, ...]]]:
    return [(check, _rule(check.rule).fields) for check in ledger.checks if _rule(check.rule).unique]


def matches(where: Where, values: Mapping[str, Any]) -> bool:
    """Whether the row meets every condition; a missing value meets only {any: false}."""
    return all(_meets(condition, values.get(code)) for code, condition in where.items())


def _meets(condition: Any, value: Any) -> bool:
    if isinstance(condition, Any_):
        return (value not in (None, "", [])) == condition.present
    if value is None:
        return False
    if isinstance(condition, In):
        return any(_same(value, wanted) for wanted in condition.values)
    if isinstance(condition, Range):
        return _within(value, *condition.bounds)
    return _same(value, condition)


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, Decimal) and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value) == wanted
    return type(value) is type(wanted) and bool(value == wanted)


def _within(value: Any, low: Any, high: Any) -> bool:
    if isinstance(value, int) and not isinstance(value, bool):
        value = Decimal(value)
    bound = low if low is not None else high
    if bound is None or (isinstance(value, date) != isinstance(bound, date)) or isinstance(value, str):
        return False
    return (low is None or value >= low) and (high is None or value <= high)
