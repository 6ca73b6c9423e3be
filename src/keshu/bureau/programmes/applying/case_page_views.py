"""The page of one case, and the page on which an event of it is confirmed."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.posting import posted
from keshu.bureau.programmes import panels
from keshu.bureau.programmes.access import case_or_404
from keshu.bureau.programmes.applying import case_page
from keshu.bureau.programmes.applying.case_page_answer import answer_of
from keshu.bureau.programmes.applying.case_page_ladder import next_name, rungs_of, shown_name, usual_days
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed
from keshu.catalogue.schema.programme_stages import Step

TELLING = {"notify_applicant": gettext_lazy("申报单位"), "notify_recommender": gettext_lazy("推荐单位")}


class ReasonForm(forms.Form):
    """Why; asked of every event, demanded where the definition says so. `seen`: the case as the page showed it."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("说明"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, demanded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = demanded
        if demanded:
            self.fields["reason"].label = _("原因")
            self.fields["reason"].help_text = _("写明原因；需要对方改正的，写清改什么、怎么改")


@requires("cases.view", "own.view")
@require_GET
def case(request: HttpRequest, application_id: int) -> HttpResponse:
    """Where the case stands, what may be done, what happened, and the panels of every area."""
    viewer = request.viewer  # type: ignore[attr-defined]
    one = _case(request, application_id)
    hands = panels.hands(viewer, one.application)
    inner = "cases.view" in hands
    stages = case_page.stages_of(one)
    events = case_page.history_of(one, stages, inner=inner)
    rungs = rungs_of(one, stages, inner=inner, usual=usual_days(one.call.programme))
    context = {
        "case": one, "application": one.application, "programme": one.programme, "inner": inner,
        "head": case_page.head_of(one, stages, inner=inner), "today": one.today,
        "rungs": rungs, "missed": sum(rung.status == "missed" for rung in rungs),
        "following": "" if one.application.end else next_name(one, inner=inner),
        "answer": answer_of(one, stages, events, own="own.view" in hands),
        "actions": case_page.actions_of(viewer, one), "events": events,
        "panels": list(_panels(request, one, hands)),
    }  # fmt: skip
    return render(request, "programmes/case/page.html", context)


def _panels(request: HttpRequest, case: Case, hands: frozenset[str]) -> Iterator[str]:
    for panel in panels.panels():
        if panel.right is not None and panel.right not in hands:
            continue
        context = panel.context(request, case)
        if context is not None:
            inner = "cases.view" in hands
            yield render_to_string(panel.template, {**context, "case": case, "inner": inner, "hands": hands}, request)


def _case(request: HttpRequest, application_id: int, event: str = "") -> Case:
    viewer = request.viewer  # type: ignore[attr-defined]
    return Case(case_or_404(viewer, application_id), at=timezone.now(), by=viewer.actor, event=event)


@requires("cases.view", "own.view")
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, application_id: int, event: str) -> HttpResponse:
    """One event: what it needs to be told, or in a sentence why it cannot be taken now."""
    case = _case(request, application_id, event)
    hands = panels.hands(request.viewer, case.application)  # type: ignore[attr-defined]
    rows = case.ladder.out_of(case.application.state)
    step = next((one for one in rows if one.event == event and one.right in hands), None)
    if step is None:
        if not any(one.event == event for one in case.ladder.steps):
            raise Http404
        messages.info(request, _("这件申报现在的状态下不能办理此项，或您没有办理的权限；下面是它的最新状态"))
        return redirect("programmes:case", application_id=application_id)
    action = case_page.action_of(case, step)
    form = ReasonForm(posted(request), demanded=step.reason, initial={"seen": case.application.revision})
    questions = {one.code: one.form(case, posted(request)) for one in panels.questions_of(step)}
    asked = [form, *questions.values()]
    if (
        request.method == "POST"
        and not [one for one in asked if not one.is_valid()]
        and _taken(request, case, form, questions)
    ):
        return redirect("programmes:case", application_id=application_id)
    return render(
        request, "programmes/case/act.html", _asking(case, step, action, form, questions, "cases.view" in hands)
    )


def _taken(request: HttpRequest, case: Case, form: ReasonForm, questions: dict[str, forms.Form]) -> bool:
    """The event taken, or its refusal written on the form."""
    given: dict[str, Any] = {code: _texts(one) for code, one in questions.items()}
    given["reason"] = form.cleaned_data["reason"]
    viewer = request.viewer  # type: ignore[attr-defined]
    try:
        pass_case(case.application.pk, case.event, seen=form.cleaned_data["seen"], viewer=viewer, given=given)
    except (CaseProblem, NotAllowed) as problem:
        form.add_error(None, str(problem))
        return False
    messages.success(request, _("已办理，下面是最新状态"))
    return True


def _texts(form: forms.Form) -> dict[str, str]:
    """The answers as texts: an event may wait in a batch, where everything is kept as text."""
    return {name: "" if value is None else str(value) for name, value in form.cleaned_data.items()}


def _asking(
    case: Case, step: Step, action: case_page.Action, form: ReasonForm, questions: dict[str, forms.Form], inner: bool
) -> dict[str, Any]:
    told = [str(name) for effect, name in TELLING.items() if effect in step.effects]
    facts = [
        (_("申报"), str(case.application)),
        (_("申报单位"), case.application.party.name),
        (_("现在"), shown_name(case.state, inner=inner)),
        (_("办理后"), shown_name(case.ladder.states[step.target], inner=inner)),
    ]
    if told:
        facts.append((_("将通知"), _("、").join(told)))
    return {
        "case": case, "step": step, "action": action, "form": form, "questions": list(questions.values()),
        "facts": facts, "back": reverse("programmes:case", args=[case.application.pk]),
    }  # fmt: skip
