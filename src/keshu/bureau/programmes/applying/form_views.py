"""Filling in: one section a page, saved cell by cell; the whole form to read; the check with the button that hands in."""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.programmes.access import UNSUBMITTED, case_or_404, rights_in
from keshu.bureau.programmes.applying.cells import Change, bring_rows, change_rows, new_row, save_cells
from keshu.bureau.programmes.applying.pages import (
    SectionPage,
    address_of,
    changes_in,
    figures_of,
    names_of,
    tabs_of,
    whole_form,
)
from keshu.bureau.programmes.applying.printing import draft_paper
from keshu.bureau.programmes.applying.reading import Draft, draft_of, papers_in, version_form
from keshu.bureau.programmes.applying.sheet import PAPERS
from keshu.bureau.programmes.applying.states import APPLY, EDITABLE, ENDORSE, may_edit
from keshu.bureau.programmes.applying.submitting import hand_over
from keshu.bureau.programmes.applying.tasks import print_version
from keshu.bureau.programmes.calls.conditions import eligible
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.closing import closes_at
from keshu.bureau.programmes.handling.defects import open_defects
from keshu.bureau.programmes.machine import machine_of
from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity.answers import docx_response
from keshu.bureau.programmes.publicity.printing import addressed
from keshu.bureau.records.machine import NotAllowed, Transition
from keshu.office.papers import render as render_paper

OWN = ("programmes.apply", "own.view")
LARGEST = 2_000_000  # bytes of one autosave


