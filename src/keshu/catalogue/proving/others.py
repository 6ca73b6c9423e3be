"""Whether parameters, switches and phrases hold together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from keshu.catalogue.holidays import holiday_flaws
from keshu.catalogue.problems import Flaw
from keshu.catalogue.schema import Parameter, ParameterValue, Phrase, Switch, SwitchPeriod

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue

_TYPES: dict[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "text": (str,),
    "bool": (bool,),
    "numbers": (tuple,),
    "days": (tuple,),
}


def parameter_flaws(parameter: Parameter) -> Iterator[Flaw]:
    for index, value in enumerate(parameter.values):
        yield from _content(parameter, value, ("values", index, "value"))
    yield from holiday_flaws(parameter)
    for (_, one), (later, other) in combinations(enumerate(parameter.values), 2):
        if _overlap(one, other):
            where = other.place or "全部区划"
            yield Flaw(("values", later), f"{where}的两个取值在时间上重叠", "给前一个取值写上停用日期 to")


def _content(parameter: Parameter, value: ParameterValue, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    if not isinstance(value.value, _TYPES[parameter.type]):
        yield Flaw(path, f"取值“{value.value}”与类型 {parameter.type} 不符", "改正取值或 type")
        return
    numbers = value.value if isinstance(value.value, tuple) else (value.value,)
    for number in numbers:
        if not isinstance(number, Decimal):
            continue
        if parameter.minimum is not None and number < parameter.minimum:
            yield Flaw(path, f"取值 {number} 小于下限 {parameter.minimum}", "核对取值")
        if parameter.maximum is not None and number > parameter.maximum:
            yield Flaw(path, f"取值 {number} 大于上限 {parameter.maximum}", "核对取值")


def _overlap(one: ParameterValue | SwitchPeriod, other: ParameterValue | SwitchPeriod) -> bool:
    if one.place != other.place:
        return False
    return (one.from_ or date.min) <= (other.to or date.max) and (other.from_ or date.min) <= (one.to or date.max)


def switch_flaws(switch: Switch, catalogue: Catalogue) -> Iterator[Flaw]:
    for index, code in enumerate(switch.ledgers):
        if code not in catalogue.ledgers:
            yield Flaw(("ledgers", index), f"没有“{code}”这个台账", "写已有台账的代码", code)
    for index, pattern in enumerate(switch.indicators):
        if "*" not in pattern and pattern not in catalogue.indicators:
            yield Flaw(
                ("indicators", index), f"没有“{pattern}”这个指标", "写已有指标的代码，或用 * 写一类指标", pattern
            )
    for (_, one), (later, other) in combinations(enumerate(switch.periods), 2):
        if _overlap(one, other):
            where = other.place or "全部区划"
            yield Flaw(("periods", later), f"{where}的两段时间重叠", "给前一段写上停用日期 to")


def phrase_flaws(phrase: Phrase, phrases: Mapping[str, Phrase]) -> Iterator[Flaw]:
    if phrase.replaced_by and phrase.replaced_by not in phrases:
        yield Flaw(("replaced_by",), f"没有“{phrase.replaced_by}”这个提法", "写已有提法的代码", phrase.replaced_by)
