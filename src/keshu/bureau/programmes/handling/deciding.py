"""Decisions of meetings and leaders: read from what an event brings, written, asked for, taken back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.machine import condition, given, step_of, take_back
from keshu.bureau.programmes.models import Decision
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import Writing, digest_of

Verdict = Decision.Verdict


@dataclass(frozen=True)
class Decided:
    """A decision as it was said; the amount stays in what was given, for the money."""

    meeting: str
    day: date
    verdict: str
    grade: str = ""
    note: str = ""


def verdict_of(case: Case) -> str:
    """What the event means: where it leads, the case goes on, is refused, or is ended after it was approved."""
    step = step_of(case.programme, case.application.state, case.event)
    end = case.ladder.states[step.target].end if step is not None else None
    if end is None or end in ("approved", "completed"):
        return Verdict.AGREED
    return Verdict.REFUSED if end in ("rejected", "refused") else Verdict.ENDED


def read_decision(case: Case, said: Mapping[str, Any]) -> Decided:
    """The decision that an event brings along. Raises CaseProblem with everything that is wrong with it."""
    if not isinstance(said, Mapping):
        raise CaseProblem(_("会议决定的内容读不懂，请从办理页面重新填写"))
    meeting, day = str(said.get("meeting", "")).strip(), _day(said.get("day"))
    wrong = [] if meeting else [_("请写明会议名称或决定人")]
    wrong += _wrong_day(case, day)
    verdict = str(said.get("verdict") or verdict_of(case))
    if verdict != verdict_of(case):
        wrong.append(_("填写的决定与所选的办理不一致，请改选办理或改正决定"))
    for name, label, most in (("meeting", _("会议名称"), 120), ("grade", _("等级"), 40), ("note", _("说明"), 500)):
        if len(str(said.get(name, ""))) > most:
            wrong.append(_("%(label)s超过%(most)s字，请缩短") % {"label": label, "most": most})
    if wrong:
        raise CaseProblem("；".join(wrong))
    assert day is not None
    grade, note = (str(said.get(name, "")).strip() for name in ("grade", "note"))
    return Decided(meeting, day, verdict, grade, note)


def _day(text: Any) -> date | None:
    try:
        return date.fromisoformat(str(text or ""))
    except ValueError:
        return None


def _wrong_day(case: Case, day: date | None) -> list[str]:
    if day is None:
        return [_("决定日期没有填写或不是日期，请写成 2026-03-15 的样子")]
    if day > case.today:
        return [_("决定日期晚于今天，请核对")]
    submitted = case.application.submitted_at
    if submitted is not None and day < submitted.astimezone(case.at.tzinfo).date():
        return [_("决定日期早于提交申报的日期，请核对")]
    return []


@given("decision", "decision_recorded", "allow_change")
def write_decision(case: Case, within: Writing) -> None:
    """Keep the decision; it dates the case, except one that only ends what was approved before."""
    said = read_decision(case, case.given["decision"])
    row = Decision.objects.create(
        application=case.application, state=case.application.state, meeting=said.meeting, day=said.day,
        verdict=said.verdict, grade=said.grade, note=said.note, act=within.act,
    )  # fmt: skip
    within.wrote(decision_digest(row), "decision")
    case.notes["decision"] = row
    if said.verdict != Verdict.ENDED:
        case.application.decided_on = said.day


def decision_digest(row: Decision) -> bytes:
    columns = [row.state, row.meeting, row.day, row.verdict, row.grade, row.note]
    return digest_of(["decision", row.application_id, *columns])


def decision_here(case: Case) -> Decision | None:
    """The decision that was written while the case has been in its present state."""
    if case.stage is None:
        return None
    rows = Decision.objects.filter(application=case.application, state=case.application.state, withdrawn_by=None)
    return rows.filter(act__at__gte=case.stage.entered_at).order_by("-pk").first()


@condition("decision_recorded")
def decision_recorded(case: Case) -> str:
    """A page that only looks gets no obstacle: the event itself brings the decision along."""
    if not case.event:
        return ""
    row = decision_here(case)
    if row is None and case.given.get("decision"):  # a preview: the act itself will have written it by now
        return _wrong(case)
    if row is None:
        return _("还没有登记会议决定，请填写会议名称和决定日期")
    if row.verdict != verdict_of(case):
        return _("登记的会议决定是“%(verdict)s”，与本次办理不一致，请先核对会议纪要") % {
            "verdict": row.get_verdict_display()
        }
    return ""


def _wrong(case: Case) -> str:
    try:
        read_decision(case, case.given["decision"])
    except CaseProblem as problem:
        return str(problem)
    return ""


@take_back
def withdraw_decisions(case: Case, act_id: int, within: Writing) -> None:
    """Decisions of an act that is undone no longer count; they stay readable."""
    Decision.objects.filter(application=case.application, act_id=act_id, withdrawn_by=None).update(
        withdrawn_by=within.act
    )
