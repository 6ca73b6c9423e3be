"""Pages of a grant under way: task book, changes, reports, nodes, visits, verdicts."""

import io

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import signed_in
from keshu.bureau.ledgers.entry_forms import ReasonForm
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.grants import changing, contract, reading, reporting, supervising, task_books
from keshu.bureau.programmes.grants.forms import (
    ChangeForm,
    ChangeKindForm,
    ClosingForm,
    MilestoneForm,
    ReportForm,
    VerdictForm,
    VisitForm,
)
from keshu.bureau.programmes.grants.labelling import parts_of
from keshu.bureau.programmes.grants.pages import ask, case_for, mine_or_404, seen
from keshu.bureau.programmes.grants.rules import OFFICES, may_touch
from keshu.bureau.programmes.models import ChangeRequest, TaskBook
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records import files
from keshu.bureau.records.machine import NotAllowed
from keshu.office.filetypes import FileRefused, check_upload, safe_name

PAPERS = frozenset({"pdf", "docx", "ofd", "jpg", "png", "xlsx", "zip"})
LARGEST = 50 * 1024 * 1024


@signed_in
@require_http_methods(["GET", "POST"])
def task_book(request: HttpRequest, application_id: int) -> HttpResponse:
    """The task book beside what the application said; both sides mend it until both have agreed."""
    case = case_for(request, application_id)
    book = _book_or_404(case.application, request.GET.get("version", ""))
    rights = rights_in(request.viewer, case.application)  # type: ignore[attr-defined]
    version = case.application.version
    parts = parts_of(case.programme, book.values, version.values if version else {})
    open_for_all = book.agreed_on is None and book.replaced_by_id is None
    editable = open_for_all and bool(rights & {"programmes.apply", task_books.BUREAU})
    if request.method == "POST":
        return _mend(request, application_id, book, [text.path for part in parts for text in part.texts])
    context = {
        "case": case, "book": book, "books": list(reading.books_of(case.application)), "parts": parts,
        "editable": editable, "may_agree": _sides(book, rights) if open_for_all else [],
    }  # fmt: skip
    return render(request, "programmes/grants/task_book.html", context)


def _book_or_404(application: object, number: str) -> TaskBook:
    rows = reading.books_of(application)  # type: ignore[arg-type]
    wanted = whole_number(number)
    book = rows.filter(number=wanted).first() if wanted else rows.last()
    if book is None:
        raise Http404
    return book


def _sides(book: TaskBook, rights: frozenset[str]) -> list[tuple[str, str]]:
    """The sides for which this person may agree, and that have not."""
    sides = []
    if task_books.UNIT in rights and book.agreed_by_unit_id is None:
        sides.append(("unit", _("本单位确认")))
    if task_books.BUREAU in rights and book.agreed_by_bureau_id is None:
        sides.append(("bureau", _("主管部门确认")))
    return sides


def _mend(request: HttpRequest, application_id: int, book: TaskBook, paths: list[str]) -> HttpResponse:
    given = {path: request.POST.get(f"v-{path}") for path in paths}
    changes = {p: t.strip() for p, t in given.items() if t is not None and t.strip() != book.values.get(p, "").strip()}
    try:
        if changes:
            task_books.edit_task_book(
                application_id, changes, book_seen=whole_number(request.POST.get("book", "")) or 0,
                viewer=request.viewer,  # type: ignore[attr-defined]
            )  # fmt: skip
    except (CaseProblem, NotAllowed) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已保存 %(n)s 处修改") % {"n": len(changes)} if changes else _("没有改动"))
    return redirect("programmes:task-book", application_id)


@signed_in
@require_POST
def agree(request: HttpRequest, application_id: int) -> HttpResponse:
    """One side agrees to the task book as shown."""
    case = case_for(request, application_id)
    side = "unit" if request.POST.get("side") == "unit" else "bureau"
    try:
        task_books.agree_task_book(
            application_id, side=side, seen=seen(request, case.application),
            book_seen=whole_number(request.POST.get("book", "")) or 0, viewer=request.viewer,  # type: ignore[attr-defined]
        )  # fmt: skip
    except (CaseProblem, NotAllowed) as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已确认任务书"))
    return redirect("programmes:task-book", application_id)


