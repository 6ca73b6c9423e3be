"""Pages on which money is set aside, approved anew, asked back and received."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.money import approving, queries, returning, services
from keshu.bureau.money.forms import (
    BudgetForm,
    ReceiptForm,
    RecoveryForm,
    SurplusForm,
    TotalForm,
    new_key,
)
from keshu.bureau.money.models import BudgetLine
from keshu.bureau.money.paying_views import own_case
from keshu.bureau.money.planning import current_approval
from keshu.bureau.money.problems import yuan
from keshu.bureau.money.views import may_budget, visible_call
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.posting import posted
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed

WAITING = ("advising", "deciding", "committee", "submitting")  # states in which an amount is yet to be decided


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask money back."""
    application = own_case(request, application_id)
    form = RecoveryForm(posted(request), initial={"seen": application.revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_back(application.pk, viewer=request.viewer, **form.cleaned_data)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已登记应收回经费"))
            return redirect("programmes:case", application_id=application.pk)
    rest = returning.paid_to(application.pk) - returning.asked_back(application.pk)
    context = _asking(application, _("登记应收回经费"), form) | {
        "statement": _("已拨而未要求收回的共 %s 元。") % yuan(rest)
    }
    return render(request, "confirm.html", context)


def _asking(application: Application, title: str, form: Any) -> dict[str, Any]:
    return {
        "title": title, "label": title, "form": form,
        "facts": [(_("名称"), str(application)), (_("单位"), application.party.name)],
        "back": reverse("programmes:case", args=[application.pk]),
    }  # fmt: skip


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """Book what came back."""
    row = get_object_or_404(queries.recoveries(request.viewer), pk=recovery_id)  # type: ignore[attr-defined]
    application = own_case(request, row.application_id)
    initial = {
        "seen": application.revision,
        "key": new_key(),
        "amount": f"{row.rest:f}",
        "received_on": timezone.localdate(),
    }
    form = ReceiptForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        said = dict(form.cleaned_data)
        seen = said.pop("seen")
        try:
            services.receive(row, returning.Back(**said), seen=seen, viewer=request.viewer)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已登记缴回"))
            return redirect("money:recoveries")
    context = _asking(application, _("登记缴回经费"), form) | {
        "statement": _("应收回 %(amount)s 元，尚未缴回 %(rest)s 元：%(reason)s")
        % {"amount": yuan(row.amount), "rest": yuan(row.rest), "reason": row.reason},
        "back": reverse("money:recoveries"),
    }  # fmt: skip
    return render(request, "confirm.html", context)


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def surplus(request: HttpRequest, application_id: int) -> HttpResponse:
    """What was left over, and whether it may be kept."""
    application = own_case(request, application_id)
    form = SurplusForm(posted(request), initial={"seen": application.revision})
    if request.method == "POST" and form.is_valid():
        try:
            services.note_surplus(application.pk, viewer=request.viewer, **form.cleaned_data)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已登记结余"))
            return redirect("programmes:case", application_id=application.pk)
    context = _asking(application, _("登记结余"), form) | {
        "statement": _("以审计报告或验收的经费结论为准；收回的结余会同时登记为应收回经费。")
    }
    return render(request, "confirm.html", context)


@requires("programmes.contract")
@require_http_methods(["GET", "POST"])
def total(request: HttpRequest, application_id: int) -> HttpResponse:
    """Another approved total, by a later document."""
    application = own_case(request, application_id, services.PLAN)
    form = TotalForm(posted(request), initial={"seen": application.revision, "day": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            services.revise_total(application.pk, viewer=request.viewer, **form.cleaned_data)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已登记新的核定金额，未拨款项已按新金额调整"))
            return redirect("programmes:case", application_id=application.pk)
    approval = current_approval(application.pk)
    paid = returning.paid_to(application.pk)
    context = _asking(application, _("调整核定金额"), form) | {
        "statement": _("现核定 %(amount)s 元，已拨 %(paid)s 元；新的核定金额不能小于已拨金额。")
        % {"amount": yuan(approval.amount) if approval else "0", "paid": yuan(paid)}
    }
    return render(request, "confirm.html", context)


@requires("programmes.pay", "calls.edit")
@require_http_methods(["GET", "POST"])
def budget(request: HttpRequest, call_id: int, line_id: int | None = None) -> HttpResponse:
    """A line of the budget of a call: new, or another amount for one that is there."""
    call = visible_call(request, call_id)
    if not may_budget(request.viewer, call):  # type: ignore[attr-defined]
        raise PermissionDenied(services.PAY)
    rows = BudgetLine.objects.filter(call=call, replaced_by__isnull=True)
    old = get_object_or_404(rows, pk=line_id) if line_id is not None else None
    form = BudgetForm(posted(request), initial=_typed(call, old))
    if request.method == "POST" and form.is_valid():
        try:
            services.set_budget(call, services.Line(**form.cleaned_data), viewer=request.viewer, replaces=old)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已登记预算"))
            return redirect("money:call", call_id=call.pk)
    context = {
        "title": _("登记预算"), "label": _("登记"), "form": form, "back": reverse("money:call", args=[call.pk]),
        "statement": _("%(call)s 的预算，按资金级次分项登记；不再安排的，金额填 0。") % {"call": call.name},
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _typed(call: Call, old: BudgetLine | None) -> dict[str, Any]:
    if old is None:
        return {"year": call.year, "name": call.name}
    return {"level": old.level, "year": old.year, "name": old.name, "amount": f"{old.amount:f}"}


@requires("programmes.advise", "programmes.pay")
@require_http_methods(["GET", "POST"])
def propose(request: HttpRequest, call_id: int) -> HttpResponse:
    """What the rule gives the cases that wait for a decision; kept, the meeting decides by it."""
    call, viewer = visible_call(request, call_id), request.viewer  # type: ignore[attr-defined]
    money = programme_for(call).money
    waiting = Application.objects.filter(call=call, state__in=WAITING).order_by("number")
    rows = list(waiting.select_related("call__place", "place", "party", "version"))
    computed = money is not None and money.amount is not None
    at = timezone.now()
    found = (
        approving.propose(call, rows, case_of=lambda row: Case(row, at=at, by=viewer.actor))
        if rows and computed
        else []
    )
    if request.GET.get("form") == "xlsx":
        return _workbook(call, found)
    may_keep = viewer.may("programmes.advise", section=call.section, place=call.place.code)
    if request.method == "POST":
        if not may_keep:
            raise PermissionDenied("programmes.advise")
        kept = approving.keep_proposals(call, found, by=viewer.actor)
        messages.success(request, _("已存下 %(n)s 件的测算金额；会议没有另定金额的，按测算核定") % {"n": kept})
        return redirect("money:propose", call_id=call.pk)
    fulls = [one.full for one in found if one.full is not None]
    amounts = [one.amount for one in found if one.amount is not None]
    context = {
        "call": call, "found": found, "computed": computed, "money": money, "may_keep": may_keep, "here": "calls",
        "full": sum(fulls), "amount": sum(amounts), "left": approving.budget_left(call, rows),
        "short": sum(amounts) < sum(fulls),
    }  # fmt: skip
    return render(request, "money/propose.html", context)


def _workbook(call: Call, found: list[approving.Proposed]) -> HttpResponse:
    headings = (_("受理编号"), _("名称"), _("单位"), _("按规定测算(元)"), _("调整后(元)"), _("各级分担"), _("说明"))
    rows = (
        [
            one.application.number, one.application.title, one.application.party.name, one.full, one.amount,
            "；".join(f"{level} {yuan(part)}" for level, part in one.named_shares), one.missing,
        ]
        for one in found
    )  # fmt: skip
    return xlsx_response(_("%(call)s核定测算") % {"call": call.name}, headings, rows)
