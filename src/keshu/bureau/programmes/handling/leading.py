"""What waits for a decision, call by call: the section's advice, scores, amounts, and what the budget leaves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.handling.scoring import result_of, scores_of
from keshu.bureau.programmes.handling.work import duties_of, work_of
from keshu.bureau.programmes.models import Advice, Call, Decision, Stage

RIGHT = "programmes.decide"
Money = tuple[Decimal | None, Decimal]  # the budget, what of it is approved
_money: list[Callable[[Call], Money]] = []


def register_money(function: Callable[[Call], Money]) -> None:
    """The one function that knows a call's budget and what is approved; the money lies above this app."""
    _money[:] = [function]


@dataclass(frozen=True)
class Line:
    """One case that waits: what the section says, its mean score."""

    stage: Stage
    state: str
    advice: Advice | None
    mean: Decimal | None


@dataclass(frozen=True)
class OfCall:
    """The cases of one call that wait, with their sum against the budget."""

    call: Call
    lines: tuple[Line, ...]
    budget: Decimal | None
    approved: Decimal

    @property
    def advised(self) -> Decimal:
        supported = [line.advice for line in self.lines if line.advice is not None and line.advice.verdict == "support"]
        return sum((one.amount for one in supported if one.amount is not None), Decimal(0))

    @property
    def left(self) -> Decimal | None:
        """What remains when everything that is advised is agreed to."""
        return None if self.budget is None else self.budget - self.approved - self.advised


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
    return [_of_call(lines[0].stage.application.call, lines) for lines in by_call.values()]


def _is_mine(row: Stage) -> bool:
    duty = duties_of(row.application.call.programme, row.application.call.version).get(RIGHT)
    return duty is not None and row.state in duty.states


def _of_call(call: Call, lines: Sequence[Line]) -> OfCall:
    budget, approved = _money[0](call) if _money else (call.budget, Decimal(0))
    return OfCall(call, tuple(lines), budget, approved)


def decisions_of(application_id: int) -> list[Decision]:
    """Every decision about a case, the latest first; withdrawn ones with the act that did so."""
    rows = Decision.objects.filter(application_id=application_id).select_related("act", "withdrawn_by")
    return list(rows.order_by("-pk"))