def _mine(request: HttpRequest, application_id: int) -> Application | None:
    """The case, where the form is in this person's hands; None where she may only read it."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    return application if may_edit(viewer, application) else None


@requires(*OWN)
@require_GET
def form(request: HttpRequest, application_id: int) -> HttpResponse:
    """To the first section in which something is to be done."""
    application = _mine(request, application_id)
    if application is None:
        return redirect("programmes:whole", application_id)
    draft = draft_of(application, at=timezone.now())
    tabs = tabs_of(draft, here="", defects=open_defects(application_id))
    return redirect(next((tab.url for tab in tabs if not tab.done), reverse("programmes:check", args=[application_id])))


@requires(*OWN)
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, application_id: int, section: str) -> HttpResponse:
    """One section. A POST keeps what was changed, does what the button says, and comes back or goes on."""
    application = _mine(request, application_id)
    if application is None:
        return redirect("programmes:whole", application_id)
    if request.method == "POST":
        return _keep(request, application, section)
    return _show(request, draft_of(application, at=timezone.now()), section)


def _show(request: HttpRequest, draft: Draft, code: str, conflicts: Mapping[str, Any] | None = None) -> HttpResponse:
    part = next((one for one in draft.form.sections() if one.code == code), None)
    if part is None:
        raise Http404
    application = draft.application
    defects = open_defects(application.pk)
    page = SectionPage(draft, part, timezone.now(), defects, conflicts or {})
    tabs = tabs_of(draft, here=code, defects=defects)
    place = [tab.code for tab in tabs].index(code)
    context = {
        **_frame(application, draft), "page": page, "section": part, "tabs": tabs, "defects": defects,
        "before": tabs[place - 1] if place else None, "after": tabs[place + 1] if place + 1 < len(tabs) else None,
        "people": names_of([one.by for one in page.conflicts.values()]),
        "general": [one for one in defects if not one.field],
    }  # fmt: skip
    return render(request, "programmes/applying/section.html", context)


def _frame(application: Application, draft: Draft) -> dict[str, Any]:
    """What the head of every page of the form says."""
    return {
        "application": application, "programme": draft.layout.programme, "call": application.call,
        "closes_at": closes_at(application) if application.state == "draft" else None,
        "title": draft.form.text("project_name") or draft.layout.programme.name,
    }  # fmt: skip


def _keep(request: HttpRequest, application: Application, code: str) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    parties = viewer.parties(APPLY)
    do, _colon, rest = request.POST.get("do", "").partition(":")
    try:
        saved = save_cells(application.pk, changes_in(request.POST), parties=parties, by=viewer.actor, at=now)
        if do in ("add", "remove", "restore", "up", "down"):
            table, _colon, row = rest.partition(":")
            name = new_row(now) if do == "add" else row
            change_rows(application.pk, table, do, name, parties=parties, by=viewer.actor, at=now)
            if do == "remove":
                messages.success(request, _("已删除这一行；在表下可以恢复"))
            return redirect(_at_table(application, code, table))
        if do == "bring":
            n = bring_rows(application.pk, rest, parties=parties, by=viewer.actor, at=now)
            said = _("已从台账带入 %(n)s 行，请补充其余各列") if n else _("台账中没有可以带入的，或都已在表中")
            messages.success(request, said % {"n": n} if n else said)
            return redirect(_at_table(application, code, rest))
    except CaseProblem as problem:
        messages.error(request, str(problem))
        return redirect(request.get_full_path())
    if saved.conflicts:
        messages.error(request, _("有 %(n)s 项同事刚刚改过，没有覆盖；请在下面选用谁的") % {"n": len(saved.conflicts)})
        return _show(request, draft_of(application, at=now), code, {one.path: one for one in saved.conflicts})
    if saved.versions:
        messages.success(request, _("已保存 %(n)s 项") % {"n": len(saved.versions)})
    return redirect(_onward(request.POST.get("do", ""), application.pk, code))


def _at_table(application: Application, code: str, table: str) -> str:
    return f"{reverse('programmes:section', args=[application.pk, code])}#table-{table}"


def _onward(do: str, application_id: int, code: str) -> str:
    """To the section that the button named, else back to this one."""
    if do == "check":
        return reverse("programmes:check", args=[application_id])
    if do == f"to:{PAPERS}":
        return reverse("programmes:papers", args=[application_id])
    target = do.removeprefix("to:") if do.startswith("to:") else code
    return reverse("programmes:section", args=[application_id, target if target.isidentifier() else code])


@requires(APPLY)
@require_POST
def cells(request: HttpRequest, application_id: int) -> HttpResponse:
    """Autosave: {changes: [[path, text, seen], …]} in, {at, versions, conflicts} out. Two statements of its own."""
    viewer, now = request.viewer, timezone.now()  # type: ignore[attr-defined]
    try:
        wanted = _read(request)
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"message": _("读不懂发来的内容，请刷新页面")}, status=400)
    try:
        saved = save_cells(application_id, wanted, parties=viewer.parties(APPLY), by=viewer.actor, at=now)
    except CaseProblem as problem:
        return JsonResponse({"message": str(problem)}, status=409)
    people = names_of([one.by for one in saved.conflicts])
    conflicts = [
        {"path": one.path, "theirs": one.theirs, "version": one.version, "by": people.get(one.by, one.by),
         "at": timezone.localtime(one.at).strftime("%m-%d %H:%M")}
        for one in saved.conflicts
    ]  # fmt: skip
    at = timezone.localtime(now).strftime("%H:%M")
    return JsonResponse({"at": at, "versions": saved.versions, "conflicts": conflicts})


def _read(request: HttpRequest) -> list[Change]:
    """Raises ValueError, TypeError or KeyError for anything but what the page's own script sends."""
    if len(request.body) > LARGEST:
        raise ValueError("too large")
    found = []
    for path, text, seen in json.loads(request.body)["changes"]:
        if not (isinstance(path, str) and isinstance(text, str) and isinstance(seen, int) and 0 <= seen < 10**9):
            raise ValueError("not a change")
        found.append(Change(path, text, seen))
    return found


@requires(*OWN)
@require_GET
def figures(request: HttpRequest, application_id: int, section: str) -> HttpResponse:
    """Sums, computed fields and remarks of a section as it is saved now."""
    application = _mine(request, application_id)
    if application is None:
        raise Http404
    draft = draft_of(application, at=timezone.now())
    if section not in draft.layout.sections:
        raise Http404
    return JsonResponse(figures_of(draft, draft.layout.sections[section]))


