"""The form of a programme: sections of the fields that ledgers have too, tables with sums, slots for attachments."""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal

from pydantic import Field as Value
from pydantic import StringConstraints

from keshu.catalogue.schema.base import Code, Name, Part
from keshu.catalogue.schema.ledger import Field
from keshu.catalogue.schema.programme_parts import FormulaText, RuleText

FileType = Literal["pdf", "jpg", "png", "docx", "doc", "wps", "xlsx", "xls", "ofd", "zip"]
#: source.field, with the year counted from the year of the call: ``profile.revenue@-1``
Prefill = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z0-9_]+(@-[1-5])?$")]
#: how a name may be called in rules
FactName = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*$", max_length=40)
]


class FormField(Field):
    """A field of a form. Rules call it by ``fact``, or by its name where that is a name that rules can say.

    ``prefill`` is where it comes from (the applicant may correct it, the difference is shown); ``computed`` fields are
    shown and never typed; ``when`` leaves it out of the form where the rule does not hold.
    """

    hashed: ClassVar[frozenset[str]] = frozenset({"name"})

    fact: FactName | None = None
    prefill: Prefill | None = None
    computed: FormulaText | None = None
    when: RuleText | None = None
    most_words: int | None = Value(default=None, ge=1, le=20000)


class Table(Part):
    """Rows of the same columns. ``sums`` are columns with a total below; ``rows`` are the fixed rows of a budget."""

    hashed: ClassVar[frozenset[str]] = frozenset({"name"})

    code: Code
    name: Name
    fact: FactName | None = None
    columns: Annotated[tuple[FormField, ...], Value(min_length=1)]
    least: int = Value(default=0, ge=0, le=500)
    most: int = Value(default=50, ge=1, le=500)
    sums: tuple[Code, ...] = ()
    rows: tuple[Name, ...] = ()
    when: RuleText | None = None
    help: str = ""


class Section(Part):
    """A part of the form on a page of its own; ``when`` leaves it out where the rule does not hold."""

    code: Code
    name: Name
    help: str = ""
    when: RuleText | None = None
    fields: tuple[FormField, ...] = ()
    tables: tuple[Table, ...] = ()


class Slot(Part):
    """A named place for attachments, with what may be put there."""

    code: Code
    name: Name
    required: bool = False
    when: RuleText | None = None
    types: Annotated[tuple[FileType, ...], Value(min_length=1)] = ("pdf",)
    megabytes: int = Value(default=20, ge=1, le=500)
    many: bool = False
    public: bool = False
    help: str = ""
