"""A number that measures something, as it was read out of a text: the one shape that reading gives and checking takes."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Approx(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    RANGE = "range"


class Kind(StrEnum):
    """What is said: a level (count, amount of money, ratio), a change, a place in an order, a plan's change, a slot."""

    COUNT = "count"
    AMOUNT = "amount"
    RATIO = "ratio"
    GROWTH = "growth"
    RANK = "rank"
    PLACEHOLDER = "placeholder"
    TARGET_CHANGE = "target_change"


class Role(StrEnum):
    """Whether the text reports the figure, promises it, or expects it."""

    ACTUAL = "actual"
    TARGET = "target"
    FORECAST = "forecast"


@dataclass(frozen=True, slots=True)
class Figure:
    """`text[start:end]` with its value in the base unit (8.46亿元 is 846000000, 近六成 is 60, 5∶1 is 5).

    `value` is None for an unfilled slot (xx家); a range carries its upper end in `upper`. `unit` is as written, without
    the magnitude, and inherited where a coordination leaves it out; `canonical` is the one spelling of it. `subject` is
    the noun phrase measured; `scope`, `period` and `base` are as the text says them, empty where it does not.
    """

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    approx: Approx = Approx.EXACT
    upper: Decimal | None = None
    kind: Kind = Kind.COUNT
    canonical: str = ""
    subject: str = ""
    scope: str = ""
    period: str = ""
    base: str = ""
    role: Role = Role.ACTUAL

    @property
    def rank(self) -> bool:
        return self.kind is Kind.RANK
