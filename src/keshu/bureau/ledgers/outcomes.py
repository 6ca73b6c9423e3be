"""Rows that something else than a form or a file brings: the outcome of a case, in the act of its event.

One kind of fact has one row. Where somebody imported the row before, it is revised and linked, and the row that the case
had kept until then is voided; an established row is never set back by a new application for the same thing.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from keshu.bureau.forms.readers import Reader, Surroundings, reader_of
from keshu.bureau.ledgers import privacy
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing.drafts import Draft, Filling, RowReader
from keshu.bureau.ledgers.importing.findings import ERROR
from keshu.bureau.ledgers.importing.rowchecks import check_row
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.registering import PARTIES, add_strangers
from keshu.bureau.ledgers.services import explained, take_back
from keshu.bureau.ledgers.snapshots import compose, key_of, values_of
from keshu.bureau.ledgers.writer import Change, put, snapshot_of
from keshu.bureau.parties.queries import directory
from keshu.bureau.parties.resolving import Resolver
from keshu.bureau.parties.services import PartySpec
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import gazetteer
from keshu.bureau.records.services import ZONE, Writing
from keshu.catalogue.schema import Field, Ledger

NUMBERS = ("money", "quantity", "integer", "number")
READY: Mapping[str, type] = {"date": date, "place": int, "bool": bool}  # what needs no reading where it has its type
Taken = Callable[[Collection[int]], Collection[int]]


@dataclass(frozen=True)
class Outcome:
    """What is to be written: raw values by field (numbers, dates, texts, ids of parties), constants as codes.

    `entry` is the row that the case has already, `tag` tells its row from another one of the same name. `lost` says
    that the case came to nothing: then no row that was there before is touched.
    """

    ledger: str
    values: Mapping[str, Any]
    place_id: int
    tag: str
    entry: int | None = None
    lost: bool = False


@dataclass(frozen=True)
class Recorded:
    """The row in which the outcome stands now, and the one that it stood in before where that was another one."""

    entry: int
    former: int | None = None


@dataclass
class _Desk:
    """What the rows of one act need to know, looked up once: places, readers, parties."""

    around: Surroundings
    readers: dict[str, tuple[RowReader, dict[str, Reader]]] = field(default_factory=dict)
    resolver: Resolver | None = None

    def reader(self, ledger: Ledger) -> tuple[RowReader, dict[str, Reader]]:
        if ledger.code not in self.readers:
            cells = {item.code: reader_of(item, "", self.around) for item in ledger.fields}
            self.readers[ledger.code] = (RowReader(ledger, (), self.around, ""), cells)
        return self.readers[ledger.code]


def record_outcome(wanted: Outcome, *, taken: Taken, within: Writing) -> Recorded:
    """Write the outcome as a new row, as a revision of the case's own row, or into the row that is there already.

    `taken` says which of some entries belong to other cases. Raises EntryProblem where the row would break a rule of
    the ledger, or where its number belongs to something else.
    """
    try:
        return _record(wanted, taken, within)
    except IntegrityError as error:
        raise explained(error) from error


def stands(entry: int) -> bool:
    """Whether the row still holds: nobody has voided it."""
    return Revision.objects.filter(entry_id=entry, known_to__isnull=True, voided=False).exists()


def _record(wanted: Outcome, taken: Taken, within: Writing) -> Recorded:
    ledger, desk = ledger_of(wanted.ledger), _desk_of(within)
    own = _current(wanted.entry)
    draft = _draft(ledger, wanted, own, desk, within)
    place_id = draft.values.get(desk.reader(ledger)[0].place) or (own.place_id if own else wanted.place_id)
    key = key_of(ledger, draft.values, place_id=place_id)
    twin = _twin(ledger, key, own)
    yearly = _yearly(ledger)
    if twin is not None and not yearly and not _is_the_same(ledger, draft.values, twin, wanted, taken):
        _refuse_number(ledger, draft.values, twin)
        key, twin = f"{key[: 299 - len(wanted.tag)]}|{wanted.tag}", None
    privacy.protect(ledger, [draft.values], within=within)
    if twin is not None:
        return _merge(ledger, draft.values, key, own, twin, within)
    snapshot = compose(ledger, draft.values, place_id=place_id, key=key)
    row = put(ledger, [Change(snapshot, own.entry_id if own else None)], origin="programme", within=within)[0]
    return Recorded(row.entry_id)


def take_back_rows(entries: Collection[int], act_id: int, *, within: Writing) -> tuple[int, ...]:
    """Take back what the act wrote into these rows; those that somebody changed since stay, and are returned."""
    mine = Revision.objects.filter(act_id=act_id, entry_id__in=entries).order_by("pk")
    rows = list(mine)
    take_back([row for row in rows if row.known_to is None], within)
    return tuple(row.entry_id for row in rows if row.known_to is not None)


def surroundings(within: Writing) -> Surroundings:
    """What readers need to know besides the text, looked up once an act."""
    return _desk_of(within).around


def _desk_of(within: Writing) -> _Desk:
    desk = within.shelf.get("outcomes")
    if desk is None:
        today = within.act.at.astimezone(ZONE).date()
        ids = dict(Place.objects.values_list("code", "pk"))
        desk = within.shelf["outcomes"] = _Desk(Surroundings(today=today, places=gazetteer(), ids=ids))
    return desk


def _current(entry: int | None) -> Revision | None:
    """The case's row as it stands; none where somebody voided it: then the outcome gets a row of its own again."""
    if entry is None:
        return None
    rows = Revision.objects.select_for_update(of=("self",)).prefetch_related("others")
    return rows.filter(entry_id=entry, known_to__isnull=True, voided=False).first()


