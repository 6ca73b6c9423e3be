"""Where the true value behind a printed number may lie, and arithmetic with such ranges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from keshu.kernel.prose.figure import Approx, Figure, Kind
from keshu.kernel.width import half_width, no_spaces

_DIGITS = re.compile(r"\d[\d,]*(?:\.\d+)?")
_POINT = re.compile(r"点([〇零一二三四五六七八九]+)")
#: things that are counted one by one: a printed whole number of them is exact
_WHOLE = re.compile(r"[家个项件人名位户条种类次场期所处篇部座台辆套只株天届批宗起例单款张面份期辆对]")
HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Range:
    """low <= true value <= high."""

    low: Decimal
    high: Decimal

    def __add__(self, other: Range) -> Range:
        return Range(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Range) -> Range:
        ends = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def __truediv__(self, other: Range) -> Range | None:
        """None where the divisor may be zero."""
        if other.low <= 0 <= other.high:
            return None
        ends = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Range(min(ends), max(ends))

    def meets(self, other: Range) -> bool:
        return self.low <= other.high and other.low <= self.high

    def wider(self, by: Decimal) -> Range:
        return Range(self.low - by, self.high + by)


def exactly(value: Decimal | int) -> Range:
    return Range(Decimal(value), Decimal(value))


def _written(figure: Figure) -> tuple[str, str] | None:
    """The digits of the printed number and what follows them; None for a number in characters."""
    text = no_spaces(half_width(figure.text))
    found = _DIGITS.search(text)
    return (found[0].replace(",", ""), text[found.end() :]) if found else None


def is_in_digits(figure: Figure) -> bool:
    """Whether digits say how finely the number is printed: 3.5% or 百分之三点五, not 三千."""
    return _written(figure) is not None or _POINT.search(figure.text) is not None


def step(figure: Figure) -> Decimal:
    """One unit of the last printed place: 8.46亿元 is printed to 0.01亿元, that is 1,000,000. Never negative."""
    if figure.value is None:
        return Decimal(0)
    if written := _written(figure):
        number, decimals = Decimal(written[0]), len(written[0].partition(".")[2])
        scale = abs(figure.value / number) if number and figure.upper is None else Decimal(1)
        return scale.scaleb(-decimals)
    point = _POINT.search(figure.text)
    return Decimal(1).scaleb(-len(point.group(1))) if point else Decimal(1)


def lowest_place(value: Decimal) -> Decimal:
    """The place of the last digit that is not zero: 1500 gives 100, 67.5 gives 0.1."""
    return Decimal(1).scaleb(int(value.normalize().as_tuple().exponent)) if value else Decimal(0)


def is_whole_count(figure: Figure) -> bool:
    """Whether the printed number is exact: things counted one by one, written without 万 or 亿."""
    unit = figure.canonical or figure.unit
    return bool(figure.kind is Kind.COUNT and _WHOLE.search(unit)) and step(figure) == 1


def printed_range(figure: Figure) -> Range:
    """Every value that may have been rounded to what is printed; 近, 超, 多 open it to one side or both."""
    value = figure.value
    if value is None:
        raise ValueError("a slot has no value")
    if figure.approx is Approx.RANGE and figure.upper is not None:
        return Range(min(value, figure.upper), max(value, figure.upper))
    if figure.approx is Approx.EXACT:
        half = Decimal(0) if is_whole_count(figure) or figure.kind is Kind.RANK else step(figure) * HALF
        return Range(value - half, value + half)
    room = max(lowest_place(value), step(figure))
    low = value if figure.approx is Approx.OVER else value - room
    high = value if figure.approx is Approx.UNDER else value + room
    return Range(low, high)


def cut_off(figure: Figure) -> Range:
    """As `printed_range`, for writers who cut digits off instead of rounding."""
    stated = printed_range(figure)
    return Range(stated.low, stated.high + step(figure) * HALF)


def plain(value: Decimal, places: int = 2) -> str:
    """A number for a sentence: no exponent, no needless zeros."""
    if value != value.to_integral_value():
        value = value.quantize(Decimal(1).scaleb(-places))
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def in_words(value: Decimal, like: Figure) -> str:
    """The value in the magnitude and unit in which `like` is printed: 1700000000 like 17.5亿元 is 17亿元."""
    written = _written(like)
    if not written or like.value is None:
        return plain(value) + like.unit
    number = Decimal(written[0])
    scale = like.value / number if number and like.upper is None else Decimal(1)
    magnitude = "".join(c for c in written[1] if c in "十百千万亿")[:2] if scale != 1 else ""
    if scale == 0 or (magnitude and scale == 1):
        return plain(value) + like.unit
    return f"{plain(value / scale)}{magnitude}{like.unit}"
