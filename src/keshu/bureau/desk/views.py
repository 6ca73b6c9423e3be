"""The home page and the search over everything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import Viewer, signed_in
from keshu.bureau.accounts.acting import landing
from keshu.bureau.desk import queries
from keshu.bureau.desk.glance import period_to
from keshu.bureau.pages import registry
from keshu.bureau.records.models import Act

HITS, MOST = 5, 50


@dataclass(frozen=True)
class Found:
    """The hits of one area; `more` when there are others."""

    code: str
    label: str | Promise
    hits: Sequence[registry.Hit]
    more: bool


@signed_in
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What is due, the year's figures, the panels of the areas, what one may do, what one did last."""
    if request.viewer.unit_only:
        return redirect(landing(request.viewer))
    rights, day = request.viewer.rights, timezone.localdate()
    strips = [strip for strip in registry.strips() if strip.right in rights]
    for strip in strips:
        strip.expect(request, day)
    due = [d for source in registry.deadlines() if source.right in rights for d in source.due(request, day)]
    panels = [
        (p, shown) for p in registry.panels() if p.right in rights and (shown := p.context(request, day)) is not None
    ]
    context = {
        "day": day,
        "span": period_to(day).flow_words(with_year=True),
        "hour": timezone.localtime().hour,
        "stats": [s for strip in strips for s in strip.stats(request, day)],
        "deadlines": sorted(due, key=lambda d: d.due),
        "main_panels": [(p.template, shown) for p, shown in panels if p.column == "main"],
        "side_panels": [(p.template, shown) for p, shown in panels if p.column != "main"],
        "actions": _actions(request.viewer),
        "recent": _events(queries.recent_acts(request.viewer.actor.username, limit=8)),
    }
    return render(request, "desk/home.html", context)


def _actions(viewer: Viewer) -> list[tuple[registry.Action, str]]:
    found = [(action, _address(action.url_name)) for action in registry.actions() if action.right in viewer.rights]
    return [(action, url) for action, url in found if url]


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _events(acts: Sequence[Act]) -> list[dict[str, Any]]:
    names = registry.subject_names(act.subject for act in acts)
    return [
        {
            "at": act.at,
            "title": registry.verb_name(act.verb),
            "text": " · ".join(part for part in (names[act.subject], act.reason) if part),
            "url": registry.subject_url(act.subject),
        }
        for act in acts
    ]


@signed_in
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Hits by area, a few of each: a fragment while typing, a page of its own, or with `in` one area with more."""
    text, rights = request.GET.get("q", "").strip(), request.viewer.rights
    sources = [s for s in registry.searches() if s.right in rights] if text else []
    area = request.GET.get("in", "")
    most = MOST if area else HITS
    groups = [
        Found(source.code, source.label, hits[:most], len(hits) > most)
        for source in sources
        if area in ("", source.code) and (hits := source.find(request, text, most + 1))
    ]
    context = {"groups": groups, "search_text": text, "area": area}
    return render(request, "desk/found.html" if request.htmx else "desk/search.html", context)
