"""The rows of one ledger as its list shows them: filtered, cut to the viewer's scope, in columns of the definition."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.pages.holding import holds
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.personal import is_token, mask
from keshu.bureau.places.queries import tree_on
from keshu.catalogue.schema import Field, Ledger

MAIN_DATES = ("decided_on", "filed_on", "started_on")
TEN_THOUSAND = 10_000
SHOWN = 9  # columns of a list besides the place; the rest is on the entry's page


class Filter(forms.Form):
    """What a list of a ledger can be cut by: text, place and below, year, each code of the definition."""

    q = forms.CharField(label=gettext_lazy("名称、编号或单位"), required=False)
    place = forms.ChoiceField(label=gettext_lazy("区划"), required=False)
    year = forms.ChoiceField(label=gettext_lazy("年度"), required=False)
    starred = forms.BooleanField(label=gettext_lazy("只看亮点"), required=False)
    voided = forms.BooleanField(label=gettext_lazy("含已作废"), required=False)

    def __init__(
        self, query: Mapping[str, str], *, ledger: Ledger, places: list[tuple[str, str]], years: range
    ) -> None:
        super().__init__(query)
        every = ("", _("全部"))
        self.fields["place"].choices = [every, *places]
        self.fields["year"].choices = [every, *((str(y), str(y)) for y in years)]
        for item in coded(ledger):
            choices = [every, *((code, choice.name) for code, choice in item.codes.items())]
            self.fields[item.code] = forms.ChoiceField(label=item.name, required=False, choices=choices)
        self.order_fields(["q", "place", "year", *(f.code for f in coded(ledger)), "starred", "voided"])


def coded(ledger: Ledger) -> list[Field]:
    """Code fields that fill a column: a list can be cut by them."""
    return [item for item in ledger.fields if item.type == "code" and item.columns]


def main_date(ledger: Ledger) -> str:
    """The column of the date that a row of this ledger happened on."""
    return next((column for column in MAIN_DATES if ledger.mapped(column)), "started_on")


def in_year(ledger: Ledger, year: int) -> Q:
    """Rows of a year by their main date; one that lacks it goes by the next date that it has."""
    columns = [main_date(ledger), *(c for c in MAIN_DATES if ledger.mapped(c) and c != main_date(ledger))]
    found, missing = Q(pk__in=[]), Q()
    for column in columns:
        found |= missing & Q(**{f"{column}__range": (date(year, 1, 1), date(year, 12, 31))})
        missing &= Q(**{f"{column}__isnull": True})
    return found


def rows_for(viewer: Viewer, ledger: Ledger, query: Mapping[str, Any]) -> QuerySet[Revision]:
    """Current revisions under the filter, cut to the places that the viewer may see."""
    return within_scope(viewer, filtered(ledger, query))


def within_scope(viewer: Viewer, rows: QuerySet[Revision], right: str = "entries.view") -> QuerySet[Revision]:
    visible = viewer.place_ids(right)
    return rows if visible is None else rows.filter(place_id__in=visible)


def filtered(ledger: Ledger, query: Mapping[str, Any]) -> QuerySet[Revision]:
    rows = Revision.objects.filter(ledger=ledger.code, known_to__isnull=True)
    if not query.get("voided"):
        rows = rows.filter(voided=False)
    if text := str(query.get("q") or "").strip():
        found = Party.objects.filter(holds(text, "name") | Q(uscc=text.upper())).values("pk")
        rows = rows.filter(holds(text, "title", "number") | Q(party__in=found))
    if place := query.get("place"):
        rows = rows.filter(place_id__in=tree_on().ids_below(place))
    if query.get("year"):
        year = int(query["year"])
        rows = rows.filter(in_year(ledger, year))
    if query.get("starred"):
        rows = rows.filter(highlight=True)
    for item in coded(ledger):
        if value := query.get(item.code):
            rows = rows.filter(**{item.columns[0]: value})
    return rows.select_related("party", "place")


@dataclass(frozen=True)
class Column:
    """One column of the list: which field, how its cells stand, by which word it sorts."""

    item: Field
    kind: str  # text | code | day | money | number
    sort: str = ""

    @property
    def label(self) -> str:
        return f"{self.item.name}({_('万元')})" if self.kind == "money" else self.item.name

    @property
    def right(self) -> bool:
        return self.kind in ("money", "number")


KINDS = {
    "code": "code",
    "bool": "code",
    "date": "day",
    "money": "money",
    "quantity": "number",
    "integer": "number",
    "number": "number",
}
MEASURED = ("money", "quantity", "integer", "number")
LONG = ("longtext", "url", "phone", "idcard", "uscc")


def columns(ledger: Ledger, limit: int | None = SHOWN) -> list[Column]:
    """What the row is called first, then mapped fields in the order of the definition; personal and long fields stay out."""
    title = ledger.mapped("title")
    first = ("title", "party") if title is not None and title.required else ("party", "title")  # what every row has
    lead = [ledger.mapped(column) for column in (*first, "number")]
    rest = [item for item in ledger.fields if item.columns and item.type not in LONG and item.maps != "place"]
    chosen = list(dict.fromkeys(item.code for item in [*lead, *rest] if item is not None and not item.personal))
    items = [ledger.field(code) for code in chosen[:limit]]
    return [Column(item, KINDS.get(item.type, "text"), _sort_word(item)) for item in items if item is not None]


def _sort_word(item: Field) -> str:
    return "" if item.maps == "party" else item.code


def sorts(ledger: Ledger) -> dict[str, str]:
    """Sort words of the list: each mapped field's code, and the main date."""
    words = {c.item.code: c.item.columns[0] for c in columns(ledger) if c.sort}
    return words | {"date": main_date(ledger), "changed": "known_from"}


def cell(column: Column, row: Revision) -> Any:
    """The value as it is shown: names for codes, parties by name, Decimal and dates as they are."""
    item = column.item
    if item.maps == "party":
        return row.party.name if row.party else None
    return named(item, getattr(row, item.columns[0]))


def named(item: Field, value: Any) -> Any:
    """A code by its name, 是/否 for a bool, a sealed field masked; a year and a month as they are said."""
    if value is None or value == "":
        return None
    if item.type == "code":
        return item.codes[value].name if value in item.codes else value
    if item.type == "bool":
        return _("是") if value in ("true", True) else _("否")
    if item.type == "year":
        return value.year if isinstance(value, date) else value
    if item.type == "month":
        return f"{value:%Y-%m}" if isinstance(value, date) else value
    return mask("******", item.type) if is_token(value) else value


def amount(value: Decimal) -> str:
    """Money as pages say it, in the unit of the lists but to the last 分: 178200 -> 17.82 万元."""
    return f"{_grouped(value / TEN_THOUSAND)} {_('万元')}"


def measured(item: Field, value: Decimal) -> str:
    """A number with its separators and its unit."""
    if item.type == "money":
        return amount(value)
    unit = item.unit or ""
    return f"{_grouped(value)}{unit}" if unit == "%" else f"{_grouped(value)} {unit}".strip()


def _grouped(value: Decimal) -> str:
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value.normalize():,f}"


def totals(ledger: Ledger, rows: QuerySet[Revision]) -> dict[str, Decimal | None]:
    """Sums of the money columns over the whole filtered set, by field code."""
    money = [c for c in columns(ledger) if c.kind == "money"]
    if not money:
        return {}
    found = rows.order_by().aggregate(**{c.item.columns[0]: Sum(c.item.columns[0]) for c in money})
    return {c.item.code: found[c.item.columns[0]] for c in money}
