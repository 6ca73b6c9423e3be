"""Numbers, amounts of money and rough numbers as text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_FLOOR, Decimal

from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.prose.rules import DEFAULT, Rules
from keshu.kernel.typed.units import read_unit

HUNDRED_MILLION = "亿元"
TEN_THOUSAND = "万元"
YUAN = "元"


def number(value: Decimal, *, precision: int = 0, grouped: bool = False) -> str:
    """Plain digits, rounded half up, with exactly `precision` decimals; thousands are grouped only when asked for."""
    return format(round_to(value, precision), f"{',' if grouped else ''}.{max(precision, 0)}f")


def trimmed(value: Decimal, *, precision: int) -> str:
    """Up to `precision` decimals, without trailing zeros."""
    text = number(value, precision=precision)
    return text.rstrip("0").rstrip(".") if "." in text else text


def quantity(value: Decimal, *, unit: str, precision: int = 0) -> str:
    """A number with its unit: 96家, 23.1%, 2.64件. Money and values in 万 or 亿 go through `amount`."""
    return f"{number(value, precision=precision)}{unit}"


def percent(value: Decimal, *, precision: int | None = None, rules: Rules = DEFAULT) -> str:
    """A percent number: 23.1%."""
    return number(value, precision=rules.rate_decimals if precision is None else precision) + "%"


def percentage_points(value: Decimal, *, precision: int | None = None, rules: Rules = DEFAULT) -> str:
    """The size of a difference of two percentages: 10.7个百分点."""
    return number(abs(value), precision=rules.point_decimals if precision is None else precision) + "个百分点"


def amount_unit(value: Decimal, *, rules: Rules = DEFAULT) -> str:
    """亿元 from one hundred million on (also where rounding gets there), 万元 below, 元 for less than one 万元."""
    size = abs(value)
    shown = round_to(size / 10_000, rules.ten_thousand_decimals) * 10_000
    if shown >= rules.hundred_million_from:
        return HUNDRED_MILLION
    return TEN_THOUSAND if shown >= 10_000 or size == 0 else YUAN


def common_unit(values: Iterable[Decimal], *, rules: Rules = DEFAULT) -> str:
    """The one unit for amounts that are held against each other; "" where each has to print in its own.

    亿元 for all only while the smallest is at least `mixed_unit_floor`: nobody writes 0.02亿元 beside 1.66亿元, nor
    16600万元 to avoid it.
    """
    sizes = [abs(value) for value in values if value != 0]
    if not sizes:
        return TEN_THOUSAND
    unit = amount_unit(max(sizes), rules=rules)
    if unit == HUNDRED_MILLION and min(sizes) < rules.mixed_unit_floor:
        return ""
    if unit == TEN_THOUSAND and min(sizes) < 100:
        return YUAN
    return unit


def amount(value: Decimal, *, unit: str = "", precision: int | None = None, rules: Rules = DEFAULT) -> str:
    """Money given in 元: 8.46亿元, 735.27万元, 2107万元.

    `unit` forces the sentence's unit, `precision` the definition's decimals. Without it 亿元 always has two decimals,
    万元 up to two.
    """
    unit = unit or amount_unit(value, rules=rules)
    scaled = value / read_unit(unit).factor
    if precision is not None:
        return number(scaled, precision=precision) + unit
    if unit == HUNDRED_MILLION:
        return number(scaled, precision=rules.hundred_million_decimals) + unit
    return trimmed(scaled, precision=rules.ten_thousand_decimals) + unit


def scaled_quantity(value: Decimal, *, unit: str, precision: int) -> str:
    """A value given in base units, printed in a unit with a magnitude: 12345 in 万人次 is 1.23万人次."""
    return number(value / read_unit(unit).factor, precision=precision) + unit


def may_be_rough(unit: str, *, rules: Rules = DEFAULT) -> bool:
    """Only people, times, copies and clicks may be rough; firms, patents, projects, contracts and money are exact."""
    return unit in rules.rough_units


def rough(value: Decimal, *, unit: str, rules: Rules = DEFAULT) -> str:
    """1534人 is 1500余人, 2970人 is 近3000人, 12345人次 is 1.2万余人次; small or round ones stay exact."""
    if not may_be_rough(unit, rules=rules):
        raise ValueError(f"“{unit}”不得用概数")
    if value < rules.rough_from or value != value.to_integral_value():
        return quantity(value, unit=unit, precision=0 if value == value.to_integral_value() else 2)
    above = Decimal(1).scaleb(value.adjusted())
    ceiling = (value / above).to_integral_value(rounding=ROUND_FLOOR) * above + above
    if (ceiling - value) / ceiling * 100 <= rules.near_within:
        return f"近{_shortened(ceiling)}{unit}"
    step = above / 10 if value >= 100 else above
    floor = (value / step).to_integral_value(rounding=ROUND_FLOOR) * step
    return f"{_shortened(floor)}{'余' if floor != value else ''}{unit}"


def _shortened(value: Decimal) -> str:
    """Round numbers from ten thousand on in 万, from a hundred million on in 亿."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if value >= size:
            return trimmed(value / size, precision=2) + name
    return number(value)
