"""Pages of leaders and of recommenders: what waits for them, chosen and handed to the bulk page."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.programmes.access import OF_PLACE, calls_of, case_or_404
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling import leading, work
from keshu.bureau.programmes.handling.list_views import state_name
from keshu.bureau.programmes.handling.looking import Asked
from keshu.bureau.programmes.handling.recommending import ON_BEHALF, Scan, recommend_on_paper
from keshu.bureau.programmes.models import Call, PaperRecommendation, Stage
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records import files


@requires("programmes.decide")
@require_GET
def decisions(request: HttpRequest) -> HttpResponse:
    """会议决定: everything that waits for a decision on one page, call by call, with the sums."""
    found = leading.waiting(request.viewer, timezone.localdate())  # type: ignore[attr-defined]
    return render(request, "programmes/handling/decisions.html", {"calls": found, "today": timezone.localdate()})


@requires("programmes.recommend")
@require_GET
def recommending(request: HttpRequest) -> HttpResponse:
    """待推荐: the cases that wait for the county's recommendation, by call."""
    today = timezone.localdate()
    rows = work.work_of(request.viewer, today).order_by("application__call_id", "due_on", "pk")[:1000]  # type: ignore[attr-defined]
    mine = [row for row in rows if OF_PLACE in _rights_out(row)]
    by_call: dict[Call, list[Stage]] = {}
    for row in mine:
        by_call.setdefault(row.application.call, []).append(row)
    return render(request, "programmes/handling/recommending.html", {"calls": list(by_call.items()), "today": today})


def _rights_out(row: Stage) -> frozenset[str]:
    duties = work.duties_of(row.application.call.programme, row.application.call.version)
    return frozenset(right for right, duty in duties.items() if row.state in duty.states)


class PaperForm(forms.Form):
    """The stamped list of a county, for the cases that are ticked."""

    event = forms.ChoiceField(label=gettext_lazy("推荐表上的意见"))
    signed_on = forms.DateField(
        label=gettext_lazy("盖章日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )
    reason = forms.CharField(label=gettext_lazy("为什么由本局代为登记"), max_length=300)
    file = forms.FileField(
        label=gettext_lazy("盖章推荐表扫描件"), help_text=gettext_lazy("PDF、JPG 或 PNG，20 MB 以内")
    )


@requires("programmes.accept")
@require_http_methods(["GET", "POST"])
def on_paper(request: HttpRequest, call_id: int) -> HttpResponse:
    """Enter for a county what it sent on paper: tick the cases on the list, add the scan."""
    call = calls_of(request.viewer, ON_BEHALF).filter(pk=call_id).first()  # type: ignore[attr-defined]
    if call is None:
        raise Http404
    rows = _recommendable(request, call)
    events = _events(rows)
    form = PaperForm(posted(request), request.FILES or None, initial={"signed_on": timezone.localdate()})
    form.fields["event"].choices = list(events.items())  # type: ignore[attr-defined]
    ticked = request.POST.getlist("case")
    if request.method == "POST" and form.is_valid() and _entered(request, form, ticked):
        return redirect("programmes:on-paper", call_id=call_id)
    context = {"call": call, "lines": [(row, state_name(row)) for row in rows], "form": form, "ticked": ticked}
    return render(request, "programmes/handling/on_paper.html", context | {"today": timezone.localdate()})


def _recommendable(request: HttpRequest, call: Call) -> list[Stage]:
    states = work.duties_of(call.programme, call.version).get(OF_PLACE)
    if states is None:
        return []
    rows = work.all_cases(request.viewer).filter(application__call=call, state__in=sorted(states.states))  # type: ignore[attr-defined]
    return list(rows.order_by("application__place__order", "application_id")[:1000])


def _events(rows: list[Stage]) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in rows[:1]:
        for step in programme_for(row.application.call).ladder.out_of(row.state):
            if step.right == OF_PLACE and "list_defects" not in step.effects:
                found[step.event] = step.label
    return found


def _entered(request: HttpRequest, form: PaperForm, ticked: list[str]) -> bool:
    pairs = [(whole_number(pk), whole_number(seen)) for pk, _c, seen in (text.partition(":") for text in ticked)]
    asked = [Asked(pk, seen) for pk, seen in pairs if pk is not None and seen is not None]
    if not asked:
        form.add_error(None, _("没有勾选推荐表上的申报"))
        return False
    data: dict[str, Any] = form.cleaned_data
    signed_on: date = data["signed_on"]
    scan = Scan(data["file"].read(), data["file"].name or "", signed_on, data["reason"])
    try:
        moved = recommend_on_paper(asked, scan, event=data["event"], viewer=request.viewer)  # type: ignore[attr-defined]
    except CaseProblem as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, _("已代为登记 %(n)s 件，扫描件与每件申报一并留存") % {"n": len(moved)})
    return True


@requires("cases.view")
@require_GET
def scan(request: HttpRequest, application_id: int) -> HttpResponse:
    """The scan on which the recommendation of a case stands."""
    application = case_or_404(request.viewer, application_id)  # type: ignore[attr-defined]
    row = PaperRecommendation.objects.filter(application=application).select_related("file").order_by("-pk").first()
    if row is None:
        raise Http404
    response = HttpResponse(files.read(row.file), content_type=row.file.mime)
    response["Content-Disposition"] = f'attachment; filename="recommendation{application.pk}"'
    return response
