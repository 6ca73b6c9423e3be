"""The numbers on which the choice of words depends. A site edits them; nothing else decides."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

_COUNTED_ROUGHLY = frozenset(["人", "人次", "家次", "次", "册", "份", "张", "篇次", "条次", "名"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Thresholds of words; percent numbers unless said otherwise."""

    # change
    small_base: Decimal = Decimal(10)
    flat_below: Decimal = Decimal(1)
    fold_from: Decimal = Decimal(200)
    rate_decimals: int = 1
    point_decimals: int = 1
    # amounts, in 元
    hundred_million_from: Decimal = Decimal(10**8)
    hundred_million_decimals: int = 2
    ten_thousand_decimals: int = 2
    mixed_unit_floor: Decimal = Decimal(5 * 10**7)
    # rough numbers
    rough_units: frozenset[str] = _COUNTED_ROUGHLY
    rough_from: int = 20
    near_within: Decimal = Decimal(2)
    # completion
    over_fulfilled: Decimal = Decimal(110)
    fulfilled: Decimal = Decimal(100)
    nearly_fulfilled: Decimal = Decimal(95)
    about_tolerance: Decimal = Decimal(5)
    # lists
    names_in_brackets: int = 6
    names_listed: int = 3
    # problems
    concentration: Decimal = Decimal(40)
    # gates
    fast_growth: Decimal = Decimal(10)
    great_growth: Decimal = Decimal(30)
    doubled: Decimal = Decimal(100)
    effect_growth: Decimal = Decimal(10)
    front_share: Decimal = Decimal(25)
    leading_positions: int = 3
    upper_share: Decimal = Decimal(100) / 3
    nearly_covered: Decimal = Decimal(95)
    # periods
    year_end: str = "12月底"


DEFAULT = Rules()