@requires("cases.view", "own.view")
@require_GET
def whole(request: HttpRequest, application_id: int) -> HttpResponse:
    """The whole form to read: the draft for its own people, what was handed in for everybody who may see the case."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    own, now = application.party_id in viewer.parties("own.view"), timezone.now()
    if application.version is not None and not may_edit(viewer, application):
        read = version_form(application, application.version, at=now)
        papers = application.version.papers
    else:
        read = draft_of(application, at=now).form
        papers = [{"slot": p.slot, "name": p.name, "sha256": p.sha256, "size": p.size} for p in papers_in(application)]
    context = {
        "application": application, "call": application.call, "programme": read.layout.programme, "own": own,
        "sections": whole_form(read, own=own), "papers": papers_by_slot(read.layout.slots, papers),
        "version": application.version, "may_edit": may_edit(viewer, application),
    }  # fmt: skip
    return render(request, "programmes/applying/whole.html", context)


def papers_by_slot(slots: Mapping[str, Any], papers: list[dict[str, Any]]) -> list[tuple[str, list[dict[str, Any]]]]:
    found = [(slot.name, [one for one in papers if one["slot"] == code]) for code, slot in slots.items()]
    return [(name, rows) for name, rows in found if rows]


@requires(*OWN)
@require_GET
def draft(request: HttpRequest, application_id: int) -> HttpResponse:
    """The draft as .docx, to be read on paper and signed; it says that it is one."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    if application.party_id not in viewer.parties("own.view") or application.state not in UNSENT:
        raise Http404
    case = Case(application, at=timezone.now(), by=viewer.actor)
    content = addressed(draft_paper(case), request.build_absolute_uri("/"))
    return docx_response(render_paper("application_form", content), _("%(name)s草稿") % {"name": case.programme.name})


@requires(*OWN, ENDORSE)
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, application_id: int) -> HttpResponse:
    """Everything that is missing or wrong, each with its link; and below, the button that hands in."""
    viewer = request.viewer  # type: ignore[attr-defined]
    application = case_or_404(viewer, application_id)
    if request.method == "POST":
        return _hand_in(request, application)
    now = timezone.now()
    draft = draft_of(application, at=now)
    defects = open_defects(application_id)
    case = Case(application, at=now, by=viewer.actor, notes={"draft": draft})
    open_now = machine_of(case.programme).open_to(application.state, rights_in(viewer, application), case)
    steps = [(row, why) for row, why in open_now if row.event in HANDING]
    context = {
        **_frame(application, draft), "tabs": tabs_of(draft, here="check", defects=defects), "defects": defects,
        "problems": [(one, address_of(application.pk, draft.layout, one.path, one.section)) for one in draft.form.problems],
        "steps": steps, "may_edit": may_edit(viewer, application), "differences": _differing(draft),
        "against": _against(case, steps),
    }  # fmt: skip
    return render(request, "programmes/applying/check.html", context)


def _against(case: Case, steps: list[tuple[Transition, str]]) -> str:
    """Why the case will be stopped when it is handed over, for whoever has only the step before that in hand."""
    unsent = case.application.state in UNSUBMITTED
    return eligible(case) if unsent and all(row.event != "submit" for row, _why in steps) else ""


UNSENT = EDITABLE | {"endorsing"}
HANDING = ("hand_in", "submit", "hand_back", "supplement", "mend")


def _differing(draft: Draft) -> list[tuple[str, str, str, str]]:
    """Label, what is known, from where, what was typed instead."""
    fields = draft.layout.fields
    texts = draft.form.texts
    return [(fields[path][0].name, one.text, one.source, texts[path]) for path, one in draft.differences.items()]


def _hand_in(request: HttpRequest, application: Application) -> HttpResponse:
    """One click, one act; the click that comes twice is answered by the receipt of the first."""
    event, seen = request.POST.get("event", ""), whole_number(request.POST.get("seen", ""))
    if event not in HANDING or seen is None:
        raise Http404
    try:
        handed = hand_over(application.pk, event, seen=seen, viewer=request.viewer)  # type: ignore[attr-defined]
    except (CaseProblem, NotAllowed) as problem:
        messages.error(request, str(problem))
        return redirect("programmes:check", application.pk)
    if handed.receipt is not None:
        if handed.receipt.version_id is not None and not handed.again:
            print_version.enqueue(handed.receipt.version_id, request.build_absolute_uri("/"))
        return redirect("programmes:receipt", application.pk, handed.receipt.pk)
    messages.success(request, _("已提交单位审核，由单位管理员核对后报出"))
    return redirect("programmes:case", application.pk)
