"""Conditions on ledger fields: a literal, ``{in: [...]}``, ``{range: [a, b]}``, ``{any: true}``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from pydantic import ConfigDict, Discriminator, StrictBool, Tag, model_validator
from pydantic import Field as Value

from keshu.catalogue.schema.base import Code, Part, Scalar, refuse

Literal_: TypeAlias = Scalar


class In(Part):
    """The field has one of the listed values."""

    model_config = ConfigDict(populate_by_name=True)
    values: Annotated[tuple[Scalar, ...], Value(alias="in", min_length=1)]


class Range(Part):
    """The field lies between two bounds, both included; an open end is written ``null``."""

    model_config = ConfigDict(populate_by_name=True)
    bounds: Annotated[tuple[Scalar | None, Scalar | None], Value(alias="range")]

    @model_validator(mode="after")
    def _ordered(self) -> Range:
        low, high = self.bounds
        if low is None and high is None:
            refuse("范围两端都没有写", "至少写一端，或改用 {any: true}")
        for bound in self.bounds:
            if isinstance(bound, (bool, str)):
                refuse(f"范围的一端“{bound}”不是数字也不是日期", "两端同写数字，或同写日期")
        match low, high:
            case (Decimal(), Decimal()) | (date(), date()):
                if low > high:  # type: ignore[operator]  # of one type here
                    refuse("范围的下限大于上限", "把小的一端写在前面")
            case (Decimal(), date()) | (date(), Decimal()):
                refuse("范围两端不是同一种值", "两端同写数字，或同写日期")
        return self


class Any_(Part):
    """The field has a value, whatever it is (``true``), or has none (``false``)."""

    model_config = ConfigDict(populate_by_name=True)
    present: Annotated[StrictBool, Value(alias="any")]


def _form(value: object) -> str:
    """Which of the four forms somebody wrote."""
    if isinstance(value, (In, Range, Any_)):
        return {In: "in", Range: "range", Any_: "any"}[type(value)]
    if isinstance(value, Mapping):
        return next((form for form in ("in", "range", "any") if form in value), "in")
    return "literal"


Condition: TypeAlias = Annotated[
    Annotated[In, Tag("in")]
    | Annotated[Range, Tag("range")]
    | Annotated[Any_, Tag("any")]
    | Annotated[Scalar, Tag("literal")],
    Discriminator(_form),
]
Where: TypeAlias = dict[Code, Condition]
Direction: TypeAlias = Literal["higher", "lower", "none"]
