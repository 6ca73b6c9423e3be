"""Rules of grants under way that need no database: what a change weighs, who decides it, what a report must say."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.programmes.models import CaseReport, ChangeRequest, Verdict

Kind, Weight = ChangeRequest.Kind, ChangeRequest.Weight

#: which paths of the task book a change of this kind may touch; a path ending in ":" stands for all rows of its table
TOUCHES: dict[str, tuple[str, ...]] = {
    Kind.LEADER: ("leader_",),
    Kind.UNIT: ("unit_", "uscc", "registered_on", "address", "legal_person", "partners"),
    Kind.TARGET: ("goal", "new_", "targets:", "research"),
    Kind.BUDGET: ("budget:",),
    Kind.EXTENSION: ("plan_end", "schedule:"),
    Kind.MEMBERS: ("members:",),
    Kind.OTHER: ("project_name", "partners", "risks", "schedule:"),
}
WEIGHTS: dict[str, str] = {
    Kind.LEADER: Weight.MAJOR, Kind.UNIT: Weight.MAJOR, Kind.TARGET: Weight.MAJOR, Kind.EXTENSION: Weight.MAJOR,
    Kind.OTHER: Weight.IMPORTANT, Kind.MEMBERS: Weight.PLAIN,
}  # fmt: skip
DECIDES: dict[str, str] = {
    Weight.MAJOR: "programmes.decide",
    Weight.IMPORTANT: "programmes.supervise",
    Weight.PLAIN: "programmes.endorse",
}
OFFICES: dict[str, str] = {
    Verdict.Kind.PROJECT: "programmes.conclude",
    Verdict.Kind.MONEY: "programmes.pay",
    Verdict.Kind.PERFORMANCE: "programmes.supervise",
}
Report = CaseReport.Kind
#: the report that has to be filed in the stage before this event can be taken
ASKED_BY: dict[str, str] = {
    "start_midterm": Report.MIDTERM, "corrected": Report.CORRECTION, "ask_acceptance": Report.ACCEPTANCE,
    "repaired": Report.CORRECTION, "improved": Report.CORRECTION, "file_report": Report.ANNUAL,
    "file_yearly": Report.ANNUAL,
}  # fmt: skip


@dataclass(frozen=True)
class Level:
    """How a mark of bad credit weighs, and the parameter that says for how many years it bars."""

    code: str
    years: str = ""


#: what each end costs in credit; without `years` it is noted and bars nobody
MARKS: dict[str, Level] = {
    "terminate": Level("ordinary"),
    "delist": Level("ordinary"),
    "finish_evaluation": Level("ordinary"),
    "cancel": Level("ordinary"),
    "fail_acceptance": Level("serious", "project.barred_years"),
    "recover": Level("serious", "credit.serious_years"),
    "strip": Level("serious", "credit.serious_years"),
    "revoke": Level("grave", "credit.grave_years"),
}


def may_touch(kind: str, path: str) -> bool:
    """Whether a change of this kind speaks about this path of the task book."""
    return any(path.startswith(prefix) for prefix in TOUCHES[kind])


def budget_weight(*, total_moved: bool, beyond_own: bool) -> str:
    """How heavy a change of budget is: major where a total moves, else the unit's own as far as it may shift by itself."""
    return Weight.MAJOR if total_moved else Weight.IMPORTANT if beyond_own else Weight.PLAIN


def weight_of(kind: str, after: Mapping[str, str]) -> str:
    """How heavy a change of another kind is."""
    if kind == Kind.UNIT and set(after) <= {"partners"}:
        return Weight.IMPORTANT
    return WEIGHTS[kind]


def strangers(kind: str, paths: Iterable[str]) -> list[str]:
    """Paths that a change of this kind has no business with."""
    return [path for path in paths if not may_touch(kind, path)]


def grade_of(points: int) -> str:
    """The grade of a performance evaluation: 优 from 90, 良 from 80, 中 from 60, 差 below (财政部 grading)."""
    return _("优") if points >= 90 else _("良") if points >= 80 else _("中") if points >= 60 else _("差")
