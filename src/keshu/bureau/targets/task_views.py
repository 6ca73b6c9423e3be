"""The page of the year's 重点任务: who is due when, how far it is, who has not written."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.targets import access
from keshu.bureau.targets.forms import TaskFilter
from keshu.bureau.targets.tasks import Task, Wanted, chosen, progress_of, tasks_of

HEADINGS = (
    "任务", "来源", "专题", "区划", "责任科室", "责任领导", "来源文件", "完成时限", "状态",
    "进度(%)", "最新进展", "更新日期", "备注",
)  # fmt: skip


@requires("targets.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    every = asked["every"]
    total, done = progress_of(asked["place"], asked["year"])
    counts = {
        "total": total, "done": done,
        "silent": sum(task.silent for task in every), "overdue": sum(task.overdue for task in every),
    }  # fmt: skip
    context = asked | {"counts": counts, "export_url": reverse("targets:tasks-export")}
    return render(request, "targets/tasks.html", context)


@requires("targets.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    asked = _asked(request)
    name = _("%(year)s年重点任务") % {"year": asked["year"]}
    return xlsx_response(name, [_(heading) for heading in HEADINGS], (task.cells() for task in asked["tasks"]))


def _asked(request: HttpRequest) -> dict[str, Any]:
    """The filter with the tasks of its year and place, and those of them that it leaves."""
    viewer, today, places = request.viewer, timezone.localdate(), access.territories()  # type: ignore[attr-defined]
    given = {"year": str(today.year), "place": access.own_place(viewer, "targets.view", places)}
    data = given | {key: value for key, value in request.GET.items() if value}
    year, place = _year(data["year"], today), data["place"]
    every = tasks_of(place, year, viewer=viewer, today=today)
    form = TaskFilter(
        data, years=range(today.year + 1, today.year - 6, -1), places=places, sections=_words(every, "section"),
        sources=_words(every, "source"),
    )  # fmt: skip
    said = form.cleaned_data if form.is_valid() else {}
    wanted = Wanted(**{name: said.get(name, "") for name in ("section", "source", "state")})
    return {"form": form, "every": every, "tasks": chosen(every, wanted), "place": place, "year": year, "today": today}


def _year(text: str, today: date) -> int:
    return int(text) if text.isdecimal() and 2000 <= int(text) <= 2100 else today.year


def _words(tasks: list[Task], name: str) -> list[str]:
    return sorted({getattr(task, name) for task in tasks} - {""})
