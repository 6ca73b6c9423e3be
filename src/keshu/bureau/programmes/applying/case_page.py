"""What the case page shows: head, actions, history. One page for everybody who may see the case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes import panels
from keshu.bureau.programmes.access import UNSUBMITTED
from keshu.bureau.programmes.applying.case_page_ladder import shown_name
from keshu.bureau.programmes.applying.conditions import closes_at
from keshu.bureau.programmes.applying.states import LOST
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.overdue import ran_out
from keshu.bureau.programmes.machine import UNDONE, machine_of
from keshu.bureau.programmes.models import Stage
from keshu.bureau.programmes.stages import doubt
from keshu.bureau.records.models import Passage
from keshu.bureau.records.services import SYSTEM
from keshu.catalogue.schema.programme_stages import Step

OWN_RIGHTS = ("programmes.apply", "programmes.endorse")


@dataclass(frozen=True)
class Action:
    """Something that this person may do now, or "obstacle": why not yet and what to do about it."""

    step: Step
    url: str
    obstacle: str
    grave: bool  # it ends the case without what was applied for


@dataclass(frozen=True)
class Event:
    """One line of the history, for parts/timeline.html."""

    at: Any
    title: str
    by: str
    text: str = ""
    tone: str = "quiet"
    icon: str = ""


def actions_of(viewer: Viewer, case: Case) -> list[Action]:
    """What this person may do with the case now, in the order of the definition."""
    rights = panels.hands(viewer, case.application)
    return [action_of(case, step) for step in case.ladder.out_of(case.application.state) if step.right in rights]


def action_of(case: Case, step: Step) -> Action:
    """The row as a button: a condition that the page itself asks for is no obstacle."""
    filled = {name for question in panels.questions_of(step) for name in question.fills}
    machine = machine_of(case.programme)
    row = next(one for one in machine.transitions if (one.source, one.event) == (step.source, step.event))
    asked = replace(row, conditions=tuple(name for name in row.conditions if name not in filled))
    general = reverse("programmes:act", args=[case.application.pk, step.event])
    return Action(
        step=step,
        url=panels.door_of(step.event, case) or general,
        obstacle=machine.obstacle(asked, case),
        grave=case.ladder.states[step.target].end in LOST,
    )


def stages_of(case: Case) -> list[Stage]:
    """Where the case was, in order, each with the act that led there."""
    return list(Stage.objects.filter(application_id=case.application.pk).select_related("act").order_by("order"))


def history_of(case: Case, stages: Sequence[Stage], *, inner: bool) -> list[Event]:
    """What happened, newest first. Whoever only sees public names sees no passage between two states of one name."""
    rows = Passage.objects.filter(machine=machine_of(case.programme).code, subject=str(case.application.pk))
    found = [_event(case, row, stages, inner=inner) for row in rows.select_related("act").order_by("-pk")]
    begun = [Event(act.at, _("开始填报"), act.by_name or act.by) for act in [stage.act for stage in stages[:1]]]
    return [*(one for one in found if one is not None), *begun]


def _event(case: Case, row: Passage, stages: Sequence[Stage], *, inner: bool) -> Event | None:
    states, act = case.ladder.states, row.act
    step = next((s for s in case.ladder.steps if (s.source, s.event) == (row.from_state, row.event)), None)
    before, after = states.get(row.from_state), states.get(row.to_state)
    if after is None or before is None:  # cannot be: the definition is pinned
        return None
    own = step is not None and step.right in OWN_RIGHTS
    if not (inner or own) and before.public == after.public:
        return None
    said = step is not None and (inner or own or "notify_applicant" in step.effects)
    label = _("撤销办理") if row.event == UNDONE else step.label if step and said else ""
    name = shown_name(after, inner=inner)
    if row.from_state == row.to_state:
        title = label or name
    else:
        title = f"{label} → {name}" if label and label not in name else name
    return Event(
        at=act.at,
        title=title,
        by=(act.by_name or act.by) if inner or own or act.by == SYSTEM.username else _office(case, step),
        text=act.reason or _ran_out(step, stages, row),
        tone="bad" if after.end in LOST else "ok" if after.end else "quiet",
        icon="x" if after.end in LOST else "",
    )


def _ran_out(step: Step | None, stages: Sequence[Stage], row: Passage) -> str:
    """What time alone has decided says why by itself."""
    if step is None or "overdue" not in step.conditions:
        return ""
    left = next((stage for stage in stages if stage.left_act_id == row.act_id), None)
    return ran_out(left.due_on) if left is not None and left.due_on is not None else ""


def _office(case: Case, step: Step | None) -> str:
    if step is not None and step.right == "programmes.recommend":
        return _("推荐单位")
    return case.call.section


def head_of(case: Case, stages: Sequence[Stage], *, inner: bool) -> dict[str, Any]:
    """Title, number, applicant, where it stands since when and until when."""
    application, state = case.application, case.state
    now = next((stage for stage in stages if stage.left_at is None), None)
    return {
        "title": application.title or case.programme.name,
        "state": shown_name(state, inner=inner),
        "tone": "bad" if state.end in LOST else "ok" if state.end else "info" if state.who != "applicant" else "warn",
        "public": state.public if inner and state.public != state.name else "",
        "since": now.entered_at if now else None,
        "due_on": now.due_on if now and not application.end else None,
        "doubt": doubt(case, now.due_on) if now and not application.end else "",
        "closes": closes_at(application) if application.state in UNSUBMITTED else None,
        "turn": "" if application.end else _whose_turn(case),
    }


def _whose_turn(case: Case) -> str:
    """Whom everybody is waiting for."""
    return {
        "applicant": _("等申报单位办理"),
        "recommender": _("等推荐单位办理"),
        "bureau": _("%(section)s办理中") % {"section": case.call.section},
        "expert": _("专家评审中"),
        "leader": _("等会议或领导决定"),
        "finance": _("财务办理中"),
        "upper": _("等上级部门结果"),
        "public": _("正在向社会公示"),
    }[case.state.who]
