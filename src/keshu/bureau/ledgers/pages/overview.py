"""All ledgers at a glance: how many rows live in each, how many of this year, when somebody last wrote."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Q, QuerySet

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.models import Report, Revision
from keshu.bureau.ledgers.pages.listing import main_date
from keshu.bureau.ledgers.pages.reporting import last_reports
from keshu.catalogue import Catalogue
from keshu.catalogue.schema import Ledger


@dataclass(frozen=True)
class Line:
    ledger: Ledger
    rows: int
    this_year: int
    starred: int
    changed_at: datetime | None
    reported: Report | None = None


def lines(catalogue: Catalogue, viewer: Viewer, year: int) -> list[Line]:
    """One line a ledger, in the order of the catalogue, one query for all of them, one for the reports."""
    visible = viewer.place_ids("entries.view")
    living = Revision.objects.filter(known_to__isnull=True, voided=False)
    living = living if visible is None else living.filter(place_id__in=visible)
    found = {row["ledger"]: row for row in _counted(living, year)}
    empty = {"rows": 0, "starred": 0, "changed": None, "decided_on": 0, "filed_on": 0, "started_on": 0}
    reported = last_reports(visible)
    return [_line(ledger, found.get(code, empty), reported.get(code)) for code, ledger in catalogue.ledgers.items()]


def _counted(living: QuerySet[Revision], year: int) -> QuerySet:
    span = (date(year, 1, 1), date(year, 12, 31))
    of_year = {c: Count("pk", filter=Q(**{f"{c}__range": span})) for c in ("decided_on", "filed_on", "started_on")}
    starred = Count("pk", filter=Q(highlight=True))
    return living.values("ledger").annotate(rows=Count("pk"), changed=Max("known_from"), starred=starred, **of_year)


def _line(ledger: Ledger, row: dict, reported: Report | None) -> Line:
    return Line(ledger, row["rows"], row[main_date(ledger)], row["starred"], row["changed"], reported)


def by_theme(found: list[Line]) -> dict[str, list[Line]]:
    themes: dict[str, list[Line]] = {}
    for line in found:
        themes.setdefault(line.ledger.theme, []).append(line)
    return themes
