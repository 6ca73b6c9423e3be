"""Targets against actual values: completion, pace, two levels, scores."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

HUNDRED = Decimal(100)


class Direction(StrEnum):
    HIGHER = "higher"
    LOWER = "lower"


class TargetKind(StrEnum):
    """How a target is worded, which decides what fulfils it."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    RANGE = "range"
    ABOUT = "about"
    GROWTH = "growth"
    SHARE = "share"
    RANK = "rank"
    COVERAGE = "coverage"
    ZERO_BREAK = "zero_break"
    AS_HANDED_DOWN = "as_handed_down"


class BadTarget(ValueError):
    """The target cannot be judged against anything; the message says in Chinese what is lacking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What was set. `value` is the figure (the lower end of a range), `upper` the range's upper end.

    Growth, share and coverage are percent numbers, a rank is a position. Only zero_break and as_handed_down
    may lack a value.
    """

    kind: TargetKind
    value: Decimal | None = None
    upper: Decimal | None = None
    direction: Direction = Direction.HIGHER

    def __post_init__(self) -> None:
        if self.value is None and self.kind not in (TargetKind.ZERO_BREAK, TargetKind.AS_HANDED_DOWN):
            raise BadTarget("目标没有数值，请补填目标值")
        if self.kind is TargetKind.RANGE:
            if self.upper is None or self.value is None or self.upper < self.value:
                raise BadTarget("区间目标须填下限和上限，且上限不小于下限")
        elif self.upper is not None:
            raise BadTarget("只有区间目标可以填上限")


@dataclass(frozen=True, slots=True)
class Completion:
    """`rate` in percent, not clamped, None where no rate makes sense; `gap` is what is still lacking, never < 0."""

    rate: Decimal | None
    reached: bool | None
    gap: Decimal | None


def completion(*, actual: Decimal | None, target: Target, tolerance: Decimal = Decimal(5)) -> Completion:
    """How far the target is fulfilled by the actual value (growth: the actual rate; rank: the position).

    Higher is better: actual / target. Lower is better: 2 - actual / target, so that half the allowed amount is 150 %.
    `tolerance` is the percent by which a target worded 左右 may be missed. Missing actual: everything is None.
    """
    if actual is None:
        return Completion(None, None, None)
    match target.kind:
        case TargetKind.RANK:
            return _rank_completion(actual, _value(target))
        case TargetKind.ZERO_BREAK:
            reached = actual > 0
            return Completion(None, reached, Decimal(0) if reached else Decimal(1))
        case TargetKind.AS_HANDED_DOWN if target.value is None:
            return Completion(None, None, None)
        case TargetKind.RANGE:
            limit = target.upper if target.direction is Direction.LOWER else target.value
            return _against(actual, limit, limit, target.direction)
        case TargetKind.ABOUT:
            return _against(actual, target.value, _tolerated(target, tolerance), target.direction)
        case (
            TargetKind.EXACT
            | TargetKind.AT_LEAST
            | TargetKind.GROWTH
            | TargetKind.SHARE
            | TargetKind.COVERAGE
            | TargetKind.AS_HANDED_DOWN
        ):
            return _against(actual, target.value, target.value, target.direction)
        case _:
            assert_never(target.kind)


def _value(target: Target) -> Decimal:
    if target.value is None:
        raise BadTarget("目标没有数值，请补填目标值")
    return target.value


def _tolerated(target: Target, tolerance: Decimal) -> Decimal:
    value = _value(target)
    slack = abs(value) * tolerance / HUNDRED
    return value - slack if target.direction is Direction.HIGHER else value + slack


def _rank_completion(actual: Decimal, wanted: Decimal) -> Completion:
    return Completion(None, actual <= wanted, max(actual - wanted, Decimal(0)))


def _against(actual: Decimal, base: Decimal | None, limit: Decimal | None, direction: Direction) -> Completion:
    if base is None or limit is None:
        raise BadTarget("目标没有数值，请补填目标值")
    if direction is Direction.HIGHER:
        rate = actual / base * HUNDRED if base > 0 else None
        reached, gap = actual >= limit, base - actual
    else:
        rate = (2 - actual / base) * HUNDRED if base > 0 else None
        reached, gap = actual <= limit, actual - base
    return Completion(rate, reached, Decimal(0) if reached else max(gap, Decimal(0)))


class Level(StrEnum):
    """Which of two levels 确保 / 争取 was reached."""

    NONE = "none"
    ENSURED = "ensured"
    STRIVEN = "striven"


def two_levels(*, actual: Decimal | None, ensure: Target, strive: Target) -> Level | None:
    """Judge both levels, each on its own; None where the actual is missing."""
    if actual is None:
        return None
    if completion(actual=actual, target=strive).reached:
        return Level.STRIVEN
    return Level.ENSURED if completion(actual=actual, target=ensure).reached else Level.NONE


def pace(*, rate: Decimal | None, elapsed: Decimal) -> Decimal | None:
    """Percentage points by which a completion rate is ahead (+) or behind (-) the share of the year that is over."""
    return None if rate is None else rate - elapsed * HUNDRED


def is_late(*, pace_points: Decimal | None, limit: Decimal = Decimal(-10)) -> bool:
    """Whether a pace asks for a warning: further behind than `limit` percentage points."""
    return pace_points is not None and pace_points < limit


def score(*, weight: Decimal, rate: Decimal | None, cap: Decimal = HUNDRED) -> Decimal | None:
    """Points earned: weight times completion, between 0 and `cap` percent of the weight."""
    if rate is None:
        return None
    return weight * min(max(rate, Decimal(0)), cap) / HUNDRED


def unallocated(*, total: Decimal, parts: list[Decimal]) -> Decimal:
    """What of a handed-down total no unit has got; negative where more was handed on than is needed."""
    return total - sum(parts, Decimal(0))


def range_of_sum(parts: list[Target]) -> tuple[Decimal, Decimal]:
    """Lowest and highest sum of part targets; the total of the tree has to lie inside (pattern: total with parts)."""
    low = sum((_value(part) for part in parts), Decimal(0))
    high = sum((_value(part) if part.upper is None else part.upper for part in parts), Decimal(0))
    return low, high