@signed_in
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask for a change, or record one that is the unit's own: first which, then what instead of what."""
    case = case_for(request, application_id, "programmes.apply", "programmes.endorse")
    kind = request.POST.get("kind") or request.GET.get("kind") or ""
    book = reading.book_of(case.application)
    if book is None or book.agreed_on is None:
        messages.error(request, _("任务书双方确认以后才能申请变更"))
        return redirect("programmes:case", application_id)
    if kind not in ChangeRequest.Kind.values:
        form = ChangeKindForm()
        return render(request, "programmes/grants/change_kind.html", {"case": case, "form": form})
    parts = parts_of(case.programme, book.values, book.values)
    texts = [text for part in parts for text in part.texts if may_touch(kind, text.path)]
    form = ChangeForm(posted(request), texts=texts)
    words = (
        _("变更：%(kind)s") % {"kind": ChangeRequest.Kind(kind).label}, _("提交"),
        _("只改需要变更的内容，其余保持原样。重大变更由会议决定，一般调整单位审批后在此备案。"),
    )  # fmt: skip
    viewer = request.viewer  # type: ignore[attr-defined]

    def carry_out() -> None:
        wish = {"kind": kind, "after": form.after}
        reason, held = form.cleaned_data["reason"], seen(request, case.application)
        if changing.weight_in(case, book, kind, form.after) == ChangeRequest.Weight.PLAIN:
            changing.file_change(application_id, wish, reason=reason, seen=held, viewer=viewer)
        else:
            given = {"change": wish, "reason": reason}
            pass_case(application_id, "ask_change", seen=held, viewer=viewer, given=given)

    return ask(request, case, form, words, carry_out, _("已提交变更"))


@signed_in
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, application_id: int) -> HttpResponse:
    """File a report with what was delivered so far."""
    case = case_for(request, application_id, "programmes.apply")
    book = reading.book_of(case.application)
    targets = [one.name for one in contract.promises(book.values)] if book else []
    start = {"kind": request.GET.get("kind", ""), "period": request.GET.get("period", "")}
    form = ReportForm(posted(request), request.FILES or None, targets=targets, case=case, initial=start)
    words = (_("提交报告"), _("提交"), _("完成值写成可以同任务书核对的数，没有进展的留空。"))

    def carry_out() -> None:
        said = form.cleaned_data
        filing = reporting.Filing(said["kind"], said["period"], said["text"], form.delivered, form.spent)
        reporting.file_report(
            application_id, filing, seen=seen(request, case.application), viewer=request.viewer,  # type: ignore[attr-defined]
            paper=_paper(said["file"]) if said["file"] else None,
        )  # fmt: skip

    return ask(request, case, form, words, carry_out, _("报告已提交"))


def _paper(file: UploadedFile) -> reporting.Paper:
    content = file.read()
    try:
        kind = check_upload(file.name or "", io.BytesIO(content), allowed=PAPERS, most=LARGEST)
    except FileRefused as problem:
        raise CaseProblem(str(problem)) from problem
    return reporting.Paper(content, safe_name(file.name or ""), kind.code, kind.mime)


