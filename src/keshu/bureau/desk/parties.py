"""The page of one organisation: what every ledger holds about it, cut to what the viewer may see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.models import EntryParty, Revision
from keshu.bureau.pages.charts import Chart, Series
from keshu.bureau.parties.models import Party, PartyName
from keshu.bureau.parties.queries import final, merges
from keshu.catalogue.schema import Ledger
from keshu.kernel.typed.names import normal_name

MOST = 400  # rows of one organisation on its page; more are found in the ledgers


@dataclass(frozen=True)
class Held:
    """One current row about the organisation, in words."""

    entry_id: int
    what: str
    number: str
    status: str
    day: date | None
    until: date | None
    place: str


@dataclass(frozen=True)
class Dossier:
    """Rows by ledger, in the catalogue's order; `hidden` lie outside the viewer's places."""

    groups: list[tuple[Ledger, list[Held]]]
    hidden: int
    chart: Chart | None


def organisations(*, text: str = "", place: str = "", state: str = "") -> QuerySet[Party]:
    """Organisations that stand for themselves (not merged into another), for the list; unordered."""
    gone = Exists(merges().filter(source_id=OuterRef("pk")))
    rows = Party.objects.filter(~gone, kind=Party.Kind.ORGANISATION).select_related("place")
    if text:
        rows = rows.filter(_bears(text))
    if place:
        rows = rows.filter(place__code=place)
    flags = {"provisional": Q(provisional=True), "confirmed": Q(provisional=False), "withdrawn": Q(withdrawn=True)}
    return rows.filter(flags[state]) if state in flags else rows.filter(withdrawn=False)


def _bears(text: str) -> Q:
    """By any name that it bears or bore, or by the beginning of its code."""
    name, code = normal_name(text), text.strip().upper()
    bore = Exists(PartyName.objects.filter(party=OuterRef("pk"), normal_name__contains=name))
    return Q(bore) | Q(uscc__startswith=code)


def last_of(party_id: int) -> int:
    """The organisation that this one was merged into, at the end of all merges."""
    return final(party_id, dict(merges().values_list("source_id", "target_id")))


def dossier(party_id: int, *, places: frozenset[int] | None) -> Dossier:
    """Everything that the ledgers hold about the organisation and those merged into it."""
    pairs = dict(merges().values_list("source_id", "target_id"))
    ids = [party_id, *(source for source in pairs if final(source, pairs) == party_id)]
    rows = Revision.objects.filter(_about(ids), known_to__isnull=True, voided=False)
    seen = rows if places is None else rows.filter(place_id__in=places)
    when = Coalesce("decided_on", "filed_on", "started_on")
    shown = list(seen.select_related("place").order_by(when.desc(nulls_last=True), "-pk")[:MOST])
    hidden = 0 if places is None else rows.exclude(place_id__in=places).count()
    return Dossier(_grouped(shown), hidden, _chart(shown))


def _about(ids: Iterable[int]) -> Q:
    also = EntryParty.objects.filter(revision_id=OuterRef("pk"), party_id__in=list(ids))
    return Q(party_id__in=list(ids)) | Exists(also)


def _grouped(rows: list[Revision]) -> list[tuple[Ledger, list[Held]]]:
    ledgers = catalogue().ledgers
    return [
        (ledger, [_held(ledger, row) for row in rows if row.ledger == code])
        for code, ledger in ledgers.items()
        if any(row.ledger == code for row in rows)
    ]


def _held(ledger: Ledger, row: Revision) -> Held:
    kind = " · ".join(filter(None, (_choice(ledger, column, row) for column in ("category", "subcategory", "level"))))
    return Held(
        entry_id=row.entry_id,
        what=" ".join(filter(None, [row.title, f"（{kind}）" if row.title and kind else kind])) or ledger.name,
        number=row.number,
        status=_choice(ledger, "status", row),
        day=row.decided_on or row.filed_on or row.started_on,
        until=row.ended_on,
        place=row.place.name,
    )


def _choice(ledger: Ledger, column: str, row: Revision) -> str:
    """The name of a code; a yes/no field says its own name when yes and nothing when no."""
    field, value = ledger.mapped(column), getattr(row, column)
    if field is None or not value:
        return ""
    if field.type == "bool":
        return field.name.removeprefix("是否") if value == "true" else ""
    return field.codes[value].name if value in field.codes else value


def _chart(rows: list[Revision]) -> Chart | None:
    """Revenue and R&D of the yearly profiles, in 万元; None with less than two years."""
    told = (r for r in rows if r.ledger == "profile" and r.started_on and (r.amount_1, r.amount_2) != (None, None))
    years = sorted(told, key=lambda row: row.started_on or date.min)
    if len(years) < 2:
        return None
    return Chart(
        title=_("营业收入与研发费用"),
        labels=[str(row.started_on.year) for row in years if row.started_on],
        series=[
            Series(_("营业收入"), [_ten_thousands(row.amount_1) for row in years]),
            Series(_("研发费用"), [_ten_thousands(row.amount_2) for row in years], kind="line", axis=1),
        ],
        unit=_("万元"),
        label_heading=_("年度"),
    )


def _ten_thousands(yuan: Decimal | None) -> Decimal | None:
    return None if yuan is None else yuan / 10_000
