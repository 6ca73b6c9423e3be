"""Reading calls: which are open, what the public may read."""

from datetime import datetime, timedelta
from typing import Literal

from django.db.models import Count, Q, QuerySet

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
    """Calls that somebody, somewhere, may still apply in: an extension for all or for a place is included."""
    extended = Extension.objects.filter(closes_at__gt=at, application__isnull=True).values("call_id")
    rows = Call.objects.filter(state=Call.State.PUBLISHED, published_at__lte=at, opens_at__lt=at + COMING)
    return rows.filter(Q(closes_at__gt=at) | Q(pk__in=extended)).select_related("place").order_by("closes_at", "pk")


def with_counts(rows: QuerySet[Call]) -> QuerySet[Call]:
    """With how many cases were begun and how many handed in."""
    return rows.annotate(
        begun=Count("applications"), handed_in=Count("applications", filter=Q(applications__submitted_at__isnull=False))
    )
