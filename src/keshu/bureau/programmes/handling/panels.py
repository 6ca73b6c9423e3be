"""What handling shows on the page of a case and on the home page, and what its events have to be told."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from keshu.bureau.pages.registry import Deadline, numbers
from keshu.bureau.programmes.access import OF_PLACE
from keshu.bureau.programmes.applying.states import EDITABLE, LOST
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling import checking, work
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.programmes.handling.leading import decisions_of
from keshu.bureau.programmes.handling.scoring import result_of, scores_of
from keshu.bureau.programmes.models import Advice, Batch, CheckVerdict, Defect, PaperRecommendation
from keshu.bureau.programmes.problems import CaseProblem

AHEAD = timedelta(days=7)
SHOWN = 6


class DecisionForm(forms.Form):
    """What a meeting decided; verdict and state follow from the event itself."""

    meeting = forms.CharField(label=gettext_lazy("会议或决定人"), max_length=120)
    day = forms.DateField(label=gettext_lazy("决定日期"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    amount = forms.CharField(label=gettext_lazy("核定金额（元）"), max_length=40, required=False)
    grade = forms.CharField(label=gettext_lazy("等级"), max_length=40, required=False)
    note = forms.CharField(
        label=gettext_lazy("会议意见"), max_length=500, required=False, help_text=gettext_lazy("只有本局能看到")
    )

    def clean_amount(self) -> str:
        return _amount(self.cleaned_data["amount"])


class AdviceForm(forms.Form):
    """What the section proposes."""

    verdict = forms.ChoiceField(label=gettext_lazy("科室建议"), choices=Advice.Verdict.choices)
    amount = forms.CharField(label=gettext_lazy("建议金额（元）"), max_length=40, required=False)
    grade = forms.CharField(label=gettext_lazy("建议等级"), max_length=40, required=False)
    note = forms.CharField(
        label=gettext_lazy("理由"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_amount(self) -> str:
        return _amount(self.cleaned_data["amount"])


class DefectsForm(forms.Form):
    """What has to be mended, a line each."""

    lines = forms.CharField(
        label=gettext_lazy("要改的问题"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("一行一条，问题与改法之间用“；”隔开；一次说全"),
    )  # fmt: skip


def _amount(text: str) -> str:
    try:
        amount = read_amount(text, _("金额"))
    except CaseProblem as problem:
        raise forms.ValidationError(str(problem)) from None
    return "" if amount is None else str(amount)


def decision_form(case: Case, data: Mapping[str, Any] | None) -> forms.Form:
    form = DecisionForm(data, prefix="decision", initial={"day": case.today, "amount": _advised(case)})
    step = next((one for one in case.ladder.out_of(case.application.state) if one.event == case.event), None)
    if step is None or "allot_money" not in step.effects:
        del form.fields["amount"]
    if step is None or case.ladder.states[step.target].end in LOST:
        del form.fields["grade"]
    return form


def _advised(case: Case) -> str:
    row = Advice.objects.filter(application=case.application, replaced_by=None).first()
    return "" if row is None or row.amount is None else str(row.amount)


def advice_form(case: Case, data: Mapping[str, Any] | None) -> forms.Form:
    form = AdviceForm(data, prefix="advice")
    if case.programme.money is None or case.programme.money.mode == "none":
        del form.fields["amount"]
    return form


def defects_form(case: Case, data: Mapping[str, Any] | None) -> forms.Form:
    return DefectsForm(data, prefix="defects")


def check_door(case: Case) -> str:
    """Where a check is finished: the page on which it is made."""
    return reverse("programmes:formal-check", args=[case.application.pk]) if checking.is_checked(case) else ""


def handled(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """The bureau's own card: check, scores, advice, decisions, batches; nothing before any of them is there."""
    pk = case.application.pk
    rows = checking.checks_of(case)
    judged = [verdict for _item, verdict in rows if verdict is not None]
    sheet = case.programme.scoring
    scores = result_of(sheet, scores_of([pk]).get(pk, [])) if sheet is not None else None
    context = {
        "failed": [item.name for item, verdict in rows if verdict is not None and verdict.truth == CheckVerdict.Truth.NO],
        "open": sum(1 for _item, verdict in rows if verdict is None or not verdict.truth), "judged": len(judged),
        "scores": scores if scores is not None and scores.lines else None,
        "advice": Advice.objects.filter(application_id=pk, replaced_by=None).select_related("act").first(),
        "decisions": decisions_of(pk), "checked": checking.is_checked(case),
        "paper": PaperRecommendation.objects.filter(application_id=pk).select_related("act", "file").order_by("-pk").first(),
        "batches": list(Batch.objects.filter(items__application_id=pk).distinct().order_by("-pk")[:5]),
    }  # fmt: skip
    context["recommending"] = any(step.right == OF_PLACE for step in case.ladder.out_of(case.application.state))
    told = ("scores", "advice", "decisions", "paper", "batches", "judged", "checked", "recommending")
    return context if any(context[name] for name in told) else None


def to_mend(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """For everybody: what is still to be mended."""
    rows = list(Defect.objects.filter(application=case.application, mended_by=None).order_by("pk"))
    return {"defects": rows, "form_open": case.application.state in EDITABLE} if rows else None


def home(request: HttpRequest, day: date) -> dict[str, Any] | None:
    """How much waits, by state, with what is due first."""
    viewer = request.viewer  # type: ignore[attr-defined]
    waiting = work.work_of(viewer, day)
    counts = work.tallies(waiting, day)
    if not counts:
        return None
    first = list(waiting.order_by("due_on", "pk")[:SHOWN])
    return {
        "tallies": counts,
        "first": first,
        "n": sum(one.n for one in counts),
        "late": sum(one.late for one in counts),
        "day": day,
    }


def deadlines(request: HttpRequest, day: date) -> Sequence[Deadline]:
    """Cases in one's hands that fall due within a week, counted by day: three hundred lines would hide all others."""
    viewer = request.viewer  # type: ignore[attr-defined]
    rows = work.work_of(viewer, day).filter(due_on__range=(day, day + AHEAD))
    days: dict[date, int] = {}
    for due in rows.values_list("due_on", flat=True)[:2000]:
        days[due] = days.get(due, 0) + 1
    url = f"{reverse('programmes:work')}?due=soon"
    return [Deadline(_("申报待办 %(n)s 件") % {"n": n}, due, url) for due, n in sorted(days.items())]


def batch_url(code: str) -> str:
    number = code.partition(":")[0]
    return reverse("programmes:batch", args=[number]) if number.isdecimal() else ""


def batch_names(codes: Sequence[str]) -> dict[str, str]:
    return {str(pk): name for pk, name in Batch.objects.filter(pk__in=numbers(codes)).values_list("pk", "name")}
