"""The bureau's pages of lists under publicity."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers import calendar
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.programmes.access import calls_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application, Call, Publicity
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import lists, printing, reading
from keshu.bureau.programmes.publicity.answers import docx_response
from keshu.bureau.programmes.publicity.forms import CorrectForm, PublishForm
from keshu.bureau.programmes.services import RELATED
from keshu.bureau.records.machine import NotAllowed
from keshu.office.papers import render as render_paper


@requires(*reading.HANDLERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What waits for publicity, what is shown, which objections are due."""
    viewer = request.viewer  # type: ignore[attr-defined]
    page = page_of(reading.lists_handled(viewer), request.GET, sorts={"date": "starts_on"}, default="-date")
    context = {
        "waiting": reading.waiting_calls(viewer), "page": page, "today": timezone.localdate(),
        "objections": reading.due_objections(viewer)[:20],
    }  # fmt: skip
    return render(request, "programmes/publicity/index.html", context)


def _call(request: HttpRequest, call_id: int, right: str) -> Call:
    viewer = request.viewer  # type: ignore[attr-defined]
    return get_object_or_404(calls_of(viewer, right).select_related("place"), pk=call_id)


def ids_in(request: HttpRequest) -> list[int]:
    found = [whole_number(text) for text in request.POST.getlist("case")]
    return [number for number in found if number is not None]


@requires(lists.RIGHT)
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, call_id: int) -> HttpResponse:
    """Choose the cases, say what the list is called, show it to everybody."""
    call = _call(request, call_id, lists.RIGHT)
    rows = Application.objects.filter(call=call, state=lists.WAITING).select_related(*RELATED).order_by("number")
    cases = [Case(row, at=timezone.now(), by=request.viewer.actor) for row in rows]  # type: ignore[attr-defined]
    first = cases[0] if cases else None
    initial = {
        "title": lists.default_title(call, first.ladder.states[lists.SHOWN].name) if first else "",
        "contact": lists.default_contact(call),
    }  # fmt: skip
    form = PublishForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = lists.publish(call.pk, ids_in(request), **form.cleaned_data, viewer=request.viewer)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已开始公示，公示到 %(day)s 为止") % {"day": f"{made.ends_on:%Y-%m-%d}"})
            return redirect("programmes:publicity", publicity_id=made.pk)
    chosen = set(ids_in(request)) if request.method == "POST" else {case.application.pk for case in cases}
    labels, told = lists.table_of(lists.columns_of_all(cases))
    lines = [(case.application, line, case.application.pk in chosen) for case, line in zip(cases, told, strict=True)]
    ends_on = lists.last_day(first, first.today) if first else None
    context = {
        "call": call, "form": form, "lines": lines, "labels": labels, "ends_on": ends_on, "doubt": calendar.doubt(ends_on),
    }  # fmt: skip
    return render(request, "programmes/publicity/publish.html", context)


def _publicity(request: HttpRequest, publicity_id: int) -> Publicity:
    viewer = request.viewer  # type: ignore[attr-defined]
    return get_object_or_404(reading.lists_handled(viewer).select_related("call__place"), pk=publicity_id)


@requires(*reading.HANDLERS)
@require_GET
def show(request: HttpRequest, publicity_id: int) -> HttpResponse:
    """One list as the bureau handles it."""
    publicity, viewer = _publicity(request, publicity_id), request.viewer  # type: ignore[attr-defined]
    call, today = publicity.call, timezone.localdate()
    context = {
        "publicity": publicity, "items": reading.items_of(publicity), "today": today,
        "corrections": publicity.corrections.select_related("act").order_by("pk"),
        "objections": publicity.objections.select_related("application").order_by("due_on", "pk"),
        "may": viewer.may(lists.RIGHT, section=call.section, place=call.place.code),
        "may_end": publicity.ended_at is None and publicity.ends_on < today,
    }  # fmt: skip
    return render(request, "programmes/publicity/list.html", context)


@requires(lists.RIGHT)
@require_POST
def end(request: HttpRequest, publicity_id: int) -> HttpResponse:
    """Let every case go on that nothing holds back."""
    publicity = _publicity(request, publicity_id)
    try:
        passed, left = lists.end_publicity(publicity.pk, viewer=request.viewer)  # type: ignore[attr-defined]
    except (CaseProblem, NotAllowed) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("%(n)s 件公示期满，已进入下一环节") % {"n": passed})
        for application, why in left:
            messages.warning(request, _("%(name)s：%(why)s") % {"name": application, "why": why})
    return redirect("programmes:publicity", publicity_id=publicity.pk)


@requires(lists.RIGHT)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, publicity_id: int, item_id: int) -> HttpResponse:
    """Put one column of one line right, in everybody's sight."""
    publicity = _publicity(request, publicity_id)
    item = publicity.items.filter(pk=item_id, removed_by__isnull=True).first()
    if item is None:
        raise Http404
    form = CorrectForm(posted(request), columns=item.columns)
    back = reverse("programmes:publicity", args=[publicity.pk])
    if request.method == "POST" and form.is_valid():
        try:
            lists.correct(item.pk, **form.cleaned_data, viewer=request.viewer)  # type: ignore[attr-defined]
        except CaseProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已更正，更正前后的内容和原因显示在公示页上"))
            return redirect(back)
    context: dict[str, Any] = {
        "title": _("更正公示内容"), "statement": _("更正前后的内容和原因会一直显示在公示页上。"), "label": _("更正"),
        "back": back, "facts": [tuple(pair) for pair in item.columns], "form": form,
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires(*reading.HANDLERS)
@require_GET
def notice(request: HttpRequest, publicity_id: int) -> HttpResponse:
    """The notice as .docx, to be printed and put up."""
    publicity = _publicity(request, publicity_id)
    return docx_response(render_paper("publicity_notice", printing.notice_of(publicity)), publicity.title)
