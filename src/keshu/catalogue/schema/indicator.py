"""An indicator 指标口径: how a figure is made, or from whom it is received."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, ClassVar, Literal

from pydantic import Field as Value
from pydantic import model_validator

from keshu.catalogue.schema.base import Code, Definition, DottedCode, Name, Names, Part, refuse
from keshu.catalogue.schema.where import Direction, Where

Count = Annotated[str, Value(pattern=r"^(entry|party|place|sum\([a-z][a-z0-9_]*\))$")]


class Facts(Part):
    """The rows that are counted: ledger, condition, what counts as one; ``on`` dates a flow.

    ``own`` counts the rows of the place itself alone, without those of the places below it.
    """

    ledger: Code
    on: Code | None = None
    where: Where = Value(default_factory=dict)
    count: Count = "entry"
    own: bool = False

    @property
    def summed(self) -> str | None:
        """The field that is added up, or ``None`` if rows, parties or places are counted."""
        return self.count[4:-1] if self.count.startswith("sum(") else None


class SemiJoin(Part):
    """Only rows whose party also stands in another ledger at the same cut-off."""

    ledger: Code
    where: Where = Value(default_factory=dict)


class Scope(Part):
    """A named variant of the same indicator and the words that it prints; its ``where`` overrides field by field."""

    says: str
    where: Where = Value(default_factory=dict)
    also: tuple[SemiJoin, ...] = ()


class Availability(Part):
    """How many days after the period the figure exists, and from whom."""

    days: int = Value(default=0, ge=0, le=1200)
    from_: Name = Value(default="本局", alias="from")


class Indicator(Definition):
    """One indicator; which of the parts it needs depends on its kind."""

    unhashed: ClassVar[frozenset[str]] = frozenset({"by", "available", "aliases"})

    aliases: Names = ()
    unit: str
    kind: Literal["flow", "stock", "ratio", "formula", "received"]
    facts: Facts | None = None
    also: tuple[SemiJoin, ...] = ()
    scopes: dict[Code, Scope] = Value(default_factory=dict)
    numerator: DottedCode | None = None
    denominator: DottedCode | None = None
    scale: Literal["percent", "per_ten_thousand", "one"] | None = None
    formula: str | None = None
    available: Availability = Availability()
    issuer: str | None = None
    over_place: Literal["sum", "none"] = "none"
    theme: Name
    owner: Name
    direction: Direction = "higher"
    precision: int = Value(default=0, ge=0, le=6)
    print_unit: str | None = None
    by: tuple[Code, ...] = ()
    basis: str = ""
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _parts_of_kind(self) -> Indicator:
        needs = {
            "flow": ("facts",),
            "stock": ("facts",),
            "ratio": ("numerator", "denominator", "scale"),
            "formula": ("formula",),
            "received": (),
        }[self.kind]
        for part in needs:
            if getattr(self, part) is None:
                refuse(f"类型为 {self.kind} 的指标缺少 {part}", f"补写 {part}")
        for part in ("facts", "numerator", "denominator", "scale", "formula"):
            if part not in needs and getattr(self, part) is not None:
                refuse(f"类型为 {self.kind} 的指标不应有 {part}", f"删去 {part} 或改正 kind")
        if self.kind == "flow" and self.facts and self.facts.on is None:
            refuse("流量指标没有写明按哪个日期计", "在 facts 中补写 on")
        if self.kind == "stock" and self.facts and self.facts.on is not None:
            refuse("存量指标不按某个日期计", "删去 facts 中的 on")
        if self.valid_from and self.valid_to and self.valid_from > self.valid_to:
            refuse("启用日期晚于停用日期", "核对 valid_from 与 valid_to")
        return self

    @property
    def scale_factor(self) -> Decimal:
        """What a ratio is multiplied by."""
        return {"percent": Decimal(100), "per_ten_thousand": Decimal(10000)}.get(self.scale or "one", Decimal(1))
