"""What the pages of the form show: one section with its controls, the list of sections, the whole form to read."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.accounts.models import User
from keshu.bureau.forms.controls import control_of
from keshu.bureau.forms.engine import WIDE
from keshu.bureau.parties import personal
from keshu.bureau.programmes.applying.cells import Change, Conflict, new_row
from keshu.bureau.programmes.applying.layout import Layout, Spot, order_of, rows_of
from keshu.bureau.programmes.applying.prefill import Known, ledger_of
from keshu.bureau.programmes.applying.reading import Draft
from keshu.bureau.programmes.applying.sheet import PAPERS, Filled, Remark
from keshu.bureau.programmes.models import Defect
from keshu.catalogue.schema import Ledger
from keshu.catalogue.schema.programme_form import FormField, Section, Table

CELL, SEEN = "c-", "s-"
PLAIN = re.compile(r"-?\d{1,30}(?:\.\d{1,30})?")
SPARE = 2  # empty rows below a table, for people without a script


@dataclass(frozen=True)
class Control:
    """One field of the page: its control, the version under it, and everything there is to say about it."""

    path: str
    field: FormField
    bound: forms.BoundField | None
    token: str = ""
    value: str = ""
    css: str = ""
    known: Known | None = None  # the bureau knows it, and the applicant left it as it is
    other: Known | None = None  # the bureau knows something else
    remarks: Sequence[Remark] = ()
    defects: Sequence[Defect] = ()
    conflict: Conflict | None = None


@dataclass(frozen=True)
class Line:
    """A row of a table."""

    name: str
    title: str
    controls: Sequence[Control]
    spare: bool = False


@dataclass(frozen=True)
class Grid:
    """A table: its rows, an empty row to be copied, the sums of its columns."""

    table: Table
    lines: Sequence[Line]
    pattern: Line | None
    sums: Mapping[str, str]
    remarks: Sequence[Remark] = ()
    defects: Sequence[Defect] = ()
    removed: Sequence[tuple[str, str]] = ()  # rows that can be had back: name, what stands in them

    @property
    def ledger(self) -> Ledger | None:
        """Where rows can be brought in from."""
        return ledger_of(self.table)

    @property
    def columns(self) -> list[tuple[FormField, str]]:
        """Each column with the id that its cells are labelled by."""
        return [(column, f"h-{self.table.code}-{column.code}") for column in self.table.columns]


@dataclass(frozen=True)
class Tab:
    """A section in the list at the left: how much is missing, how much is wrong."""

    code: str
    name: str
    url: str
    here: bool = False
    missing: int = 0
    wrong: int = 0
    defects: int = 0

    @property
    def done(self) -> bool:
        return not (self.missing or self.wrong or self.defects)


@dataclass
class SectionPage:
    """One section to be filled in. `conflicts` by path: what somebody else had saved meanwhile."""

    draft: Draft
    section: Section
    at: datetime
    defects: Sequence[Defect] = ()
    conflicts: Mapping[str, Conflict] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.form = self.draft.form
        self.inputs = forms.Form(prefix="c", use_required_attribute=False)

    @property
    def controls(self) -> list[Control]:
        shown = [one for one in self.section.fields if self.form.holds(one.when) is not False]
        return [self._control(Spot(one.code, one, self.section)) for one in shown]

    @property
    def grids(self) -> list[Grid]:
        return [self._grid(table) for table in self.section.tables if self.form.holds(table.when) is not False]

    def _control(self, spot: Spot) -> Control:
        item, path = spot.field, spot.path
        if item.computed:
            return Control(path, item, None, value=computed_text(self.form, item), css="ap-computed")
        conflict = self.conflicts.get(path)
        value = shown(item, conflict.mine if conflict else self.form.text(path))
        bound = self._bound(spot, value)
        known = self.draft.known.get(path)
        differs = path in self.draft.differences
        version = conflict.version if conflict else self.draft.version(path)
        remarks = [one for one in self.form.problem_at(path) if not one.missing]
        return Control(
            path, item, bound, token_of(version, shown(item, conflict.theirs) if conflict else value), value,
            css="is-wide" if item.type in WIDE else "", known=None if differs else known, other=known if differs else None,
            remarks=remarks, defects=[one for one in self.defects if one.field == path], conflict=conflict,
        )  # fmt: skip

    def _bound(self, spot: Spot, value: str) -> forms.BoundField:
        item = spot.field
        plain = item.model_copy(update={"type": "text"}) if item.type in ("place", "party", "parties") else item
        made = control_of(plain, places=(), suggest="")
        made.required = item.required
        if item.type == "parties":
            made.help_text = "；".join(filter(None, [item.help, _("多个单位用顿号隔开")]))
        if item.type == "longtext":
            made.widget.attrs["rows"] = 3 if spot.table else min(16, max(4, (item.most_words or 500) // 120))
        if spot.table:
            css = "form-select" if isinstance(made.widget, forms.Select) else "form-control"
            made.widget.attrs |= {"aria-labelledby": f"h-{spot.table.code}-{item.code}", "class": css}
        self.inputs.fields[spot.path] = made
        self.inputs.initial[spot.path] = value
        return self.inputs[spot.path]

    def _grid(self, table: Table) -> Grid:
        names = rows_of(table, self.form.texts)
        lines = [self._line(table, name, number) for number, name in enumerate(names, start=1)]
        pattern = None
        if not table.rows:
            wanted = max(SPARE, table.least - len(lines)) if len(lines) < table.most else 0
            spare = [new_row(self.at, number) for number in range(wanted)]
            lines += [self._line(table, name, len(lines) + n, spare=True) for n, name in enumerate(spare, start=1)]
            pattern = self._line(table, "rowname", 0, spare=True)
        sums = {code: number_text(value) for code, value in self.form.sums(table).items()}
        remarks = [one for one in self.form.problem_at(f"{table.code}:") if not one.missing]
        prefix = f"{table.code}:"
        defects = [one for one in self.defects if one.field in (table.code, prefix)]
        return Grid(table, lines, pattern, sums, remarks, defects, list(self._removed(table)))

    def _removed(self, table: Table) -> Iterator[tuple[str, str]]:
        for row in sorted(order_of(self.form.text(f"{table.code}:"))[1], reverse=True)[:10]:
            texts = [said(one, self.form.text(f"{table.code}:{row}:{one.code}")) for one in table.columns]
            if any(texts):
                yield row, "，".join(filter(None, texts))[:60]

    def _line(self, table: Table, name: str, number: int, *, spare: bool = False) -> Line:
        spots = [Spot(f"{table.code}:{name}:{one.code}", one, self.section, table, name) for one in table.columns]
        title = table.rows[number - 1] if table.rows else str(number or "")
        return Line(name, title, [self._control(spot) for spot in spots], spare)


def tabs_of(draft: Draft, *, here: str, defects: Sequence[Defect] = ()) -> list[Tab]:
    """Every section that shows, then the papers, then the check."""
    form, pk = draft.form, draft.application.pk
    said = form.problems
    found = []
    for code, name in [*((one.code, one.name) for one in form.sections()), (PAPERS, _("附件"))]:
        mine = [one for one in said if one.section == code]
        url = (
            reverse("programmes:papers", args=[pk])
            if code == PAPERS
            else reverse("programmes:section", args=[pk, code])
        )
        asked = sum(1 for one in defects if section_of(draft.layout, one.field) == code)
        missing = sum(1 for one in mine if one.missing)
        found.append(Tab(code, name, url, code == here, missing, len(mine) - missing, asked))
    return found


def section_of(layout: Layout, path: str) -> str:
    """The section in which a path lies; "" for a remark about the whole."""
    head = path.partition(":")[0]
    if head == "slot":
        return PAPERS
    if head in layout.fields:
        return layout.fields[head][1].code
    if head in layout.tables:
        return layout.tables[head][1].code
    return head if head in layout.sections else ""


def address_of(application_id: int, layout: Layout, path: str, section: str) -> str:
    """Where a path is mended: its section's page, at the very control."""
    if section == PAPERS:
        return f"{reverse('programmes:papers', args=[application_id])}#{path.replace(':', '-')}"
    if section not in layout.sections:
        return reverse("programmes:check", args=[application_id])
    return f"{reverse('programmes:section', args=[application_id, section])}#at-{path}"


