"""What every definition has, and how a defect is raised from inside a model."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, NoReturn, TypeAlias

from pydantic import BaseModel, ConfigDict, PlainSerializer, PlainValidator, StringConstraints, WithJsonSchema
from pydantic import Field as Value
from pydantic_core import PydanticCustomError

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
DottedCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)*$", max_length=80)
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Names = tuple[Name, ...]

_SCALAR_SCHEMA = WithJsonSchema({"type": ["boolean", "number", "string"]})
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")

#: parts of a definition that may be reworded at any time: they change no figure and are left out of the hash
LABELS = frozenset({"name", "aliases", "label", "labels", "help", "says", "message", "remedy", "owner", "theme"})


class Part(BaseModel):
    """A piece of a definition: frozen, and closed to keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    #: further fields of this model that the hash leaves out
    unhashed: ClassVar[frozenset[str]] = frozenset()
    #: labels that the hash takes in all the same, because rules speak of the part by them
    hashed: ClassVar[frozenset[str]] = frozenset()


class Definition(Part):
    """A definition that is known by its code and versioned by hand."""

    code: DottedCode
    version: int = Value(default=1, ge=1)
    name: Name
    help: str = ""


def _scalar(value: object) -> object:
    """A number as Decimal, a day as date; text, true and false as they are. Anything else is refused."""
    if isinstance(value, (bool, Decimal)) or type(value) is date:
        return value
    if isinstance(value, (int, float)):
        return Decimal(str(value))
    if isinstance(value, str):
        return date.fromisoformat(value) if _DAY.fullmatch(value) else value
    refuse("这里只能写一个数、一个日期、一段文字或 true、false", "写成单个的值")


def _plain(value: object) -> object:
    """Numbers as JSON numbers, so that a stored definition comes back with the same types."""
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value.isoformat() if isinstance(value, date) else value


def refuse(message: str, remedy: str) -> NoReturn:
    """Reject a value from inside a validator, in Chinese, with the remedy."""
    raise PydanticCustomError("keshu", "{message}", {"message": message, "remedy": remedy})


#: a value in a definition: one validator instead of a union, so that a wrong one gives one finding, not four
Scalar: TypeAlias = Annotated[
    bool | date | Decimal | str, PlainValidator(_scalar), PlainSerializer(_plain, when_used="json"), _SCALAR_SCHEMA
]
