"""What the parts of a programme share: rules, formulas and amounts as texts that are read when they are loaded."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Discriminator, PlainSerializer, StringConstraints, WithJsonSchema
from pydantic import Field as Value

from keshu.catalogue.schema.base import Part, refuse
from keshu.kernel.rules import Band, RuleError, Tier, compile_formula, compile_rule

_PARAMETER = r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)+$"


def _rule(text: str) -> str:
    try:
        compile_rule(text)
    except RuleError as error:
        refuse(f"条件读不懂：{error}", "按规则写法改正，比较式之间用 and、or 连接")
    return text


def _formula(text: str) -> str:
    try:
        compile_formula(text)
    except RuleError as error:
        refuse(f"算式读不懂：{error}", "按规则写法改正")
    return text


def _amount(value: object) -> object:
    """A number, or one with its unit: 35%, 5000万, 2亿."""
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return Decimal(value)
    if isinstance(value, str):
        try:
            found = compile_formula(value).value({})
        except RuleError:
            found = None
        if isinstance(found, Decimal):
            return found
    refuse(f"“{value}”不是数", "写成数字，可以带 %、万、亿")


def _text(value: object) -> object:
    return str(value) if isinstance(value, (int, Decimal)) and not isinstance(value, bool) else value


def _limit(value: object) -> object:
    return value if isinstance(value, (int, str)) and not isinstance(value, bool) else str(value)


def written_or_named(value: Any) -> str:
    """Whether a place holds the thing itself or the code of one in a library."""
    return "named" if isinstance(value, str) else "written"


RuleText = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_rule)]
#: a bare number in the file is a formula too
FormulaText = Annotated[str, BeforeValidator(_text), StringConstraints(min_length=1), AfterValidator(_formula)]
Amount = Annotated[
    Decimal,
    BeforeValidator(_amount),
    PlainSerializer(lambda value: f"{value:f}", when_used="json"),
    WithJsonSchema({"type": ["number", "string"]}),
]
ParameterCode = Annotated[str, StringConstraints(pattern=_PARAMETER, max_length=80)]
Limit = Annotated[
    Annotated[int, Value(ge=0, le=3660)] | ParameterCode,
    Value(union_mode="left_to_right"),
    WithJsonSchema({"type": ["integer", "string"]}),
]
NamedOrWritten = Discriminator(written_or_named)


class TierRow(Part):
    """One row of a point table: ``from`` and ``to`` belong to it, ``above`` and ``below`` do not."""

    value: Amount
    from_: Amount | None = Value(default=None, alias="from")
    above: Amount | None = None
    to: Amount | None = None
    below: Amount | None = None
    lowest: Amount | None = None
    says: str = ""

    @property
    def tier(self) -> Tier:
        return Tier(self.value, self.from_, self.above, self.to, self.below, self.lowest, self.says)


class BandRow(Part):
    """One stretch of a progressive amount: its rate from here up to the next."""

    above: Amount
    rate: Amount

    @property
    def band(self) -> Band:
        return Band(self.above, self.rate)
