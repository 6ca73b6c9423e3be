"""Pages of summaries: the list, one summary with its text, what a figure stands on, comparing, downloads."""

from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.reports import checks, queries, services
from keshu.bureau.reports.blocking import falls_signed, obstacles
from keshu.bureau.reports.compose import definition_of
from keshu.bureau.reports.falls import SHOWN, by_theme
from keshu.bureau.reports.forms import FileForm, NewSummary, SendingForm
from keshu.bureau.reports.freezing import content_hash, document_for
from keshu.bureau.reports.handing_on import planned_year, subject_of
from keshu.bureau.reports.models import Summary
from keshu.bureau.reports.opening import open_mark
from keshu.bureau.reports.papers import Sending
from keshu.bureau.reports.reading import grouped, parts_of
from keshu.bureau.reports.rules import chain_named
from keshu.bureau.reports.signing import may_pass, may_sign_falls, next_step, owners_with
from keshu.bureau.reports.stored import annex_of, content_of
from keshu.bureau.reports.verifying import named, verify_file
from keshu.bureau.targets.measures import taken_up
from keshu.kernel.measure.period import Period
from keshu.office.gbt9704 import write_official
from keshu.office.soffice import OfficeProblem, to_pdf

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def summary_or_404(request: HttpRequest, summary_id: int) -> Summary:
    """The summary if it is the viewer's to see; the same answer for absent and not yours."""
    found = queries.summaries_for(request.viewer).filter(pk=summary_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404(summary_id)
    return found


@requires("summaries.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The summaries of all years side by side, and the form for a new one."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = list(queries.summaries_for(viewer))
    places: dict[str, dict[str, Any]] = {}
    for row in rows:
        line = places.setdefault(row.place.code, {"place": row.place, "years": {}})
        line["years"].setdefault(row.year, []).append(row)
    years = sorted({row.year for row in rows}, reverse=True)
    lines = [
        {"place": line["place"], "cells": [line["years"].get(year, []) for year in years]} for line in places.values()
    ]
    form = _new_form(request) if viewer.may("summaries.compose") else None
    names = {code: one.name for code, one in catalogue().summaries.items()}
    context = {"rows": rows, "years": years, "lines": lines, "form": form, "names": names, "day": timezone.localdate()}
    return render(request, "reports/index.html", context)


def _new_form(request: HttpRequest, data: Any = None) -> NewSummary:
    viewer = request.viewer  # type: ignore[attr-defined]
    visible = viewer.place_ids("summaries.compose")
    places = Place.objects.filter(kind__in=("city", "county", "zone")).order_by("order", "code")
    if visible is not None:
        places = places.filter(pk__in=visible)
    kinds = [(code, one.name) for code, one in catalogue().summaries.items() if not one.abstract]
    return NewSummary(places, kinds, data, initial={"period": str(_usual_period(timezone.localdate())), "chain": "two"})


def _usual_period(day: date) -> Period:
    """From new year to the last month that is over; in January the whole year before."""
    last = day.replace(day=1) - timedelta(days=1)
    return Period.until(last)


@requires("summaries.compose")
@require_POST
def new(request: HttpRequest) -> HttpResponse:
    """Compose a new summary from the records."""
    form = _new_form(request, request.POST)
    if not form.is_valid():
        rows = list(queries.summaries_for(request.viewer))  # type: ignore[attr-defined]
        return render(request, "reports/index.html", {"rows": rows, "years": [], "lines": [], "form": form}, status=422)
    data = form.cleaned_data
    try:
        summary = services.compose_summary(
            data["place"].code, data["period"], data["kind"], by=request.viewer.actor, due_on=data["due_on"],  # type: ignore[attr-defined]
            public=data["public"], chain=chain_named(data["chain"]),
        )  # fmt: skip
    except services.SummaryProblem as problem:
        messages.error(request, str(problem))
        return redirect("summaries:index")
    messages.success(request, _("已由台账生成总结，请各科室核改、签字"))
    return redirect("summaries:summary", summary_id=summary.pk)


@requires("summaries.view")
@require_GET
def summary(request: HttpRequest, summary_id: int) -> HttpResponse:
    """The text as paper, with everything that belongs to it."""
    found = summary_or_404(request, summary_id)
    viewer = request.viewer  # type: ignore[attr-defined]
    later = _later(found)
    parts = parts_of(found, {one.mark.mark: one.words or one.value for one in later})
    points = obstacles(found) if found.state == Summary.State.WRITING else []
    owners, shape = [part.owner for part in parts], definition_of(found.kind)
    signers = owners_with(viewer, "summaries.sign", found.place.code, owners)
    editors = owners_with(viewer, "summaries.edit", found.place.code, owners)
    context = {
        "summary": found,
        "parts": parts,
        "kind": catalogue().summaries[found.kind].name if found.kind in catalogue().summaries else found.kind,
        "signable": {p.code for p in parts if p.section and p.owner in signers},
        "editable": {p.code for p in parts if p.section and p.owner in editors},
        "obstacles": [one for one in points if one.blocks and one.code not in ("unsigned", "step")],
        "cautions": [one for one in points if not one.blocks],
        "step": next_step(found),
        "may_pass": may_pass(viewer, found),
        "may_sign_falls": may_sign_falls(viewer),
        "may_compose": viewer.may("summaries.compose", place=found.place.code),
        "ready": not any(one.blocks for one in points),
        "may_freeze": viewer.may("summaries.freeze", place=found.place.code),
        "falls": by_theme(found.lists.get("falls", [])[:SHOWN], catalogue()),
        "more_falls": by_theme(found.lists.get("falls", [])[SHOWN:], catalogue()),
        "more_falls_n": len(found.lists.get("falls", [])[SHOWN:]),
        "falls_signed": falls_signed(found),
        "annex": annex_of(found.lists if found.state == "writing" else found.frozen.content["lists"]),
        "later": [(one, grouped(one.because)) for one in _once_each(later)],
        "before": queries.last_years(found),
        "signatures": found.signatures.select_related("section", "scan"),
        "day": timezone.localdate(),
        "taken": taken_up(subject_of(found)) if found.state == Summary.State.FROZEN else None,
        "planned": planned_year(found),
        "table_first": bool(shape.annex and shape.annex.first),
    }
    return render(request, "reports/summary.html", context)


def _later(found: Summary) -> list[queries.Later]:
    return queries.later_changes(found.frozen) if found.state == Summary.State.FROZEN else []


def _once_each(later: list[queries.Later]) -> list[queries.Later]:
    """A figure that the text prints several times is told once, and not where its words came out the same."""
    told = {(one.mark.name, one.mark.printed, one.words): one for one in later if one.words != one.mark.printed}
    return list(told.values())


@requires("summaries.view")
@require_GET
def mark(request: HttpRequest, summary_id: int, mark: str) -> HttpResponse:
    """What a figure, a list of names or a record stands on; beside the text, or as a page of its own."""
    found = summary_or_404(request, summary_id)
    opened = open_mark(found, mark, request.viewer)  # type: ignore[attr-defined]
    if opened is None:
        raise Http404(mark)
    template = "reports/_panel.html" if request.headers.get("HX-Request") else "reports/mark.html"
    return render(request, template, {"summary": found, "opened": opened})


@requires("summaries.view")
@require_GET
def check(request: HttpRequest, summary_id: int) -> HttpResponse:
    """What reads like a machine, what misses the measure, outdated phrases, figures typed by hand, what stayed out."""
    found = summary_or_404(request, summary_id)
    template = "reports/_checks.html" if request.headers.get("HX-Request") else "reports/checks.html"
    return render(request, template, {"summary": found, "found": checks.check(found)})


@requires("summaries.view")
@require_GET
def compare(request: HttpRequest, summary_id: int) -> HttpResponse:
    """This year's text beside last year's, section by section."""
    found = summary_or_404(request, summary_id)
    before = queries.last_years(found)
    old = {part.code: part for part in parts_of(before)} if before else {}
    pairs = [(part, old.pop(part.code, None)) for part in parts_of(found)]
    context = {"summary": found, "before": before, "pairs": pairs, "gone": list(old.values())}
    return render(request, "reports/compare.html", context)


@requires("summaries.view")
@require_GET
def versions(request: HttpRequest, summary_id: int, code: str) -> HttpResponse:
    """Every version of a section, the newest first: nothing is lost."""
    found = summary_or_404(request, summary_id)
    section = found.sections.filter(code=code).first()
    if section is None:
        raise Http404(code)
    rows = [(one, "".join(_plain(block) for block in one.blocks)) for one in queries.versions_of(section)]
    return render(request, "reports/versions.html", {"summary": found, "section": section, "rows": rows})


def _plain(block: dict[str, Any]) -> str:
    from keshu.bureau.reports.composing.nodes import block_from_json

    return block_from_json(block).words + "\n"


@requires("summaries.view")
@require_GET
def send(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Number, signers and addressee for the upward form."""
    found = summary_or_404(request, summary_id)
    return render(request, "reports/send.html", {"summary": found, "form": SendingForm()})


@requires("summaries.view")
@require_GET
def download(request: HttpRequest, summary_id: int, form: str) -> HttpResponse:
    """The summary as .docx or .pdf, the check sheet as .docx or .xlsx."""
    found = summary_or_404(request, summary_id)
    wish = SendingForm(request.GET)
    if not wish.is_valid():
        return render(request, "reports/send.html", {"summary": found, "form": wish}, status=400)
    try:
        name, kind, content = _file(found, form, wish.sending)
    except OfficeProblem as problem:
        messages.error(request, str(problem))
        return redirect("summaries:summary", summary_id=summary_id)
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = (
        f"attachment; filename=\"summary.{form[-4:].strip('-')}\"; filename*=UTF-8''{quote(name)}"
    )
    return response


def _file(found: Summary, form: str, sending: Sending) -> tuple[str, str, bytes]:
    content = found.frozen.content if found.state == Summary.State.FROZEN else content_of(found)
    sha256 = found.frozen.sha256 if found.state == Summary.State.FROZEN else content_hash(content)
    stream = BytesIO()
    if form == "docx":
        write_official(document_for(content, sha256, sending), stream)
        return f"{found.title}.docx", DOCX, stream.getvalue()
    if form == "pdf":
        return f"{found.title}.pdf", "application/pdf", _pdf(content, sha256, sending)
    if form == "check-docx":
        checks.write_sheet_docx(found, stream)
        return f"{found.title}数据核对表.docx", DOCX, stream.getvalue()
    if form == "check-xlsx":
        checks.write_sheet_xlsx(found, stream)
        return f"{found.title}数据核对表.xlsx", XLSX, stream.getvalue()
    raise Http404(form)


def _pdf(content: dict[str, Any], sha256: str, sending: Sending) -> bytes:
    with TemporaryDirectory(prefix="keshu-summary-") as folder:
        docx, pdf = Path(folder) / "a.docx", Path(folder) / "a.pdf"
        write_official(document_for(content, sha256, sending), docx)
        to_pdf(docx, pdf)
        return pdf.read_bytes()


@requires("summaries.view")
@require_http_methods(["GET", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Has somebody changed a figure in a file that came back?"""
    form = FileForm(request.POST or None, request.FILES or None)
    result, name = None, ""
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        name = upload.name
        with TemporaryDirectory(prefix="keshu-verify-") as folder:
            path = Path(folder) / f"in{Path(name).suffix.lower()[:8]}"
            path.write_bytes(upload.read())
            try:
                result = named(verify_file(path))
            except OfficeProblem as problem:
                form.add_error("file", str(problem))
    return render(request, "reports/verify.html", {"form": form, "result": result, "name": name})
