"""Applications in the search of the whole site: by the number that somebody reads out on the telephone, or by title."""

from collections.abc import Sequence

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from keshu.bureau.pages.registry import Hit
from keshu.bureau.programmes.access import visible
from keshu.bureau.programmes.models import Application


def find_cases(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    """The latest applications that this person sees and that bear the text in their number, title or leader."""
    rows = visible(request.viewer).filter(
        Q(number__icontains=text) | Q(title__icontains=text) | Q(leader__icontains=text)
    )
    return [_hit(row) for row in rows.select_related("party").order_by("-submitted_at", "-pk")[:limit]]


def _hit(row: Application) -> Hit:
    note = " · ".join(part for part in (row.number, row.party.name) if part)
    return Hit(row.title or row.number or f"#{row.pk}", reverse("programmes:case", args=[row.pk]), note)
