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
from keshu.bureau.money.asking import about_case, carried_out
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
from keshu.bureau.money.returning import NOTHING
from keshu.bureau.money.views import may_budget, visible_call
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.posting import posted
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.grants.accounting import account_of
from keshu.bureau.programmes.models import Application, Call

WAITING = ("advising", "deciding", "committee", "submitting")  # states in which an amount is yet to be decided


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask money back."""
    application, viewer = own_case(request, application_id), request.viewer  # type: ignore[attr-defined]
    form = RecoveryForm(posted(request), initial={"seen": application.revision})
    if carried_out(request, form, lambda said: services.ask_back(application.pk, viewer=viewer, **said)):
        return _back(request, application, _("已登记应收回经费"))
    rest = returning.paid_to(application.pk) - returning.asked_back(application.pk)
    statement = _("已拨而未要求收回的共 %s 元。") % yuan(rest)
    return render(request, "confirm.html", about_case(application, _("登记应收回经费"), form, statement))


def _back(request: HttpRequest, application: Application, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect("programmes:case", application_id=application.pk)


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def receive(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """Book what came back."""
    viewer = request.viewer  # type: ignore[attr-defined]
    row = get_object_or_404(queries.recoveries(viewer), pk=recovery_id)
    application = own_case(request, row.application_id)
    given = {"seen": application.revision, "key": new_key(), "amount": f"{row.rest:f}"}
    form = ReceiptForm(posted(request), initial={**given, "received_on": timezone.localdate()})

    def book(said: dict[str, Any]) -> None:
        seen = said.pop("seen")
        services.receive(row, returning.Back(**said), seen=seen, viewer=viewer)

    if carried_out(request, form, book):
        messages.success(request, _("已登记缴回"))
        return redirect("money:recoveries")
    statement = _("应收回 %(amount)s 元，尚未缴回 %(rest)s 元：%(reason)s") % {
        "amount": yuan(row.amount), "rest": yuan(row.rest), "reason": row.reason,
    }  # fmt: skip
    context = about_case(application, _("登记缴回经费"), form, statement, back=reverse("money:recoveries"))
    return render(request, "confirm.html", context)


@requires("programmes.pay")
@require_http_methods(["GET", "POST"])
def surplus(request: HttpRequest, application_id: int) -> HttpResponse:
    """What was left over, and whether it may be kept; the final account says how much it should be."""
    application, viewer = own_case(request, application_id), request.viewer  # type: ignore[attr-defined]
    account = account_of(Case(application, at=timezone.now(), by=viewer.actor))
    left = account.left_over if account is not None else None
    told = f"{left:f}" if left is not None and left > 0 else ""
    form = SurplusForm(posted(request), initial={"seen": application.revision, "amount": told})
    if carried_out(request, form, lambda said: services.note_surplus(application.pk, viewer=viewer, **said)):
        return _back(request, application, _("已登记结余"))
    statement = _("以审计报告或验收的经费结论为准；收回的结余会同时登记为应收回经费。")
    if account is not None and left is not None:
        said = _("按决算，已拨 %(paid)s 元，结余 %(left)s 元。")
        over = _("按决算，已拨 %(paid)s 元，支出还多 %(left)s 元，由单位垫付。")
        statement += (said if left >= 0 else over) % {"paid": yuan(account.paid or NOTHING), "left": yuan(abs(left))}
    return render(request, "confirm.html", about_case(application, _("登记结余"), form, statement))


@requires("programmes.contract")
@require_http_methods(["GET", "POST"])
def total(request: HttpRequest, application_id: int) -> HttpResponse:
    """Another approved total, by a later document."""
    application = own_case(request, application_id, services.PLAN)
    viewer = request.viewer  # type: ignore[attr-defined]
    form = TotalForm(posted(request), initial={"seen": application.revision, "day": timezone.localdate()})
    if carried_out(request, form, lambda said: services.revise_total(application.pk, viewer=viewer, **said)):
        return _back(request, application, _("已登记新的核定金额，未拨款项已按新金额调整"))
    approval = current_approval(application.pk)
    statement = _("现核定 %(amount)s 元，已拨 %(paid)s 元；新的核定金额不能小于已拨金额。") % {
        "amount": yuan(approval.amount) if approval else "0", "paid": yuan(returning.paid_to(application.pk)),
    }  # fmt: skip
    return render(request, "confirm.html", about_case(application, _("调整核定金额"), form, statement))


@requires("programmes.pay", "calls.edit")
@require_http_methods(["GET", "POST"])
def budget(request: HttpRequest, call_id: int, line_id: int | None = None) -> HttpResponse:
    """A line of the budget of a call: new, or another amount for one that is there."""
    call = visible_call(request, call_id)
    if not may_budget(request.viewer, call):  # type: ignore[attr-defined]
        raise PermissionDenied(services.PAY)
    rows = BudgetLine.objects.filter(call=call, replaced_by__isnull=True)
    old = get_object_or_404(rows, pk=line_id) if line_id is not None else None
    viewer = request.viewer  # type: ignore[attr-defined]
    form = BudgetForm(posted(request), initial=_typed(call, old))
    act = lambda said: services.set_budget(call, services.Line(**said), viewer=viewer, replaces=old)  # noqa: E731
    if carried_out(request, form, act):
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
