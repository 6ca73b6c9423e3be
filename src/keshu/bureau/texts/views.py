"""Pages of texts: dropping, the library, one text, what may be taken away of it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.texts import dropping, library, pages, services, tasks
from keshu.bureau.texts.downloads import FORMS
from keshu.bureau.texts.forms import ChangeForm, DropForm, JudgementForm, LibraryForm, ReasonForm
from keshu.bureau.texts.guards import text_or_404, text_to_edit, text_to_remove
from keshu.bureau.texts.models import Text
from keshu.bureau.texts.problems import TextProblem
from keshu.bureau.texts.queries import judgements_of, may_remove, places_for, texts_for
from keshu.office.soffice import OfficeProblem

VIEW, EDIT = "texts.view", "texts.edit"
PATIENCE = timedelta(minutes=10)  # a text that stands still for so long was interrupted


@requires(VIEW)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """材料库: every text that the viewer may see, with what is open in it."""
    form = LibraryForm(request.GET, places=places_for(request.viewer, VIEW))
    rows = library.filtered(texts_for(request.viewer), form)
    page = page_of(rows, request.GET, sorts={"at": "pk", "year": "year", "title": "title"}, default="-at")
    context = {"form": form, "page": page, "lines": library.lines(page.rows), "total": rows.count()}
    context |= {"working": library.working(page.rows), "may_drop": EDIT in request.viewer.rights}
    return render(request, "texts/_rows.html" if request.htmx else "texts/index.html", context)


@requires(VIEW)
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The library as a workbook, filtered as the page is."""
    form = LibraryForm(request.GET, places=places_for(request.viewer, VIEW))
    headings = [
        _("标题"), _("区划"), _("年度"), _("类别"), _("状态"), _("确定"), _("很可能"), _("请确认"), _("数字"),
        _("文件"), _("上传人"), _("上传时间"),
    ]  # fmt: skip
    return xlsx_response(_("文稿"), headings, library.text_rows(library.filtered(texts_for(request.viewer), form)))


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Files or a pasted text come in."""
    places = places_for(request.viewer)
    form = DropForm(
        posted(request), request.FILES or None, places=places,
        initial={"year": timezone.localdate().year, "kind": Text.Kind.DRAFT, "place": places[0].code if places else ""},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid() and _are_texts(form):
        try:
            texts = dropping.dropped(form.cleaned_data, by=request.viewer.actor)
        except TextProblem as problem:
            form.add_error(None, str(problem))
        else:
            if len(texts) == 1:
                return redirect("texts:text", texts[0].pk)
            messages.success(request, _("已收下 %(n)s 份文稿，正在后台核校") % {"n": len(texts)})
            return redirect("texts:index")
    return render(request, "texts/new.html", {"form": form})


def _are_texts(form: DropForm) -> bool:
    """All refusals at once, each with the name of its file."""
    for file in form.cleaned_data["files"]:
        try:
            dropping.check_file(file)
        except OfficeProblem as problem:
            form.add_error("files", ValidationError(str(problem)))
    return form.is_valid()


@requires(VIEW)
@require_GET
def text(request: HttpRequest, text_id: int) -> HttpResponse:
    """One text: its progress, why it could not be read, or itself with everything that was found."""
    found = text_or_404(request, text_id)
    context: dict[str, Any] = {"text": found, "may_edit": request.viewer.may(EDIT, place=found.place.code)}
    context |= {"may_remove": may_remove(request.viewer, found), "steps": services.STEPS}
    context["may_adopt"] = context["may_edit"] and request.viewer.may("summaries.compose", place=found.place.code)
    working = found.state in (Text.State.QUEUED, Text.State.READING)
    if working or not hasattr(found, "reading"):
        context["stuck"] = working and found.touched_at < timezone.now() - PATIENCE
        return render(request, "texts/_progress.html" if request.htmx else "texts/waiting.html", context)
    if request.htmx and "figure" in request.GET:
        return render(request, "texts/_figure.html", context | {"detail": _detail(request, found)})
    if request.htmx:  # the progress asked once more: the page itself has to change now
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "texts/text.html", context | pages.text_page(found, request.GET, _detail(request, found)))


def _detail(request: HttpRequest, found: Text) -> pages.Detail | None:
    number = whole_number(request.GET.get("figure", ""))
    return None if number is None else pages.detail(found.reading, number)


@requires(VIEW)
@require_GET
def download(request: HttpRequest, text_id: int, form: str) -> HttpResponse:
    """The file, the file with comments, a report, data, a workbook."""
    found = text_or_404(request, text_id)
    if form not in FORMS or not hasattr(found, "reading"):
        raise Http404
    try:
        return FORMS[form](found, found.reading, judgements_of(found))
    except FileNotFoundError:
        messages.error(request, _("文件已不在服务器上，请删除后重新上传"))
        return redirect("texts:text", text_id)


@requires(EDIT)
@require_POST
def read_again(request: HttpRequest, text_id: int) -> HttpResponse:
    """Read the kept file once more, by today's checks and records."""
    found = text_to_edit(request, text_id)
    moving = found.state in (Text.State.QUEUED, Text.State.READING) and found.touched_at > timezone.now() - PATIENCE
    if moving:
        messages.info(request, _("文稿正在核校，请稍候"))
    else:
        Text.objects.filter(pk=text_id).update(state=Text.State.QUEUED, step=0, touched_at=timezone.now())
        tasks.read_text.enqueue(text_id)
    return redirect("texts:text", text_id)


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, text_id: int) -> HttpResponse:
    """Title, year and kind, where they were given wrongly."""
    found = text_to_edit(request, text_id)
    form = ChangeForm(posted(request), initial={"title": found.title, "year": found.year, "kind": found.kind})
    if request.method == "POST" and form.is_valid():
        changed = services.change_text(text_id, **form.cleaned_data, by=request.viewer.actor)
        if changed.year != found.year:
            tasks.read_text.enqueue(text_id)
        messages.success(request, _("已保存"))
        return redirect("texts:text", text_id)
    return render(request, "texts/change.html", {"form": form, "text": found})


@requires(EDIT)
@require_POST
def judge(request: HttpRequest, text_id: int, finding: int) -> HttpResponse:
    """Say of a finding that it is right as it stands, or that it was mended."""
    found = text_to_edit(request, text_id)
    form = JudgementForm(request.POST)
    if not found.findings.filter(number=finding).exists():
        raise Http404
    if form.is_valid():
        services.judge_finding(text_id, finding, **form.cleaned_data, by=request.viewer.actor)
        messages.success(request, _("已记下"))
    else:
        messages.error(request, "；".join(error for errors in form.errors.values() for error in errors))
    back = request.POST.get("back", "")
    query = f"?{back}" if back and "\n" not in back else ""
    return redirect(f"{reverse('texts:text', args=[text_id])}{query}#line-{finding}")


@requires(EDIT)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, text_id: int) -> HttpResponse:
    """Ask, then delete the text with its file."""
    found = text_to_remove(request, text_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.remove_text(text_id, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("已删除“%(title)s”") % {"title": found.title})
        return redirect("texts:index")
    facts = [
        (_("标题"), found.title),
        (_("区划"), found.place.name),
        (_("文稿年度"), found.year),
        (_("文件"), found.file_name),
    ]
    statement = _("文稿、它的文件和核校结果一并删除，不能恢复；操作记录中留有谁在何时删除。")
    context = {"title": _("删除文稿"), "label": _("删除"), "statement": statement, "facts": facts, "form": form}
    return render(request, "confirm.html", context | {"back": reverse("texts:text", args=[text_id]), "danger": True})
