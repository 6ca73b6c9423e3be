"""Files in their slots: sent whole or in pieces, several pictures as one PDF, put in order, taken out, downloaded."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.forms import uploads
from keshu.bureau.forms.models import Upload
from keshu.bureau.programmes.access import case_or_404
from keshu.bureau.programmes.applying import papers as services
from keshu.bureau.programmes.applying.form_views import OWN, _frame, _mine
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.applying.pages import tabs_of
from keshu.bureau.programmes.applying.reading import Draft, draft_of
from keshu.bureau.programmes.applying.sheet import PAPERS
from keshu.bureau.programmes.applying.states import APPLY
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling.defects import open_defects
from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records import files
from keshu.catalogue.schema.programme_form import Slot
from keshu.office.filetypes import MEGABYTE, FileRefused, safe_name


@requires(*OWN)
@require_http_methods(["GET", "POST"])
def papers(request: HttpRequest, application_id: int) -> HttpResponse:
    """All slots that show, with what lies in them. A POST puts files into one slot, or pictures as one PDF."""
    application = _mine(request, application_id)
    if application is None:
        return redirect("programmes:whole", application_id)
    if request.method == "POST":
        return _put(request, application)
    draft = draft_of(application, at=timezone.now())
    defects = open_defects(application_id)
    tabs = tabs_of(draft, here=PAPERS, defects=defects)
    context = {
        **_frame(application, draft), "slots": [_slot(draft, slot, defects) for slot in draft.form.slots()],
        "tabs": tabs, "before": tabs[-2], "defects": defects, "general": [one for one in defects if not one.field],
        "waiting": uploads.open_uploads(request.user.get_username(), f"application:{application_id}"),
    }  # fmt: skip
    return render(request, "programmes/applying/papers.html", context)


def _slot(draft: Draft, slot: Slot, defects: list[Any]) -> dict[str, Any]:
    path = f"slot:{slot.code}"
    return {
        "slot": slot, "papers": draft.papers.get(slot.code, []), "application": draft.application,
        "most": slot.megabytes * MEGABYTE, "types": " ".join(extensions_of(slot)), "may_merge": services.may_merge(slot),
        "accept": ",".join(f".{one}" for one in extensions_of(slot)), "remarks": draft.form.problem_at(path),
        "defects": [one for one in defects if one.field in (path, slot.code)], "must": slot.required,
        "pictures": ".jpg,.jpeg,.png,.pdf",
    }  # fmt: skip


def extensions_of(slot: Slot) -> list[str]:
    """jpg files are called jpeg as often."""
    return [*slot.types, "jpeg"] if "jpg" in slot.types else list(slot.types)


def _put(request: HttpRequest, application: Application) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    slot = services.slot_or_404(layout_of(programme_for(application.call)), request.POST.get("slot", ""))
    sent = request.FILES.getlist("files")
    try:
        arrived = _arrived(slot, sent, merge=bool(request.POST.get("merge")))
        for one in arrived:
            services.add_paper(application.pk, slot.code, one, parties=viewer.parties(APPLY), by=viewer.actor, at=now)
    except (FileRefused, CaseProblem) as problem:
        messages.error(request, _said(problem))
    else:
        names = "、".join(one.name for one in arrived)
        if arrived:
            messages.success(request, _("已上传：%(names)s") % {"names": names})
        else:
            messages.error(request, _("没有选择文件，请先选择再上传"))
    return redirect(f"{reverse('programmes:papers', args=[application.pk])}#slot-{slot.code}")


def _arrived(slot: Slot, sent: list[UploadedFile], *, merge: bool) -> list[services.Arrived]:
    if not sent:
        return []
    parts = []
    for file in sent:
        if (file.size or 0) > slot.megabytes * MEGABYTE:
            words = {"name": file.name, "most": slot.megabytes}
            raise FileRefused("too-large", _("“%(name)s”超过 %(most)s MB。") % words, _("请压缩或拆分后再上传。"))
        parts.append((str(file.name), file.read()))
    return [services.merged(slot, parts)] if merge else [services.received(slot, name, one) for name, one in parts]


def _said(problem: Exception) -> str:
    return f"{problem.message}{problem.remedy}" if isinstance(problem, FileRefused) else str(problem)


@requires(APPLY)
@require_POST
def change(request: HttpRequest, application_id: int, paper_id: int) -> HttpResponse:
    """Take a file out of its slot, or move it up or down."""
    viewer, kind = request.viewer, request.POST.get("kind", "")  # type: ignore[attr-defined]
    if kind not in ("remove", "up", "down"):
        raise Http404
    try:
        paper = services.change_paper(
            application_id, paper_id, kind, parties=viewer.parties(APPLY), by=viewer.actor, at=timezone.now()
        )
    except CaseProblem as problem:
        messages.error(request, str(problem))
        return redirect("programmes:papers", application_id)
    return redirect(f"{reverse('programmes:papers', args=[application_id])}#slot-{paper.slot}")


# in pieces, as keshu.bureau.forms.uploads tells


def _refused(problem: Exception) -> JsonResponse:
    if isinstance(problem, FileRefused):
        told = {"code": problem.code, "message": problem.message, "remedy": problem.remedy}
        return JsonResponse(told, status=404 if problem.code == "missing" else 400)
    return JsonResponse({"code": "closed", "message": str(problem), "remedy": ""}, status=400)


@requires(APPLY)
@require_POST
def begin_upload(request: HttpRequest, application_id: int) -> HttpResponse:
    application = _mine(request, application_id)
    if application is None:
        raise Http404
    try:
        told = json.loads(request.body)
        code, name, size = str(told["slot"]), str(told["name"]), int(told["size"])
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"code": "request", "message": _("读不懂发来的内容，请刷新页面"), "remedy": ""}, status=400)
    slot = services.slot_or_404(layout_of(programme_for(application.call)), code)
    try:
        upload = uploads.begin(
            services.upload_slot(application_id, slot), name=name, size=size, owner=request.user.get_username(),
            at=timezone.now(),
        )  # fmt: skip
    except FileRefused as problem:
        return _refused(problem)
    return JsonResponse({"id": str(upload.pk), "received": upload.received, "chunk": uploads.CHUNK})


@requires(APPLY)
@require_http_methods(["PUT"])
def append_upload(request: HttpRequest, application_id: int, upload_id: UUID) -> HttpResponse:
    offset = request.GET.get("offset", "")
    if not offset.isdecimal() or len(offset) > 15:
        raise Http404
    try:
        there = uploads.append(
            upload_id, int(offset), request.body, owner=request.user.get_username(), at=timezone.now()
        )
    except FileRefused as problem:
        return _refused(problem)
    return JsonResponse({"received": there})


@requires(APPLY)
@require_POST
def finish_upload(request: HttpRequest, application_id: int, upload_id: UUID) -> HttpResponse:
    """The file is whole: judge it, put it into its slot, answer with the slot as it looks now."""
    viewer, now, owner = request.viewer, timezone.now(), request.user.get_username()  # type: ignore[attr-defined]
    try:
        upload = get_object_or_404(Upload, pk=upload_id, owner=owner, subject=f"application:{application_id}")
        done = uploads.finish(upload_id, owner=owner, at=now)
        arrived = services.Arrived(done.sha256, done.name, done.size, done.mime)
        services.add_paper(application_id, upload.slot, arrived, parties=viewer.parties(APPLY), by=viewer.actor, at=now)
    except (FileRefused, CaseProblem) as problem:
        return _refused(problem)
    draft = draft_of(case_or_404(viewer, application_id), at=now)
    slot = draft.layout.slots[upload.slot]
    context = _slot(draft, slot, open_defects(application_id))
    return JsonResponse({"html": render_to_string("programmes/applying/_papers.html", {"one": context}, request)})


@requires("cases.view", "own.view")
@require_GET
def download(request: HttpRequest, application_id: int, sha256: str) -> HttpResponse:
    """A file of the case, always as a download: nothing that somebody uploaded is shown inside our own pages."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    paper = services.paper_for(application, sha256, own=application.party_id in viewer.parties("own.view"))
    path: Path = files.path_of(paper.sha256)
    if not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    name = content_disposition_header(as_attachment=True, filename=safe_name(paper.name))
    response.headers["Content-Disposition"] = name or "attachment"
    return response
