"""The card of a grant on the page of its case: promised, changed, delivered, and everything that hangs on it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import reading
from keshu.bureau.programmes.grants.labelling import lines_of_change
from keshu.bureau.programmes.grants.rules import OFFICES
from keshu.bureau.programmes.models import ChangeRequest, Conclusion

GOOD = (Conclusion.Outcome.PASSED, Conclusion.Outcome.CLOSED)
TONES = {
    ChangeRequest.State.ALLOWED: "ok", ChangeRequest.State.FILED: "ok", ChangeRequest.State.DENIED: "bad",
    ChangeRequest.State.ASKED: "warn",
}  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A change with its paths in words."""

    row: ChangeRequest
    lines: list[tuple[str, str, str]]

    @property
    def tone(self) -> str:
        return TONES[ChangeRequest.State(self.row.state)]


def context(request: HttpRequest, case: Case) -> dict[str, Any] | None:
    """Everything that the card shows; None for a case that has come to no grant."""
    application = case.application
    book, reports = reading.book_of(application), list(reading.reports_of(application))
    visits = list(reading.visits_of(application))
    rights = rights_in(request.viewer, application)  # type: ignore[attr-defined]
    if book is None and not reports and not visits:
        return None
    conclusion = reading.conclusion_of(application)
    return {
        "book": book, "lines": reading.side_by_side(application), "reports": reports, "visits": visits,
        "milestones": list(reading.milestones_of(application)), "changes": _changes(case),
        "verdicts": list(reading.verdicts_of(application).values()), "conclusion": conclusion,
        "conclusion_tone": "ok" if conclusion and conclusion.outcome in GOOD else "bad", "today": case.today,
        "may_apply": "programmes.apply" in rights, "may_supervise": "programmes.supervise" in rights,
        "may_change": any(one.event == "ask_change" for one in case.ladder.out_of(application.state)),
        "may_judge": bool(rights & set(OFFICES.values())) and application.state in ("concluding", "evaluating"),
    }  # fmt: skip


def _changes(case: Case) -> list[Shown]:
    return [Shown(row, lines_of_change(case, row)) for row in reading.changes_of(case.application)]
