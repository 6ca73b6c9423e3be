"""Points and money of a programme: the sheet by which experts score, and the rule by which the amount is found."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as Value
from pydantic import model_validator

from keshu.catalogue.schema.base import Code, Name, Part, refuse
from keshu.catalogue.schema.programme_parts import Amount, FormulaText, RuleText, TierRow

Expert = Literal["technical", "finance", "management", "any", "computed"]


class ScoreItem(Part):
    """One item. ``of`` is a fact: it picks the band in which the expert's points have to lie, or with ``by: computed``
    gives the points itself."""

    code: Code
    name: Name
    most: Amount
    by: Expert = "any"
    of: str | None = None
    bands: tuple[TierRow, ...] = ()
    help: str = ""


class ScoreGroup(Part):
    """Items whose sum is capped at ``most``."""

    code: Code
    name: Name
    most: Amount
    items: Annotated[tuple[ScoreItem, ...], Value(min_length=1)]


class ScoreSheet(Part):
    """The sheet. ``full`` is what all groups give together; ``passes`` is the rule on 得分 and other facts.

    With ``drop_from`` experts or more, the highest and the lowest score are left out of the mean.
    """

    full: Amount = Decimal(100)
    groups: Annotated[tuple[ScoreGroup, ...], Value(min_length=1)]
    passes: RuleText | None = None
    least_experts: int = Value(default=5, ge=0, le=30)
    drop_from: int | None = Value(default=5, ge=3, le=30)
    deviation: Amount = Decimal(20)
    places: int = Value(default=2, ge=0, le=4)


class Instalment(Part):
    """A part of the money: its share, the event after which it is due, and what else has to be so."""

    code: Code
    name: Name
    share: FormulaText
    on: Code
    when: RuleText | None = None


class Money(Part):
    """How much, in 元: ``amount`` is a formula; ``proposed`` means that a meeting fixes the amount within ``most``.

    ``shares`` says which level bears how many parts; ``scaled`` reduces every amount alike where the budget is short.
    """

    mode: Literal["fixed", "formula", "proposed", "none"]
    amount: FormulaText | None = None
    most: FormulaText | None = None
    least: FormulaText | None = None
    places: int = Value(default=0, ge=0, le=2)
    shares: dict[Literal["national", "provincial", "municipal", "county"], Amount] = Value(default_factory=dict)
    scaled: bool = False
    instalments: tuple[Instalment, ...] = ()
    basis: str = ""

    @model_validator(mode="after")
    def _of_its_mode(self) -> Money:
        if self.mode in ("fixed", "formula") and self.amount is None:
            refuse("没有写金额怎么算", "补写 amount，或把 mode 改为 proposed、none")
        if self.mode == "none" and (self.amount or self.instalments):
            refuse("不拨款的事项写了金额", "删去 amount 和 instalments，或改正 mode")
        return self