def _draft(ledger: Ledger, wanted: Outcome, own: Revision | None, desk: _Desk, within: Writing) -> Draft:
    """The whole row: what it says already, what the event adds, what the definition fills in; judged as an import is."""
    rows, cells = desk.reader(ledger)
    draft = Draft(ledger.code, "", 0)
    draft.values = _values(ledger, own) if own else {}
    for code, value in wanted.values.items():
        item = ledger.field(code)
        if item is None:
            raise EntryProblem(
                _("台账“%(ledger)s”没有字段 %(code)s，请改正事项定义") % {"ledger": ledger.name, "code": code}
            )
        kept = (
            _party_ids(item, value, desk, within) if item.type in PARTIES else _typed(item, value, cells[code], ledger)
        )
        if kept not in (None, "", []):
            draft.values[code] = kept
    rows.complete(draft, Filling(place_id=wanted.place_id))
    check_row(draft, rows)
    wrong = [finding for finding in draft.findings if finding.severity == ERROR]
    if wrong:
        said = "；".join(f"{one.message}，{one.remedy}" if one.remedy else one.message for one in wrong)
        raise EntryProblem(_("结果不能登记到“%(ledger)s”台账：%(said)s") % {"ledger": ledger.name, "said": said})
    return draft


def _values(ledger: Ledger, row: Revision) -> dict[str, Any]:
    return values_of(ledger, row, _others(row))


def _others(row: Revision) -> list[tuple[int, str]]:
    return [(one.party_id, one.role) for one in sorted(row.others.all(), key=lambda one: one.order)]


def _typed(item: Field, value: Any, read: Reader, ledger: Ledger) -> Any:
    """A raw value in the type of the field; texts are read as the cell of an import would be."""
    if value is None or value == "" or (isinstance(value, (list, tuple)) and not value):
        return None
    if item.type in NUMBERS:
        value = _decimal(value)
    elif isinstance(value, READY.get(item.type, ())):
        return value
    elif item.type in ("year", "month") and isinstance(value, date):
        return value.year if item.type == "year" else f"{value:%Y-%m}"
    elif not isinstance(value, str):
        value = _text(value)
    found = read(value)
    if found.problem is not None:
        raise EntryProblem(
            _("“%(ledger)s”台账的%(field)s不能填“%(value)s”：%(message)s，%(remedy)s")
            % {"ledger": ledger.name, "field": item.name, "value": value, "message": found.problem.message,
               "remedy": found.problem.remedy}
        )  # fmt: skip
    return found.value[0] if isinstance(found.value, tuple) else found.value


def _decimal(value: Any) -> Any:
    """Numbers of rules are exact: whole, decimal or a fraction; money takes the nearest 分, as its reader does."""
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / Decimal(value.denominator)
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _text(value: Any) -> str:
    match value:
        case list() | tuple():
            return "、".join(_text(one) for one in value)
        case Decimal() | Fraction() | int():
            return format(_decimal(value).normalize(), "f")
        case date():
            return value.isoformat()
        case _:
            return str(value)


def _party_ids(item: Field, value: Any, desk: _Desk, within: Writing) -> Any:
    """Numbers of parties stay; names are looked for, and brought as provisional parties where nobody bears them."""
    if value is None or value == "":
        return None
    many = value if isinstance(value, (list, tuple)) else [value]
    names = [one for one in many if isinstance(one, str)]
    known = _parties_named(names, desk, within) if names else {}
    found = [known[one] if isinstance(one, str) else int(getattr(one, "pk", one)) for one in many if one != ""]
    ids = list(dict.fromkeys(pk for one in found for pk in (one if isinstance(one, list) else [one])))
    return ids if item.type == "parties" else ids[0] if ids else None


