"""A batch: before its release who can and who is told, released, dropped, undone, and what came of it."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Min, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling import batches, tasks
from keshu.bureau.programmes.handling.bulk_views import sum_of
from keshu.bureau.programmes.handling.looking import Asked, Look, look_at, sentences
from keshu.bureau.programmes.models import Batch, BatchItem
from keshu.bureau.programmes.problems import CaseProblem

AT_ONCE = 20  # cases that are released while somebody waits; more go to the worker
PATIENCE = timedelta(minutes=15)  # after which a release that the worker never finished may be asked for again


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


@requires("cases.view")
@require_GET
def batch_list(request: HttpRequest) -> HttpResponse:
    """The batches that are this person's business: those to be released, or those that were dealt with."""
    rows = batches.batches_of(request.viewer)  # type: ignore[attr-defined]
    pending, done = Q(state=Batch.State.PENDING), request.GET.get("done") == "1"
    rows = rows.exclude(pending) if done else rows.filter(pending)
    rows = rows.annotate(n=Count("items"), event=Min("items__event"))
    page = page_of(rows, request.GET, sorts={"new": "pk"}, default="-new")
    lines = [(one, _label(one, one.event)) for one in page.rows]
    return render(request, "programmes/handling/batches.html", {"page": page, "lines": lines, "done": done})


def _batch(request: HttpRequest, batch_id: int) -> Batch:
    return get_object_or_404(batches.batches_of(request.viewer), pk=batch_id)  # type: ignore[attr-defined]


@requires("cases.view")
@require_GET
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: before the release who can and who is told, afterwards what came of it."""
    one = _batch(request, batch_id)
    items = list(one.items.select_related("application__party", "application__call").order_by("pk"))
    return render(request, "programmes/handling/batch.html", _shown(request, one, items))


def _shown(request: HttpRequest, one: Batch, items: list[BatchItem]) -> dict[str, Any]:
    looks: list[Look] = []
    if one.state == Batch.State.PENDING and items:
        asked = [Asked(item.application_id, item.seen, item.given) for item in items]
        looks = look_at(asked, items[0].event, viewer=request.viewer, at=timezone.now())  # type: ignore[attr-defined]
    by_case = {look.application.pk: look for look in looks}
    can = [look for look in looks if not look.problem]
    budget = one.call.budget
    total = sum_of(looks) if looks else _sum_of(items)
    return {
        "batch": one, "lines": [(item, by_case.get(item.application_id), amount_of(item)) for item in items], "can": can,
        "cannot": len(looks) - len(can), "told": sentences(can), "total": total, "budget": budget,
        "over": budget is not None and total is not None and total > budget,
        "running": one.asked_at is not None and one.state == Batch.State.PENDING, "label": _label(one, items[0].event if items else None),
        "results": BatchItem.Result, "facts": [_kept(one), *_said(items)],
    }  # fmt: skip


def _sum_of(items: Iterable[BatchItem]) -> Decimal | None:
    found = [amount_of(item) for item in items if item.result == BatchItem.Result.DONE]
    known = [amount for amount in found if amount is not None]
    return sum(known, Decimal(0)) if known else None


def amount_of(item: BatchItem) -> Decimal | None:
    """The amount that was kept with the case."""
    return Look(item.application, Asked(0, 0, item.given), item.event, None, "").amount


def _label(one: Batch, event: str | None) -> str:
    """What the event of a batch is called."""
    steps = programme_for(one.call).ladder.steps
    return next((step.label for step in steps if step.event == event), event or "")


def _kept(one: Batch) -> tuple[str, str]:
    return _("存入"), f"{one.act.by_name or one.created_by} {timezone.localtime(one.created_at):%Y-%m-%d %H:%M}"


def _said(items: list[BatchItem]) -> list[tuple[str, str]]:
    """What was decided, for whoever releases it: the meeting, its day, the remarks; amounts stand with the cases."""
    decisions = [item.given.get("decision") or {} for item in items]
    said = [
        (_("会议或决定人"), [one.get("meeting", "") for one in decisions]),
        (_("决定日期"), [one.get("day", "") for one in decisions]),
        (_("等级"), [one.get("grade", "") for one in decisions]),
        (_("说明"), [one.get("note", "") for one in decisions]),
        (_("原因或附言"), [item.given.get("reason", "") for item in items]),
    ]
    return [(label, "；".join(known)) for label, texts in said if (known := sorted({text for text in texts if text}))]


@requires("cases.view")
@require_POST
def release(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Release now, or by the worker when there are many; `case` names the ones that were left ticked."""
    one = _batch(request, batch_id)
    viewer = request.viewer  # type: ignore[attr-defined]
    only = sorted({pk for text in request.POST.getlist("case") if (pk := whole_number(text)) is not None})
    if not only:
        messages.info(request, _("没有勾选任何申报，批次没有发布"))
        return redirect("programmes:batch", batch_id=batch_id)
    if one.asked_at is not None and timezone.now() - one.asked_at < PATIENCE:
        messages.info(request, _("这个批次正在发布，请稍候"))
    elif len(only) > AT_ONCE:
        Batch.objects.filter(pk=one.pk).update(asked_at=timezone.now(), problem="")
        tasks.release.enqueue(one.pk, viewer.actor.username, only)
    else:
        _released(request, one, only)
    return redirect("programmes:batch", batch_id=batch_id)


