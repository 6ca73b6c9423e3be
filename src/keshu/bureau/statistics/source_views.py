"""Pages of sources: list, one source with its values, a new one, a bulletin."""

import io
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.pages.registry import verb_name
from keshu.bureau.places.models import Place
from keshu.bureau.records import files
from keshu.bureau.statistics import guards, services
from keshu.bureau.statistics.bulletins.importing import read_file, take_in
from keshu.bureau.statistics.entering import BulletinForm, ReasonForm, SourceFilter, SourceForm, ValueForm
from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.bureau.statistics.pages import choosing, sources
from keshu.bureau.statistics.services import SourceProblem, Upload
from keshu.office.filetypes import FileRefused, check_upload

SORTS = {"title": "title", "issuer": "issuer", "cut_off": "cut_off", "obtained": "obtained_on"}
SALT = "keshu.bulletin"


@requires("sources.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    rows = sources.headings(request.GET)
    context = {
        "page": page_of(rows, request.GET, sorts=SORTS, default="-obtained"), "form": SourceFilter(request.GET),
        "total": rows.count(), "export_url": "export/",
    }  # fmt: skip
    return render(request, "statistics/sources.html", context)


@requires("sources.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    headings = [
        _("发文单位"), _("文件名称"), _("文号"), _("数据截止日"), _("取得日期"), _("数据性质"), _("公开程度"),
        _("数值个数"), _("状态"),
    ]  # fmt: skip
    rows = (
        [
            row.issuer, row.title, row.number, row.cut_off, row.obtained_on, row.get_status_display(),
            row.get_release_display(), row.values_n, _("已撤下") if row.voided else _("有效"),
        ]
        for row in sources.headings(request.GET).order_by("-obtained_on", "-pk").iterator(chunk_size=500)
    )  # fmt: skip
    return xlsx_response(_("来源件"), headings, rows)


@requires("sources.view")
@require_GET
def detail(request: HttpRequest, source_id: int) -> HttpResponse:
    heading = _heading(source_id)
    rows = sources.values_of(source_id, request.viewer)
    page = page_of(rows, request.GET, sorts={"indicator": "indicator", "place": "place__order"}, default="indicator")
    context = {
        "heading": heading, "page": page, "total": rows.count(),
        "lines": list(sources.lines(page.rows, site_catalogue())),
        "acts": [(act, verb_name(act.verb)) for act in sources.history(source_id)],
        "may_edit": guards.may_change(request.viewer, source_id),
    }  # fmt: skip
    return render(request, "statistics/source.html", context)


@requires("sources.view")
@require_GET
def values_export(request: HttpRequest, source_id: int) -> HttpResponse:
    heading = _heading(source_id)
    headings = [
        _("指标"), _("代码"), _("区划"), _("期间"), _("数值"), _("计量单位"), _("同比(%)"), _("位次"), _("参加排位数"),
        _("上级平均"), _("有无"), _("性质"), _("单元格"),
    ]  # fmt: skip
    rows = sources.values_of(source_id, request.viewer).order_by("indicator", "place__order", "pk")
    return xlsx_response(heading.title, headings, (line.cells() for line in sources.lines(rows, site_catalogue())))


@requires("sources.view")
@require_GET
def download(request: HttpRequest, source_id: int) -> HttpResponse:
    """The document's file, always as a download."""
    heading = _heading(source_id)
    if heading.file is None:
        raise Http404
    response = HttpResponse(files.read(heading.file), content_type="application/octet-stream")
    response["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Disposition"] = _attachment(heading.file.name)
    return response


def _attachment(name: str) -> str:
    return f"attachment; filename*=UTF-8''{quote(name)}"


@requires("sources.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    form = SourceForm(posted(request), request.FILES or None, initial={"obtained_on": today, "cut_off": today})
    if request.method == "POST" and form.is_valid():
        try:
            upload = _upload(form.cleaned_data["file"])
            made = services.add_source(form.spec, by=request.viewer.actor, upload=upload)
        except (SourceProblem, FileRefused) as problem:
            form.add_error("file" if isinstance(problem, FileRefused) else None, str(problem))
        else:
            messages.success(request, _("来源件已登记，请录入它所载的数值"))
            return redirect("statistics:source", made.source)
    return render(request, "statistics/source_form.html", {"form": form})


@requires("sources.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, source_id: int) -> HttpResponse:
    heading = _own_heading(request, source_id)
    spec = services.spec_of(heading)
    form = SourceForm(posted(request), request.FILES or None, initial=vars(spec))
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_source(
                source_id, form.spec, seen=_seen(request), by=request.viewer.actor,
                upload=_upload(form.cleaned_data["file"]),
            )  # fmt: skip
        except (SourceProblem, FileRefused) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("来源件已更正"))
            return redirect("statistics:source", source_id)
    return render(request, "statistics/source_form.html", {"form": form, "heading": heading})


def _seen(request: HttpRequest) -> int:
    """The number of the state that the editor had open; a slip of the form is a stale page."""
    return whole_number(request.POST.get("seen", "")) or 0


@requires("sources.edit")
@require_http_methods(["GET", "POST"])
def add_value(request: HttpRequest, source_id: int) -> HttpResponse:
    """One value by hand; the next one may follow at once."""
    heading = _own_heading(request, source_id)
    places = choosing.choice_of({}, request.viewer, known_at=timezone.now(), today=timezone.localdate()).places
    places = guards.own_places(request.viewer, places)
    form = ValueForm(posted(request), places=places, initial={"period": str(heading.cut_off.year)})
    if request.method == "POST" and form.is_valid():
        try:
            done = services.record_values(source_id, [form.spec], by=request.viewer.actor)
        except SourceProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("数值已录入") if done.rows else _("与原有数值相同，没有改动"))
            again = "again" in request.POST
            return redirect("statistics:source-value" if again else "statistics:source", source_id)
    context = {"form": form, "heading": heading, "indicators": site_catalogue().indicators.values()}
    return render(request, "statistics/value_form.html", context)


@requires("sources.edit")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, source_id: int) -> HttpResponse:
    heading = _own_heading(request, source_id)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.withdraw_source(
                source_id, seen=heading.number_in_source, by=request.viewer.actor,
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except SourceProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("来源件已撤下，它的数值不再计入"))
            return redirect("statistics:source", source_id)
    statement = _("撤下后，这份文件的数值从现在起不再使用；已冻结的总结不变。")
    facts = [(_("文件名称"), heading.title), (_("发文单位"), heading.issuer)]
    back = reverse("statistics:source", args=[source_id])
    context = {"title": _("撤下来源件"), "label": _("撤下"), "statement": statement, "facts": facts, "form": form}
    return render(request, "confirm.html", context | {"back": back, "danger": True})