def _parties_named(texts: Iterable[str], desk: _Desk, within: Writing) -> dict[str, list[int]]:
    read = reader_of(Field(code="names", name="单位", type="parties"), "", desk.around)
    split = {text: read(text).value or () for text in texts}
    if not any(split.values()):
        return {key: [] for key in split}
    if desk.resolver is None:
        desk.resolver = Resolver(directory())
    resolver, before = desk.resolver, len(desk.resolver.strangers)
    found: dict[str, list[int]] = {}
    for text, names in split.items():
        found[text] = []
        for name in names:
            answer = resolver.find(name)
            if answer.party is not None:  # a name that may mean several is told when somebody opens the row
                found[text].append(answer.party)
    fresh = resolver.strangers[before:]
    made = add_strangers([PartySpec(one.name, one.uscc, former=one.former) for one in fresh], within)
    numbers = {-(before + order): pk for order, pk in enumerate(made, start=1)}
    if numbers:
        desk.resolver = None  # it would go on calling them strangers
    return {text: [numbers.get(pk, pk) for pk in ids] for text, ids in found.items()}


def _yearly(ledger: Ledger) -> bool:
    """A ledger of what a holder was in a year: there is one row, whoever says something about it, and however often."""
    year, holder = ledger.mapped("started_on"), ledger.mapped("party")
    return (
        year is not None and holder is not None and year.type == "year" and set(ledger.key) == {year.code, holder.code}
    )


def _twin(ledger: Ledger, key: str, own: Revision | None) -> Revision | None:
    rows = Revision.objects.filter(ledger=ledger.code, key=key, known_to__isnull=True, voided=False)
    rows = rows.exclude(entry_id=own.entry_id) if own else rows
    return rows.select_for_update(of=("self",)).prefetch_related("others").first()


def _is_the_same(ledger: Ledger, values: Mapping[str, Any], twin: Revision, wanted: Outcome, taken: Taken) -> bool:
    """Whether the row that is there is the one that this outcome means.

    It has to be the same holder's, no other case's, and not further on than the outcome: who applies again for what she
    holds already does not lose it by applying.
    """
    holder = ledger.mapped("party")
    mine = values.get(holder.code) if holder else None
    mine = mine[0] if isinstance(mine, list) else mine
    if wanted.lost or (twin.party_id is not None and twin.party_id != mine) or taken([twin.entry_id]):
        return False
    return _rank(ledger, twin.status) <= _rank(ledger, values.get(_status(ledger), ""))


def _status(ledger: Ledger) -> str:
    item = ledger.mapped("status")
    return item.code if item else ""


def _rank(ledger: Ledger, status: str) -> int:
    """Codes of a status stand in the order in which things come."""
    item = ledger.mapped("status")
    return list(item.codes).index(status) if item and status in item.codes else -1


def _refuse_number(ledger: Ledger, values: Mapping[str, Any], twin: Revision) -> None:
    """A number is borne once: where the key is one, the other row has to be looked at by a person."""
    number = ledger.mapped("number")
    if number is None or number.code not in ledger.key or not values.get(number.code):
        return
    holder = twin.party.name if twin.party else ""
    raise EntryProblem(
        _("%(field)s“%(number)s”在“%(ledger)s”台账中已有一条（%(title)s），请核对编号；确属同一项的，先更正那一条再办理")
        % {"field": number.name, "number": values[number.code], "ledger": ledger.name,
           "title": "，".join(part for part in (twin.title, holder) if part)}
    )  # fmt: skip


def _merge(
    ledger: Ledger, values: Mapping[str, Any], key: str, own: Revision | None, twin: Revision, within: Writing
) -> Recorded:
    """The row that was there takes the outcome over; what it says besides stays. The case's former row is voided."""
    before = _values(ledger, twin)
    behind = _rank(ledger, values.get(_status(ledger), "")) < _rank(ledger, twin.status)
    merged = values | before if behind else before | values
    place = ledger.mapped("place")
    if place is not None:
        merged[place.code] = twin.place_id
    snapshot = compose(ledger, merged, place_id=twin.place_id, key=key, cell=twin.origin_cell)
    changes = [Change(snapshot, twin.entry_id)]
    if own is not None:
        changes.insert(0, Change(snapshot_of(own, _others(own)), own.entry_id, voided=True))
    put(ledger, changes, origin="programme", within=within)
    return Recorded(twin.entry_id, own.entry_id if own else None)
