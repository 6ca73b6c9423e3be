"""A file on its way in: what was read, which column is which field, what is wrong, what its rows would change."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import staging
from keshu.bureau.ledgers.importing.judging import current_by_entry
from keshu.bureau.ledgers.models import Batch, Revision, StagedRow
from keshu.bureau.ledgers.pages.kinds import kind_name
from keshu.bureau.ledgers.pages.listing import MEASURED, measured, named
from keshu.bureau.ledgers.snapshots import plain, values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.personal import is_sealed
from keshu.bureau.places.models import Place
from keshu.catalogue.schema import Field, Ledger

ROWS = 20
PROBLEMS = 200
CELLS = 7
TONES = {"new": "ok", "changed": "info", "unchanged": "quiet", "duplicate": "warn", "wrong": "bad"}


@dataclass(frozen=True)
class Count:
    """How many rows have a verdict; the page filters by it."""

    verdict: str
    label: str
    n: int
    tone: str


def counts(batch: Batch) -> list[Count]:
    return [
        Count(verdict.value, str(verdict.label), batch.counts.get(verdict.value, 0), TONES[verdict.value])
        for verdict in StagedRow.Verdict
    ]


def fed_counts(batch: Batch) -> list[tuple[str, int]]:
    """Other ledgers that the file also fills, with how many rows they would take."""
    fed = batch.counts.get("fed", {})
    return [(ledger_of(code).name, found.get("new", 0) + found.get("changed", 0)) for code, found in fed.items()]


def takes(batch: Batch) -> int:
    """How many rows a commit would write, in this ledger and those that it feeds."""
    own = batch.counts.get("new", 0) + batch.counts.get("changed", 0)
    return own + sum(n for _name, n in fed_counts(batch))


def including(batch: Batch) -> str:
    """How many of them go to other ledgers, so that the sum agrees with the counts above it."""
    fed = [(name, n) for name, n in fed_counts(batch) if n]
    parts = [_("%(name)s %(n)s 条") % {"name": name, "n": n} for name, n in fed]
    return _("（其中%(parts)s）") % {"parts": "、".join(parts)} if parts else ""


@dataclass(frozen=True)
class Heading:
    """A column of a table: what it is called, what it is taken for now, and by what name a form sends a choice."""

    index: int
    text: str
    code: str  # field that it fills, "" when nobody takes it
    name: str  # of the form control
    fed: str = ""  # "台账：字段" where it fills another ledger
    like: str = ""


@dataclass(frozen=True)
class Sheet:
    """A table of the file, as it was understood."""

    name: str
    state: str
    rows: int = 0
    heading_row: int = 0
    headings: tuple[Heading, ...] = ()
    unknown: int = 0  # columns that nobody takes, serial numbers aside


def sheets(batch: Batch) -> list[Sheet]:
    """Every sheet; the columns of the first table of each can be set by hand."""
    found, seen = [], set()
    for content in batch.layout.get("sheets", []):
        name = content["sheet"]
        headings = _headings(len(seen), content) if "columns" in content and name not in seen else ()
        if headings:
            seen.add(name)
        lost = len(content.get("unknown", [])) if headings else 0
        sheet = Sheet(name, content["state"], content.get("rows", 0), content.get("heading_row", 0), headings, lost)
        found.append(sheet)
    return found


def _headings(order: int, content: Mapping[str, Any]) -> tuple[Heading, ...]:
    columns = content["columns"]
    main = {index: code for index, _heading, code, _unit in columns["main"]}
    fed = {
        index: f"{ledger_of(ledger).name}：{_field_name(ledger_of(ledger), code)}"
        for ledger, mine in columns["fed"].items()
        for index, _heading, code, _unit in mine
    }
    like = {one["column"]: one["like"] for one in content.get("unknown", [])}
    return tuple(
        Heading(index, text, main.get(index, ""), f"column-{order}-{index}", fed.get(index, ""), like.get(index, ""))
        for index, text in enumerate(content["headings"])
        if text.strip()
    )


def _field_name(ledger: Ledger, code: str) -> str:
    item = ledger.field(code)
    return item.name if item else code


def chosen_from(batch: Batch, posted: Mapping[str, str]) -> dict[str, dict[int, str]]:
    """The columns as a person sets them: what was set before, and what differs from how it was understood."""
    kept = {
        sheet: {int(index): code for index, code in columns.items()}
        for sheet, columns in batch.layout.get("chosen", {}).items()
    }
    fields = {item.code for item in ledger_of(batch.ledger).fields}
    for sheet in sheets(batch):
        for heading in sheet.headings:
            code = posted.get(heading.name)
            if code is not None and code != heading.code and (code in fields or code == ""):
                kept.setdefault(sheet.name, {})[heading.index] = code
    return kept


@dataclass(frozen=True)
class Problems:
    """The problems that the page shows, of how many, and the kinds to filter by."""

    shown: list[dict[str, Any]]
    total: int
    kinds: list[tuple[str, str, int]] = field(default_factory=list)  # code, name, how many


def problems(batch: Batch, kind: str = "") -> Problems:
    found: Counter[str] = Counter()
    first: dict[str, dict[str, Any]] = {}
    shown: list[dict[str, Any]] = []
    for one in staging.problems_of(batch):
        found[one["code"]] += 1
        first.setdefault(one["code"], one)
        if (not kind or one["code"] == kind) and len(shown) < PROBLEMS:
            shown.append(one)
    kinds = [(code, kind_name(code, first[code]), n) for code, n in found.most_common()]
    return Problems(shown, found[kind] if kind else sum(found.values()), kinds)


def problem_rows(batch: Batch, kind: str = "") -> Iterator[list[Any]]:
    """For the download: where, what, what to do."""
    for one in staging.problems_of(batch):
        if not kind or one["code"] == kind:
            severity = _("有误") if one["severity"] == "error" else _("提示")
            place = one["cell"] or (str(one["row"]) if one["row"] else "")
            yield [one["sheet"], one["row"] or None, place, one["column"], severity, one["message"], one["remedy"]]


@dataclass(frozen=True)
class Cell:
    """What a row says in a column: the value as it was read, or the words of the file where they could not be."""

    text: str
    tone: str = ""  # bad, warn
    said: str = ""  # what is wrong with it


@dataclass(frozen=True)
class Line:
    """A row of the file with its first fields, and what it would change where it changes something."""

    row: StagedRow
    label: str
    tone: str
    cells: tuple["Cell", ...]
    changes: tuple[tuple[str, str, str], ...] = ()


def lines(batch: Batch, verdict: str = "") -> tuple[list[Field], list[Line]]:
    """The first rows as the file has them, in the columns that it fills."""
    ledger = ledger_of(batch.ledger)
    rows = batch.rows.filter(ledger=batch.ledger).order_by("pk")
    if verdict in StagedRow.Verdict.values:
        rows = rows.filter(verdict=verdict)
    found = list(islice(rows.iterator(chunk_size=ROWS), ROWS))
    troubles = [_troubles(batch, ledger, row) for row in found]
    items = _shown(ledger, found, {code for one in troubles for code in one})
    names = Names.of(batch, ledger, [row.values for row in found])
    held = current_by_entry(row.entry_id for row in found if row.entry_id and row.verdict == "changed")
    return items, [_line(row, ledger, items, names, held, one) for row, one in zip(found, troubles, strict=True)]


def _shown(ledger: Ledger, rows: Iterable[StagedRow], troubled: set[str]) -> list[Field]:
    """The first columns that the file fills, the place, and whatever has something to check."""
    there = {code for row in rows for code in (*row.values, *row.values.get(staging.UNREAD, ()))}
    filled = [item for item in ledger.fields if item.code in there | troubled and item.type != "longtext"]
    first = {item.code for item in filled[:CELLS]} | troubled
    return [item for item in filled if item.code in first or item.type == "place"]


def _troubles(batch: Batch, ledger: Ledger, row: StagedRow) -> dict[str, tuple[str, str]]:
    """For each field that something was found in: how bad, and what."""
    codes = {item.name: item.code for item in ledger.fields}
    for sheet in batch.layout.get("sheets", []):
        if sheet["sheet"] == row.sheet and "columns" in sheet:
            codes |= {heading: code for _index, heading, code, _unit in sheet["columns"]["main"]}
    found: dict[str, tuple[str, str]] = {}
    for one in sorted(row.problems, key=lambda one: one["severity"] != "error"):
        if code := codes.get(one["column"]):
            found.setdefault(code, ("bad" if one["severity"] == "error" else "warn", one["message"]))
    return found


def _line(
    row: StagedRow, ledger: Ledger, items: list[Field], names: "Names", held: Mapping[int, Any],
    troubles: Mapping[str, tuple[str, str]],
) -> Line:  # fmt: skip
    unread = row.values.get(staging.UNREAD, {})
    cells = tuple(
        Cell(unread.get(item.code) or names.text(item, row.values.get(item.code)), *troubles.get(item.code, ()))
        for item in items
    )
    changes: tuple[tuple[str, str, str], ...] = ()
    if row.entry_id in held:
        revision, others = held[row.entry_id]
        before = {code: plain(value) for code, value in values_of(ledger, revision, others).items()}
        changes = tuple(_changes(ledger, before, row.values, names))
    return Line(row, row.get_verdict_display(), TONES[row.verdict], cells, changes)


def _changes(
    ledger: Ledger, before: Mapping[str, Any], after: Mapping[str, Any], names: "Names"
) -> Iterator[tuple[str, str, str]]:
    for item in ledger.fields:
        new, old = after.get(item.code), before.get(item.code)
        if new is not None and new != old and item.code not in after.get("_assumed", ()) and not item.personal:
            yield item.name, names.text(item, old), names.text(item, new)


@dataclass(frozen=True)
class Names:
    """What party and place numbers in staged values are called."""

    parties: Mapping[int, str]
    places: Mapping[int, str]
    strangers: list[Any]

    @classmethod
    def of(cls, batch: Batch, ledger: Ledger, rows: Iterable[Mapping[str, Any]]) -> "Names":
        wanted: set[int] = set()
        for values in rows:
            for item in ledger.fields:
                value = values.get(item.code)
                if item.type in ("party", "parties") and value:
                    wanted.update(value if isinstance(value, list) else [value])
        held = Revision.objects.filter(
            entry_id__in=batch.rows.filter(ledger=ledger.code, verdict="changed")
            .order_by("pk")
            .values("entry_id")[:ROWS],
            known_to__isnull=True,
        )
        wanted.update(pk for pk in held.values_list("party_id", flat=True) if pk)
        parties = dict(Party.objects.filter(pk__in=wanted).values_list("pk", "name"))
        return cls(parties, dict(Place.objects.values_list("pk", "name")), batch.layout.get("strangers", []))

    def text(self, item: Field, value: Any) -> str:
        if value is None or value in ("", []):
            return ""
        if item.type in ("party", "parties"):
            return "、".join(self._party(pk) for pk in (value if isinstance(value, list) else [value]))
        if item.type == "place":
            return self.places.get(value, "")
        if is_sealed(value) or item.personal:
            return "******"
        if item.type in MEASURED:
            return measured(item, Decimal(value))
        return str(named(item, value))

    def _party(self, pk: int) -> str:
        if pk < 0:
            return str(self.strangers[-pk - 1][0]) if -pk <= len(self.strangers) else ""
        return self.parties.get(pk, "")


@dataclass(frozen=True)
class Taken:
    """What an import left behind, and whether it was taken back since."""

    entries: int
    undone: Any
    left: list[Revision]


def taken(batch: Batch) -> Taken | None:
    """The rows that the act wrote; after an undo, those that it could not take back because somebody changed them."""
    if batch.act is None:
        return None
    mine = Revision.objects.filter(act=batch.act)
    undone = batch.act.undone_by.first()
    if undone is None:
        return Taken(mine.count(), None, [])
    left = Revision.objects.filter(known_to__isnull=True, entry_id__in=mine.values("entry_id")).exclude(
        entry_id__in=Revision.objects.filter(act=undone).values("entry_id")
    )
    return Taken(mine.count(), undone, list(left.select_related("act", "party").order_by("pk")[:ROWS]))


def living(batch: Batch) -> int:
    """How many rows of the act nobody changed since: what undoing it would take back."""
    return Revision.objects.filter(act=batch.act, known_to__isnull=True).count()


def changed_since(batch: Batch) -> int:
    return Revision.objects.filter(act=batch.act, known_to__isnull=False).exclude(known_to=F("known_from")).count()
