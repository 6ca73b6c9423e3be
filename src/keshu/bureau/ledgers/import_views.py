"""Pages of imports: choosing a ledger, a file, its preview, taking it in, taking it back."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers import services as entries
from keshu.bureau.ledgers import tasks
from keshu.bureau.ledgers.catalogue import catalogue, ledger_of
from keshu.bureau.ledgers.entry_forms import KnownOnForm, NoteForm, UploadForm
from keshu.bureau.ledgers.guards import batch_or_404, batches_for, ledger_to, places_for
from keshu.bureau.ledgers.importing import beating, originals, services
from keshu.bureau.ledgers.importing.committing import blocking
from keshu.bureau.ledgers.importing.files import LIMIT
from keshu.bureau.ledgers.models import Batch
from keshu.bureau.ledgers.pages import batches, reporting
from keshu.bureau.ledgers.privacy import personal_codes
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.records.services import now
from keshu.office.filetypes import FileRefused, check_upload, detect, safe_name
from keshu.office.tables import WorkbookProblem, check_kind

RIGHT = "entries.import"
TABLES = frozenset({"xlsx", "xls", "ods", "csv", "txt"})
AT_ONCE = 100 * 1024  # bytes, some 2,500 rows or two seconds; a larger file is read by the worker
PATIENCE = timedelta(minutes=10)  # so long a file may wait for the worker to begin
SILENCE = timedelta(seconds=45)  # a reader that has given no sign of life for so long is gone


@requires(RIGHT)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The ledgers that one may import into, and the recent files."""
    rows = batches_for(request).exclude(state=Batch.State.DROPPED)
    mine = [one for one in catalogue().ledgers.values() if request.viewer.may(RIGHT, section=one.owner)]
    themes: dict[str, list[Any]] = {}
    for ledger in mine:
        themes.setdefault(ledger.theme, []).append(ledger)
    page = page_of(rows, request.GET, sorts={"at": "pk"}, default="-at", size=20)
    context = {"themes": themes, "page": page, "lines": [(batch, ledger_of(batch.ledger).name) for batch in page.rows]}
    return render(request, "ledgers/imports.html", context)