# texts in and out of controls


def shown(item: FormField, text: str) -> str:
    """The text as its control has it: choices by their code, line ends as one sign."""
    if item.type == "code":
        return item.choice_of(text) or text
    if item.type == "bool":
        return {"true": "是", "false": "否", "√": "是", "×": "否"}.get(text.strip().lower(), text)
    return text.replace("\r\n", "\n")


def token_of(version: int, text: str) -> str:
    """What a page sends back with a control: which version was shown, and what it said."""
    return f"{version}.{hashlib.sha256(text.strip().encode()).hexdigest()[:12]}"


def changes_in(data: Mapping[str, str]) -> list[Change]:
    """What was changed on a page that was posted whole: controls whose text is not the one that was shown."""
    found = []
    for name in data:
        if not name.startswith(CELL):
            continue
        path, text = name.removeprefix(CELL), data[name].replace("\r\n", "\n").strip()
        seen, _dot, _digest = data.get(f"{SEEN}{path}", "").partition(".")
        version = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
        if token_of(version, text) != data.get(f"{SEEN}{path}"):
            found.append(Change(path, text, version))
    return found


def computed_text(form: Filled, item: FormField) -> str:
    value = form.computed(item)
    return "" if value is None else number_text(value) if isinstance(value, Decimal) else str(value)


