"""What the paths of a task book are called, and its texts section by section, personal ones left out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.programmes.applying.layout import Layout, Spot, layout_of, rows_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import ChangeRequest, TaskBook
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_form import Section

#: sections of a form that are no part of a contract
NO_CONTRACT = frozenset({"firm", "ethics", "pledge", "bank"})


@dataclass(frozen=True)
class Text:
    """One text of the task book: where it stands, what it is called, how it reads now and in the application."""

    path: str
    label: str
    text: str
    before: str
    long: bool

    @property
    def changed(self) -> bool:
        return self.text != self.before


@dataclass(frozen=True)
class Part:
    """A section with its texts."""

    name: str
    texts: tuple[Text, ...]


def label_of(programme: Programme, path: str, values: Mapping[str, str]) -> str:
    """研究内容 for a field, 考核指标 第 1 行 目标值 for a cell: `values` say in which order the rows stand."""
    spot = layout_of(programme).spot(path)
    return path if spot is None else _label(spot, values)


def _label(spot: Spot, values: Mapping[str, str]) -> str:
    if spot.table is None:
        return spot.field.name
    rows = rows_of(spot.table, values)
    number = rows.index(spot.row) + 1 if spot.row in rows else len(rows) + 1
    if spot.table.rows and number <= len(spot.table.rows):
        return f"{spot.table.name} {spot.table.rows[number - 1]} {spot.field.name}"
    return _("%(table)s 第 %(number)s 行 %(column)s") % {
        "table": spot.table.name, "number": number, "column": spot.field.name,
    }  # fmt: skip


def lines_of_change(case: Case, row: ChangeRequest) -> list[tuple[str, str, str]]:
    """What a request changes: what it is called, how it read, how it is to read."""
    book = TaskBook.objects.filter(application=case.application, replaced_by__isnull=True).first()
    values = {**(book.values if book else {}), **row.before, **row.after}
    return [
        (label_of(case.programme, path, values), row.before.get(path, ""), text) for path, text in row.after.items()
    ]


def parts_of(programme: Programme, values: Mapping[str, str], before: Mapping[str, str]) -> list[Part]:
    """The task book for reading and mending, beside what the application said."""
    layout = layout_of(programme)
    found = []
    for section in programme.sections:
        if section.code not in NO_CONTRACT:
            texts = tuple(_texts(layout, section, values, before))
            if texts:
                found.append(Part(section.name, texts))
    return found


def _texts(layout: Layout, section: Section, values: Mapping[str, str], before: Mapping[str, str]) -> Iterator[Text]:
    for path in _paths(section, {**before, **values}):
        spot = layout.spot(path)
        if spot is not None and not spot.field.personal:
            yield Text(
                path,
                _label(spot, {**before, **values}),
                values.get(path, ""),
                before.get(path, ""),
                spot.field.type == "longtext",
            )


def _paths(section: Section, values: Mapping[str, str]) -> Iterator[str]:
    yield from (field.code for field in section.fields)
    for table in section.tables:
        for row in rows_of(table, values):
            yield from (f"{table.code}:{row}:{column.code}" for column in table.columns)