def _released(request: HttpRequest, one: Batch, only: list[int]) -> None:
    try:
        outcome = batches.release_batch(one.pk, viewer=request.viewer, only=only)  # type: ignore[attr-defined]
    except CaseProblem as problem:
        messages.error(request, str(problem))
        return
    said = _("已发布，办理 %(done)s 件") % {"done": outcome.done}
    messages.success(
        request, said + (_("，%(left)s 件未办理，原因见下表") % {"left": outcome.left} if outcome.left else "")
    )


@requires("cases.view")
@require_http_methods(["GET", "POST"])
def drop(request: HttpRequest, batch_id: int) -> HttpResponse:
    one = _batch(request, batch_id)
    if request.method == "POST":
        return _done(
            request, one, lambda: batches.drop_batch(one.pk, viewer=request.viewer), _("批次已放弃，没有通知任何人")
        )  # type: ignore[attr-defined]
    return _confirm(request, one, _("放弃批次"), _("放弃以后，存好的办理不再保留，申报还在原来的状态。"))


@requires("cases.view")
@require_http_methods(["GET", "POST"])
def undo(request: HttpRequest, batch_id: int) -> HttpResponse:
    one = _batch(request, batch_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        return _done(
            request, one, lambda: batches.undo_batch(one.pk, viewer=request.viewer, reason=reason), _("批次已撤销")
        )  # type: ignore[attr-defined]
    statement = _(
        "申报回到发布以前的状态和期限，会议决定、金额和台账登记一并撤回；没有发出的消息不再发出，"
        "已经收到通知的会被告知作废。发布以后又办理过的申报不动，逐件列出。"
    )
    return _confirm(request, one, _("撤销批次"), statement, form=form, facts=_undoing(one))


def _undoing(one: Batch) -> list[tuple[str, str]]:
    """Before anything is undone: how many go back, and which have moved on and stay."""
    done = one.items.filter(result=BatchItem.Result.DONE).select_related("application")
    back = [item for item in done if item.application.revision == item.after]
    stay = [str(item.application) for item in done if item.application.revision != item.after]
    facts = [(_("回到发布以前"), _("%(n)s 件") % {"n": len(back)})]
    names = "、".join(stay[:20]) + ("……" if len(stay) > 20 else "")
    return [*facts, (_("已有后续办理、不动"), f"{_('%(n)s 件') % {'n': len(stay)}}：{names}")] if stay else facts


def _done(request: HttpRequest, one: Batch, act: Any, said: str) -> HttpResponse:
    try:
        found = act()
    except CaseProblem as problem:
        messages.error(request, str(problem))
    else:
        left = getattr(found, "left", 0)
        messages.success(request, said + (_("，%(left)s 件已有后续办理，未撤销") % {"left": left} if left else ""))
    return redirect("programmes:batch", batch_id=one.pk)


def _confirm(
    request: HttpRequest, one: Batch, title: str, statement: str, *, form: ReasonForm | None = None, facts: Any = ()
) -> HttpResponse:
    known = [(_("批次"), one.name), (_("申报批次"), one.call.name), (_("件数"), one.items.count())]
    context = {
        "title": title, "statement": statement, "label": title, "danger": True, "form": form,
        "back": reverse("programmes:batch", args=[one.pk]), "facts": [*known, *facts],
    }  # fmt: skip
    return render(request, "confirm.html", context)
