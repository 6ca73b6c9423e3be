"""A check of texts 核对规则: what it may claim, what to do about a finding, its word lists and its examples."""

from __future__ import annotations

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field as Value

from keshu.catalogue.schema.base import Definition, Part

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
