"""Which true values a printed figure allows: what was rounded away, and what 近, 余, 超 leave open."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from keshu.kernel.prose.checking.rounding import is_in_digits, lowest_place, step
from keshu.kernel.prose.figure import Approx, Figure

_ABOUT = (Decimal("0.9"), Decimal("1.05"))
_OVER = Decimal("1.2")
_UNDER = Decimal("0.8")


@dataclass(frozen=True, slots=True)
class Allowed:
    """From `low` to `high`, both included."""

    low: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def printed_step(figure: Figure) -> Decimal | None:
    """The worth of the last written place: 10000 for 12万件, 1000000 for 8.46亿元, 0.1 for 8.3%; None for a slot.

    Never negative: a fall of 1.2% is printed as finely as a rise.
    """
    if figure.value is None:
        return None
    return step(figure) if is_in_digits(figure) else lowest_place(figure.value) or Decimal(1)


def allowed(figure: Figure) -> Allowed | None:
    """What the true value may be; None for a slot. Counted things without a magnitude are exact."""
    place = printed_step(figure)
    if figure.value is None or place is None:
        return None
    if figure.approx is Approx.RANGE:
        return Allowed(figure.value, figure.value if figure.upper is None else figure.upper)
    if figure.approx is not Approx.EXACT:
        return _loosely(figure.value, figure.approx, place / 2 if place != 1 else Decimal(0))
    half = (
        place / 2 if place != 1 or "%" in figure.unit or "百分点" in figure.unit or "倍" in figure.unit else Decimal(0)
    )
    return Allowed(figure.value - half, figure.value + half)


def _loosely(value: Decimal, approx: Approx, half: Decimal) -> Allowed:
    """About, over or under: the printed number was rounded before it was called so."""
    if approx is Approx.ABOUT:
        ends = (value * _ABOUT[0], value * _ABOUT[1])
    elif approx is Approx.OVER:
        ends = (value - half, max(value * _OVER, value + (lowest_place(value) or 1)))
    else:
        ends = (value * _UNDER, value + half)
    return Allowed(min(ends), max(ends))
