"""Pages of documents: drafting with the list, number and day, a superior's results, papers of a case, its archive."""

from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.programmes.access import case_or_404, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.dossier import organ_of
from keshu.bureau.programmes.models import Call, IssuedDocument
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import archiving, documents, printing, reading, upper_lists
from keshu.bureau.programmes.publicity.answers import docx_response, file_response
from keshu.bureau.programmes.publicity.case_papers import papers_of
from keshu.bureau.programmes.publicity.forms import DraftForm, NumberForm, UpperForm
from keshu.bureau.programmes.publicity.list_views import _call, ids_in
from keshu.bureau.records.machine import NotAllowed
from keshu.kernel.typed import read_date

NAMES = {
    documents.APPROVAL: gettext_lazy("立项（认定、下达）文件"), documents.LETTER: gettext_lazy("推荐上报函"),
    documents.UPPER: gettext_lazy("上级结果"), documents.CERTIFICATE: gettext_lazy("换发证书"),
}  # fmt: skip


@requires(documents.RIGHT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """What waits for a document, and the documents so far."""
    viewer = request.viewer  # type: ignore[attr-defined]
    page = page_of(reading.documents_handled(viewer), request.GET, sorts={"new": "pk"}, default="-new")
    waiting = [(call, template, NAMES[template], n) for call, template, n in reading.waiting_for_documents(viewer)]
    context = {"page": page, "waiting": waiting, "names": NAMES}
    return render(request, "programmes/publicity/documents.html", context)


@requires(documents.RIGHT)
@require_http_methods(["GET", "POST"])
def draft(request: HttpRequest, call_id: int, template: str) -> HttpResponse:
    """Choose the cases and begin the document."""
    if template not in (documents.APPROVAL, documents.LETTER):
        raise Http404
    call, viewer = _call(request, call_id, documents.RIGHT), request.viewer  # type: ignore[attr-defined]
    rows = list(documents.waiting(call, template))
    initial = {
        "title": documents.default_title(call, template), "issuer": organ_of(call),
        "addressee": documents.addressee_of(call, template, timezone.localdate()),
    }  # fmt: skip
    form = DraftForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = documents.draft(call.pk, template, ids_in(request), **form.cleaned_data, viewer=viewer)
        except CaseProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已起草，请下载核对、套红盖章后登记文号"))
            return redirect("programmes:document", document_id=made.pk)
    chosen = set(ids_in(request)) if request.method == "POST" else {row.pk for row in rows}
    context = {
        "call": call, "form": form, "name": NAMES[template], "lines": [(row, row.pk in chosen) for row in rows],
        "numbered": template == documents.APPROVAL and documents.numbers_by_rule(programme_for(call)),
    }  # fmt: skip
    return render(request, "programmes/publicity/draft.html", context)


def _document(request: HttpRequest, document_id: int) -> IssuedDocument:
    rows = reading.documents_handled(request.viewer)  # type: ignore[attr-defined]
    return get_object_or_404(rows.select_related("call__place", "file", "act"), pk=document_id)


def _first_case(request: HttpRequest, document: IssuedDocument) -> Case:
    item = document.items.select_related("application__call__place", "application__party").order_by("order").first()
    if item is None:
        raise Http404
    return Case(item.application, at=timezone.now(), by=request.viewer.actor)  # type: ignore[attr-defined]


@requires(documents.RIGHT)
@require_http_methods(["GET", "POST"])
def show(request: HttpRequest, document_id: int) -> HttpResponse:
    """One document: its list, its number, what its cases wait for."""
    document = _document(request, document_id)
    form = NumberForm(
        posted(request), request.FILES or None, initial={"issuer": document.issuer, "issued_on": timezone.localdate()}
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            documents.issue_number(
                document.pk, number=told["number"], issued_on=told["issued_on"], issuer=told["issuer"],
                file=told["file"], viewer=request.viewer,  # type: ignore[attr-defined]
            )  # fmt: skip
        except CaseProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("文号已登记，可以办理名单中的申报"))
            return redirect("programmes:document", document_id=document.pk)
    items = list(document.items.select_related("application__party", "application__call").order_by("order"))
    state = documents.STATE_OF.get(document.template, "")
    context = {
        "document": document, "name": NAMES.get(document.template, document.template), "form": form,
        "items": [(item, item.application.state == state) for item in items],
        "waits": sum(item.application.state == state for item in items),
        "upper": document.template == documents.UPPER, "draftable": document.template in (documents.APPROVAL, documents.LETTER),
    }  # fmt: skip
    return render(request, "programmes/publicity/document.html", context)


@requires(documents.RIGHT)
@require_GET
def download(request: HttpRequest, document_id: int, what: str) -> HttpResponse | FileResponse:
    """The draft as .docx, or the stamped file as it was uploaded."""
    document = _document(request, document_id)
    if what == "file":
        if document.file is None:
            raise Http404
        return file_response(document.file)
    try:
        content = printing.print_document(document, _first_case(request, document))
    except CaseProblem as problem:
        messages.error(request, str(problem))
        return redirect("programmes:document", document_id=document.pk)
    return docx_response(content, document.title)


@requires(documents.RIGHT)
@require_POST
def lines(request: HttpRequest, document_id: int) -> HttpResponse:
    """Other numbers and terms, as the table was filled in."""
    document = _document(request, document_id)
    wanted, wrong = {}, []
    for item in document.items.all():
        if f"number-{item.application_id}" not in request.POST:
            continue
        read = read_date(request.POST.get(f"until-{item.application_id}", ""))
        if read.problem is not None:
            wrong.append(_("第%(n)s行有效期：%(message)s") % {"n": item.order, "message": read.problem.message})
        number = request.POST[f"number-{item.application_id}"]
        wanted[item.application_id] = documents.Line(item.application_id, number, valid_until=read.value)
    try:
        if wrong:
            raise CaseProblem("；".join(wrong))
        changed = documents.renumber(document.pk, wanted, viewer=request.viewer)  # type: ignore[attr-defined]
    except CaseProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已更新 %(n)s 行") % {"n": changed})
    return redirect("programmes:document", document_id=document.pk)


@requires(documents.RIGHT)
@require_http_methods(["GET", "POST"])
def go_on(request: HttpRequest, document_id: int) -> HttpResponse:
    """Every case of the document that waits goes on by it; asked once more, with how many that are."""
    document = _document(request, document_id)
    back = reverse("programmes:document", args=[document.pk])
    state = documents.STATE_OF.get(document.template, "")
    waits = document.items.filter(application__state=state)
    if request.method == "POST":
        try:
            done = documents.go_on(document.pk, viewer=request.viewer)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            messages.error(request, str(problem))
        else:
            messages.success(request, _("已办理 %(n)s 件，结果已通知申报单位") % {"n": done})
        return redirect(back)
    refused = waits.filter(result="rejected").count()
    context: dict[str, Any] = {
        "title": _("按这份文件办理"), "label": _("办理"), "back": back,
        "statement": _("名单中待办的 %(n)s 件将进入下一环节，结果写入台账并通知申报单位。") % {"n": waits.count()},
        "facts": [(_("文件"), document.title), (_("文号"), document.number or _("未登记")), (_("其中未通过"), refused)],
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires(documents.RIGHT)
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, document_id: int) -> HttpResponse:
    """Give a draft up."""
    document = _document(request, document_id)
    back = reverse("programmes:document", args=[document.pk])
    if request.method == "POST":
        try:
            documents.drop(document.pk, viewer=request.viewer)  # type: ignore[attr-defined]
        except CaseProblem as problem:
            messages.error(request, str(problem))
            return redirect(back)
        messages.success(request, _("草稿已作废，名单中的申报可以重新列入文件"))
        return redirect("programmes:documents")
    context = {
        "title": _("作废草稿"), "statement": _("名单退回待发文，已经给出的编号不再使用。"), "label": _("作废"), "back": back,
        "facts": [(_("文件"), document.title)], "danger": True,
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires(documents.RIGHT)
@require_http_methods(["GET", "POST"])
def upper(request: HttpRequest, call_id: int) -> HttpResponse:
    """A superior's document and its list, row by row; wrong rows are told with their places and nothing is written."""
    call = _call(request, call_id, documents.RIGHT)
    form = UpperForm(posted(request), request.FILES or None, initial={"issued_on": timezone.localdate()})
    read = None
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        read = _read_list(call, told["file"], told["text"])
        if not read.problems:
            try:
                made = documents.record_upper(
                    call.pk, read.lines, number=told["number"], issued_on=told["issued_on"], issuer=told["issuer"],
                    title=told["title"], viewer=request.viewer,  # type: ignore[attr-defined]
                )  # fmt: skip
            except CaseProblem as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, _("已登记 %(n)s 件的上级结果") % {"n": len(read.lines)})
                return redirect("programmes:document", document_id=made.pk)
    context = {"call": call, "form": form, "read": read, "waits": documents.waiting(call, documents.UPPER).count()}
    return render(request, "programmes/publicity/upper.html", context)


def _read_list(call: Call, file: UploadedFile | None, text: str) -> upper_lists.ReadList:
    if file is not None:
        return upper_lists.read_file(call, file.read(), file.name or "")
    return upper_lists.read_text(call, text)


# papers of one case


@requires("cases.view", "own.view")
@require_GET
def paper(request: HttpRequest, application_id: int, template: str) -> HttpResponse:
    """One paper of a case, made from the records as they stand."""
    application = case_or_404(request.viewer, application_id)  # type: ignore[attr-defined]
    case = Case(application, at=timezone.now(), by=request.viewer.actor)  # type: ignore[attr-defined]
    own = application.party_id in request.viewer.parties("own.view")  # type: ignore[attr-defined]
    found = next((one for one in papers_of(case, inner=not own) if one.template == template and one.ready), None)
    if found is None or not printing.printable(template):
        raise Http404
    try:
        content = printing.print_paper(template, case, request.build_absolute_uri("/"))
    except CaseProblem as problem:
        messages.error(request, str(problem))
        return redirect("programmes:case", application_id=application_id)
    return docx_response(content, f"{found.name}-{application.number or application.pk}")


@requires("programmes.archive")
@require_GET
def archive(request: HttpRequest, application_id: int) -> FileResponse:
    """The whole file of a case as .zip with its list."""
    application = case_or_404(request.viewer, application_id)  # type: ignore[attr-defined]
    if "programmes.archive" not in rights_in(request.viewer, application):  # type: ignore[attr-defined]
        raise Http404
    case = Case(application, at=timezone.now(), by=request.viewer.actor)  # type: ignore[attr-defined]
    name = f"{application.number or application.pk}-{application.party.name}.zip"
    return FileResponse(archiving.pack(case), as_attachment=True, filename=name, content_type="application/zip")