@requires("sources.edit")
@require_http_methods(["GET", "POST"])
def void(request: HttpRequest, value_id: int) -> HttpResponse:
    row = ReceivedValue.objects.select_related("place").filter(pk=value_id).first()
    if row is None:
        raise Http404
    if not guards.may_write(request.viewer, row.place_id):
        raise PermissionDenied(guards.EDIT)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.void_value(value_id, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except SourceProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("数值已作废"))
            return redirect("statistics:source", row.source_id)
    line = next(sources.lines([row], site_catalogue()))
    value = f"{line.value_text} {line.unit}"
    facts = [(_("指标"), line.name), (_("区划"), row.place.name), (_("期间"), line.period), (_("数值"), value)]
    context = {"title": _("作废数值"), "label": _("作废"), "facts": facts}
    context["statement"] = _("作废后该数值不再使用，历史中保留。")
    back = reverse("statistics:source", args=[row.source_id])
    return render(request, "confirm.html", context | {"form": form, "back": back, "danger": True})


@requires("sources.edit")
@require_POST
def undo(request: HttpRequest, act_id: int) -> HttpResponse:
    """Take back an import or an entry of values."""
    if not guards.may_undo(request.viewer, act_id):
        raise PermissionDenied(guards.EDIT)
    try:
        done = services.undo_received(act_id, by=request.viewer.actor)
    except SourceProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已撤销，恢复 %(n)s 个数值") % {"n": done.restored})
        if done.left:
            messages.warning(request, _("有 %(n)s 个数值之后又被更正，保持现状") % {"n": len(done.left)})
    return redirect("statistics:sources")


