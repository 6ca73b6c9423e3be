"""Reads about targets: what is set, how it is broken down, what became of it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import Q, QuerySet

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.forming.base import TargetKey, TargetRef
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.rules import direction_of
from keshu.catalogue import Catalogue
from keshu.kernel.measure.targets import Direction, TargetKind

#: what has to be reached comes before what is striven for
TIERS = ("", "ensure", "strive")


def revisions(known_at: datetime | None = None) -> QuerySet[TargetRevision]:
    """The targets as known at the instant (None: now), without the withdrawn ones; unordered."""
    known = Q(known_to__isnull=True)
    if known_at is not None:
        known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
    return TargetRevision.objects.filter(known, voided=False).select_related("place")


def targets_of(
    place: str, year: int, *, known_at: datetime | None = None, catalogue: Catalogue | None = None
) -> list[TargetRef]:
    """Targets of a place and year, those of its sections too, as other apps see them; in the order of the catalogue."""
    return [ref_of(row, catalogue) for row in rows_of(place, year, known_at=known_at, catalogue=catalogue)]


def rows_of(
    place: str, year: int, *, known_at: datetime | None = None, catalogue: Catalogue | None = None
) -> list[TargetRevision]:
    """The same as revisions: the ensured before the striven, the place's own before its sections'; one query."""
    order = {code: number for number, code in enumerate((catalogue or site_catalogue()).indicators)}
    rows = revisions(known_at).filter(place__code=place, year=year)
    return sorted(rows, key=lambda row: (order.get(row.indicator, len(order)), *_within_indicator(row)))


def _within_indicator(row: TargetRevision) -> tuple[object, ...]:
    return row.scope, row.section, TIERS.index(row.tier), row.target_id


def history_of(target_id: int) -> list[TargetRevision]:
    """Every revision of a target, the newest first, withdrawn ones too."""
    rows = TargetRevision.objects.filter(target_id=target_id).select_related("place", "act")
    return list(rows.order_by("-number"))


def codes_with_targets(place: str, years: Iterable[int], *, known_at: datetime | None = None) -> list[str]:
    """Indicators for which the place has a target of its own in one of the years, in the order of the catalogue."""
    rows = revisions(known_at).filter(place__code=place, year__in=list(years), section="", scope="")
    found = set(rows.values_list("indicator", flat=True))
    return [code for code in site_catalogue().indicators if code in found]


def find_targets(keys: Iterable[TargetKey], known_at: datetime) -> Mapping[TargetKey, list[TargetRef]]:
    """Targets of (indicator, place, year) for the forms `target`, `completion` and `pace`; one query for all keys.

    Targets of sections are parts of the place's and stay out. Of two issuers the earlier goes first.
    """
    wanted = set(keys)
    codes, places, years = ({key[part] for key in wanted} for part in range(3))
    whole = revisions(known_at).filter(section="", scope="")
    rows = whole.filter(indicator__in=codes, place__code__in=places, year__in=years)
    found: dict[TargetKey, list[TargetRef]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (TIERS.index(row.tier), row.target_id)):
        key = (row.indicator, row.place.code, row.year)
        if key in wanted:
            found[key].append(ref_of(row))
    return dict(found)


def ref_of(row: TargetRevision, catalogue: Catalogue | None = None) -> TargetRef:
    """The target as other apps see it."""
    indicator = (catalogue or site_catalogue()).indicators.get(row.indicator)
    return TargetRef(
        id=row.target_id, revision=row.pk, code=row.indicator, place=row.place.code, section=row.section, year=row.year,
        kind=TargetKind(row.kind), tier=row.tier, low=row.low, high=row.high, issuer=row.issuer, document=row.document,
        direction=direction_of(indicator) if indicator else Direction.HIGHER, scope=row.scope,
    )  # fmt: skip


def years_with_targets() -> list[int]:
    """Years for which anything is set, the newest first."""
    return list(revisions().order_by("-year").values_list("year", flat=True).distinct())


def current(target_id: int) -> TargetRevision | None:
    """The target as it stands, also when it was withdrawn; None where there is none."""
    rows = TargetRevision.objects.select_related("place", "act", "target")
    return rows.filter(target_id=target_id, known_to__isnull=True).first()
