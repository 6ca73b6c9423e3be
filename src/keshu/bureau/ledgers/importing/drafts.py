"""A row of a table as field values: cells read, gaps filled from the definition and the sheet, problems collected."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from keshu.bureau.forms.readers import Surroundings, read_place, reader_of
from keshu.bureau.forms.rules import fields_of
from keshu.bureau.ledgers.importing.columns import Column
from keshu.bureau.ledgers.importing.findings import ERROR, WARNING, Finding, column_letters
from keshu.catalogue.schema import Field, Ledger
from keshu.kernel import typed
from keshu.kernel.typed import Problem, Read

#: columns of days on which something happened: they lie neither in the future nor behind the sheet's cut-off
HAPPENED = ("filed_on", "decided_on", "started_on")
#: notes of a reader that a clerk should look at; the others only explain
NOTABLE = ("名单不全", "的年份按")


@dataclass
class Draft:
    """One row on its way in. `typed_as` keeps the words of the file where the value is only about right,

    `unread` those that gave no value at all.
    """

    ledger: str
    sheet: str
    row: int
    values: dict[str, Any] = field(default_factory=dict)
    assumed: set[str] = field(default_factory=set)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    typed_as: dict[str, str] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    place_told: bool = False
    blank_day: bool = False

    @property
    def wrong(self) -> bool:
        return any(finding.severity == ERROR for finding in self.findings)


@dataclass(frozen=True)
class Filling:
    """Values for every row of a table: from the layout's words, a feed, a group heading, the sheet's year."""

    constants: Mapping[str, Any] = field(default_factory=dict)
    place_id: int | None = None


class RowReader:
    """Reads the rows of one table into drafts of one ledger."""

    def __init__(self, ledger: Ledger, columns: Sequence[Column], around: Surroundings, sheet: str) -> None:
        self.ledger, self.sheet, self.around = ledger, sheet, around
        self.columns = [(c, reader_of(c.field, c.unit, around)) for c in columns if c.field.type != "place"]
        self.place_columns = [c for c in columns if c.field.type == "place"]
        place = ledger.mapped("place")
        self.place = place.code if place else ""
        self.number_columns = [c for c, _ in self.columns if c.field.type in ("money", "quantity", "integer", "number")]
        self.number_texts = [c for c, _ in self.columns if c.field.type == "text" and c.field.maps == "number"]
        self.day_columns = [c for c, _ in self.columns if c.field.type == "date"]
        self.year_columns = [c for c, _ in self.columns if c.field.type == "year"]
        self.headings = {column.field.code: column for column in columns}
        self._inferring = [item for item in ledger.fields if item.infer]
        self._implying = [item for item in ledger.fields if any(c.implies for c in item.codes.values())]
        self._defaults = [
            (f, reader_of(f, "", around)(f.default).value) for f in ledger.fields if f.default is not None
        ]
        self.days = [f for f in ledger.fields if f.type == "date" and f.maps in HAPPENED]
        self.codes = [f for f in ledger.fields if f.type == "uscc"]
        self.code_of = {f.of: f.code for f in reversed(self.codes) if f.of}
        self.ends = _ends_of(ledger)
        self.parties = [item for item in ledger.fields if item.type in ("party", "parties")]
        self._required = [item for item in ledger.fields if item.required]

    def read(self, number: int, cells: Sequence[Any], filling: Filling) -> Draft:
        draft = Draft(self.ledger.code, self.sheet, number)
        for column, reader in self.columns:
            value = cells[column.index] if column.index < len(cells) else None
            if value is None or value == "":
                draft.blank_day |= column.field.type == "date" and column.field.maps in HAPPENED
                continue
            self._take(draft, column, reader(value), value)
        if self.place_columns:
            self._take_place(draft, cells)
        self.complete(draft, filling)
        return draft

    def _take_place(self, draft: Draft, cells: Sequence[Any]) -> None:
        """One column, or several from large to small: a town is looked for in the county that another column names."""
        within, column = self.around.within, self.place_columns[0]
        for column in self.place_columns:
            value = cells[column.index] if column.index < len(cells) else None
            read = read_place(value, self.around, within)
            if read.problem is not None:
                draft.unread[column.field.code] = typed.cell_text(value)
                draft.findings.append(self.finding(draft, column.field.code, read.problem))
            elif read.value is not None:
                draft.values[column.field.code] = self.around.ids[read.value]
                within = self.around.below(read.value)

    def _take(self, draft: Draft, column: Column, read: Read[Any], value: Any) -> None:
        item = column.field
        if item.type in ("party", "uscc"):
            draft.raw[item.code] = typed.cell_text(value)
        if read.problem is not None:
            draft.unread[item.code] = typed.cell_text(value)
            draft.findings.append(self.finding(draft, item.code, read.problem))
            return
        if read.note and any(word in read.note for word in NOTABLE):
            draft.findings.append(
                self.finding(draft, item.code, Problem("assumed", read.note, "如不符请改正原表"), WARNING)
            )
        if read.value is None:
            return
        if read.approx:
            draft.typed_as[item.code] = typed.cell_text(value)[:60]
        if item.type in ("party", "parties"):
            draft.names[item.code] = read.value
        elif item.until:
            _take_span(draft, item, read.value)
        else:
            draft.values[item.code] = read.value

    def complete(self, draft: Draft, filling: Filling) -> None:
        """Fill what the row leaves open, then say what it still lacks."""
        for code, value in filling.constants.items():
            if code not in draft.values:
                draft.values[code] = value
        self._settle_place(draft, filling)
        for item in self._inferring:
            self._infer(draft, item)
        for item in self._implying:
            self._imply(draft, item)
        for item, value in self._defaults:
            if item.code not in draft.values and not self._spoilt(draft, item):
                draft.values[item.code] = value
                draft.assumed.add(item.code)
        for item in self._required:
            self._require(draft, item)

    def _settle_place(self, draft: Draft, filling: Filling) -> None:
        if not self.place:
            return
        if draft.values.get(self.place) is not None:
            draft.place_told = True
        elif filling.place_id is not None:
            draft.values[self.place] = filling.place_id

    def _infer(self, draft: Draft, item: Field) -> None:
        text = draft.values.get(item.infer or "")
        if item.code in draft.values or not isinstance(text, str) or self._spoilt(draft, item):
            return
        code = item.choice_in(text)
        if code is not None:
            draft.values[item.code] = code
            draft.assumed.add(item.code)

    def _imply(self, draft: Draft, item: Field) -> None:
        choice = item.codes.get(draft.values.get(item.code, ""))
        for code, value in (choice.implies if choice else {}).items():
            if code not in draft.values:
                draft.values[code] = value
                draft.assumed.add(code)

    def _require(self, draft: Draft, item: Field) -> None:
        if item.code in draft.values or item.code in draft.names or self._spoilt(draft, item):
            return
        problem = Problem("required", f"缺少{item.name}", f"请补填{item.name}")
        draft.findings.append(self.finding(draft, item.code, problem))

    def _spoilt(self, draft: Draft, item: Field) -> bool:
        """The cell said something that could not be read: no default in its place, and no second complaint."""
        if not draft.findings:
            return False
        heading = self.heading(item.code)
        return any(finding.column == heading and finding.severity == ERROR for finding in draft.findings)

    def heading(self, code: str) -> str:
        column = self.headings.get(code)
        if column is not None:
            return column.heading
        item = self.ledger.field(code)
        return item.name if item else code

    def finding(self, draft: Draft, code: str, problem: Problem, severity: str = ERROR) -> Finding:
        column = self.headings.get(code)
        cell = f"{column_letters(column.index)}{draft.row}" if column else ""
        return Finding(
            draft.sheet, draft.row, self.heading(code), problem.code, problem.message, problem.remedy, severity, cell
        )


def _ends_of(ledger: Ledger) -> tuple[Field, Field] | None:
    """The first and the last day of the row, where no rule of the definition compares them."""
    first, last = ledger.mapped("started_on"), ledger.mapped("ended_on")
    if first is None or last is None or first.type != "date" or last.type != "date":
        return None
    ruled = any({first.code, last.code} <= set(fields_of(check)) for check in ledger.checks)
    return None if ruled else (first, last)


def _take_span(draft: Draft, item: Field, span: tuple[date, date]) -> None:
    """A cell that holds two days fills two fields; the second field's own column goes first."""
    draft.values[item.code] = span[0]
    if item.until and span[1] != span[0]:
        draft.values.setdefault(item.until, span[1])


def is_blank(cells: Iterable[Any]) -> bool:
    return all(value is None or (isinstance(value, str) and not value.strip()) for value in cells)