@requires("sources.edit")
@require_http_methods(["GET", "POST"])
def import_bulletin(request: HttpRequest) -> HttpResponse:
    """First the file and its heading, then what was read from it, then one act."""
    if "token" in request.POST:
        return _commit(request)
    initial = {"obtained_on": timezone.localdate()}
    form = _bulletin_form(request, posted(request), request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return _preview(request, form, _read_upload(form.cleaned_data["file"]))
        except (SourceProblem, FileRefused) as problem:
            form.add_error("file", str(problem))
    return render(request, "statistics/bulletin.html", {"form": form})


def _bulletin_form(request: HttpRequest, data: Any, sent: Any = None, **more: Any) -> BulletinForm:
    places = choosing.choice_of({}, request.viewer, known_at=timezone.now(), today=timezone.localdate()).places
    places = guards.own_places(request.viewer, places)
    return BulletinForm(data, sent, places=places, whole=guards.whole_place(request.viewer), **more)


def _preview(request: HttpRequest, form: BulletinForm, upload: Upload) -> HttpResponse:
    bulletin = read_file(upload, root=form.cleaned_data["place"], period=form.cleaned_data["period"])
    _refuse_foreign(request, bulletin.values)
    spec = {name: str(value) for name, value in vars(form.spec).items()}
    kept = {"sha256": files.keep(upload.content), "name": upload.name, "mime": upload.mime, "spec": spec}
    kept |= {"period": str(bulletin.period or ""), "place": form.cleaned_data["place"]}
    lines = list(sources.lines(_unsaved(bulletin.values), site_catalogue()))
    token = signing.dumps(kept, salt=SALT, compress=True)
    context = {"bulletin": bulletin, "lines": lines, "token": token, "spec": form.spec}
    return render(request, "statistics/bulletin_preview.html", context)


def _unsaved(values: list[services.ValueSpec]) -> list[ReceivedValue]:
    """Values as the rows that they would become, for showing."""
    places = {place.code: place for place in Place.objects.filter(code__in={value.place for value in values})}
    plain = ("indicator", "scope", "value", "rank", "rank_of", "average", "growth", "cell")
    return [
        ReceivedValue(
            place=places[value.place],
            period=str(value.period),
            presence=value.known,
            **{name: getattr(value, name) for name in plain},
        )
        for value in values
    ]


def _commit(request: HttpRequest) -> HttpResponse:
    """The same file again, read again, written once; the token says which file and heading were shown."""
    try:
        kept = signing.loads(request.POST["token"], salt=SALT, max_age=24 * 3600)
        content = files.path_of(kept["sha256"]).read_bytes()
    except (signing.BadSignature, FileNotFoundError):
        messages.error(request, _("预览已过期，请重新上传文件"))
        return redirect("statistics:source-import")
    form = _bulletin_form(request, kept["spec"] | {"period": kept["period"], "place": kept["place"]})
    form.fields["file"].required = False
    upload = Upload(content, kept["name"], kept["mime"])
    try:
        if not form.is_valid():
            raise SourceProblem(_("来源件信息不完整，请重新填写"))
        bulletin = read_file(upload, root=form.cleaned_data["place"], period=form.cleaned_data["period"])
        _refuse_foreign(request, bulletin.values)
        by = request.viewer.actor
        done = take_in(bulletin, form.spec, upload, by=by, skip_wrong="skip" in request.POST)
    except SourceProblem as problem:
        messages.error(request, str(problem))
        return redirect("statistics:source-import")
    counts = {"new": done.new, "changed": done.changed, "same": done.unchanged}
    messages.success(request, _("已收入：新增 %(new)s 个，更正 %(changed)s 个，未变 %(same)s 个") % counts)
    return redirect("statistics:source", done.source)


def _refuse_foreign(request: HttpRequest, values: list[services.ValueSpec]) -> None:
    foreign = guards.foreign_places(request.viewer, (value.place for value in values))
    if foreign:
        said = {"names": "、".join(foreign[:5]), "n": len(foreign)}
        raise SourceProblem(_("通报中有您权限以外的 %(n)s 个区划：%(names)s；请由有权限的人员导入") % said)


def _upload(file: UploadedFile | None) -> Upload | None:
    return None if file is None else _read_upload(file)


def _read_upload(file: UploadedFile) -> Upload:
    content = file.read()
    kind = check_upload(file.name or "", io.BytesIO(content))
    return Upload(content, file.name or "file", kind.mime)


def _own_heading(request: HttpRequest, source_id: int) -> Heading:
    """The document, for somebody whose places cover all that it says."""
    heading = _heading(source_id)
    if not guards.may_change(request.viewer, source_id):
        raise PermissionDenied(guards.EDIT)
    return heading


def _heading(source_id: int) -> Heading:
    found = Heading.objects.filter(source_id=source_id, known_to__isnull=True).select_related("file", "act").first()
    if found is None:
        raise Http404(source_id)
    return found
