"""A ledger 台账: its fields, its key, what its columns mean, how workbooks of it are read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field as Value
from pydantic import field_validator, model_validator

from keshu.catalogue.columns import COLUMNS, SPAN, columns_of
from keshu.catalogue.headers import normalise, normalise_header
from keshu.catalogue.rules import Rule, RuleError, parse_rule
from keshu.catalogue.schema.base import Code, Definition, Name, Names, Part, refuse
from keshu.catalogue.schema.where import Condition, Where

FieldType = Literal[
    "text", "longtext", "code", "date", "month", "year", "money", "quantity", "integer", "number", "bool",
    "party", "parties", "person", "place", "url", "uscc", "idcard", "phone", "patent",
]  # fmt: skip
Reporting = Literal["continuous", "monthly", "yearly"]
Column = Literal[
    "party", "place", "title", "number", "category", "subcategory", "level", "status",
    "filed_on", "decided_on", "started_on", "ended_on", "span",
    "amount_1", "amount_2", "amount_3", "quantity_1", "quantity_2", "quantity_3", "quantity_4", "quantity_5",
]  # fmt: skip
assert {*COLUMNS, SPAN} == set(Column.__args__)  # type: ignore[attr-defined]


class Choice(Part):
    """One value of a code field; the order in the file is the order of rank and of printing.

    ``implies`` fills other fields of the row where they are empty (a national title is of national level).
    A bare text in the file is the name.
    """

    name: Name
    aliases: Names = ()
    implies: dict[Code, str] = Value(default_factory=dict)
    help: str = ""

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, content: Any) -> Any:
        return {"name": content} if isinstance(content, str) else content

    @property
    def spellings(self) -> tuple[str, ...]:
        return (self.name, *self.aliases)


class Field(Part):
    """One field of a ledger.

    ``of`` names the party field that an identifier, a contact or a person belongs to. ``until`` names the field
    that takes the second date where a cell holds a span ("3月1日至5日"). Where the file has no such column or the
    cell is empty, ``infer`` takes the choice whose spelling occurs in that other field, else ``default`` is taken.
    Numbers and money are never below zero unless ``negative`` says that they may be (a loss).
    """

    code: Code
    name: Name
    type: FieldType
    required: bool = False
    maps: Column | None = None
    aliases: Names = ()
    unit: str | None = None
    codes: dict[Code, Choice] = Value(default_factory=dict)
    default: str | None = None
    infer: Code | None = None
    personal: bool = False
    negative: bool = False
    of: Code | None = None
    until: Code | None = None
    help: str = ""

    @property
    def standard(self) -> bool:
        """Whether the loader added it: every ledger has it without saying so, and its hash leaves it out."""
        from keshu.catalogue.standard import is_standard  # those fields are made of this class

        return is_standard(self)

    @property
    def columns(self) -> tuple[str, ...]:
        """The fact columns that it fills."""
        return columns_of(self.maps)

    @property
    def spellings(self) -> tuple[str, ...]:
        """Header texts that name this field, the official name first."""
        return (self.name, *self.aliases)

    def choice_of(self, text: str) -> str | None:
        """The code that a cell means, by name, alias or the code itself; ``None`` if it is none of them."""
        wanted = normalise(text)
        for code, choice in self.codes.items():
            if text.strip() == code or any(wanted == normalise(spelling) for spelling in choice.spellings):
                return code
        return None

    def choice_in(self, text: str) -> str | None:
        """The code whose longest spelling occurs inside a text: how a kind is told from a title."""
        plain = normalise(text)
        found = [
            (len(spelling), code)
            for code, choice in self.codes.items()
            for spelling in map(normalise, choice.spellings)
            if spelling in plain
        ]
        return max(found, key=lambda pair: pair[0])[1] if found else None


class Check(Part):
    """A rule that each row has to keep; ``warning`` says so and takes the row, ``error`` refuses it."""

    code: Annotated[str, Value(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
    rule: str
    when: Where = Value(default_factory=dict)
    severity: Literal["error", "warning"] = "error"
    message: str
    remedy: str

    @field_validator("rule")
    @classmethod
    def _readable(cls, text: str) -> str:
        try:
            parse_rule(text)
        except RuleError as error:
            refuse(str(error), "只写两个字段之间、或字段与常数之间的一个比较，或 unique(字段)")
        return text

    @property
    def parsed(self) -> Rule:
        return parse_rule(self.rule)


class SheetYear(Part):
    """The year that the sheet's title or name says, put into a field: 上年 is ``shift: -1``."""

    field: Code
    shift: int = Value(default=0, ge=-5, le=5)


class Feed(Part):
    """Columns of this ledger's workbooks that belong to a second ledger.

    The second ledger's own aliases find its columns; a row is fed if any field of ``when`` has a value.
    ``fields`` copies fields of this row (target: source), ``set`` fills constants.
    """

    ledger: Code
    when: Annotated[tuple[Code, ...], Value(min_length=1)]
    fields: dict[Code, Code] = Value(default_factory=dict)
    set: dict[Code, str | bool] = Value(default_factory=dict)
    sheet_year: SheetYear | None = None


class Layout(Part):
    """What a workbook of a known shape leaves unsaid: the words in its title give constants for every row.

    ``words`` are looked for in the sheet's title lines, sheet name and file name, the longest match first.
    """

    code: Code
    words: Annotated[tuple[str, ...], Value(min_length=1)]
    set: dict[Code, str] = Value(default_factory=dict)
    sheet_year: SheetYear | None = None


class Ledger(Definition):
    """A ledger. ``key_else`` is the key of rows in which a field of ``key`` is empty."""

    unhashed: ClassVar[frozenset[str]] = frozenset({"headline", "sort"})

    code: Code
    owner: Name
    theme: Name
    reporting: Reporting
    aliases: Names = ()
    basis: str = ""
    key: Annotated[tuple[Code, ...], Value(min_length=1)]
    key_else: tuple[Code, ...] = ()
    place_in_key: bool = False
    headline: dict[str, dict[Code, Condition]] = Value(default_factory=dict)
    sort: tuple[str, ...] = ()
    fields: Annotated[tuple[Field, ...], Value(min_length=1)]
    checks: tuple[Check, ...] = ()
    layouts: tuple[Layout, ...] = ()
    feeds: tuple[Feed, ...] = ()

    def field(self, code: str) -> Field | None:
        """The field with this code, or ``None``."""
        return next((field for field in self.fields if field.code == code), None)

    def mapped(self, column: str) -> Field | None:
        """The field that fills a fact column, or ``None``."""
        return next((field for field in self.fields if column in field.columns), None)

    def column(self, code: str) -> str | None:
        """The fact column that conditions and sums on this field read: the first day for a span."""
        field = self.field(code)
        return field.columns[0] if field and field.columns else None

    def headers(self) -> dict[str, str]:
        """Comparable header text -> field code, for every name and alias."""
        return {normalise_header(text): field.code for field in self.fields for text in field.spellings}

    def personal_fields(self) -> Iterator[Field]:
        return (field for field in self.fields if field.personal)


class Source(Ledger):
    """Facts that no ledger holds, offered by an app: what it calls its fields, and onto which columns they map.

    Indicators name a source as they name a ledger; nobody enters or imports its rows.
    """
