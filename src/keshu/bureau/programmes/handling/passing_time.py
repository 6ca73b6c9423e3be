"""What time alone decides: forms that nobody handed in, titles whose validity is over. No person has to press a button."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache

from django.db.models import Q
from django.utils.translation import gettext as _

from keshu.bureau.programmes import stages
from keshu.bureau.programmes.access import UNSUBMITTED
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.closing import closes_at
from keshu.bureau.programmes.definitions import programme_at
from keshu.bureau.programmes.models import Call, CaseEntry, Stage
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import held, pass_within
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import SYSTEM, ZONE, Actor, writing
from keshu.catalogue.schema.programme_stages import Step

HOLDING = "holding"
GRACE = timedelta(days=15)  # a deadline that is extended after it has passed finds the drafts as they were


@stages.due_rule(HOLDING)
def last_valid_day(case: Case) -> date | None:
    """The last day of what was recognised, as the row in the ledgers has it; None while no row says so."""
    rows = CaseEntry.objects.filter(application=case.application, entry__revisions__known_to__isnull=True)
    rows = rows.filter(entry__revisions__voided=False, entry__revisions__ended_on__isnull=False)
    return rows.order_by("pk").values_list("entry__revisions__ended_on", flat=True).first()


def pass_time(at: datetime, *, by: Actor = SYSTEM) -> int:
    """Take every event that wants nothing but that its time has run out; says how many cases have moved.

    Each case is an act of its own by the system, asked for again under its lock: killed or run twice, nothing happens
    twice. A case that cannot move stays where it is and is tried again the next morning.
    """
    moved = 0
    for application_id, step in list(_due(at)):
        moved += _take(application_id, step, by)
    return moved


def _due(at: datetime) -> Iterator[tuple[int, Step]]:
    """Cases and the row that each may take, two statements for each call with such rows."""
    today = at.astimezone(ZONE).date()
    for call in Call.objects.exclude(state=Call.State.DRAFT).only("pk", "programme", "version"):
        steps = {step.source: step for step in _steps(call.programme, call.version)}
        late = Q(state__in=[*(steps.keys() - set(UNSUBMITTED))], due_on__lt=today)
        never = Q(state__in=[*(steps.keys() & set(UNSUBMITTED))])
        gone = Q(application__call__closes_at__lt=at - GRACE) | Q(application__call__state=Call.State.CANCELLED)
        rows = Stage.objects.filter(late | never & gone, left_at__isnull=True, application__call=call)
        for application_id, state in rows.order_by("pk").values_list("application_id", "state"):
            yield application_id, steps[state]


@lru_cache(maxsize=512)
def _steps(code: str, version: int) -> tuple[Step, ...]:
    """The rows of a programme that ask for no person's judgement: overdue is their one condition, no effect hangs on them."""
    steps = programme_at(code, version).ladder.steps
    return tuple(one for one in steps if one.conditions == ("overdue",) and not one.effects and not one.reason)


def _take(application_id: int, step: Step, by: Actor) -> bool:
    late = step.source in UNSUBMITTED
    reason = _("申报截止以后没有提交，系统自动办结") if late else _("期限已过，系统自动办理")
    subject, note = f"application:{application_id}", {"event": step.event}
    try:
        with writing(verb="case.pass", by=by, reason=reason, subject=subject, note=note) as act:
            application = held(application_id)
            case = Case(application, at=act.act.at, by=by, given={"reason": reason}, event=step.event)
            if not _still_due(case, step):
                raise NotAllowed
            pass_within(case, frozenset({step.right}), act)
    except (NotAllowed, CaseProblem):
        return False
    return True


def _still_due(case: Case, step: Step) -> bool:
    """Where the case still is what it was found as: a draft well past its own deadline, a title no row calls valid."""
    state = case.application.state
    if state != step.source:
        return False
    if state == HOLDING:
        return (last_valid_day(case) or date.min) < case.today
    if state not in UNSUBMITTED or case.call.state == Call.State.CANCELLED:
        return True
    return closes_at(case.application) < case.at - GRACE
