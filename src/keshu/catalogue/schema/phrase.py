"""A phrase 提法: a wording that is right from a day to a day, and what took its place."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field as Value
from pydantic import model_validator

from keshu.catalogue.schema.base import Code, Definition, Names, refuse


class Phrase(Definition):
    """A wording with the document that it comes from; ``slot`` says which place in the text it may fill."""

    text: Annotated[str, Value(min_length=2)]
    slot: Literal["guide", "meeting", "strategy", "line", "slogan", "term"] = "term"
    from_: date | None = Value(default=None, alias="from")
    to: date | None = None
    basis: str = ""
    replaced_by: Code | None = None
    aliases: Names = ()

    @model_validator(mode="after")
    def _ordered(self) -> Phrase:
        if self.from_ and self.to and self.from_ > self.to:
            refuse("启用日期晚于停用日期", "核对 from 与 to")
        return self
