"""A dated parameter 参数: a legal threshold or a local default, with the document that it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import Discriminator, Tag, model_validator
from pydantic import Field as Value

from keshu.catalogue.schema.base import Definition, Name, Names, Part, Scalar, refuse

Numbers: TypeAlias = tuple[Scalar, ...]
Content: TypeAlias = bool | date | Decimal | str | Numbers


def _form(value: object) -> str:
    return "many" if isinstance(value, (list, tuple)) else "one"


class ParameterValue(Part):
    """A value in force from a day to a day (both included, open where left out), everywhere or at one place."""

    unhashed: ClassVar[frozenset[str]] = frozenset({"basis", "origin"})

    value: Annotated[Annotated[Scalar, Tag("one")] | Annotated[Numbers, Tag("many")], Discriminator(_form)]
    place: Annotated[str, Value(pattern=r"^\d{6}(\d{3}|\d{6})?$")] | None = None
    from_: date | None = Value(default=None, alias="from")
    to: date | None = None
    basis: str = ""
    #: law: a document of the state; local: a document of the place; default: our assumption, to be replaced
    origin: Literal["law", "local", "default"] = "default"

    @model_validator(mode="after")
    def _ordered(self) -> ParameterValue:
        if self.from_ and self.to and self.from_ > self.to:
            refuse("启用日期晚于停用日期", "核对 from 与 to")
        if self.origin == "law" and not self.basis:
            refuse("法定参数没有写文号", "在 basis 中写明文件名称和文号，或把 origin 改为 default")
        return self

    def in_force(self, on: date) -> bool:
        return (self.from_ is None or self.from_ <= on) and (self.to is None or on <= self.to)


class Parameter(Definition):
    """A parameter with all its values in time and place; ranges of one place never overlap."""

    type: Literal["number", "text", "bool", "numbers", "days"] = "number"
    unit: str = ""
    aliases: Names = ()
    theme: Name
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    editable: bool = True
    values: Annotated[tuple[ParameterValue, ...], Value(min_length=1)]

    def value_on(self, on: date, places: Sequence[str] = ()) -> Content | None:
        """The value in force on a day, asked at the nearest place first (``places``: own, then upper ones).

        ``None`` where no value is in force: the parameter does not exist on that day.
        """
        for place in (*places, None):
            for candidate in self.values:
                if candidate.place == place and candidate.in_force(on):
                    return candidate.value
        return None
