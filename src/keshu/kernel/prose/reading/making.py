"""Making a figure of a number with its unit and the words directly around it."""

from __future__ import annotations

from decimal import Decimal

from keshu.kernel.numerals import multiplier
from keshu.kernel.prose.figure import Approx, Figure, Kind
from keshu.kernel.prose.reading import patterns as p
from keshu.kernel.prose.reading.measures import canonical

Found = tuple[Figure | None, int]
_FACTORS = {"": Decimal(1), "万": Decimal(10**4), "亿": Decimal(10**8), "千": Decimal(1000), "万亿": Decimal(10**12)}
_RATES = {"%": "%", "成": "%"}


def factor(scale: str) -> Decimal:
    known = _FACTORS.get(scale)
    return known if known is not None else Decimal(multiplier(scale) or 1)


def rate_factor(unit: str) -> Decimal:
    return Decimal(10) if unit == "成" else Decimal(1)


def figure(plain: str, text: str, start: int, end: int, value: Decimal | None, unit: str, infix: str = "") -> Figure:
    """The figure with what stands directly around it: 近, 超, 左右, 以上, 多."""
    approx = Approx.OVER if infix else Approx.EXACT
    if before := p.BEFORE.search(plain[max(0, start - 4) : start]):
        approx = Approx(str(before.lastgroup)) if before[0] != "上" or plain[start] in "百千万亿" else approx
    elif not infix and (after := p.AFTER.match(plain, end)):
        approx = Approx(str(after.lastgroup))
    if unit in _RATES:
        if value is not None and unit != "%":
            value *= rate_factor(unit)
        unit = "%"
    kind = Kind.COUNT if value is not None else Kind.PLACEHOLDER
    return Figure(start, end, text[start:end], value, unit, approx, None, kind, canonical(unit))
