"""Pages to look at money: the ledger of instalments, calls with their reconciliation, what comes back, one's own."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import Viewer, requires
from keshu.bureau.money import queries, reconciling
from keshu.bureau.money.forms import MoneyFilter
from keshu.bureau.money.models import Instalment, Payment, Recovery
from keshu.bureau.money.services import PAY
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.access import calls_of, may_see
from keshu.bureau.programmes.models import Call

SORTS = {"due": "promised_on", "amount": "amount", "new": "id", "number": "application__number"}
HEADINGS = (
    "受理编号", "名称", "单位", "区划", "申报批次", "年度", "款项", "拨款条件", "应拨日期", "应拨金额(元)", "已拨金额(元)",
    "未拨金额(元)", "情况",
)  # fmt: skip
CALL_HEADINGS = (
    "受理编号", "名称", "单位", "区划", "核定金额(元)", "计划金额(元)", "已拨金额(元)", "未拨金额(元)", "应收回(元)", "已缴回(元)",
)  # fmt: skip


def _filter(request: HttpRequest) -> MoneyFilter:
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]
    calls = list(calls_of(viewer, "cases.view").order_by("-year", "name").values_list("pk", "year", "name"))
    visible = viewer.place_ids("cases.view")
    places = Place.objects.filter(kind__in=("city", "county", "zone")).order_by("code").values_list("pk", "name")
    return MoneyFilter(request.GET, calls=calls, places=[one for one in places if visible is None or one[0] in visible])


@requires("cases.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """拨款台账: what is due, overdue, paid, instalment by instalment."""
    today, form = timezone.localdate(), _filter(request)
    every = queries.ledger(request.viewer)  # type: ignore[attr-defined]
    rows = queries.filtered(every, form.query, today)
    page = page_of(rows, request.GET, sorts=SORTS, default="due")
    without_state = {name: value for name, value in form.query.items() if name != "state"}
    context = {
        "form": form, "page": page, "today": today, "export_url": reverse("money:export"),
        "totals": queries.totals_of(queries.filtered(every, without_state, today), today),
        "lines": [(row, *_state(row, today)) for row in page.rows], "filtered": form.narrowed,
        "may_pay": PAY in request.viewer.rights, "here": "index",  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "money/index.html", context)


def _state(row: Instalment, today: Any) -> tuple[str, Any, str]:
    state = queries.state_of(row, today)
    return state, queries.STATES[state], queries.TONES[state]


@requires("cases.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = queries.filtered(queries.ledger(request.viewer), _filter(request).query, today)  # type: ignore[attr-defined]
    return xlsx_response(_("拨款台账"), [_(heading) for heading in HEADINGS], _cells(rows.order_by("pk"), today))


def _cells(rows: QuerySet[Instalment], today: Any) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        case = row.application
        yield [
            case.number, case.title, case.party.name, case.place.name, case.call.name, case.call.year, row.name,
            row.condition, row.promised_on, row.amount, row.paid, row.rest, str(_state(row, today)[1]),
        ]  # fmt: skip


@requires("cases.view")
@require_GET
def calls(request: HttpRequest) -> HttpResponse:
    """Calls with money: set aside, approved, paid, left."""
    mine = calls_of(request.viewer, "cases.view").exclude(state=Call.State.DRAFT)  # type: ignore[attr-defined]
    page = page_of(queries.calls_with_money(mine), request.GET, sorts={"year": "year"}, default="-year")
    return render(request, "money/calls.html", {"page": page, "here": "calls"})


def visible_call(request: HttpRequest, call_id: int) -> Call:
    mine = calls_of(request.viewer, "cases.view").exclude(state=Call.State.DRAFT)  # type: ignore[attr-defined]
    return get_object_or_404(mine.select_related("place"), pk=call_id)


def may_budget(viewer: Viewer, call: Call) -> bool:
    return any(viewer.may(right, section=call.section, place=call.place.code) for right in (PAY, "calls.edit"))


@requires("cases.view")
@require_GET
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """The money of a call: by treasury, by case, and everything that does not agree."""
    one = visible_call(request, call_id)
    levels, cases = queries.levels_of(one), queries.cases_of(one)
    context = {
        "call": one, "levels": levels, "cases": cases, "lines": queries.lines_of(one), "here": "calls",
        "differences": reconciling.differences(one, levels, cases),
        "may_budget": may_budget(request.viewer, one),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "money/call.html", context)


@requires("cases.view")
@require_GET
def export_call(request: HttpRequest, call_id: int) -> HttpResponse:
    one = visible_call(request, call_id)
    rows = (
        [
            case.application.number, case.application.title, case.application.party.name, case.application.place.name,
            case.approved, case.planned, case.paid, case.approved - case.paid, case.asked_back, case.received,
        ]
        for case in queries.cases_of(one)
    )  # fmt: skip
    name = _("%(call)s经费") % {"call": one.name}
    return xlsx_response(name, [_(heading) for heading in CALL_HEADINGS], rows)


@requires("cases.view")
@require_GET
def recoveries(request: HttpRequest) -> HttpResponse:
    """What has to come back, the earliest day first."""
    rows = queries.recoveries(request.viewer)  # type: ignore[attr-defined]
    open_only = request.GET.get("state") != "all"
    rows = rows.filter(rest__gt=0) if open_only else rows
    page = page_of(rows, request.GET, sorts={"due": "due_on"}, default="due")
    context = {"page": page, "today": timezone.localdate(), "open_only": open_only, "here": "recoveries"}
    context["may_pay"] = PAY in request.viewer.rights  # type: ignore[attr-defined]
    return render(request, "money/recoveries.html", context)


@requires("own.view")
@require_GET
def own(request: HttpRequest) -> HttpResponse:
    """What my organisations were granted, what came and what is to come."""
    today = timezone.localdate()
    mine = {"application__party_id__in": request.viewer.parties("own.view")}  # type: ignore[attr-defined]
    rows = queries.with_sums(Instalment.objects.filter(**mine)).select_related(*queries.RELATED)
    page = page_of(rows, request.GET, sorts={"new": "id"}, default="-new")
    payments = Payment.objects.filter(
        instalment__application__party_id__in=mine["application__party_id__in"], voided_by__isnull=True
    ).select_related("instalment__application")
    asked = Recovery.objects.filter(**mine, withdrawn_by__isnull=True).select_related("application")
    context = {
        "page": page, "lines": [(row, *_state(row, today)) for row in page.rows], "today": today,
        "payments": payments.order_by("-paid_on", "-pk")[:50], "asked_back": asked.order_by("due_on")[:50],
    }  # fmt: skip
    return render(request, "money/own.html", context)


def visible_payment(viewer: Viewer, payment_id: int) -> Payment:
    rows = Payment.objects.filter(may_see(viewer, "instalment__application__"))
    related = [f"instalment__{name}" for name in queries.RELATED]
    return get_object_or_404(rows.select_related(*related, "voided_by"), pk=payment_id)
