"""The arithmetic of figures: exact Decimals in, unrounded Decimals out; `round_to` is applied once, at the edge.

Percent results are percent numbers (12.5 means 12.5 %). Missing is None and stays None; a zero is a value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal, localcontext
from enum import StrEnum

from keshu.kernel.measure.targets import (
    HUNDRED,
    BadTarget,
    Completion,
    Direction,
    Level,
    Target,
    TargetKind,
    completion,
    is_late,
    pace,
    range_of_sum,
    score,
    two_levels,
    unallocated,
)

__all__ = [
    "HUNDRED", "Against", "BadTarget", "Completion", "Direction", "FirstOver", "Level", "Rank", "Remainder",
    "Target", "TargetKind", "Total", "against_average", "completion", "compound_growth", "difference",
    "first_over", "fold", "growth", "is_highest", "is_late", "is_small_base", "month_index", "net", "pace",
    "per_ten_thousand", "points", "range_of_sum", "rank", "rank_moved", "ratio", "round_to", "score", "share",
    "streak", "sum_over", "threshold_crossed", "two_levels", "unallocated", "without_largest",
]  # fmt: skip


def round_to(value: Decimal, precision: int) -> Decimal:
    """Round half up (away from zero) to `precision` decimals; -1 rounds to tens. Negative zero comes out as zero."""
    with localcontext() as context:
        context.prec = 60
        rounded = value.quantize(Decimal(1).scaleb(-precision), rounding=ROUND_HALF_UP)
        return rounded.copy_abs() if rounded == 0 else rounded


def difference(*, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """now - before."""
    return None if now is None or before is None else now - before


def growth(*, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Percent change on the base; None where a side is missing or the base is not above zero (no rate makes sense)."""
    if now is None or before is None or before <= 0:
        return None
    return (now / before - 1) * HUNDRED


