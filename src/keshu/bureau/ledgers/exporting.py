"""Rows of a ledger as a table that can be imported again: headings by the official names, units in the headings."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.catalogue.schema import Field, Ledger

PAGE = 1000
HAPPENED = ("decided_on", "filed_on", "started_on")
NUMBERS = ("money", "quantity", "integer", "number")


def fields_out(ledger: Ledger) -> list[Field]:
    """Every field but the personal ones: a workbook leaves the house, and with it the control over who reads it."""
    return [item for item in ledger.fields if not item.personal]


def headings(ledger: Ledger) -> list[str]:
    return [
        f"{item.name}({item.unit})" if item.unit and item.type in NUMBERS else item.name for item in fields_out(ledger)
    ]


def living(ledger: Ledger, *, place: str = "", year: int | None = None) -> QuerySet[Revision]:
    """The current rows at or below a place; of one year when any of the days on which they happened lies in it."""
    rows = Revision.objects.filter(ledger=ledger.code, known_to__isnull=True, voided=False)
    if place:
        rows = rows.filter(place_id__in=tree_on().ids_below(place))
    if year is not None:
        span = (date(year, 1, 1), date(year, 12, 31))
        mapped = [name for name in HAPPENED if ledger.mapped(name)]
        rows = rows.filter(reduce(or_, (Q(**{f"{name}__range": span}) for name in mapped), Q(pk__in=[])))
    return rows.order_by("pk")


@dataclass
class Names:
    """What parties and places are called; parties are looked up a page at a time."""

    places: Mapping[int, str] = field(default_factory=dict)
    parties: dict[int, str] = field(default_factory=dict)

    def learn(self, ids: Iterable[int]) -> None:
        missing = [pk for pk in set(ids) if pk not in self.parties]
        for start in range(0, len(missing), PAGE):
            part = missing[start : start + PAGE]
            self.parties.update(Party.objects.filter(pk__in=part).values_list("pk", "name"))


def place_names() -> dict[int, str]:
    """Each place by its name; where several bear it, with the name of the place above."""
    tree, rows = tree_on(), list(Place.objects.values_list("pk", "code", "name"))
    name_of = {code: name for _, code, name in rows}
    many = {name for name in name_of.values() if list(name_of.values()).count(name) > 1}
    return {pk: f"{name_of.get(tree.parent(code), '')}{name}" if name in many else name for pk, code, name in rows}


def table(ledger: Ledger, rows: QuerySet[Revision]) -> Iterator[list[Any]]:
    """The rows in the order of `headings`, read a page at a time."""
    items, names = fields_out(ledger), Names(place_names())
    for page in _pages(rows):
        values = [values_of(ledger, row, others_of(row)) for row in page]
        names.learn(pk for one in values for pk in parties_in(items, one))
        for one in values:
            yield [cell(item, one.get(item.code), names) for item in items]


def _pages(rows: QuerySet[Revision]) -> Iterator[list[Revision]]:
    last = 0
    while page := list(rows.filter(pk__gt=last).order_by("pk").prefetch_related("others")[:PAGE]):
        yield page
        last = page[-1].pk


def others_of(row: Revision) -> list[tuple[int, str]]:
    return [(other.party_id, other.role) for other in sorted(row.others.all(), key=lambda other: other.order)]


def parties_in(items: Iterable[Field], values: Mapping[str, Any]) -> Iterator[int]:
    for item in items:
        value = values.get(item.code)
        if item.type == "party" and value is not None:
            yield value
        elif item.type == "parties":
            yield from value or ()


def cell(item: Field, value: Any, names: Names) -> Any:
    """The value as a person would write it: names for codes and parties, 是/否, numbers and dates as they are."""
    if value is None:
        return None
    match item.type:
        case "party":
            return names.parties.get(value)
        case "parties":
            return "；".join(names.parties.get(pk, "") for pk in value)
        case "place":
            return names.places.get(value)
        case "code":
            return item.codes[value].name if value in item.codes else value
        case "bool":
            return _("是") if value else _("否")
        case _:
            return value
