"""Receipts, what was handed in and what changed between two versions; and the page on which anybody checks a receipt."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import public, requires
from keshu.bureau.programmes.access import case_or_404
from keshu.bureau.programmes.applying import tasks
from keshu.bureau.programmes.applying.form_views import papers_by_slot
from keshu.bureau.programmes.applying.layout import layout_of
from keshu.bureau.programmes.applying.pages import said, whole_form
from keshu.bureau.programmes.applying.printing import verify_address
from keshu.bureau.programmes.applying.reading import version_form
from keshu.bureau.programmes.applying.verifying import HASH, version_of
from keshu.bureau.programmes.applying.versions import Difference, differences, version_before, versions_of
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, FormVersion, Receipt
from keshu.catalogue.schema.programme_form import FormField


@requires("cases.view", "own.view")
@require_GET
def receipt(request: HttpRequest, application_id: int, receipt_id: int) -> HttpResponse:
    """The answer to a click: number, time, hash; to be printed."""
    application = case_or_404(request.viewer, application_id)  # type: ignore[attr-defined]
    found = get_object_or_404(Receipt.objects.select_related("version"), pk=receipt_id, application_id=application_id)
    programme = programme_for(application.call)
    label = next((step.label for step in programme.ladder.steps if step.event == found.event), "")
    state = programme.ladder.states[application.state]
    context = {
        "application": application, "call": application.call, "receipt": found, "programme": programme, "label": label,
        "address": verify_address(application, found.sha256, root_of(request)), "state": state,
        "papers": len(found.version.papers) if found.version else 0,
        "own": application.party_id in request.viewer.parties("own.view"),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "programmes/applying/receipt.html", context)


@requires("own.view")
@require_GET
def printed(request: HttpRequest, application_id: int, number: int) -> HttpResponse:
    """The version as PDF, for the applicant's own people; where it is not printed yet, the worker is asked to."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    if application.party_id not in viewer.parties("own.view"):
        raise Http404
    version = _version(application, number)
    content = tasks.read_print(version)
    if content is None:
        tasks.print_version.enqueue(version.pk, root_of(request))
        content = tasks.read_print(version)
    if content is None:
        messages.info(request, _("正在生成 PDF，约需半分钟，请稍后再点一次"))
        return redirect("programmes:version", application_id, number)
    response = HttpResponse(content, content_type="application/pdf")
    response["X-Content-Type-Options"] = "nosniff"
    name = content_disposition_header(as_attachment=True, filename=f"{application.number}-{number}.pdf")
    response.headers["Content-Disposition"] = name or "attachment"
    return response


def root_of(request: HttpRequest) -> str:
    """The site's own address as this reader types it."""
    return request.build_absolute_uri("/")


@requires("cases.view", "own.view")
@require_GET
def version(request: HttpRequest, application_id: int, number: int) -> HttpResponse:
    """The whole form as one version fixed it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    found = _version(application, number)
    own = application.party_id in viewer.parties("own.view")
    read = version_form(application, found, at=timezone.now())
    context = {
        "application": application, "call": application.call, "programme": read.layout.programme, "own": own,
        "sections": whole_form(read, own=own), "papers": papers_by_slot(read.layout.slots, found.papers),
        "version": found, "versions": versions_of(application), "may_edit": False,
    }  # fmt: skip
    return render(request, "programmes/applying/whole.html", context)


def _version(application: Application, number: int) -> FormVersion:
    found: FormVersion = get_object_or_404(FormVersion, application_id=application.pk, number=number)
    found.application = application
    return found


@requires("cases.view", "own.view")
@require_GET
def changes(request: HttpRequest, application_id: int, number: int) -> HttpResponse:
    """What this version says otherwise than the one before: field by field, tables row by row, papers."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    after = _version(application, number)
    before = version_before(after)
    if before is None:
        raise Http404
    layout = layout_of(programme_for(application.call))
    own = application.party_id in viewer.parties("own.view")
    found = [(one, _shown(one, one.before, layout, own), _shown(one, one.after, layout, own))
             for one in differences(layout, before, after)]  # fmt: skip
    context = {"application": application, "call": application.call, "before": before, "after": after, "found": found}
    return render(request, "programmes/applying/changes.html", context)


def _shown(one: Difference, text: str, layout: object, own: bool) -> str:
    spot = layout.spot(one.path)  # type: ignore[attr-defined]
    item: FormField | None = spot.field if spot else None
    return said(item, text, own=own) if item is not None else text


@public
@require_GET
def verify(request: HttpRequest) -> HttpResponse:
    """Anybody with number and hash learns whether this was handed in, when and under which programme; nothing else."""
    number = request.GET.get("number", "").strip()
    sha256 = "".join(request.GET.get("sha256", "").split()).lower()
    asked = bool(number or sha256)
    found = version_of(number, sha256) if HASH.fullmatch(sha256) else None
    context = {
        "asked": asked, "found": found, "number": number, "sha256": sha256,
        "programme": programme_for(found.application.call) if found else None,
        "latest": found is not None and found.application.version_id == found.pk,
    }  # fmt: skip
    return render(request, "programmes/applying/verify.html", context)
