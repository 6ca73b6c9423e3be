"""Reading calls: which are open, until when for whom, what the public may read."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Max, Q, QuerySet

from keshu.bureau.programmes.models import Call, Extension

Phase = Literal["draft", "coming", "open", "closed", "cancelled"]
COMING = timedelta(days=365)  # how far ahead a published call is announced
RECENT = timedelta(days=365)  # how long a closed one stays on the public list


def phase_of(call: Call, at: datetime, closes: datetime | None = None) -> Phase:
    """Where a call stands at an instant; `closes`: its last instant with extensions, where known."""
    if call.state == Call.State.CANCELLED:
        return "cancelled"
    if call.state == Call.State.DRAFT:
        return "draft"
    if at < call.opens_at:
        return "coming"
    return "open" if at < (closes or call.closes_at) else "closed"


def published(at: datetime) -> QuerySet[Call]:
    """What the public sees: open, coming and lately closed calls, the open ones that close first before others."""
    rows = Call.objects.filter(state=Call.State.PUBLISHED, published_at__lte=at)
    return rows.filter(closes_at__gt=at - RECENT, opens_at__lt=at + COMING).order_by("closes_at", "pk")


def open_or_coming(at: datetime) -> QuerySet[Call]:
    """Calls that somebody may still apply in, an extension for all or for a place included."""
    extended = Extension.objects.filter(closes_at__gt=at, application__isnull=True).values("call_id")
    rows = Call.objects.filter(state=Call.State.PUBLISHED, published_at__lte=at, opens_at__lt=at + COMING)
    return rows.filter(Q(closes_at__gt=at) | Q(pk__in=extended)).select_related("place").order_by("closes_at", "pk")


def closing_for_all(calls: Iterable[Call]) -> dict[int, datetime]:
    """The last instant of each call that holds for everybody, by one query."""
    return _closing(calls, Q(place__isnull=True))


def closing_of(calls: Iterable[Call], place_id: int | None) -> dict[int, datetime]:
    """The last instant of each call for an applicant of the place, by one query. A case's own extension is its own."""
    return _closing(calls, Q(place__isnull=True) | Q(place_id=place_id))


def _closing(calls: Iterable[Call], scope: Q) -> dict[int, datetime]:
    known = {call.pk: call.closes_at for call in calls}
    rows = Extension.objects.filter(scope, call_id__in=known, application__isnull=True)
    for call_id, at in rows.values_list("call_id").annotate(at=Max("closes_at")):
        known[call_id] = max(known[call_id], at)
    return known


def with_counts(rows: QuerySet[Call]) -> QuerySet[Call]:
    """With how many cases were begun and how many handed in."""
    return rows.annotate(
        begun=Count("applications"), handed_in=Count("applications", filter=Q(applications__submitted_at__isnull=False))
    )
