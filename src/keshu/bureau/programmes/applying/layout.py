"""The form of a programme as paths: which fields and tables it has, and what a path means.

`path` is the code of a field, `table:row:column` for a cell, `table:` for the order of a table's rows. Rows that a
definition fixes are numbered from 1; other rows bear short names that whoever adds them makes up, so that two people
can add rows at the same time.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from keshu.catalogue.programme_judging import sheet_of
from keshu.catalogue.proving.programmes_names import fact_name
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_form import FormField, Section, Slot, Table
from keshu.kernel.rules import Sheet, compile_formula, compile_rule

ROW = re.compile(r"[0-9a-z]{1,16}\Z")
LONGEST = {"longtext": 20000}
LONGEST_TEXT = 1000
LONGEST_ORDER = 12000


@dataclass(frozen=True)
class Spot:
    """What a path means: a field, in its section, and in a row of a table where it lies in one."""

    path: str
    field: FormField
    section: Section
    table: Table | None = None
    row: str = ""

    @property
    def most(self) -> int:
        """How many signs are kept at most; what is too long for the form is told by its check, not cut off."""
        return LONGEST.get(self.field.type, LONGEST_TEXT)


@dataclass(frozen=True)
class Layout:
    """The paths of one programme's form."""

    programme: Programme

    @cached_property
    def fields(self) -> dict[str, tuple[FormField, Section]]:
        return {field.code: (field, part) for part in self.programme.sections for field in part.fields}

    @cached_property
    def tables(self) -> dict[str, tuple[Table, Section]]:
        return {table.code: (table, part) for part in self.programme.sections for table in part.tables}

    @cached_property
    def sections(self) -> dict[str, Section]:
        return {part.code: part for part in self.programme.sections}

    @cached_property
    def slots(self) -> dict[str, Slot]:
        return {slot.code: slot for slot in self.programme.attachments}

    @cached_property
    def sheet(self) -> Sheet:
        return sheet_of(self.programme)

    @cached_property
    def needs(self) -> frozenset[str]:
        """Every name that a rule of the form or a computed fact speaks of."""
        rules = [*self._whens()]
        found = {name for rule in rules for name in compile_rule(rule).names}
        for fact in self.programme.computed:
            found.update(compile_formula(fact.formula or fact.of or "0").names)
        for field, _section in self.fields.values():
            if field.computed:
                found.update(compile_formula(field.computed).names)
        return frozenset(found)

    def _whens(self) -> Iterator[str]:
        for part in self.programme.sections:
            for one in (part, *part.fields, *part.tables, *(c for table in part.tables for c in table.columns)):
                if one.when:
                    yield one.when
        yield from (slot.when for slot in self.programme.attachments if slot.when)

    def spot(self, path: str) -> Spot | None:
        """What may be typed at the path; None for a path that the form has not, and for computed fields."""
        parts = path.split(":")
        if len(parts) == 1:
            found = self.fields.get(path)
            return None if found is None or found[0].computed else Spot(path, found[0], found[1])
        if len(parts) != 3 or parts[0] not in self.tables or not ROW.match(parts[1]):
            return None
        table, section = self.tables[parts[0]]
        if table.rows and parts[1] not in fixed_rows(table):
            return None
        column = next((one for one in table.columns if one.code == parts[2] and not one.computed), None)
        return None if column is None else Spot(path, column, section, table, parts[1])

    def is_personal(self, path: str) -> bool:
        spot = self.spot(path)
        return spot is not None and spot.field.personal


_known: dict[int, tuple[Programme, Layout]] = {}


def layout_of(programme: Programme) -> Layout:
    """Worked out once for each definition."""
    found = _known.get(id(programme))
    if found is None or found[0] is not programme:
        found = _known[id(programme)] = (programme, Layout(programme))
    return found[1]


def fixed_rows(table: Table) -> list[str]:
    return [str(number) for number in range(1, len(table.rows) + 1)]


def rows_of(table: Table, texts: Mapping[str, str]) -> list[str]:
    """The rows of a table in their order. Rows that nobody has put in order come last, by name; removed ones never."""
    if table.rows:
        return fixed_rows(table)
    listed, gone = order_of(texts.get(f"{table.code}:", ""))
    prefix = f"{table.code}:"
    found = {path.split(":")[1] for path in texts if path.startswith(prefix) and path.count(":") == 2}
    return listed + sorted(found - set(listed) - gone)


def order_of(text: str) -> tuple[list[str], set[str]]:
    """The text of a `table:` cell: rows in order, and rows that were removed (written with a minus sign)."""
    words = text.split()
    listed = [word for word in dict.fromkeys(words) if ROW.match(word)]
    gone = {word[1:] for word in words if word.startswith("-")}
    return [row for row in listed if row not in gone], gone


def name_of(part: FormField | Table) -> str | None:
    """How rules call it."""
    return fact_name(part)
