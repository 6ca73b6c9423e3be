"""What waits for a decision, call by call: the section's advice, scores, amounts, and what the budget leaves."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling.scoring import result_of, scores_of
from keshu.bureau.programmes.handling.work import duties_of, work_of
from keshu.bureau.programmes.models import Advice, Application, Call, Decision, Stage
from keshu.bureau.records.services import SYSTEM, ZONE

RIGHT = "programmes.decide"
Money = tuple[Decimal | None, Decimal]  # the budget, what of it is approved
Foreseen = Callable[[Case, Sequence[Application]], Mapping[int, Decimal]]
_money: list[tuple[Callable[[Call], Money], Foreseen]] = []


def register_money(budget: Callable[[Call], Money], foreseen: Foreseen) -> None:
    """What knows a call's budget and what is approved, and what its rule gives; the money lies above this app."""
    _money[:] = [(budget, foreseen)]


@dataclass(frozen=True)
class Line:
    """One case that waits: what the section says, its mean score, what the rule gives where nobody named an amount."""

    stage: Stage
    state: str
    advice: Advice | None
    mean: Decimal | None
    by_rule: Decimal | None = None

    @property
    def opposed(self) -> bool:
        return self.advice is not None and self.advice.verdict == "oppose"

    @property
    def amount(self) -> Decimal | None:
        """What agreeing would grant as things stand; None where nobody knows yet, and where the section is against it."""
        if self.opposed:
            return None
        advised = self.advice.amount if self.advice is not None else None
        return self.by_rule if advised is None else advised


@dataclass(frozen=True)
class OfCall:
    """The cases of one call that wait, with their sum against the budget."""

    call: Call
    lines: tuple[Line, ...]
    budget: Decimal | None
    approved: Decimal
    pays: bool = True

    @property
    def unknown(self) -> int:
        """How many cases have no amount yet: they count as nothing, and that is said."""
        return sum(1 for line in self.lines if line.amount is None and not line.opposed)

    @property
    def advised(self) -> Decimal | None:
        known = [line.amount for line in self.lines if line.amount is not None]
        return None if self.unknown and not known else sum(known, Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """What remains when everything that is advised is agreed to."""
        return None if self.budget is None or self.advised is None else self.budget - self.approved - self.advised


def waiting(viewer: Viewer, today: date) -> list[OfCall]:
    """Everything that waits for this person's decision, the earliest due date first within a call."""
    rows = [row for row in work_of(viewer, today).order_by("due_on", "pk")[:1000] if _is_mine(row)]
    ids = [row.application_id for row in rows]
    advices = {one.application_id: one for one in Advice.objects.filter(application_id__in=ids, replaced_by=None)}
    scores = scores_of(ids)
    by_call: dict[int, list[Line]] = {}
    for row in rows:
        programme = programme_for(row.application.call)
        given = scores.get(row.application_id, [])
        mean = result_of(programme.scoring, given).mean if programme.scoring and given else None
        state = programme.ladder.states[row.state].name
        by_call.setdefault(row.application.call_id, []).append(Line(row, state, advices.get(row.application_id), mean))
    return [_of_call(lines[0].stage.application.call, lines, today) for lines in by_call.values()]


def _is_mine(row: Stage) -> bool:
    duty = duties_of(row.application.call.programme, row.application.call.version).get(RIGHT)
    return duty is not None and row.state in duty.states


def _of_call(call: Call, lines: Sequence[Line], today: date) -> OfCall:
    budget, approved = _money[0][0](call) if _money else (call.budget, Decimal(0))
    given = by_rule([line.stage.application for line in lines], today)
    known = tuple(replace(line, by_rule=given.get(line.stage.application_id)) for line in lines)
    return OfCall(call, known, budget, approved, programme_for(call).pays)


def by_rule(applications: Iterable[Application], today: date) -> dict[int, Decimal]:
    """What is granted where the meeting names no amount, as far as it is known already."""
    by_call: dict[int, list[Application]] = {}
    for application in applications if _money else ():
        by_call.setdefault(application.call_id, []).append(application)
    noon, found = datetime.combine(today, time(12), ZONE), {}
    for same in by_call.values():
        found.update(_money[0][1](Case(same[0], at=noon, by=SYSTEM), same))
    return found


def decisions_of(application_id: int) -> list[Decision]:
    """Every decision about a case, the latest first; withdrawn ones with the act that did so."""
    rows = Decision.objects.filter(application_id=application_id).select_related("act", "withdrawn_by")
    return list(rows.order_by("-pk"))