def fold(*, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """now as a multiple of before (是…的n倍); 增长n倍 is one less."""
    if now is None or before is None or before <= 0:
        return None
    return now / before


def is_small_base(*, before: Decimal, limit: Decimal = Decimal(10)) -> bool:
    """Whether a growth rate on this base would mislead."""
    return before < limit


def points(*, now: Decimal | None, before: Decimal | None) -> Decimal | None:
    """Change of a percent number in percentage points."""
    return difference(now=now, before=before)


def ratio(*, numerator: Decimal | None, denominator: Decimal | None, scale: Decimal = Decimal(1)) -> Decimal | None:
    """numerator / denominator * scale; None where a side is missing or the denominator is zero."""
    if numerator is None or denominator is None or denominator == 0:
        return None
    return numerator / denominator * scale


def share(*, part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    """part as percent of whole."""
    return ratio(numerator=part, denominator=whole, scale=HUNDRED)


def per_ten_thousand(*, value: Decimal | None, population: Decimal | None) -> Decimal | None:
    """Value per 10,000 of a population given in persons."""
    return ratio(numerator=value, denominator=population, scale=Decimal(10_000))


def net(*, entered: Decimal | None, left: Decimal | None) -> Decimal | None:
    """Entered minus left."""
    return difference(now=entered, before=left)


def compound_growth(*, first: Decimal | None, last: Decimal | None, years: int) -> Decimal | None:
    """Average yearly growth in percent over `years` steps; None where an end is missing or not above zero."""
    if first is None or last is None or first <= 0 or last < 0 or years < 1:
        return None
    return ((last / first) ** (Decimal(1) / years) - 1) * HUNDRED


class Against(StrEnum):
    DIFFERENCE = "difference"
    PERCENT = "percent"


def against_average(
    *, value: Decimal | None, average: Decimal | None, by: Against = Against.DIFFERENCE
) -> Decimal | None:
    """Distance to an average of the same day: a difference (percentage points for rates) or percent of the average."""
    if by is Against.PERCENT:
        return growth(now=value, before=average)
    return difference(now=value, before=average)


@dataclass(frozen=True, slots=True)
class Total:
    """A sum and the keys that were missing from it."""

    value: Decimal | None
    missing: tuple[str, ...]


def sum_over(values: Mapping[str, Decimal | None] | Mapping[int, Decimal | None]) -> Total:
    """Sum over years, places or classes. Missing parts are named, not taken for zero; all missing gives no sum."""
    known = [value for value in values.values() if value is not None]
    missing = tuple(str(key) for key, value in values.items() if value is None)
    return Total(sum(known, Decimal(0)) if known else None, missing)


@dataclass(frozen=True, slots=True)
class Rank:
    """Position among `of` siblings; `tied` says that others share it."""

    position: int
    of: int
    tied: bool = False


def rank(values: Mapping[str, Decimal | None], *, who: str, direction: Direction = Direction.HIGHER) -> Rank | None:
    """Position of `who`; equal values share the better position and the next one is skipped (1, 2, 2, 4).

    None where any sibling is missing: a rank from an incomplete list is no rank.
    """
    known = [value for value in values.values() if value is not None]
    own = values.get(who)
    if own is None or len(known) < len(values):
        return None
    better = sum(1 for value in known if (value > own if direction is Direction.HIGHER else value < own))
    return Rank(better + 1, len(known), known.count(own) > 1)


def rank_moved(*, now: int | None, before: int | None) -> int | None:
    """Places gained (+) or lost (-): a smaller position is better."""
    return None if now is None or before is None else before - now


def month_index(year: int, month: int) -> int:
    """A number that grows by one each month, as key for `streak` and `first_over`."""
    return year * 12 + month - 1


def streak(held: Mapping[int, bool | None], *, at: int) -> int:
    """How many consecutive years (or month indexes) up to and including `at` it held; a gap ends the streak."""
    count = 0
    while held.get(at - count) is True:
        count += 1
    return count


class FirstOver(StrEnum):
    NOT_OVER = "not_over"
    OVER_BEFORE = "over_before"
    FIRST = "first"
    OVER_UNKNOWN = "over_unknown"


def first_over(series: Mapping[int, Decimal | None], *, at: int, threshold: Decimal, since: int) -> FirstOver:
    """Whether the value `at` passes the threshold for the first time since records began in `since`.

    Only when each value from `since` on is known and below is it FIRST; with a gap it is OVER_UNKNOWN.
    """
    value = series.get(at)
    if value is None or value < threshold:
        return FirstOver.NOT_OVER
    earlier = [series.get(key) for key in range(since, at)]
    if any(old is not None and old >= threshold for old in earlier):
        return FirstOver.OVER_BEFORE
    if not earlier or any(old is None for old in earlier):
        return FirstOver.OVER_UNKNOWN
    return FirstOver.FIRST


def is_highest(series: Mapping[int, Decimal | None], *, at: int, direction: Direction = Direction.HIGHER) -> bool:
    """Whether the value `at` is strictly the best of all known ones up to then; needs at least one earlier value."""
    value = series.get(at)
    earlier = [old for key, old in series.items() if key < at and old is not None]
    if value is None or not earlier:
        return False
    return value > max(earlier) if direction is Direction.HIGHER else value < min(earlier)


def threshold_crossed(*, now: Decimal, before: Decimal) -> Decimal | None:
    """The roundest number in (before, now]: 8.9 to 10.3 gives 10, 470 to 512 gives 500; None without a rise."""
    if now <= before or now <= 0:
        return None
    for power in range(now.adjusted(), -12, -1):
        step = Decimal(1).scaleb(power)
        for unit in (step * 5, step):
            candidate = (now / unit).to_integral_value(rounding=ROUND_FLOOR) * unit
            if candidate > before and candidate > 0:
                return candidate
    return None


@dataclass(frozen=True, slots=True)
class Remainder:
    """What is left of a sum without its largest parts, who those are, and their percent of the whole."""

    value: Decimal
    without: tuple[str, ...]
    share_removed: Decimal | None


def without_largest(values: Mapping[str, Decimal], *, k: int = 1) -> Remainder:
    """Sum without the k largest parts; equal parts leave in the order of their names, so that the answer is stable."""
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    whole = _sum(value for _, value in ordered)
    rest = _sum(value for _, value in ordered[k:])
    removed = share(part=whole - rest, whole=whole)
    return Remainder(rest, tuple(name for name, _ in ordered[:k]), removed)


def _sum(values: Iterable[Decimal]) -> Decimal:
    return sum(values, Decimal(0))
