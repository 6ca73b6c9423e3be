"""The closed list of functions. Each answers ``None`` where one of its facts is missing or of the wrong kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from keshu.kernel.rules.arithmetic import is_number, plus, round_half_up


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments of which kinds, what it gives, and its call in words; ``same`` gives what its branches give."""

    least: int
    most: int
    takes: tuple[str, ...]
    gives: str
    says: str
    call: Callable[..., Any] = lambda *_: None


def _numbers(arguments: tuple[Any, ...]) -> list[Any] | None:
    """The arguments as numbers, a single list opened; ``None`` if one of them is missing."""
    if len(arguments) == 1 and isinstance(arguments[0], (tuple, list)):
        arguments = tuple(arguments[0])
    return list(arguments) if all(map(is_number, arguments)) else None


def _least(*arguments: Any) -> Any:
    numbers = _numbers(arguments)
    return min(numbers) if numbers else None


def _greatest(*arguments: Any) -> Any:
    numbers = _numbers(arguments)
    return max(numbers) if numbers else None


def _sum(rows: Any) -> Any:
    numbers = _numbers((rows,)) if isinstance(rows, (tuple, list)) else None
    if numbers is None:
        return None
    total: Any = 0
    for number in numbers:
        total = plus(total, number)
    return total


def _count(rows: Any) -> Any:
    if not isinstance(rows, (tuple, list)):
        return None
    return sum(1 for row in rows if row is not None and row != "")


def _round(value: Any, places: Any = 0) -> Any:
    return round_half_up(value, int(places)) if is_number(value) else None


def _days(start: Any, end: Any) -> Any:
    return (end - start).days if _are_dates(start, end) else None


def _months(start: Any, end: Any) -> Any:
    """Full months; a month is full on the same day number, or on the last day where the month is shorter."""
    if not _are_dates(start, end):
        return None
    if end < start:
        return -_months(end, start)
    months = (end.year - start.year) * 12 + end.month - start.month
    return months - 1 if end.day < start.day and not _last_day(end) else months


def _years(start: Any, end: Any) -> Any:
    if not _are_dates(start, end):
        return None
    months = _months(start, end)
    return months // 12 if months >= 0 else -(-months // 12)


def _are_dates(*values: Any) -> bool:
    return all(type(value) is date for value in values)


def _last_day(day: date) -> bool:
    return date.fromordinal(min(day.toordinal() + 1, date.max.toordinal())).month != day.month


FUNCTIONS: Final[dict[str, Function]] = {
    "min": Function(1, 12, ("number", "list"), "number", "写成 min(甲, 乙) 或 min(表.列)", _least),
    "max": Function(1, 12, ("number", "list"), "number", "写成 max(甲, 乙) 或 max(表.列)", _greatest),
    "round": Function(1, 2, ("number",), "number", "写成 round(数, 小数位)", _round),
    "years_between": Function(2, 2, ("date",), "number", "写成 years_between(起, 止)", _years),
    "months_between": Function(2, 2, ("date",), "number", "写成 months_between(起, 止)", _months),
    "days_between": Function(2, 2, ("date",), "number", "写成 days_between(起, 止)", _days),
    "date": Function(1, 1, ("text",), "date", "写成 date(“2025-01-31”)"),
    "sum": Function(1, 1, ("list",), "number", "写成 sum(表.列)", _sum),
    "count": Function(1, 1, ("list",), "number", "写成 count(表.列)", _count),
    "if_": Function(3, 3, ("number", "text", "date", "truth"), "same", "写成 if_(判断, 成立时的值, 不成立时的值)"),
}
