"""What targets show on the home page: those that are late, and tasks that fall due."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.pages.registry import Deadline, numbers
from keshu.bureau.statistics.sharing import engine_for
from keshu.bureau.targets import access
from keshu.bureau.targets.listing import Line
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.progress import aims_of, progress
from keshu.bureau.targets.showing import name_of
from keshu.bureau.targets.tasks import FINISHED, tasks_of

SHOWN = 5
AHEAD = timedelta(days=30)


def late_targets(request: HttpRequest, day: date) -> dict[str, Any] | None:
    """The targets of the viewer's place that are furthest behind; nothing where none is."""
    place = access.own_place(request.viewer, "targets.view", access.territories())  # type: ignore[attr-defined]
    stand = progress(place, day.year, engine=engine_for(request)) if place else []
    aims = [aim for aim in aims_of(stand) if aim.main.late]
    if not aims:
        return None
    aims.sort(key=lambda aim: aim.main.pace or 0)
    return {"lines": [Line(aim) for aim in aims[:SHOWN]], "place": place, "year": day.year}


def tasks_due(request: HttpRequest, day: date) -> Sequence[Deadline]:
    """Unfinished tasks of the viewer's place that are over their day or due within a month."""
    viewer = request.viewer  # type: ignore[attr-defined]
    place = access.own_place(viewer, "targets.view", access.territories())
    tasks = tasks_of(place, day.year, viewer=viewer, today=day) if place else []
    return [
        Deadline(task.name, task.due, task.url or reverse("targets:tasks"), task.section)
        for task in tasks
        if task.due is not None and task.status not in FINISHED and task.due <= day + AHEAD
    ]


def target_url(number: str) -> str:
    return reverse("targets:detail", args=[number]) if number.isdecimal() else ""


def year_url(year: str) -> str:
    return f"{reverse('targets:index')}?year={year}" if year.isdecimal() else ""


def target_names(codes: Sequence[str]) -> dict[str, str]:
    """江川区2026年技术合同成交额, for lists of acts."""
    known = catalogue().indicators
    rows = TargetRevision.objects.filter(target_id__in=numbers(codes), known_to__isnull=True).select_related("place")
    return {
        str(row.target_id): f"{row.place.name}{row.year}年{name_of(row, known[row.indicator])}"
        for row in rows
        if row.indicator in known
    }
