"""The rows that record sentences tell of, with their fields as printed texts."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.bureau.reports.composing.filling import Row
from keshu.catalogue.loader import Catalogue
from keshu.catalogue.schema import Any_, Field, In, Ledger, Range, Where
from keshu.catalogue.schema.summary import Rows
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.rules import DEFAULT, Rules
from keshu.kernel.prose.words import amount, joined, number
from keshu.kernel.typed.names import core_name

#: more rows than a text could ever tell of; the order inside is made in Python, where ranks of codes are known
MOST_READ = 400
_LOOKUP = {"party": "party_id", "place": "place_id"}


@dataclass(frozen=True)
class RowReader:
    """Reads rows of one place, period and instant."""

    catalogue: Catalogue
    place: str
    period: Period
    known_at: datetime
    rules: Rules = DEFAULT

    @cached_property
    def _below(self) -> frozenset[int]:
        return tree_on(self.period.cut_off, known_at=self.known_at).ids_below(self.place)

    @cached_property
    def _own(self) -> frozenset[int]:
        """The place itself with its bureau and sections, not the places below it."""
        inside = Place.objects.filter(pk__in=self._below).filter(
            Q(code=self.place) | Q(kind__in=(Place.Kind.BUREAU, Place.Kind.SECTION))
        )
        return frozenset(inside.values_list("pk", flat=True))

    @cached_property
    def _places(self) -> dict[int, str]:
        return dict(Place.objects.values_list("pk", "name"))

    def rows(self, wanted: Rows) -> list[Row]:
        """Starred rows first, then by the wanted order; at most as many as wanted."""
        ledger = self.catalogue.ledgers.get(wanted.ledger)
        if ledger is None:
            return []
        found = list(self._query(ledger, wanted)[:MOST_READ])
        return [self._row(ledger, one) for one in _ordered(ledger, found, wanted.order)[: wanted.at_most * 2]]

    def has(self, code: str) -> bool:
        """Whether the ledger has any row in the period."""
        ledger = self.catalogue.ledgers[code]
        return any(self._query(ledger, Rows(ledger=code, on=field.code)).exists() for field in _dates(ledger))

    def _query(self, ledger: Ledger, wanted: Rows) -> QuerySet[Revision]:
        known = Q(known_from__lte=self.known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=self.known_at))
        places = self._own if wanted.own else self._below
        rows = Revision.objects.filter(known, ledger=ledger.code, voided=False, place_id__in=places)
        rows = rows.filter(_where(ledger, wanted.where))
        if wanted.on and (column := ledger.column(wanted.on)):
            rows = rows.filter(_dated(column, self._period(wanted)))
        if wanted.starred:
            rows = rows.filter(highlight=True)
        return rows.select_related("party").order_by("-highlight", "-id")

    def _period(self, wanted: Rows) -> Period:
        match wanted.period:
            case "next":
                return Period.of_year(self.period.year + 1)
            case "until":
                return Period(date(1900, 1, 1), self.period.end)
            case _:
                return self.period

    def _row(self, ledger: Ledger, one: Revision) -> Row:
        others = list(one.others.order_by("order").values_list("party_id", "role"))
        values = values_of(ledger, one, others)
        printed = {f.code: self._printed(f, values[f.code], one) for f in ledger.fields if f.code in values}
        return Row(ledger.code, one.entry_id, one.pk, printed, wide(one.story), one.highlight, _tells(one))

    def _printed(self, field: Field, value: Any, one: Revision) -> str:
        match field.type:
            case "code":
                return field.codes[value].name if value in field.codes else str(value)
            case "date":
                return _day(value, self.period)
            case "money":
                return amount(value, rules=self.rules)
            case "quantity" | "integer" | "number":
                return number(value, precision=0 if value == value.to_integral_value() else 2) + (field.unit or "")
            case "party" | "parties":
                ids = value if isinstance(value, list) else [value]
                return joined([_short(p) for p in Party.objects.filter(pk__in=ids)] if ids != [one.party_id]
                              else [_short(one.party)])  # fmt: skip
            case "place":
                return self._places.get(value, "")
            case "bool":
                return "是" if value else "否"
        return "" if field.personal else wide(str(value))


_WIDE = str.maketrans(",;:?!()", "，；：？！（）")
_NARROW = re.compile(r"(?<=[0-9A-Za-z])[，：](?=[0-9A-Za-z])")


def wide(text: str) -> str:
    """Chinese punctuation as official documents have it; what stands between digits or letters is left alone."""
    return _NARROW.sub(lambda hit: {"，": ",", "：": ":"}[hit[0]], text.translate(_WIDE))


#: ledgers whose own line is the record itself: nobody else could name more
_PLAIN = frozenset({"worklog", "construction", "meeting"})


def _tells(one: Revision) -> bool:
    """Whether the clerk's line names the party or the thing that the row is about."""
    if one.ledger in _PLAIN:
        return True
    names = [one.title, one.party.name if one.party else "", one.party.short if one.party else ""]
    return any(len(name) > 3 and name in one.story for name in names)


