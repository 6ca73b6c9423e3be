"""The bureau's pages of objections: due dates, handling, and the name behind a door that keeps a trace."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.programmes.models import Objection
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import lists, objecting, reading
from keshu.bureau.programmes.publicity.answers import bytes_response
from keshu.bureau.programmes.publicity.forms import PaperObjectionForm, ReasonForm, SettleForm
from keshu.bureau.programmes.publicity.list_views import _publicity
from keshu.bureau.programmes.publicity.public_views import _choices
from keshu.bureau.records.machine import NotAllowed


def _objection(request: HttpRequest, objection_id: int) -> Objection:
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = reading.objections_handled(viewer).select_related("publicity__call__place", "file", "application__party")
    return get_object_or_404(rows, pk=objection_id)


@requires(*reading.HANDLERS)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Open objections by their due date, then those that were handled."""
    viewer = request.viewer  # type: ignore[attr-defined]
    handled = request.GET.get("handled") == "1"
    rows = reading.objections_handled(viewer)
    rows = rows.exclude(outcome="") if handled else rows.filter(outcome="")
    page = page_of(rows, request.GET, sorts={"due": "due_on"}, default="-due" if handled else "due")
    context = {"page": page, "handled": handled, "today": timezone.localdate()}
    return render(request, "programmes/publicity/objections.html", context)


@requires(*reading.HANDLERS)
@never_cache
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, objection_id: int) -> HttpResponse:
    """One objection with the name taken out, and the form for its outcome."""
    row, viewer = _objection(request, objection_id), request.viewer  # type: ignore[attr-defined]
    decides = viewer.may("programmes.decide", place=row.publicity.call.place.code)
    form = SettleForm(posted(request), decides=decides)
    if request.method == "POST" and form.is_valid():
        try:
            objecting.settle(row.pk, **form.cleaned_data, viewer=viewer)
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("异议已办结"))
            return redirect("programmes:objection", objection_id=row.pk)
    context = {
        "objection": row, "told": objecting.read(row), "form": form, "today": timezone.localdate(),
        "may_take_up": row.application is not None and row.application.state == lists.SHOWN and not row.outcome,
        "may_unmask": "personal.unmask" in viewer.rights,
    }  # fmt: skip
    return render(request, "programmes/publicity/objection.html", context)


@requires(lists.RIGHT)
@require_POST
def take_up(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The case goes to the handling of objections."""
    row = _objection(request, objection_id)
    try:
        objecting.take_up(row.pk, viewer=request.viewer)  # type: ignore[attr-defined]
    except (CaseProblem, NotAllowed) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已转入异议处理"))
    return redirect("programmes:objection", objection_id=row.pk)


@requires("personal.unmask")
@never_cache
@require_http_methods(["GET", "POST"])
def unmask(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The name, after a reason that is kept with who asked and when."""
    row, viewer = _objection(request, objection_id), request.viewer  # type: ignore[attr-defined]
    form, back = ReasonForm(posted(request)), reverse("programmes:objection", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        told = objecting.unmask(row.pk, viewer=viewer, at=timezone.now(), reason=form.cleaned_data["reason"])
        return render(request, "programmes/publicity/unmasked.html", {"objection": row, "facts": list(told.items())})
    context = {
        "title": _("查看异议人"), "statement": _("谁在什么时候因为什么查看，会留下记录。异议人信息不得告知被异议单位。"),
        "label": _("查看"), "back": back, "facts": [(_("公示"), row.publicity.title)], "form": form,
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires("personal.unmask")
@never_cache
@require_http_methods(["GET", "POST"])
def scan(request: HttpRequest, objection_id: int) -> HttpResponse:
    """The stamped material, which names who objects: behind the same door."""
    row = _objection(request, objection_id)
    if row.file is None:
        raise Http404
    form, back = ReasonForm(posted(request)), reverse("programmes:objection", args=[row.pk])
    if request.method == "POST" and form.is_valid():
        content = objecting.open_scan(
            row.pk, viewer=request.viewer, at=timezone.now(), reason=form.cleaned_data["reason"]  # type: ignore[attr-defined]
        )  # fmt: skip
        return bytes_response(content, f"{row.file.name}.{row.file.kind}", row.file.mime)
    context = {
        "title": _("下载异议材料"), "statement": _("材料上有异议人的姓名和印章；下载会留下记录。"), "label": _("下载"),
        "back": back, "facts": [(_("公示"), row.publicity.title)], "form": form,
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires(lists.RIGHT)
@never_cache
@sensitive_post_parameters(*reading.SECRET)
@require_http_methods(["GET", "POST"])
def register(request: HttpRequest, publicity_id: int) -> HttpResponse:
    """An objection that came on paper; the clerk hands the ticket over with the receipt."""
    publicity = _publicity(request, publicity_id)
    form = PaperObjectionForm(
        posted(request), request.FILES or None, lines=_choices(publicity), initial={"received": timezone.localdate()}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            kept = objecting.register_objection(
                publicity.pk, form.said(), received=form.cleaned_data["received"],
                viewer=request.viewer, today=timezone.localdate(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except CaseProblem as problem:
            form.add_error(None, str(problem))
        else:
            context = {"publicity": publicity, "ticket": kept.ticket, "due_on": kept.objection.due_on, "inner": True}
            return render(request, "programmes/publicity/public_thanks.html", context)
    return render(request, "programmes/publicity/register.html", {"publicity": publicity, "form": form})
