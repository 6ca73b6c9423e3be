"""What the home page and the search box show of summaries."""

from collections.abc import Sequence
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages.registry import (
    Action,
    Deadline,
    Deadlines,
    Hit,
    Search,
    register_action,
    register_deadlines,
    register_search,
)
from keshu.bureau.reports.queries import summaries_for


def register_home() -> None:
    register_deadlines(Deadlines("summaries", "summaries.view", _due))
    register_action(Action(_("写总结"), "summaries:index", "writing", "summaries.compose", order=30))
    register_search(Search("summaries", _("总结"), 40, "summaries.view", _find))


def _due(request: HttpRequest, day: date) -> Sequence[Deadline]:
    """Summaries that are being written, with the day on which they are due and who has not signed yet."""
    rows = summaries_for(request.viewer).filter(state="writing", due_on__isnull=False).order_by("due_on")[:5]
    return [
        Deadline(
            row.title, row.due_on, reverse("summaries:summary", args=[row.pk]), _("%(n)s部分待签") % {"n": row.unsigned}
        )
        for row in rows
    ]


def _find(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    rows = summaries_for(request.viewer).filter(title__icontains=text)[:limit]
    return [Hit(row.title, reverse("summaries:summary", args=[row.pk]), row.get_state_display()) for row in rows]
