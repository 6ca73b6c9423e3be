"""Pages on which something is done to a summary: write, sign, send back, order, freeze."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import Viewer, requires
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.reports import services, signing
from keshu.bureau.reports.blocking import obstacles
from keshu.bureau.reports.composing.editing import BadEdit, editable
from keshu.bureau.reports.composing.nodes import block_from_json
from keshu.bureau.reports.falls import by_theme
from keshu.bureau.reports.forms import DueForm, ReturnForm, SeenForm, SignForm
from keshu.bureau.reports.handing_on import planned_year, sign_off, subject_of
from keshu.bureau.reports.models import Section, Summary
from keshu.bureau.reports.rules import FREEZE
from keshu.bureau.reports.signing import Scan
from keshu.bureau.reports.views import summary_or_404
from keshu.bureau.targets.measures import put_back_measures, taken_up


def _viewer(request: HttpRequest) -> Viewer:
    return request.viewer  # type: ignore[attr-defined]  # set by `requires`


def section_or_404(request: HttpRequest, summary_id: int, code: str) -> Section:
    summary = summary_or_404(request, summary_id)
    section = summary.sections.filter(code=code, included=True).first()
    if section is None:
        raise Http404(code)
    return section


def back(summary_id: int, anchor: str = "") -> HttpResponse:
    return redirect(reverse("summaries:summary", args=[summary_id]) + (f"#{anchor}" if anchor else ""))


def _try(request: HttpRequest, act: Callable[[], Any], done: str) -> bool:
    """Do it and say so, or say why not."""
    try:
        act()
    except (NotAllowed, services.SummaryProblem, BadEdit) as problem:
        messages.error(request, str(problem))
        return False
    messages.success(request, done)
    return True


def _refused(request: HttpRequest, summary_id: int, words: str) -> HttpResponse:
    """No form is offered to somebody who may not send it: the page says whose turn it is."""
    messages.error(request, words)
    return back(summary_id)


@requires("summaries.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, summary_id: int, code: str) -> HttpResponse:
    """The section as text, its references as chips; what was typed is kept on the page when it cannot be saved."""
    section = section_or_404(request, summary_id, code)
    viewer = _viewer(request)
    if not viewer.may("summaries.edit", section=section.owner, place=section.summary.place.code):
        raise PermissionDenied(section.owner)
    blocks = [block_from_json(block) for block in section.blocks]
    texts = {block.code: editable(block) for block in blocks}
    problem, own, heading = "", "", section.heading
    if request.method == "POST":
        texts |= {code: request.POST[code] for code in texts if code in request.POST}
        own, heading = request.POST.get("own", ""), request.POST.get("heading", section.heading)
        try:
            seen = whole_number(request.POST.get("seen", "")) or 0
            services.edit_section(section.pk, texts, seen=seen, by=viewer.actor, heading=heading, own=own)
        except (BadEdit, NotAllowed, services.SummaryProblem) as error:
            problem = str(error)
        else:
            messages.success(request, _("已保存；签过字的部分需要重新签字"))
            return back(summary_id, code)
    context = {
        "summary": section.summary, "section": section, "problem": problem, "own": own,
        "texts": [(name, text, len(text) // 48 + 1) for name, text in texts.items()],
        "heading": heading, "theirs": [block.words for block in blocks] if problem else [],
    }  # fmt: skip
    return render(request, "reports/edit.html", context, status=409 if problem else 200)


@requires("summaries.compose")
@require_POST
def recompose(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Compose the whole text again; edited paragraphs stay."""
    found = summary_or_404(request, summary_id)
    _try(
        request,
        lambda: services.recompose_summary(found.pk, by=_viewer(request).actor),
        _("已按最新台账重新生成；改写过的段落保留，只更新其中的数字"),
    )
    return back(summary_id)