def _short(party: Party) -> str:
    return party.short or core_name(party.name)


def _day(value: date, period: Period) -> str:
    day = f"{value.month}月{value.day}日"
    return day if value.year == period.year else f"{value.year}年{day}"


def _dated(column: str, period: Period) -> Q:
    return Q(**{f"{column}__gte": period.start, f"{column}__lte": period.end})


def _dates(ledger: Ledger) -> Iterable[Field]:
    return (field for field in ledger.fields if field.type in ("date", "month", "year") and field.columns)


def _where(ledger: Ledger, where: Where) -> Q:
    """The condition of a definition on the mapped columns; a field without column matches nothing."""
    tests = Q()
    for code, condition in where.items():
        column = ledger.column(code)
        if column is None:
            return Q(pk__in=[])
        tests &= _test(_LOOKUP.get(column, column), condition)
    return tests


def _test(column: str, condition: Any) -> Q:
    match condition:
        case In(values=values):
            return Q(**{f"{column}__in": [_literal(value) for value in values]})
        case Range(bounds=(low, high)):
            test = Q(**{f"{column}__gte": low}) if low is not None else Q()
            return test & (Q(**{f"{column}__lte": high}) if high is not None else Q())
        case Any_(present=present):
            empty = Q(**{column: ""}) if column in _TEXTUAL else Q(**{f"{column}__isnull": True})
            return ~empty if present else empty
        case literal:
            return Q(**{column: _literal(literal)})


_TEXTUAL = frozenset({"title", "number", "category", "subcategory", "level", "status"})


def _literal(value: Any) -> Any:
    return ("true" if value else "false") if isinstance(value, bool) else value


def _ordered(ledger: Ledger, found: Sequence[Revision], order: Sequence[str]) -> list[Revision]:
    """By the named fields, the last one first (stable), then starred rows to the front."""
    rows = list(found)
    for name in reversed(order):
        code, falling = name.removeprefix("-"), name.startswith("-")
        rows.sort(key=lambda one, code=code: _rank(ledger, one, code), reverse=falling)
    rows.sort(key=lambda one: not one.highlight)
    return rows


def _rank(ledger: Ledger, one: Revision, code: str) -> Any:
    """What a row is sorted by: codes by their order in the definition, missing values last when ascending."""
    field = ledger.field(code)
    column = ledger.column(code)
    if field is None or column is None:
        return (1, 0)
    value = getattr(one, _LOOKUP.get(column, column))
    if field.codes:
        names = list(field.codes)
        return (0, names.index(value)) if value in names else (1, 0)
    if value is None or value == "":
        return (1, 0)
    return (0, value.toordinal() if isinstance(value, date) else value if isinstance(value, Decimal) else str(value))
