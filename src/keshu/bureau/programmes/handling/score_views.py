"""Scores: the ranking of a call, the sheet of one case, the table for all."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.programmes.access import calls_of, case_or_404, may_see, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling import score_table, scoring
from keshu.bureau.programmes.handling.scoring import RIGHT, ScoreSpec
from keshu.bureau.programmes.models import Application, Call, Score
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed
from keshu.catalogue.schema.programme_money import ScoreItem, ScoreSheet

SHOWN = 1000


class ScoreForm(forms.Form):
    """One expert's sheet: a field for each item that she fills in."""

    expert = forms.CharField(label=gettext_lazy("专家"), max_length=50)
    day = forms.DateField(label=gettext_lazy("评分日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    comment = forms.CharField(
        label=gettext_lazy("评审意见"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, data: Any, *, sheet: ScoreSheet, known: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.items = score_table.typed_items(sheet)
        for item in self.items:
            low, high = scoring.span_of(sheet, item, known)
            label, bounds = item.name, _("%(low)s—%(high)s 分") % {"low": low, "high": high}
            text = f"{bounds}；{item.help}" if item.help else bounds
            control = forms.TextInput({"inputmode": "decimal"})
            self.fields[f"p-{item.code}"] = forms.CharField(label=label, help_text=text, widget=control)

    @property
    def controls(self) -> list[forms.BoundField]:
        return [self[f"p-{item.code}"] for item in self.items]

    @property
    def spec(self) -> ScoreSpec:
        data = self.cleaned_data
        points = {item.code: data[f"p-{item.code}"] for item in self.items}
        return ScoreSpec(data["expert"], points, data["day"], comment=data["comment"])


@requires("programmes.review")
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, application_id: int) -> HttpResponse:
    """The scores of one case, and the form for another sheet."""
    case = _case(request, application_id)
    if RIGHT not in rights_in(request.viewer, case.application) or case.programme.scoring is None:  # type: ignore[attr-defined]
        raise Http404
    known = scoring.known_for(case, case.programme.scoring)
    initial = {"day": timezone.localdate()}
    form = ScoreForm(posted(request), sheet=case.programme.scoring, known=known, initial=initial)
    if request.method == "POST" and form.is_valid() and _added(request, case, form):
        return redirect("programmes:scores", application_id=application_id)
    return render(request, "programmes/handling/scores.html", _sheet_context(case, form, known))


def _case(request: HttpRequest, application_id: int) -> Case:
    viewer = request.viewer  # type: ignore[attr-defined]
    return Case(case_or_404(viewer, application_id), at=timezone.now(), by=viewer.actor)


def _added(request: HttpRequest, case: Case, form: ScoreForm) -> bool:
    seen = whole_number(request.POST.get("seen", "")) or 0
    try:
        scoring.add_score(case.application.pk, form.spec, seen=seen, viewer=request.viewer)  # type: ignore[attr-defined]
    except (CaseProblem, NotAllowed) as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, _("评分已登记"))
    return True


def _sheet_context(case: Case, form: ScoreForm, known: Mapping[str, Any]) -> dict[str, Any]:
    found = case.programme.scoring
    assert found is not None
    rows = list(Score.objects.filter(application=case.application).select_related("act", "withdrawn_by").order_by("pk"))
    counting = [row for row in rows if row.withdrawn_by_id is None]
    result = scoring.result_of(found, counting)
    computed = [
        (item, scoring.computed_points(item, known)) for item in scoring.items_of(found) if item.by == "computed"
    ]
    return {
        "case": case, "application": case.application, "sheet": found, "form": form, "result": result,
        "items": scoring.items_of(found), "lines": [(line, _points(scoring.items_of(found), line.row)) for line in result.lines],
        "withdrawn": [row for row in rows if row.withdrawn_by_id is not None], "computed": computed,
        "middle": scoring.shown_mean(found, result), "open": scoring.under_review(case), "back": _call_url(case.call),
    }  # fmt: skip


def _points(items: list[ScoreItem], row: Score) -> list[str]:
    return [row.points.get(item.code, "") for item in items]


def _call_url(call: Call) -> str:
    return reverse("programmes:ranking", args=[call.pk])


class WithdrawForm(forms.Form):
    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("撤回理由"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


@requires("programmes.review")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, application_id: int, score_id: int) -> HttpResponse:
    """Take one sheet back, with the reason."""
    case = _case(request, application_id)
    row = Score.objects.filter(pk=score_id, application=case.application, withdrawn_by=None).first()
    if row is None or RIGHT not in rights_in(request.viewer, case.application):  # type: ignore[attr-defined]
        raise Http404
    form = WithdrawForm(posted(request), initial={"seen": case.application.revision})
    if request.method == "POST" and form.is_valid():
        try:
            said = form.cleaned_data
            scoring.withdraw_score(row.pk, seen=said["seen"], viewer=request.viewer, reason=said["reason"])  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("评分已撤回，原来的分数留在下面的记录里"))
            return redirect("programmes:scores", application_id=application_id)
    context = {
        "title": _("撤回评分"), "statement": _("撤回以后这份评分不再计入平均分，记录保留。"), "label": _("撤回"),
        "danger": True, "form": form, "back": reverse("programmes:scores", args=[application_id]),
        "facts": [(_("申报"), str(case.application)), (_("专家"), row.expert), (_("评分日期"), row.scored_on)],
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _call(request: HttpRequest, call_id: int) -> tuple[Call, ScoreSheet]:
    call = calls_of(request.viewer, "cases.view").select_related("place").filter(pk=call_id).first()  # type: ignore[attr-defined]
    found = programme_for(call).scoring if call is not None else None
    if call is None or found is None:
        raise Http404
    return call, found


def _cases_of(request: HttpRequest, call: Call) -> list[Application]:
    """The cases that are under review, or have been."""
    states = _review_states(call)
    rows = Application.objects.filter(may_see(request.viewer), call=call)  # type: ignore[attr-defined]
    there = rows.filter(state__in=states) | rows.filter(scores__isnull=False)
    return list(
        there.distinct().select_related("party", "place", "call__place", "version", "act").order_by("pk")[:SHOWN]
    )


def _review_states(call: Call) -> list[str]:
    return [step.source for step in programme_for(call).ladder.steps if "scores_complete" in step.conditions]


@requires("cases.view")
@require_http_methods(["GET", "POST"])
def ranking(request: HttpRequest, call_id: int) -> HttpResponse:
    """The cases of a call by their score; a table of scores is read in here."""
    call, found = _call(request, call_id)
    viewer = request.viewer  # type: ignore[attr-defined]
    may_score = viewer.may(RIGHT, section=call.section, place=call.place.code)
    cases, problems = _cases_of(request, call), []
    if request.method == "POST" and may_score:
        problems = _read_in(request, call, found, cases)
        if not problems:
            return redirect("programmes:ranking", call_id=call_id)
    states = {state.code: state.name for state in programme_for(call).ladder.states.values()}
    ranked = scoring.ranking(found, cases)
    context = {
        "call": call, "sheet": found, "problems": problems, "may_score": may_score,
        "lines": [(one, states.get(one.application.state, ""), scoring.shown_mean(found, one.result)) for one in ranked],
        "complete": sum(1 for one in ranked if one.result.complete),
    }  # fmt: skip
    return render(request, "programmes/handling/ranking.html", context)


def _read_in(request: HttpRequest, call: Call, found: ScoreSheet, cases: list[Application]) -> list[str]:
    """What is wrong with the table, or nothing when it was entered as one act."""
    upload, viewer = request.FILES.get("table"), request.viewer  # type: ignore[attr-defined]
    if upload is None:
        return [_("没有选择文件")]
    open_cases = score_table.cases_under_review(cases, at=timezone.now(), viewer=viewer)
    entries, wrong = score_table.read_table(
        upload.read(), upload.name or "", sheet=found, cases=open_cases, today=timezone.localdate()
    )
    if wrong:
        return wrong
    if not entries:
        return [_("表中没有新的评分：已登记过的行会跳过，空行不读")]
    try:
        n = score_table.add_scores(entries, call=call, viewer=viewer)
    except CaseProblem as problem:
        return [str(problem)]
    messages.success(request, _("已登记 %(n)s 份评分") % {"n": n})
    return []


@requires("cases.view")
@require_GET
def export(request: HttpRequest, call_id: int) -> HttpResponse:
    """The table to fill in, with what was entered already."""
    call, found = _call(request, call_id)
    name = _("%(call)s评分表") % {"call": call.name}
    return xlsx_response(name, score_table.headings(found), score_table.rows_for(found, _cases_of(request, call)))
