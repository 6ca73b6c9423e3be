"""Many cases at once: choose, preview, keep as a batch; the batch released, dropped, undone."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling import amounts, batches, leading, looking, work
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.programmes.handling.list_views import CaseFilter
from keshu.bureau.programmes.handling.looking import MOST, Asked
from keshu.bureau.programmes.machine import step_of
from keshu.bureau.programmes.models import Advice, Application
from keshu.bureau.programmes.problems import CaseProblem


@requires("cases.view")
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """The cases that were ticked, or all of the filter: which event, with what, and what it would do."""
    asked = _asked(request)
    known = looking.chosen(request.viewer, asked)  # type: ignore[attr-defined]
    if not known:
        messages.info(request, _("没有选中任何申报，请先勾选"))
        return redirect(_back(request))
    if request.POST.get("step") == "keep":
        return _keep(request, asked)
    context = _preview(request, asked, known)
    return render(request, "programmes/handling/bulk.html", context)


def _asked(request: HttpRequest) -> dict[int, int]:
    """Case to revision, as ticked; or as they are now for all of a filter."""
    if request.POST.get("all"):
        return dict(_rows_of_filter(request).values_list("application_id", "application__revision")[: MOST + 1])
    pairs = (text.partition(":") for text in [*request.POST.getlist("case"), *request.POST.get("cases", "").split()])
    found = ((whole_number(pk), whole_number(revision)) for pk, _colon, revision in pairs)
    return {pk: revision for pk, revision in found if pk is not None and revision is not None}


def _rows_of_filter(request: HttpRequest) -> Any:
    today, viewer = timezone.localdate(), request.viewer  # type: ignore[attr-defined]
    is_work = request.POST.get("list") != "cases"
    query = CaseFilter(request, ending=not is_work).query
    rows = work.work_of(viewer, today) if is_work else work.all_cases(viewer)
    return work.filtered(rows, query, today).order_by("due_on", "pk")


def _back(request: HttpRequest) -> str:
    address = reverse("programmes:cases" if request.POST.get("list") == "cases" else "programmes:work")
    return f"{address}?{request.GET.urlencode()}" if request.GET else address


def _preview(request: HttpRequest, asked: Mapping[int, int], known: Mapping[int, Application]) -> dict[str, Any]:
    viewer = request.viewer  # type: ignore[attr-defined]
    data, problems = request.POST, []
    events = looking.events_for(viewer, known.values())
    event = data.get("event") or (events[0][0] if len(events) == 1 else "")
    steps = list(_steps_of(known.values(), event))
    decides, advises = any("decision_recorded" in step.conditions for step in steps), event == "advise"
    typed = {pk: data.get(f"amount-{pk}", "").strip() for pk in known}
    if upload := request.FILES.get("table"):
        read, problems = amounts.read_table(upload.read(), upload.name or "", known.values())
        typed |= read
    elif (decides or advises) and not any(typed.values()):
        typed |= _amounts(known, timezone.localdate())
    looks = (
        looking.look_at(_with_given(data, asked, known, typed), event, viewer=viewer, at=timezone.now())
        if event
        else []
    )
    can = [look for look in looks if not look.problem]
    return {
        "events": events, "event": event, "asked": " ".join(f"{pk}:{asked[pk]}" for pk in known), "known": list(known.values()),
        "looks": looks, "can": can, "cannot": [look for look in looks if look.problem],
        "told": looking.sentences(can), "data": data, "problems": problems, "typed": typed,
        "decides": decides, "advises": advises, "asks_meeting": decides and not data.get("meeting", "").strip(),
        "tells": any("notify_applicant" in step.effects for step in steps),
        "needs_reason": any(step.reason for step in steps), "total": sum_of(looks), "list": data.get("list", "work"),
        "label": next((label for code, label, _n in events if code == event), ""), "back": _back(request),
        "lines": [(look, typed.get(look.application.pk, ""), _advice_of(advices, look)) for advices in [_advices(known)] for look in looks],
        "today": timezone.localdate(),
    }  # fmt: skip


def _steps_of(applications: Iterable[Application], event: str) -> Iterator[Any]:
    for application in applications:
        step = step_of(programme_for(application.call), application.state, event)
        if step is not None:
            yield step


def _advices(known: Iterable[int]) -> dict[int, Advice]:
    rows = Advice.objects.filter(application_id__in=list(known), replaced_by=None)
    return {row.application_id: row for row in rows}


def _advice_of(advices: Mapping[int, Advice], look: looking.Look) -> Advice | None:
    return advices.get(look.application.pk)


def _amounts(known: Mapping[int, Application], today: date) -> dict[int, str]:
    """The amounts to begin with: what the section advised, else what the rule gives; nothing for whom it is against."""
    advices = _advices(known)
    opposed = {pk for pk, row in advices.items() if row.verdict == "oppose"}
    given = {pk: amount for pk, amount in leading.by_rule(known.values(), today).items() if pk not in opposed}
    given |= {pk: row.amount for pk, row in advices.items() if row.amount is not None}
    return {pk: str(amount) for pk, amount in given.items()}


def _with_given(
    data: QueryDict, asked: Mapping[int, int], known: Iterable[int], typed: Mapping[int, str]
) -> list[Asked]:
    return [Asked(pk, asked[pk], given_of(data, typed.get(pk, ""))) for pk in known]


def given_of(data: QueryDict, amount: str) -> dict[str, Any]:
    """What the event brings along for one case: the same words for all, the amount its own."""
    given: dict[str, Any] = {}
    amount = _plain(amount)
    if reason := data.get("reason", "").strip():
        given["reason"] = reason
    meeting, day = data.get("meeting", "").strip(), data.get("day", "").strip()
    if meeting or ("meeting" in data and day):
        said = {"meeting": meeting, "day": day, "grade": data.get("grade", ""), "note": data.get("note", "")}
        given["decision"] = {**said, "amount": amount} if amount else said
    if verdict := data.get("verdict", ""):
        advice = {"verdict": verdict, "note": data.get("note", ""), "grade": data.get("grade", "")}
        given["advice"] = {**advice, "amount": amount} if amount else advice
    return given


def _plain(amount: str) -> str:
    """30万 as 300000.00; what cannot be read stays as it is, for the preview to speak about."""
    try:
        found = read_amount(amount, "")
    except CaseProblem:
        return amount
    return "" if found is None else str(found)


def sum_of(looks: Iterable[looking.Look]) -> Decimal | None:
    found = [look.amount for look in looks if not look.problem and look.amount is not None]
    return sum(found, Decimal(0)) if found else None


def _keep(request: HttpRequest, asked: Mapping[int, int]) -> HttpResponse:
    """Keep the previewed event as a batch for each call."""
    viewer, data = request.viewer, request.POST  # type: ignore[attr-defined]
    typed = {pk: data.get(f"amount-{pk}", "").strip() for pk in asked}
    rows = _with_given(data, asked, asked, typed)
    try:
        made = batches.add_batches(
            rows, data.get("event", ""), name=data.get("name", ""), viewer=viewer, at=timezone.now()
        )
    except CaseProblem as problem:
        messages.error(request, str(problem))
        return redirect(_back(request))
    n = sum(batch.items.count() for batch in made)
    messages.success(request, _("已存为待发布批次，共 %(n)s 件；发布以前什么都不会变，也不会通知任何人") % {"n": n})
    return redirect("programmes:batch", batch_id=made[0].pk) if len(made) == 1 else redirect("programmes:batches")


@requires("cases.view")
@require_POST
def export_amounts(request: HttpRequest) -> HttpResponse:
    """The chosen cases as a table to fill in amounts, which the same page reads again."""
    known = looking.chosen(request.viewer, _asked(request))  # type: ignore[attr-defined]
    return xlsx_response(
        _("金额表"), [_(h) for h in amounts.HEADINGS], amounts.rows_for(known.values(), _advices(known))
    )