@requires(RIGHT)
@require_http_methods(["GET", "POST"])
def upload(request: HttpRequest, code: str) -> HttpResponse:
    """A file for one ledger; a small one is read at once, a large one in the background."""
    ledger = ledger_to(request, code, RIGHT)
    form = UploadForm(
        posted(request), request.FILES or None, places=places_for(request, RIGHT),
        initial={"place": request.GET.get("place", "")},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            batch = _begin(request, ledger.code, form)
        except (FileRefused, WorkbookProblem, EntryProblem) as problem:
            form.add_error("file", str(problem))
        else:
            return redirect(_address(batch))
    return render(request, "ledgers/upload.html", {"form": form, "ledger": ledger})


def _begin(request: HttpRequest, ledger: str, form: UploadForm) -> Batch:
    file, place = form.cleaned_data["file"], form.cleaned_data["place"]
    if not request.viewer.may(RIGHT, section=ledger_of(ledger).owner, place=place):
        raise EntryProblem(_("您没有导入该区划这本台账的权限，请改选区划或由有权限的人员导入"))
    if file.size:
        check_kind(detect(file), file.name or "")
    check_upload(file.name or "", file, allowed=TABLES, most=LIMIT)
    file.seek(0)
    content = file.read()
    batch = services.begin(ledger, content, name=file.name, place=place, by=request.viewer.actor, at=now())
    _read(batch, {}, size=len(content))
    return batch


def _read(batch: Batch, chosen: dict[str, dict[int, str]], *, size: int) -> None:
    today = timezone.localdate()
    if size <= AT_ONCE:
        services.run(batch.pk, today=today, chosen=chosen or None)
        return
    Batch.objects.filter(pk=batch.pk).update(state=Batch.State.PARSING, done=0, total=0)
    tasks.read_batch.enqueue(batch.pk, today.isoformat(), _with_text_keys(chosen))


def _with_text_keys(chosen: dict[str, dict[int, str]]) -> dict[str, dict[str, str]]:
    return {sheet: {str(index): code for index, code in columns.items()} for sheet, columns in chosen.items()}


def _being_read(batch: Batch) -> bool:
    """Somebody reads it, or it waits for its turn; a worker that died has stopped giving signs of life."""
    if batch.state != Batch.State.PARSING:
        return False
    beat = beating.last(batch.stored)
    return beat > timezone.now() - SILENCE if beat else batch.started_at > timezone.now() - PATIENCE


def _address(batch: Batch, **query: str) -> str:
    address = reverse("ledgers:batch", args=[batch.pk])
    return f"{address}?{urlencode(query)}" if query else address


@requires(RIGHT)
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One file: its progress, its preview, or what it left behind."""
    found = batch_or_404(request, batch_id)
    context: dict[str, Any] = {"batch": found, "ledger": ledger_of(found.ledger), "query": request.GET.urlencode()}
    if found.state == Batch.State.PARSING:
        context["stuck"] = not _being_read(found)
        template = "ledgers/_progress.html" if request.htmx else "ledgers/batch_reading.html"
        return render(request, template, context)
    if request.htmx:  # the progress bar asked once more: the page itself has to change now
        return HttpResponse(headers={"HX-Refresh": "true"})
    kind = request.GET.get("kind", "")
    context |= {"counts": batches.counts(found), "fed": batches.fed_counts(found), "kind": kind}
    context |= {"problems": batches.problems(found, kind), "sheets": batches.sheets(found)}
    context["asks_beginning"] = _asks_beginning(request, found)
    if found.state == Batch.State.READY:
        return render(request, "ledgers/batch_preview.html", context | _preview(request, found))
    context |= {"taken": batches.taken(found), "may_audit": "audit.view" in request.viewer.rights}
    return render(request, "ledgers/batch_result.html", context)


def _asks_beginning(request: HttpRequest, found: Batch) -> bool:
    """Only who may say it is asked, and not about a file that brings nothing."""
    ledger = ledger_of(found.ledger)
    place = found.place.code if found.place else ""
    brings = found.act is not None or (found.state == Batch.State.READY and batches.takes(found) > 0)
    may = request.viewer.may("entries.edit", section=ledger.owner, place=place)
    return brings and may and reporting.asks_beginning(ledger, found.place, found.act_id)


def _preview(request: HttpRequest, found: Batch) -> dict[str, Any]:
    verdict = request.GET.get("verdict", "")
    items, lines = batches.lines(found, verdict)
    wrong = found.counts.get("wrong", 0) or blocking(found)
    return {
        "verdict": verdict, "items": items, "lines": lines, "wrong": wrong,
        "takes": batches.takes(found), "including": batches.including(found),
        "form": KnownOnForm(initial={"known_on": request.GET.get("known_on", "")}, today=timezone.localdate()),
        "why": NoteForm(),
    }  # fmt: skip


@requires(RIGHT)
@require_GET
def problems(request: HttpRequest, batch_id: int) -> HttpResponse:
    """All problems of the file as a workbook, to mend the file by."""
    found = batch_or_404(request, batch_id)
    headings = [_("工作表"), _("行"), _("位置"), _("列"), _("程度"), _("问题"), _("怎么办")]
    name = _("问题清单-%(file)s") % {"file": found.file_name.rsplit(".", 1)[0]}
    return xlsx_response(name, headings, batches.problem_rows(found, request.GET.get("kind", "")))


@requires(RIGHT)
@require_POST
def columns(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Read the kept file once more, with the columns as a person set them, against the ledger as it is now."""
    found = batch_or_404(request, batch_id)
    if found.state not in (Batch.State.READY, Batch.State.FAILED, Batch.State.PARSING):
        messages.error(request, _("该文件当前为“%(state)s”，不能重新读取") % {"state": found.get_state_display()})
    elif _being_read(found):
        messages.info(request, _("文件正在读取，请稍候"))
    else:
        _read(found, batches.chosen_from(found, request.POST), size=max(found.total, found.done) * 60)
        messages.success(request, _("已重新读取文件"))
    return redirect(_address(found, **_kept(request)))


def _kept(request: HttpRequest) -> dict[str, str]:
    return {"known_on": request.POST["known_on"]} if request.POST.get("known_on") else {}


@requires(RIGHT)
@require_POST
def commit(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Take the rows in as one act."""
    found = batch_or_404(request, batch_id)
    form = KnownOnForm(request.POST, today=timezone.localdate())
    if not form.is_valid():
        messages.error(request, "；".join(form.errors["known_on"]))
        return redirect(_address(found))
    try:
        act = services.commit(
            batch_id, skip_wrong="skip" in request.POST, known_on=form.cleaned_data["known_on"],
            by=request.viewer.actor, reason=request.POST.get("reason", "")[:200],
        )  # fmt: skip
    except EntryProblem as problem:
        messages.error(request, str(problem))
    else:
        if act is None:
            messages.info(request, _("文件内容与台账一致，没有需要写入的行"))
        else:
            messages.success(request, _("已入库"))
    return redirect(_address(found, **_kept(request)))


@requires(RIGHT)
@require_POST
def drop(request: HttpRequest, batch_id: int) -> HttpResponse:
    found = batch_or_404(request, batch_id)
    if _being_read(found):  # the worker would bring the rows back
        messages.info(request, _("文件正在读取，读完后再放弃"))
        return redirect(_address(found))
    try:
        services.drop(batch_id)
    except EntryProblem as problem:
        messages.error(request, str(problem))
        return redirect(_address(found))
    messages.success(request, _("已放弃“%(name)s”，台账没有任何变化") % {"name": found.file_name})
    return redirect("ledgers:imports")


@requires(RIGHT)
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Ask for a reason, then take the whole import back, except the rows that somebody changed since."""
    found = batch_or_404(request, batch_id)
    if found.act is None:
        messages.error(request, _("该文件没有写入台账，无可撤销"))
        return redirect(_address(found))
    form = NoteForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = entries.undo_act(found.act_id, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except EntryProblem as problem:
            messages.error(request, str(problem))
        else:
            _tell_undone(request, done)
        return redirect(_address(found))
    facts = [
        (_("文件"), found.file_name), (_("台账"), ledger_of(found.ledger).name),
        (_("将恢复"), _("%(n)s 条") % {"n": batches.living(found)}),
        (_("之后已被修改、保持现状"), _("%(n)s 条") % {"n": batches.changed_since(found)}),
    ]  # fmt: skip
    statement = _("撤销后，新增的条目作废，变更的条目恢复原值；操作记录中两次操作都保留，已冻结的总结不变。")
    context = {"title": _("撤销导入"), "label": _("撤销导入"), "statement": statement, "facts": facts, "form": form}
    return render(request, "confirm.html", context | {"back": _address(found), "danger": True})


@requires(RIGHT)
@require_http_methods(["GET", "POST"])
def original(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The file as it was uploaded. Where its ledger holds personal fields, with a reason that is kept."""
    found = batch_or_404(request, batch_id)
    form = NoteForm(posted(request))
    if personal_codes(ledger_of(found.ledger)):
        if request.method == "GET" or not form.is_valid():
            facts = [(_("文件"), found.file_name), ("SHA-256", found.sha256)]
            statement = _("文件中可能有身份证号、电话等个人信息。下载的人、时间和原因都会留下记录。")
            context = {
                "title": _("下载原文件"),
                "label": _("下载"),
                "statement": statement,
                "facts": facts,
                "form": form,
            }
            return render(request, "confirm.html", context | {"back": _address(found)})
        originals.note_download(found, by=request.viewer.actor, at=now(), reason=form.cleaned_data["reason"])
    try:
        content = originals.content_of(found)
    except FileNotFoundError as error:
        raise Http404 from error
    response = HttpResponse(content, content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    name = safe_name(found.file_name)
    response.headers["Content-Disposition"] = (
        content_disposition_header(as_attachment=True, filename=name) or "attachment"
    )
    return response


def _tell_undone(request: HttpRequest, done: entries.Undone) -> None:
    messages.success(request, _("已撤销，%(n)s 条恢复到导入之前") % {"n": done.restored})
    if done.left:
        messages.warning(request, _("有 %(n)s 条在导入之后又被修改，保持现状，见下方清单") % {"n": len(done.left)})