@requires("summaries.compose")
@require_POST
def due(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Another day on which it has to be handed in."""
    found = summary_or_404(request, summary_id)
    form = DueForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("报送期限不是日期，请写成 2026-12-01 的形式"))
        return back(summary_id)
    act = partial(services.set_due, found.pk, form.cleaned_data["due_on"], by=_viewer(request).actor)
    _try(request, act, _("报送期限已修改"))
    return back(summary_id)


@requires("summaries.compose")
@require_POST
def recompose_section(request: HttpRequest, summary_id: int, code: str) -> HttpResponse:
    """Compose one section again."""
    section = section_or_404(request, summary_id, code)
    form = SeenForm(request.POST)
    if not form.is_valid():
        raise Http404(code)
    seen, by = form.cleaned_data["seen"], _viewer(request).actor
    _try(request, lambda: services.recompose_section(section.pk, seen=seen, by=by), _("这一部分已重新生成"))
    return back(summary_id, code)


def _scan(form: SignForm) -> Scan | None:
    upload = form.cleaned_data.get("scan")
    if upload is None:
        return None
    return Scan(upload.read(), upload.name, upload.content_type_checked, form.cleaned_data["signer"])


@requires("summaries.sign")
@require_http_methods(["GET", "POST"])
def sign(request: HttpRequest, summary_id: int, code: str) -> HttpResponse:
    """Sign one section, here or by the scan of a sheet."""
    section = section_or_404(request, summary_id, code)
    if not signing.may_sign(_viewer(request), section):
        return _refused(request, summary_id, _("这一部分由%(owner)s签字") % {"owner": section.owner})
    form = SignForm(request.POST or None, request.FILES or None, initial={"seen": section.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(
            signing.sign_section,
            section.pk,
            seen=data["seen"],
            viewer=_viewer(request),
            note=data["note"],
            scan=_scan(form),
        )
        _try(request, act, _("已签字"))
        return back(summary_id, code)
    statement = _("签字表示本部分文字和数字经核对无误；其中的范本文字视为本单位采用。")
    return _ask(
        request,
        form,
        _("签字：%(name)s") % {"name": section.heading or section.theme},
        statement,
        _("签字"),
        summary_id,
    )


@requires("summaries.sign")
@require_http_methods(["GET", "POST"])
def send_back(request: HttpRequest, summary_id: int, code: str) -> HttpResponse:
    """Send a signed section back with the reason."""
    section = section_or_404(request, summary_id, code)
    if not signing.may_sign(_viewer(request), section):
        return _refused(request, summary_id, _("这一部分由%(owner)s退回") % {"owner": section.owner})
    form = ReturnForm(request.POST or None, initial={"seen": section.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(signing.return_section, section.pk, seen=data["seen"], viewer=_viewer(request), note=data["note"])
        _try(request, act, _("已退回"))
        return back(summary_id, code)
    statement = _("退回后这一部分回到待签状态，签批从头开始。")
    return _ask(
        request,
        form,
        _("退回：%(name)s") % {"name": section.heading or section.theme},
        statement,
        _("退回"),
        summary_id,
    )


@requires("summaries.sign")
@require_http_methods(["GET", "POST"])
def falls(request: HttpRequest, summary_id: int) -> HttpResponse:
    """The leader signs the list of falls that are not in the text."""
    found = summary_or_404(request, summary_id)
    if not signing.may_sign_falls(_viewer(request)):
        return _refused(request, summary_id, _("“未写入的下降指标”由局领导或分管领导签阅"))
    form = SignForm(request.POST or None, request.FILES or None, initial={"seen": 0})
    if request.method == "POST" and form.is_valid():
        act = partial(
            signing.sign_falls, found.pk, viewer=_viewer(request), note=form.cleaned_data["note"], scan=_scan(form)
        )
        _try(request, act, _("已签阅"))
        return back(summary_id)
    facts = [
        (f"{theme} · {fall['name']}" if theme else fall["name"], fall["words"])
        for theme, falls in by_theme(found.lists.get("falls", []), catalogue())
        for fall in falls
    ]
    statement = _("下列指标较上年下降或落后，未写入正文。签阅表示已经知悉。")
    return _ask(request, form, _("签阅未写入的下降指标"), statement, _("签阅"), summary_id, facts)


@requires("summaries.sign")
@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Pass the next step of the chain."""
    found = summary_or_404(request, summary_id)
    following = signing.next_step(found)
    if following is None:
        return back(summary_id)
    if not signing.may_pass(_viewer(request), found):
        return _refused(request, summary_id, _("“%(name)s”不由您办理") % {"name": following["name"]})
    if found.unsigned:
        return _refused(request, summary_id, _("还有 %(n)s 部分待科室签字，签齐后再签批") % {"n": found.unsigned})
    form = SignForm(request.POST or None, request.FILES or None, initial={"seen": found.step})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(
            signing.pass_step, found.pk, seen=data["seen"], viewer=_viewer(request), note=data["note"], scan=_scan(form)
        )
        _try(request, act, _("已签批：%(name)s") % {"name": following["name"]})
        return back(summary_id)
    return _ask(request, form, following["name"], _("签批后进入下一环节。"), _("签批"), summary_id)


@requires("summaries.sign")
@require_http_methods(["GET", "POST"])
def step_back(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Send the whole text back."""
    found = summary_or_404(request, summary_id)
    if signing.next_step(found) is not None and not signing.may_pass(_viewer(request), found):
        return _refused(request, summary_id, _("当前环节不由您签批"))
    form = ReturnForm(request.POST or None, initial={"seen": found.step})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = partial(signing.return_step, found.pk, seen=data["seen"], viewer=_viewer(request), note=data["note"])
        _try(request, act, _("已退回"))
        return back(summary_id)
    return _ask(request, form, _("退回全文"), _("退回后签批从头开始。"), _("退回"), summary_id)


@requires(FREEZE)
@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest, summary_id: int) -> HttpResponse:
    """All that blocks the freezing; the button only when nothing does."""
    found = summary_or_404(request, summary_id)
    viewer = _viewer(request)
    if not viewer.may(FREEZE, place=found.place.code):
        raise PermissionDenied(found.place.code)
    if found.state == Summary.State.FROZEN:
        return back(summary_id)
    if request.method == "POST":
        done = _try(
            request,
            lambda: sign_off(found.pk, by=viewer.actor, rights=viewer.rights),
            _("已冻结：文字和数字不再改变，后来的更正会显示在旁边；打算中的举措已转为重点任务"),
        )
        return back(summary_id) if done else redirect("summaries:freeze", summary_id=summary_id)
    points = obstacles(found)
    context = {
        "summary": found,
        "blocking": [p for p in points if p.blocks],
        "cautions": [p for p in points if not p.blocks],
        "planned": planned_year(found),
        "may_pass": signing.may_pass(viewer, found) and not found.unsigned,
        "may_sign_falls": signing.may_sign_falls(viewer),
    }
    return render(request, "reports/freeze.html", context)


@requires(FREEZE)
@require_http_methods(["GET", "POST"])
def put_back(request: HttpRequest, summary_id: int) -> HttpResponse:
    """Take back the tasks that the measures of a frozen summary became."""
    found = summary_or_404(request, summary_id)
    viewer = _viewer(request)
    if not viewer.may(FREEZE, place=found.place.code):
        raise PermissionDenied(found.place.code)
    taken = taken_up(subject_of(found))
    if taken is None:
        return back(summary_id)
    form = ReturnForm(request.POST or None, initial={"seen": 0})
    if request.method == "POST" and form.is_valid():
        done = put_back_measures(subject_of(found), by=viewer.actor, reason=form.cleaned_data["note"])
        left = len(done.left) if done else 0
        if left:
            messages.warning(request, _("已撤回；其中%(n)s项有人填报过进展，予以保留") % {"n": left})
        else:
            messages.success(request, _("由举措转成的重点任务已撤回"))
        return back(summary_id)
    facts = [(row.title, row.data.get("section") or "") for row in taken[1]]
    statement = _("下列重点任务由本总结的工作举措转成。撤回后从任务台账中作废；已有人填报进展的保留。总结本身不变。")
    return _ask(request, form, _("撤回由举措转成的任务"), statement, _("撤回"), summary_id, facts)


@requires("summaries.compose")
@require_http_methods(["GET", "POST"])
def order(request: HttpRequest, summary_id: int) -> HttpResponse:
    """The order of the sections in each chapter: one up or down at a time, which works without scripts."""
    found = summary_or_404(request, summary_id)
    rows = list(found.sections.filter(included=True).order_by("order"))
    if request.method == "POST":
        chapter, moved = request.POST.get("chapter", ""), request.POST.get("code", "")
        codes = [row.code for row in rows if row.chapter == chapter]
        if moved not in codes:
            raise Http404(moved)
        at = codes.index(moved)
        to = max(at - 1, 0) if request.POST.get("way") == "up" else min(at + 1, len(codes) - 1)
        codes.insert(to, codes.pop(at))
        seen, by = whole_number(request.POST.get("seen", "")) or 0, _viewer(request).actor
        _try(request, lambda: services.order_items(found.pk, {chapter: codes}, seen=seen, by=by), _("栏目顺序已调整"))
        return redirect("summaries:order", summary_id=summary_id)
    chapters: dict[str, list[Section]] = {}
    for row in rows:
        chapters.setdefault(row.chapter, []).append(row)
    named = [
        (code, found.lists.get("chapters", {}).get(code, {}).get("heading", ""), items)
        for code, items in chapters.items()
        if len(items) > 1
    ]
    return render(request, "reports/order.html", {"summary": found, "chapters": named})


@requires("summaries.view")
@require_GET
def scan_file(request: HttpRequest, summary_id: int, signature_id: int) -> HttpResponse:
    """The scan of a sheet that was signed by hand."""
    from keshu.bureau.records.files import read

    found = summary_or_404(request, summary_id)
    signature = found.signatures.filter(pk=signature_id, scan__isnull=False).select_related("scan").first()
    if signature is None:
        raise Http404(signature_id)
    response = HttpResponse(read(signature.scan), content_type=signature.scan.mime)
    response["Content-Disposition"] = "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _ask(
    request: HttpRequest, form: django_forms.Form, title: str, statement: str, label: str, summary_id: int,
    facts: list[tuple[str, str]] | None = None,
) -> HttpResponse:  # fmt: skip
    """A weighty question on a page of its own."""
    context = {
        "title": title, "statement": statement, "label": label, "form": form, "facts": facts or [],
        "back": reverse("summaries:summary", args=[summary_id]),
    }  # fmt: skip
    return render(request, "reports/ask.html", context, status=422 if form.is_bound else 200)
