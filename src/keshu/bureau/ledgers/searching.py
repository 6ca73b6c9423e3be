"""Entries for the search box: by title, number or holder, among what the viewer may see."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.pages.listing import within_scope
from keshu.bureau.pages.holding import holds
from keshu.bureau.pages.registry import Hit


def find_entries(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """The latest living entries that bear the text in their title or number."""
    rows = within_scope(request.viewer, Revision.objects.filter(known_to__isnull=True, voided=False))
    rows = rows.filter(holds(text, "title", "number")).select_related("party", "place")
    return [_hit(row) for row in rows.order_by("-pk")[:limit]]


def _hit(row: Revision) -> Hit:
    ledger = catalogue().ledgers.get(row.ledger)
    name = row.title or row.number
    note = " · ".join(part for part in (ledger.name if ledger else "", row.place.name) if part)
    return Hit(name, reverse("ledgers:entry", args=[row.entry_id]), note)