@signed_in
@require_GET
def report_file(request: HttpRequest, application_id: int, report_id: int) -> HttpResponse:
    """The file of a report, always as a download."""
    case = case_for(request, application_id)
    row = mine_or_404(reading.reports_of(case.application), report_id)
    if row.file is None:
        raise Http404
    response = HttpResponse(files.read(row.file), content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    name = content_disposition_header(as_attachment=True, filename=safe_name(row.file.name))
    response.headers["Content-Disposition"] = name or "attachment"
    return response


@signed_in
@require_http_methods(["GET", "POST"])
def judge_report(request: HttpRequest, application_id: int, report_id: int, verdict: str) -> HttpResponse:
    """The bureau accepts a report or sends it back with the reason."""
    case = case_for(request, application_id, supervising.RIGHT)
    row = mine_or_404(reading.reports_of(case.application), report_id)
    form = ReasonForm(posted(request))
    form.fields["reason"].required = verdict == "return"
    accepts = verdict == "accept"
    words = (
        (_("审核通过报告"), _("通过"), _("通过后报告不再修改。"))
        if accepts
        else (_("退回报告"), _("退回"), _("退回后由单位重新提交，期限不变。"))
    )
    viewer = request.viewer  # type: ignore[attr-defined]

    def carry_out() -> None:
        held = seen(request, case.application)
        if accepts:
            reporting.accept_report(row.pk, seen=held, viewer=viewer)
        else:
            reporting.return_report(row.pk, reason=form.cleaned_data["reason"], seen=held, viewer=viewer)

    return ask(request, case, form, words, carry_out, _("已办理"))


@signed_in
@require_http_methods(["GET", "POST"])
def milestone(request: HttpRequest, application_id: int, milestone_id: int) -> HttpResponse:
    """A node of the plan was reached."""
    case = case_for(request, application_id, "programmes.apply")
    row = mine_or_404(reading.milestones_of(case.application), milestone_id)
    form = MilestoneForm(posted(request), today=case.today, initial={"day": case.today})
    words = (_("登记节点完成"), _("登记"), row.name)

    def carry_out() -> None:
        reporting.reach_milestone(
            row.pk, **form.cleaned_data, seen=seen(request, case.application), viewer=request.viewer,  # type: ignore[attr-defined]
        )  # fmt: skip

    return ask(request, case, form, words, carry_out, _("已登记"))


@signed_in
@require_http_methods(["GET", "POST"])
def visit(request: HttpRequest, application_id: int) -> HttpResponse:
    """A supervision visit with what it found."""
    case = case_for(request, application_id, supervising.RIGHT)
    form = VisitForm(posted(request), today=case.today, initial={"on": case.today})
    words = (_("登记监理"), _("登记"), _("提出整改要求的须写明期限，到期未销号的列入待办。"))

    def carry_out() -> None:
        found = supervising.Seen(**form.cleaned_data)
        supervising.record_visit(
            application_id, found, seen=seen(request, case.application), viewer=request.viewer,  # type: ignore[attr-defined]
        )  # fmt: skip

    return ask(request, case, form, words, carry_out, _("监理已登记"))


@signed_in
@require_http_methods(["GET", "POST"])
def close_visit(request: HttpRequest, application_id: int, visit_id: int) -> HttpResponse:
    case = case_for(request, application_id, supervising.RIGHT)
    row = mine_or_404(reading.visits_of(case.application), visit_id)
    form = ClosingForm(posted(request))
    words = (_("整改销号"), _("销号"), row.remedy or row.findings)

    def carry_out() -> None:
        supervising.close_visit(
            row.pk, **form.cleaned_data, seen=seen(request, case.application), viewer=request.viewer,  # type: ignore[attr-defined]
        )  # fmt: skip

    return ask(request, case, form, words, carry_out, _("已销号"))


@signed_in
@require_http_methods(["GET", "POST"])
def verdict(request: HttpRequest, application_id: int) -> HttpResponse:
    """One of the three verdicts, by an office that may give it."""
    case = case_for(request, application_id, *OFFICES.values())
    rights = rights_in(request.viewer, case.application)  # type: ignore[attr-defined]
    form = VerdictForm(posted(request), today=case.today, initial={"day": case.today})
    form.fields["kind"].choices = [  # type: ignore[attr-defined]
        choice
        for choice in form.fields["kind"].choices
        if OFFICES[choice[0]] in rights  # type: ignore[attr-defined]
    ]
    words = (_("出具验收结论"), _("出具"), _("项目、经费、绩效三项结论由三个部门分别出具，三项齐全才能办理验收。"))

    def carry_out() -> None:
        finding = supervising.Finding(**form.cleaned_data)
        supervising.give_verdict(
            application_id, finding, seen=seen(request, case.application), viewer=request.viewer,  # type: ignore[attr-defined]
        )  # fmt: skip

    return ask(request, case, form, words, carry_out, _("结论已登记"))


def change_door(case: object) -> str:
    """Where the event `ask_change` is taken."""
    return reverse("programmes:change", args=[case.application.pk])  # type: ignore[attr-defined]
