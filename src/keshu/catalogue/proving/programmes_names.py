"""What the rules of a programme may speak of, and of which kind each is."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from keshu.catalogue.problems import Flaw
from keshu.catalogue.schema.ledger import Field
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_form import FormField, Section, Table
from keshu.catalogue.schema.programme_words import FACTS
from keshu.kernel.rules import Domain

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue

NUMERIC: Final = frozenset({"money", "quantity", "integer", "number"})
_KINDS: Final = {
    "money": "number", "quantity": "number", "integer": "number", "number": "number", "year": "number",
    "date": "date", "month": "date", "bool": "truth", "parties": "list", "party": "any", "person": "any", "place": "any",
}  # fmt: skip
_PARAMETERS: Final = {"number": "number", "text": "text", "bool": "truth", "numbers": "list", "days": "list"}
_SAYABLE: Final = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*\Z")
#: facts that nobody knows while the application is written
LATER: Final = frozenset(
    {"得分", "核定金额", "已拨金额", "决定日期", "公示日期", "拨付日期", "验收日期", "有效期至", "文号", "编号", "等级"}
)


ANYTHING: Final = Domain()


@dataclass(frozen=True, slots=True)
class Known:
    """A name: its kind, what it can be, and whether it is there only after the decision."""

    kind: str
    domain: Domain = ANYTHING
    later: bool = False


def fact_name(part: FormField | Table) -> str | None:
    """How rules call a field or a table; ``None`` where its name is none that rules can say."""
    return part.fact or (part.name if _SAYABLE.match(part.name) else None)


def kind_of_field(field: Field) -> str:
    """The kind of value that a field of this type holds in a rule."""
    return _KINDS.get(field.type, "text")


def known_names(programme: Programme, catalogue: Catalogue) -> dict[str, Known]:
    """Every name that a rule of the programme may use."""
    found = {name: Known(fact.kind, Domain(fact.choices), name in LATER) for name, fact in FACTS.items()}
    for code, parameter in catalogue.parameters.items():
        found[code] = Known(_PARAMETERS[parameter.type])
    for section in programme.sections:
        for name, field in _fields(section):
            found[name] = Known(kind_of_field(field), _domain(field))
        for table in section.tables:
            found.update(_of_table(table))
    for fact in programme.computed:
        found[fact.name] = Known("number" if fact.tiers or fact.bands else "any")
    return found


def _fields(section: Section) -> Iterator[tuple[str, FormField]]:
    for field in section.fields:
        if (name := fact_name(field)) is not None:
            yield name, field


def _of_table(table: Table) -> Iterator[tuple[str, Known]]:
    base = fact_name(table)
    if base is None:
        return
    yield base, Known("list")
    for column in table.columns:
        if (name := fact_name(column)) is not None:
            yield f"{base}.{name}", Known("list")
            for row in table.rows:
                yield f"{base}.{row}.{name}", Known(kind_of_field(column), _domain(column))


def _domain(field: FormField) -> Domain:
    if field.type == "code":
        return Domain(tuple(field.codes))
    if field.type in NUMERIC and not field.negative:
        return Domain(least=Decimal(0))
    return ANYTHING


def repeated_names(programme: Programme) -> Iterator[Flaw]:
    """Names that two things bear: a rule would mean one of them and its reader the other."""
    taken: dict[str, str] = dict.fromkeys(FACTS, "系统提供的事实")
    for at, part in enumerate(programme.form):
        if isinstance(part, str):
            continue
        names = [name for name, _field in _fields(part)] + [n for t in part.tables if (n := fact_name(t))]
        for name in names:
            if name in taken:
                message = f"“{name}”与{taken[name]}重名"
                yield Flaw(("form", at), message, "换一个名称，或用 fact 另取规则中的叫法")
            taken[name] = f"“{part.name}”中的一项"
    for at, fact in enumerate(programme.computed):
        if fact.name in taken:
            yield Flaw(("computed", at, "name"), f"“{fact.name}”与{taken[fact.name]}重名", "换一个名称")
        taken[fact.name] = "另一个计算项"
