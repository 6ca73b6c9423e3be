"""Pages of the 审计管理员: who did what, whether the record is whole."""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.desk import checking, queries, services, tasks
from keshu.bureau.desk.forms import AuditFilter
from keshu.bureau.desk.subjects import part_name, steps_taken
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.registry import subject_names, subject_url, verb_name
from keshu.bureau.records.audit import rows_sealed
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import now

AT_ONCE = 2000  # so many links and rows are verified while the page waits: about a second


@requires("audit.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(queries.verbs_used(), request.GET)
    page = page_of(queries.acts(form.wanted()), request.GET, sorts={"at": "at", "by": "by"}, default="-at")
    context = {"form": form, "page": page, "rows": _rows(page.rows), "check": queries.last_check()}
    return render(
        request, "desk/audit.html", context | {"length": queries.chain_length(), "running": checking.under_way(now())}
    )


def _rows(acts: Sequence[Act]) -> list[dict[str, Any]]:
    names, steps = subject_names(act.subject for act in acts), steps_taken(acts)
    return [_row(act, names[act.subject], steps.get(act.pk, "")) for act in acts]


def _row(act: Act, subject: str, step: str) -> dict[str, Any]:
    """One act; `step` is what it did with a case, and `for_whom` for whom it was done."""
    count = sum(number for number, _digest in act.link.parts.values()) if hasattr(act, "link") else None
    verb = f"{verb_name(act.verb)}（{step}）" if step else verb_name(act.verb)
    return {
        "act": act, "verb": verb, "subject": subject, "count": count,
        "for_whom": _plain(act.note.get("on_behalf_of") or act.note.get("stands_in_for") or ""),
    }  # fmt: skip


@requires("audit.view")
@require_GET
def detail(request: HttpRequest, act_id: int) -> HttpResponse:
    act = get_object_or_404(Act.objects.select_related("link", "undoes"), pk=act_id)
    link = getattr(act, "link", None)
    context = {
        **_row(act, subject_names([act.subject])[act.subject], steps_taken([act]).get(act.pk, "")),
        "link": link,
        "parts": [(part_name(kind), count, digest) for kind, (count, digest) in link.parts.items()] if link else [],
        "undone_by": act.undone_by.order_by("at").first(),
        "subject_url": subject_url(act.subject),
        "note": _told(act.note),
    }
    return render(request, "desk/act.html", context)


def _told(note: dict[str, Any]) -> list[tuple[str, Any]]:
    """What an act noted, as pairs to read; a key without words of its own stays as it is."""
    words = {
        "position": _("核验到第几环"), "faults": _("不符处数"), "found": _("不符之处"), "role": _("角色"), "sections": _("科室"),
        "file": _("文件"), "name": _("文件"), "sha256": _("文件指纹"), "batch": _("导入批次"), "rows": _("各种结果的行数"),
        "order": _("栏目顺序"), "due_on": _("报送期限"), "on_behalf_of": _("受谁委托代办"), "stands_in_for": _("当时正代谁办理"),
    }  # fmt: skip
    return [(words.get(key, key), _plain(value)) for key, value in note.items() if key != "event"]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return "，".join(f"{key} {item}" for key, item in value.items()) or "—"
    return "、".join(map(str, value)) or "—" if isinstance(value, list) else value


@requires("audit.view")
@require_GET
def progress(request: HttpRequest) -> HttpResponse:
    """The bar of a running check; once it has ended, the page is loaded anew for its result."""
    running = checking.under_way(now())
    answer = render(request, "desk/_checking.html", {"running": running})
    if running is None:
        answer["HX-Refresh"] = "true"
    return answer


@requires("audit.view")
@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Verify the chain: at once where little is sealed, else by the worker while the page tells how far it is."""
    by = request.viewer.actor
    if checking.under_way(now()) is not None:
        messages.info(request, _("核验正在进行，请等它完成"))
        return redirect("audit:index")
    if rows_sealed() > AT_ONCE:
        checking.await_worker()
        tasks.check_chain.enqueue(by.username, by.name)
        return redirect("audit:index")
    found = services.check_chain(by=by).note["faults"]
    if found:
        messages.error(
            request, _("核验发现 %(n)s 处不符，请运行 keshu doctor --audit 查看全部并保全数据目录") % {"n": found}
        )
    else:
        messages.success(request, _("核验完成：操作链完整，记录与链一致"))
    return redirect("audit:index")


@requires("audit.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    form = AuditFilter(queries.verbs_used(), request.GET)
    headings = [
        _("序号"),
        _("时间"),
        _("账号"),
        _("姓名"),
        _("代谁办理"),
        _("操作"),
        _("对象"),
        _("区划"),
        _("事由"),
        _("记录数"),
        _("哈希"),
    ]
    rows = queries.acts(form.wanted()).order_by("-at", "-pk")
    return xlsx_response(_("操作记录"), headings, _lines(rows.iterator(chunk_size=2000)))


def _lines(acts: Iterator[Act]) -> Iterator[list[Any]]:
    while some := list(islice(acts, 500)):
        for row in _rows(some):
            act, link = row["act"], getattr(row["act"], "link", None)
            yield [
                link.position if link else None, act.at, act.by, act.by_name, row["for_whom"], row["verb"], row["subject"],
                act.place, act.reason, row["count"], link.hash if link else "",
            ]  # fmt: skip
