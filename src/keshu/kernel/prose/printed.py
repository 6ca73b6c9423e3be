"""Which true values a printed figure allows: what was rounded away, and what 近, 余, 超 leave open."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from keshu.kernel.prose.figure import Approx, Figure
from keshu.kernel.width import half_width, no_spaces

_DIGITS = re.compile(r"\d[\d,]*(?:\.(?P<decimals>\d+))?")
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
    """The worth of the last written place: 10000 for 12万件, 1000000 for 8.46亿元, 0.1 for 8.3%; None for a slot."""
    if figure.value is None:
        return None
    found = _DIGITS.search(no_spaces(half_width(figure.text)))
    if not found:
        return _lowest_place(figure.value)
    number = Decimal(found[0].replace(",", ""))
    place = Decimal(1).scaleb(-len(found["decimals"] or ""))
    return place if number == 0 else place * figure.value / number


def allowed(figure: Figure) -> Allowed | None:
    """What the true value may be; None for a slot. Counted things without a magnitude are exact."""
    step = printed_step(figure)
    if figure.value is None or step is None:
        return None
    if figure.approx is Approx.RANGE:
        return Allowed(figure.value, figure.value if figure.upper is None else figure.upper)
    if figure.approx is not Approx.EXACT:
        return _loosely(figure.value, figure.approx, step / 2 if step != 1 else Decimal(0))
    half = step / 2 if step != 1 or "%" in figure.unit or "百分点" in figure.unit or "倍" in figure.unit else Decimal(0)
    return Allowed(figure.value - half, figure.value + half)


def _loosely(value: Decimal, approx: Approx, half: Decimal) -> Allowed:
    """About, over or under: the printed number was rounded before it was called so."""
    if approx is Approx.ABOUT:
        ends = (value * _ABOUT[0], value * _ABOUT[1])
    elif approx is Approx.OVER:
        ends = (value - half, max(value * _OVER, value + _lowest_place(value)))
    else:
        ends = (value * _UNDER, value + half)
    return Allowed(min(ends), max(ends))


def _lowest_place(value: Decimal) -> Decimal:
    """The worth of the last digit that is not zero: 100 for 800."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) if value else Decimal(1)
