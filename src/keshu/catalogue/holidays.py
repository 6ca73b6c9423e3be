"""The holiday notices that are written down as dated parameters: one value for a year, days off and weekends worked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from keshu.catalogue.problems import Flaw
from keshu.catalogue.schema import Parameter, ParameterValue
from keshu.kernel.workdays import Announced, days_in

OFF: Final = "calendar.days_off"
WORKED: Final = "calendar.days_worked"


def announced(parameters: Mapping[str, Parameter]) -> Announced:
    """What the notices say. Both lists count for the years of their values; where one is silent no day is meant."""
    off, worked = (_days(parameters.get(code)) for code in (OFF, WORKED))
    return Announced(frozenset(off) | frozenset(worked), _all(off), _all(worked))


def _days(parameter: Parameter | None) -> dict[int, list[date]]:
    values = parameter.values if parameter is not None else ()
    return {value.from_.year: days_in(_texts(value)) for value in values if value.from_ is not None}


def _texts(value: ParameterValue) -> tuple[str | date, ...]:
    many = value.value if isinstance(value.value, tuple) else (value.value,)
    return tuple(one if isinstance(one, date) else str(one) for one in many)


def _all(days: Mapping[int, list[date]]) -> frozenset[date]:
    return frozenset(day for found in days.values() for day in found)


def holiday_flaws(parameter: Parameter) -> Iterator[Flaw]:
    """A value says the notice of one whole year, everywhere; what it names are days, worked ones at weekends."""
    if parameter.type != "days":
        return
    for index, value in enumerate(parameter.values):
        path = ("values", index)
        if not _whole_year(value):
            yield Flaw(path, "一个取值应写一整年的放假安排", "from 写 1 月 1 日，to 写同年 12 月 31 日")
        if value.place is not None:
            yield Flaw((*path, "place"), "放假安排不分区划", "删去 place")
        try:
            days = days_in(_texts(value))
        except ValueError as wrong:
            yield Flaw((*path, "value"), str(wrong), "照放假通知逐日核对")
            continue
        for day in days if parameter.code == WORKED else ():
            if day.weekday() < 5:
                yield Flaw((*path, "value"), f"{day} 不是周末，不会是调休上班日", "照放假通知核对上班的日期")


def _whole_year(value: ParameterValue) -> bool:
    first, last = value.from_, value.to
    if first is None or last is None:
        return False
    return (first, last) == (date(first.year, 1, 1), date(first.year, 12, 31))
