"""What may be done to one entry from its page: star, void, attach, look behind a mask."""

import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers import attachments, services
from keshu.bureau.ledgers.entry_forms import AttachmentForm, ReasonForm, StarForm
from keshu.bureau.ledgers.guards import entry_or_404, entry_to, ledger_or_404
from keshu.bureau.ledgers.models import Attachment, Revision
from keshu.bureau.ledgers.pages import choosing
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.unmasking import unmask as open_field
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.records import files
from keshu.office.filetypes import FileRefused, check_upload, safe_name

Facts = list[tuple[str, str]]


def facts_of(row: Revision) -> Facts:
    ledger = ledger_or_404(row.ledger)
    name = row.title or row.number or (row.party.name if row.party else "")
    return [(_("条目"), name), (_("台账"), ledger.name), (_("区划"), row.place.name)]


def _seen(request: HttpRequest, row: Revision) -> int:
    """The revision that the person had before them; shown once, it travels with the form."""
    seen = whole_number(request.POST.get("seen", request.GET.get("seen", "")))
    return row.number_in_entry if seen is None else seen


def _ask(
    request: HttpRequest, row: Revision, form: Form, words: tuple[str, str, str], facts: Facts, danger: bool = False
) -> HttpResponse:
    """A question of its own page; `words`: title, button, statement."""
    title, label, statement = words
    back = reverse("ledgers:entry", args=[row.entry_id])
    context = {"title": title, "label": label, "statement": statement, "facts": facts, "form": form, "back": back}
    return render(request, "confirm.html", context | {"danger": danger})


@requires("entries.edit")
@require_http_methods(["GET", "POST"])
def star(request: HttpRequest, entry_id: int) -> HttpResponse:
    """The star and the line that summaries take over."""
    row = entry_to(request, entry_id, "entries.edit")
    start = {"highlight": row.highlight, "story": row.story, "seen": row.number_in_entry}
    form = StarForm(posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.mark_highlight(entry_id, **given, by=request.viewer.actor)
        except EntryProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已列为亮点") if given["highlight"] else _("已保存"))
            return redirect("ledgers:entry", entry_id)
    statement = _("亮点条目在总结中可以点名举例，一句话照用。")
    return _ask(request, row, form, (_("亮点与一句话"), _("保存"), statement), facts_of(row))


@requires("entries.void")
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, entry_id: int) -> HttpResponse:
    row = entry_to(request, entry_id, "entries.void")
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            reason = form.cleaned_data["reason"]
            services.void_entry(entry_id, seen=_seen(request, row), by=request.viewer.actor, reason=reason)
        except EntryProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("条目已作废"))
            return redirect("ledgers:entry", entry_id)
    statement = _("作废后该条目不再计入任何指标，内容和原因保留在历史中；已冻结的总结不变。")
    return _ask(request, row, form, (_("作废条目"), _("作废"), statement), facts_of(row), danger=True)


@requires("entries.edit")
@require_http_methods(["GET", "POST"])
def attach(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Add a file to the entry."""
    row = entry_to(request, entry_id, "entries.edit")
    form = AttachmentForm(posted(request), request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            attachments.attach_file(
                entry_id, _paper(form.cleaned_data["file"]), label=form.cleaned_data["label"], by=request.viewer.actor
            )
        except (FileRefused, EntryProblem) as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, _("附件已添加"))
            return redirect("ledgers:entry", entry_id)
    return render(request, "ledgers/attach.html", {"form": form, "row": row, "ledger": ledger_or_404(row.ledger)})


def _paper(file: UploadedFile) -> attachments.Paper:
    content = file.read()
    kind = check_upload(file.name or "", io.BytesIO(content))
    return attachments.Paper(content, safe_name(file.name or ""), kind.code, kind.mime)


def _attached(entry_id: int, attachment_id: int) -> Attachment:
    rows: QuerySet[Attachment] = Attachment.objects.select_related("file", "act")
    found = rows.filter(pk=attachment_id, entry_id=entry_id, removed_by__isnull=True).first()
    if found is None:
        raise Http404
    return found


@requires("entries.view")
@require_GET
def download(request: HttpRequest, entry_id: int, attachment_id: int) -> HttpResponse:
    """The file, always as a download, under its own name."""
    entry_or_404(request, entry_id)
    found = _attached(entry_id, attachment_id)
    try:
        content = files.read(found.file)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = _disposition(found.file.name)
    return response


def _disposition(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=safe_name(name)) or "attachment"


@requires("entries.edit")
@require_http_methods(["GET", "POST"])
def detach(request: HttpRequest, entry_id: int, attachment_id: int) -> HttpResponse:
    row = entry_to(request, entry_id, "entries.edit")
    found = _attached(entry_id, attachment_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            attachments.remove_file(found.pk, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except EntryProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("附件已移除"))
            return redirect("ledgers:entry", entry_id)
    statement = _("移除后条目不再显示该附件；文件和原因保留在操作记录中。")
    facts = [(_("附件"), found.file.name), *facts_of(row)]
    return _ask(request, row, form, (_("移除附件"), _("移除"), statement), facts, danger=True)


@requires("personal.unmask")
@never_cache
@require_http_methods(["GET", "POST"])
def unmask(request: HttpRequest, entry_id: int, field: str) -> HttpResponse:
    """Ask for a reason, keep it, then show the one field on a page that nothing stores."""
    row = entry_or_404(request, entry_id)
    ledger = ledger_or_404(row.ledger)
    item = ledger.field(field)
    if item is None or not item.personal:
        raise Http404
    if not request.viewer.may("personal.unmask", section=ledger.owner, place=row.place.code):
        raise PermissionDenied("personal.unmask")
    form, back = ReasonForm(posted(request)), reverse("ledgers:entry", args=[entry_id])
    if request.method == "POST" and form.is_valid():
        try:
            text = open_field(
                row, field, by=request.viewer.actor, at=timezone.now(), reason=form.cleaned_data["reason"]
            )
        except EntryProblem as problem:
            form.add_error(None, str(problem))
        else:
            return render(request, "ledgers/unmasked.html", {"row": row, "item": item, "text": text, "back": back})
    statement = _("个人信息按需查看：您的姓名、时间和原因会被记录，供审计核查。")
    facts = [(_("字段"), item.name), *facts_of(row)]
    return _ask(request, row, form, (_("查看个人信息"), _("记录并查看"), statement), facts)


@requires("entries.edit", "entries.void")
@require_POST
def chosen(request: HttpRequest, code: str) -> HttpResponse:
    """Rows ticked in the list: first which and how many, then, with a reason, all of them as one act."""
    choice = choosing.choice_of(request, code)
    if choice.problem:
        messages.error(request, choice.problem)
        return redirect("ledgers:list", code)
    form = ReasonForm(request.POST if "sure" in request.POST else None)
    form.fields["reason"].required = choice.verb == "void"
    if form.is_bound and form.is_valid():
        try:
            choosing.carry_out(choice, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except EntryProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, choice.done)
            return redirect("ledgers:list", code)
    return render(request, "ledgers/chosen.html", {"choice": choice, "form": form, "ledger": choice.ledger})
