"""Conditions on ledger fields: a literal, ``{in: [...]}``, ``{range: [a, b]}``, ``{any: true}``."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Strict, StrictBool, StrictStr, model_validator
from pydantic import Field as Value

from keshu.catalogue.schema.base import Code, Part, refuse

#: strict, because pydantic would also read the number 7 as a day in 1970
Day = Annotated[date, Strict()]
Literal_: TypeAlias = StrictBool | Day | Decimal | StrictStr


class In(Part):
    """The field has one of the listed values."""

    model_config = ConfigDict(populate_by_name=True)
    values: Annotated[tuple[Literal_, ...], Value(alias="in", min_length=1)]


class Range(Part):
    """The field lies between two bounds, both included; an open end is written ``null``."""

    model_config = ConfigDict(populate_by_name=True)
    bounds: Annotated[tuple[Decimal | Day | None, Decimal | Day | None], Value(alias="range")]

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        low, high = self.bounds
        if low is None and high is None:
            refuse("范围两端都没有写", "至少写一端，或改用 {any: true}")
        if low is not None and high is not None:
            if type(low) is not type(high):
                refuse("范围两端不是同一种值", "两端同写数字，或同写日期")
            if low > high:  # type: ignore[operator]  # same type, checked above
                refuse("范围的下限大于上限", "把小的一端写在前面")
        return self


class Any_(Part):
    """The field has a value, whatever it is (``true``), or has none (``false``)."""

    model_config = ConfigDict(populate_by_name=True)
    present: Annotated[StrictBool, Value(alias="any")]


Condition: TypeAlias = In | Range | Any_ | Literal_
Where: TypeAlias = dict[Code, Condition]
Direction: TypeAlias = Literal["higher", "lower", "none"]
