"""What whoever was sent back or refused reads first: what was said and why, and what can be done now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.programmes.access import OF_PLACE, UNSUBMITTED
from keshu.bureau.programmes.applying.case_page_ladder import main_way
from keshu.bureau.programmes.applying.conditions import told
from keshu.bureau.programmes.applying.states import APPLY, EDITABLE
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.closing import closes_at
from keshu.bureau.programmes.handling.passing_time import GRACE
from keshu.bureau.programmes.models import Call, Stage
from keshu.catalogue.schema.programme_stages import Step

ENDED_AFTER = ("failed", "terminated", "revoked")  # what had been granted came to a bad end


@dataclass(frozen=True)
class Answer:
    """The last word on the case, and what its applicant can do about it, a sentence each."""

    title: str
    text: str
    by: str
    at: Any
    tone: str
    advice: tuple[str, ...] = ()


def answer_of(case: Case, stages: Sequence[Stage], events: Sequence[Any], *, own: bool) -> Answer | None:
    """The event that led to where the case is, where it says why or ends the case; advice is for its own people."""
    if (closed := _too_late_since(case)) is not None:
        said = _("“%(call)s”已于 %(closes)s 截止，这份申报没有提交")
        title = said % {"call": case.call.name, "closes": told(closed)}
        return Answer(title, "", "", None, "warn", tuple(_too_late(case)) if own else ())
    advice = tuple(_advice(case, _step_here(case, stages))) if own else ()
    last, here = next(iter(events), None), stages[-1] if stages else None
    if last is None or here is None or last.at < here.entered_at or not (last.text or last.tone == "bad"):
        return None
    tone = "bad" if last.tone == "bad" else "warn" if case.state.who == "applicant" else "info"
    return Answer(last.title, last.text, last.by, last.at, tone, advice)


def _too_late_since(case: Case) -> datetime | None:
    """The last instant of a case that was not handed in before it; None for every other."""
    if case.application.state not in UNSUBMITTED:
        return None
    closes = closes_at(case.application)
    return closes if closes <= case.at else None


def _step_here(case: Case, stages: Sequence[Stage]) -> Step | None:
    """The row by which the case came to where it is."""
    if len(stages) < 2:
        return None
    source, event = stages[-2].state, stages[-1].event
    return next((one for one in case.ladder.steps if (one.source, one.event) == (source, event)), None)


def _advice(case: Case, step: Step | None) -> Iterator[str]:
    application = case.application
    if not application.end:
        yield from _to_mend(case)
    elif application.end in ENDED_AFTER:
        effects = step.effects if step is not None else ()
        if "recover_money" in effects:
            yield _("应缴回的资金和期限，见“经费”一栏")
        if "bar_applicant" in effects:
            yield _("因此不能申报的事项和期限，在“我能报什么”中逐项写明")
        yield _ask(case)
    elif application.end in ("refused", "rejected"):
        yield _("有疑问或不同意见的，请先向推荐单位了解") if step and step.right == OF_PLACE else _ask(case)
        yield _again(case)
    elif application.end in ("withdrawn", "expired"):
        yield _again(case)


def _too_late(case: Case) -> Iterator[str]:
    call = {"contact": case.call.contact, "phone": case.call.phone}
    yield _("填写的内容和附件都保留着，可以查看、打印，现在不能提交")
    if case.call.state == Call.State.PUBLISHED:
        words = {**call, "days": GRACE.days, "n": case.application.pk}
        yield (
            _(
                "确需补报的，请在截止后 %(days)s 天内联系%(contact)s（%(phone)s），报申报序号 %(n)s；同意延期后，在这里接着提交"
            )
            % words
        )


def _to_mend(case: Case) -> Iterator[str]:
    """Where the next step is the applicant's, away from the main way: how to come back to it."""
    state = case.application.state
    if case.state.who != "applicant" or any(state in codes for codes in main_way(case.programme)):
        return
    steps = case.ladder.out_of(state)
    back = next((one for one in steps if one.right == APPLY and not case.ladder.states[one.target].end), None)
    if back is not None:
        words = {"label": back.label}
        yield (_("改好申报书后，办理“%(label)s”") if state in EDITABLE else _("完成整改后，办理“%(label)s”")) % words
    late = next((one for one in steps if "overdue" in one.conditions), None)
    if late is not None:
        yield _("逾期没有办的，按“%(label)s”办理") % {"label": late.label}


def _ask(case: Case) -> str:
    words = {"section": case.call.section, "contact": case.call.contact, "phone": case.call.phone}
    return _("有疑问或不同意见的，请联系%(section)s%(contact)s（%(phone)s）") % words


def _again(case: Case) -> str:
    closes = closes_at(case.application)
    if case.call.state == Call.State.PUBLISHED and case.at < closes:
        return _("%(closes)s 截止以前，符合条件的可以在“我能报什么”中另报一件") % {"closes": told(closes)}
    return _("以后的批次开放时，符合条件的可以再报")
