"""The form as it was handed in, for whoever checks it: sections of labels and texts, tables with their sums."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keshu.bureau.parties.personal import mask
from keshu.bureau.programmes.applying.reading import form_of
from keshu.bureau.programmes.applying.sheet import Filled
from keshu.bureau.programmes.casing import Case
from keshu.catalogue.schema.programme_form import FormField, Slot, Table


@dataclass(frozen=True)
class ShownTable:
    name: str
    headings: list[str]
    rows: list[list[str]]
    sums: list[str]


@dataclass(frozen=True)
class ShownSection:
    code: str
    name: str
    facts: list[tuple[str, str]]
    tables: list[ShownTable]


@dataclass(frozen=True)
class ShownSlot:
    """A place for papers with what lies in it; `lacking` says that it has to be filled and is not."""

    slot: Slot
    papers: list[dict[str, Any]]
    lacking: bool


def shown_form(case: Case) -> tuple[Filled, list[ShownSection]]:
    """The version that counts; personal fields masked."""
    form = form_of(case.application, at=case.at)
    sections = [
        ShownSection(
            part.code,
            part.name,
            [(one.name, _text(form, one, one.code)) for one in part.fields if form.holds(one.when) is not False],
            [_table(form, one) for one in part.tables if form.holds(one.when) is not False],
        )
        for part in form.sections()
    ]
    return form, sections


def _text(form: Filled, field: FormField, path: str) -> str:
    if field.computed:
        value = form.computed(field)
        return "" if value is None else f"{value:,}" if isinstance(value, Decimal) else str(value)
    text = form.text(path)
    return mask(text, field.type) if field.personal and text else text


def _table(form: Filled, table: Table) -> ShownTable:
    columns = list(table.columns)
    sums = form.sums(table)
    rows = list(_rows(form, table))
    totals = [f"{sums[one.code]:,}" if one.code in sums else "" for one in columns] if sums else []
    return ShownTable(table.name, [*([""] if table.rows else []), *(one.name for one in columns)], rows, totals)


def _rows(form: Filled, table: Table) -> Iterator[list[str]]:
    for number, row in enumerate(form.rows(table)):
        cells = [_text(form, column, f"{table.code}:{row}:{column.code}") for column in table.columns]
        yield [table.rows[number], *cells] if table.rows else cells


def shown_slots(case: Case, form: Filled) -> list[ShownSlot]:
    """The slots that this form shows, with the papers of the version."""
    version = case.application.version
    papers = version.papers if version is not None else []
    found = []
    for slot in form.slots():
        mine = [paper for paper in papers if paper["slot"] == slot.code]
        found.append(ShownSlot(slot, mine, lacking=slot.required and not mine))
    return found
