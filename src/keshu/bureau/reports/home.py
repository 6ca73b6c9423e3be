"""What the home page and the search box show of summaries."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages.registry import (
    Action,
    Deadline,
    Deadlines,
    Hit,
    Panel,
    Search,
    Subject,
    numbers,
    register_action,
    register_deadlines,
    register_panel,
    register_search,
    register_subject,
)
from keshu.bureau.reports.models import Section, Summary
from keshu.bureau.reports.queries import summaries_for
from keshu.bureau.reports.signing import may_pass, next_step, owners_with

SHOWN = 4


def register_home() -> None:
    register_deadlines(Deadlines("summaries", "summaries.view", _due))
    register_action(Action(_("写总结"), "summaries:index", "writing", "summaries.compose", order=30))
    register_search(Search("summaries", _("总结"), 40, "summaries.view", _find))
    register_panel(Panel("summaries", 10, "summaries.view", "reports/home.html", _writing))
    register_subject("summary", Subject(_("总结"), _summary_url, names=_titles))
    register_subject("section", Subject(_("总结部分"), names=_headings))


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


def _writing(request: HttpRequest, day: date) -> dict[str, Any] | None:
    """Summaries that are being written, and what waits for this viewer's signature."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = list(summaries_for(viewer).filter(state="writing").order_by("due_on", "place__order")[:SHOWN])
    if not rows:
        return None
    lines = []
    for row in rows:
        drafts = row.sections.filter(included=True, state=Section.State.DRAFT)
        waiting = list(drafts.order_by("order"))
        owners = owners_with(viewer, "summaries.sign", row.place.code, (one.owner for one in waiting))
        mine = [one for one in waiting if one.owner in owners]
        step = next_step(row) if not row.unsigned and may_pass(viewer, row) else None
        more = len(mine) - SHOWN
        lines.append(
            {
                "summary": row,
                "done": row.written - row.unsigned,
                "mine": mine[:SHOWN],
                "more": more,
                "step": step,
            }
        )
    return {"lines": lines, "day": day}


def _summary_url(number: str) -> str:
    return reverse("summaries:summary", args=[number]) if number.isdecimal() else ""


def _titles(codes: Sequence[str]) -> dict[str, str]:
    """By number, or by what a summary was composed for: place/period/kind."""
    composed = [code.split("/") for code in codes if code.count("/") == 2]
    wanted = Q(pk__in=numbers(codes))
    for place, period, kind in composed:
        wanted |= Q(place__code=place, period=period, kind=kind)
    rows = Summary.objects.filter(wanted).select_related("place")
    found = {str(row.pk): f"《{row.title}》" for row in rows}
    return found | {f"{row.place.code}/{row.period}/{row.kind}": f"《{row.title}》" for row in rows}


def _headings(codes: Sequence[str]) -> dict[str, str]:
    rows = Section.objects.filter(pk__in=numbers(codes)).select_related("summary").defer("blocks")
    return {str(row.pk): f"{row}（《{row.summary.title}》）" for row in rows}
