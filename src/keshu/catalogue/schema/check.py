"""A check of texts 核对规则: what it may claim, what to do about a finding, its word lists and its examples."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field as Value
from pydantic import field_validator

from keshu.catalogue.schema.base import Definition, Part, refuse

CheckType = Literal[
    "sum", "part_of", "share", "growth", "points", "rank", "contradiction", "names", "denominator", "target_vs_actual",
    "hedge", "unit", "placeholder", "evidence", "layout", "edit", "phrase",
]  # fmt: skip
Sample = Annotated[str, Value(min_length=4)]


class CheckExamples(Part):
    """Texts of our own: each of ``fails`` gives a finding of this check, none of ``clean`` gives any of it."""

    fails: Annotated[tuple[Sample, ...], Value(min_length=1)]
    clean: Annotated[tuple[Sample, ...], Value(min_length=1)]


class TextCheck(Definition):
    """A check with a function of the same code in ``kernel.prose.checking``.

    ``certainty`` is the most that it may claim; ``params`` are the word lists and limits that its function reads.
    """

    type: CheckType
    severity: Literal["error", "warning", "hint"]
    certainty: Literal["certain", "likely", "ask"]
    remedy: Annotated[str, Value(min_length=2)]
    params: dict[str, Any] = {}
    examples: CheckExamples

    unhashed: ClassVar[frozenset[str]] = frozenset({"examples"})

    @field_validator("params", mode="before")
    @classmethod
    def _plain(cls, params: object) -> object:
        return _plain(params)


def _plain(value: object) -> object:
    """Days as text, so that a stored definition comes back the same; a number with a fraction is written in quotes."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (float, Decimal)):
        refuse(f"参数中的小数 {value} 要加引号", '写成 "1.45" 的形式')
    return value.isoformat() if isinstance(value, date) else value
