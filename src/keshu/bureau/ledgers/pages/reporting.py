"""What places have said about the completeness of ledgers: the periods to choose from, the reports that stand."""

from calendar import monthrange
from collections.abc import Iterable
from datetime import date

from django.db.models import QuerySet

from keshu.bureau.ledgers.models import Report, Revision
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.catalogue.schema import Ledger

MONTHS = 13
YEARS = 5


def periods(ledger: Ledger, today: date) -> list[tuple[str, str]]:
    """Periods that may be over by today, the latest first: months up to now, and years; (written form, words)."""
    years = [(str(year), f"{year}年") for year in range(today.year - 1, today.year - YEARS, -1)]
    if ledger.reporting == "yearly":
        return [*years, (str(today.year), f"{today.year}年")]
    return [*_months(today), *years]


def _months(today: date) -> list[tuple[str, str]]:
    """Cumulative ones of this year first, then single months."""
    over = today.month if today.day == monthrange(today.year, today.month)[1] else today.month - 1
    year = today.year
    sums = [(f"{year}-01..{year}-{month:02}", f"{year}年1—{month}月") for month in range(max(over, 1), 1, -1)]
    single = []
    for back in range(MONTHS):
        number = year * 12 + today.month - 1 - back
        single.append((f"{number // 12}-{number % 12 + 1:02}", f"{number // 12}年{number % 12 + 1}月"))
    return [*sums, *single]


def standing(ledger_code: str, places: Iterable[int] | None) -> QuerySet[Report]:
    """Reports that hold now, the newest first; for the page of one ledger."""
    return _held(places, ledger=ledger_code, begins_on=None).order_by("-known_from", "-pk")


def beginnings(ledger_code: str, places: Iterable[int] | None) -> QuerySet[Report]:
    """Since when records are kept, by place; for the page of one ledger."""
    return _held(places, ledger=ledger_code, begins_on__isnull=False).order_by("place__code")


def asks_beginning(ledger: Ledger, place: Place | None, act_id: int | None) -> bool:
    """Whether these are the first rows of the ledger in a place for which nobody has said since when it is complete.

    `act_id` is the import itself once it is written. What is declared for a place counts for all below it.
    """
    if place is None:
        return False
    tree = tree_on()
    above = [tree.ids[code] for code in tree.paths.get(place.code, "").split("/") if code in tree.ids]
    if _held(above, ledger=ledger.code, begins_on__isnull=False).exists():
        return False
    rows = Revision.objects.filter(ledger=ledger.code, place_id__in=tree.ids_below(place.code))
    return not rows.exclude(act_id=act_id).exists()


def _held(places: Iterable[int] | None, **wanted: object) -> QuerySet[Report]:
    rows = Report.objects.filter(known_to__isnull=True, **wanted).select_related("place", "act")
    return rows if places is None else rows.filter(place_id__in=list(places))


def last_reports(places: Iterable[int] | None) -> dict[str, Report]:
    """For each ledger the newest report that holds, among these places; one query for the overview."""
    found: dict[str, Report] = {}
    for row in _held(places, begins_on=None).order_by("known_from", "pk"):
        found[row.ledger] = row
    return found
