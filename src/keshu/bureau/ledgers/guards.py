"""Fetching and authorising in one step: what is absent and what is not yours answer alike."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest

from keshu.bureau.ledgers.catalogue import UnknownLedger, ledger_of
from keshu.bureau.ledgers.models import Batch, Revision
from keshu.bureau.places.models import Place
from keshu.catalogue.schema import Ledger

REPORTERS = ("province", "city", "county", "zone", "town")


def ledger_or_404(code: str) -> Ledger:
    try:
        return ledger_of(code)
    except UnknownLedger:
        raise Http404 from None


def ledger_to(request: HttpRequest, code: str, right: str) -> Ledger:
    """The ledger, for somebody who has the right for its section; others may not (403)."""
    ledger = ledger_or_404(code)
    if not request.viewer.may(right, section=ledger.owner):
        raise PermissionDenied(right)
    return ledger


def visible_to(request: HttpRequest, row: Revision, right: str = "entries.view") -> bool:
    visible = request.viewer.place_ids(right)
    return visible is None or row.place_id in visible


def entry_or_404(request: HttpRequest, entry_id: int) -> Revision:
    """The current revision of an entry that the viewer may see."""
    rows = Revision.objects.filter(entry_id=entry_id, known_to__isnull=True)
    row = rows.select_related("place", "party", "act").first()
    if row is None or not visible_to(request, row):
        raise Http404
    return row


def entry_to(request: HttpRequest, entry_id: int, right: str) -> Revision:
    """The current revision, for somebody who has the right for its section and place; mere viewers get 403."""
    row = entry_or_404(request, entry_id)
    if not request.viewer.may(right, section=ledger_or_404(row.ledger).owner, place=row.place.code):
        raise PermissionDenied(right)
    return row


def batches_for(request: HttpRequest) -> QuerySet[Batch]:
    """Batches of places below which the viewer may import, the newest first; for the page of imports."""
    visible = request.viewer.place_ids("entries.import")
    rows = Batch.objects.select_related("place", "act").order_by("-pk")
    return rows if visible is None else rows.filter(place_id__in=visible)


def batch_or_404(request: HttpRequest, batch_id: int) -> Batch:
    batch = batches_for(request).filter(pk=batch_id).first()
    if batch is None:
        raise Http404
    ledger_to(request, batch.ledger, "entries.import")
    return batch


def places_for(request: HttpRequest, right: str) -> list[Place]:
    """Administrative places, from large to small, within the viewer's scope for this right."""
    visible = request.viewer.place_ids(right)
    places = Place.objects.filter(kind__in=REPORTERS).order_by("code")
    return list(places if visible is None else places.filter(pk__in=visible))