def number_text(value: Decimal) -> str:
    """Grouped by thousands, without zeros that say nothing."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figures_of(draft: Draft, section: Section) -> dict[str, Any]:
    """What changes on a page while somebody types: computed fields, sums, remarks, the counts of the list."""
    form = draft.form
    remarks: dict[str, list[str]] = {}
    for one in form.problems_of(section.code):
        if not one.missing:
            remarks.setdefault(one.path, []).append(one.text)
    return {
        "computed": {one.code: computed_text(form, one) for one in section.fields if one.computed},
        "sums": {
            f"{table.code}:{code}": number_text(value)
            for table in section.tables
            for code, value in form.sums(table).items()
        },
        "remarks": remarks,
        "tabs": {tab.code: [tab.missing, tab.wrong] for tab in tabs_of(draft, here=section.code)},
        "shows": [one.code for one in section.fields if form.holds(one.when) is not False],
    }


def names_of(usernames: Sequence[str]) -> dict[str, str]:
    """People by their account names; one query, none for nobody."""
    wanted = sorted(set(usernames))
    return dict(User.objects.filter(username__in=wanted).values_list("username", "name")) if wanted else {}


# the whole form, to be read


@dataclass(frozen=True)
class Reading:
    """A section to be read: labels with texts, tables as lists of rows."""

    code: str
    name: str
    pairs: Sequence[tuple[str, str, str]]  # path, label, text
    tables: Sequence[tuple[Table, Sequence[tuple[str, Sequence[str]]], Sequence[str]]]  # rows with titles, footer


def whole_form(form: Filled, *, own: bool) -> list[Reading]:
    """Every section that shows. For others than the applicant's own people personal texts are masked."""
    return [_reading(form, section, own=own) for section in form.sections()]


def _reading(form: Filled, section: Section, *, own: bool) -> Reading:
    pairs = [
        (one.code, label_of(one), computed_text(form, one) if one.computed else said(one, form.text(one.code), own=own))
        for one in section.fields
        if form.holds(one.when) is not False
    ]
    tables = [
        (table, list(_lines(form, table, own=own)), _footer(form, table))
        for table in section.tables
        if form.holds(table.when) is not False
    ]
    return Reading(section.code, section.name, pairs, tables)


def _lines(form: Filled, table: Table, *, own: bool) -> Iterator[tuple[str, list[str]]]:
    for number, row in enumerate(form.rows(table), start=1):
        cells = [said(one, form.text(f"{table.code}:{row}:{one.code}"), own=own) for one in table.columns]
        yield (table.rows[number - 1] if table.rows else str(number)), cells


def _footer(form: Filled, table: Table) -> list[str]:
    sums = form.sums(table)
    return [number_text(sums[one.code]) if one.code in sums else "" for one in table.columns] if sums else []


def label_of(item: FormField) -> str:
    return f"{item.name}（{item.unit}）" if item.unit else item.name


def said(item: FormField, text: str, *, own: bool = True) -> str:
    """A text as people read it: a choice by its name, money by thousands, a personal text masked for strangers."""
    if item.type == "money" and PLAIN.fullmatch(text):
        return number_text(Decimal(text))
    if item.type == "code" and (code := item.choice_of(text)):
        return item.codes[code].name
    return personal.mask(text, item.type) if item.personal and text and not own else text
