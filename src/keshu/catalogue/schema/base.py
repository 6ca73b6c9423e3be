"""What every definition has, and how a defect is raised from inside a model."""

from __future__ import annotations

from typing import Annotated, ClassVar, NoReturn

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic import Field as Value
from pydantic_core import PydanticCustomError

Code = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$", max_length=40)]
DottedCode = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*(\.[a-z0-9]+(_[a-z0-9]+)*)*$", max_length=80)
]
Name = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)]
Names = tuple[Name, ...]

#: parts of a definition that may be reworded at any time: they change no figure and are left out of the hash
LABELS = frozenset({"name", "aliases", "label", "labels", "help", "says", "message", "remedy", "owner", "theme"})


class Part(BaseModel):
    """A piece of a definition: frozen, and closed to keys that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)
    #: further fields of this model that the hash leaves out
    unhashed: ClassVar[frozenset[str]] = frozenset()


class Definition(Part):
    """A definition that is known by its code and versioned by hand."""

    code: DottedCode
    version: int = Value(default=1, ge=1)
    name: Name
    help: str = ""


def refuse(message: str, remedy: str) -> NoReturn:
    """Reject a value from inside a validator, in Chinese, with the remedy."""
    raise PydanticCustomError("keshu", "{message}", {"message": message, "remedy": remedy})
