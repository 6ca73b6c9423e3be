"""Stages: entering and leaving a state, with the due date and the reminders as stored rows."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from keshu.bureau.ledgers import calendar
from keshu.bureau.ledgers.calendar import add_workdays, due_on
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Reminder, Stage
from keshu.bureau.records.services import ZONE, Writing, digest_of
from keshu.catalogue.schema.programme_stages import Step

BEFORE, AFTER = (5, 1), (1, 5, 10)  # working days before and after a due date
EARLY = {"holding": "title.expiry_warning_days"}  # a title is renewed in months, not in days: by this parameter


DueRule = Callable[[Case], date | None]
_rules: dict[str, DueRule] = {}


def due_rule(state: str) -> Callable[[DueRule], DueRule]:
    """Register who knows the due date of a state that depends on more than the day on which it began."""

    def register(function: DueRule) -> DueRule:
        _rules[state] = function
        return function

    return register


def enter(case: Case, within: Writing, *, event: str = "", due: date | None = None) -> Stage:
    """The case begins its stay in its state: the due date is worked out once, and the days of reminding with it."""
    order = Stage.objects.filter(application=case.application).count() + 1
    stage = Stage.objects.create(
        application=case.application, state=case.application.state, order=order, entered_at=within.act.at,
        due_on=due or due_of(case), event=event, act=within.act,
    )  # fmt: skip
    case.stage = stage
    within.wrote(stage_digest(stage))
    if stage.due_on and not case.state.end:
        remind(stage)
    return stage


def leave(case: Case, within: Writing, *, event: str) -> None:
    """The stay ends; whether it ended late is said once, by the due date that was stored."""
    stage = Stage.objects.select_for_update().get(application=case.application, left_at__isnull=True)
    stage.left_at, stage.left_by, stage.left_act = within.act.at, event, within.act
    stage.late = stage.due_on is not None and within.act.at.astimezone(ZONE).date() > stage.due_on
    stage.save(update_fields=["left_at", "left_by", "left_act", "late"])
    Reminder.objects.filter(stage=stage, told_at__isnull=True).delete()


def entered(case: Case, state: str) -> datetime | None:
    """When the case last came into a state; None if it never did."""
    rows = Stage.objects.filter(application=case.application, state=state).order_by("-order")
    return rows.values_list("entered_at", flat=True).first()


def set_due(case: Case, day: date, within: Writing) -> None:
    """Another due date for the stage that runs, with its own days of reminding."""
    stage = Stage.objects.select_for_update().get(application=case.application, left_at__isnull=True)
    stage.due_on = day
    stage.save(update_fields=["due_on"])
    Reminder.objects.filter(stage=stage, told_at__isnull=True).delete()
    remind(stage)
    case.stage = stage
    within.wrote(digest_of(["due", stage.application_id, stage.order, day]))


def settle(case: Case, within: Writing) -> None:
    """Store the due date of a stage whose own rule reads what the event has just left behind it, now that it can."""
    rule = _rules.get(case.application.state)
    if rule and case.stage is not None and case.stage.due_on is None and (day := rule(case)):
        set_due(case, day, within)


def stage_digest(stage: Stage) -> bytes:
    """What the act seals of a stage: that it began, when, and its due date."""
    return digest_of(["stage", stage.application_id, stage.order, stage.state, stage.event, stage.due_on])


def due_of(case: Case) -> date | None:
    """When the case is to leave the state it just entered: by its own rule, else the first row out that names a time."""
    if (rule := _rules.get(case.application.state)) and (day := rule(case)):
        return day
    for step in case.ladder.out_of(case.application.state):
        if step.within is not None:
            days = within_of(case, step)
            return None if days is None else due_on(case.today, days, step.unit)
    return None


def doubt(case: Case, due: date | None) -> str:
    """One line where the due date of its stage was counted in working days of a year that is not announced yet."""
    if case.application.state in _rules:
        return ""
    timed = next((step for step in case.ladder.out_of(case.application.state) if step.within is not None), None)
    return calendar.doubt(due) if timed and timed.unit == "working_days" else ""


def within_of(case: Case, step: Step) -> int | None:
    """The time of a row: a number of the definition, or the parameter in force today at the call's place."""
    if step.within is None or isinstance(step.within, int):
        return step.within
    parameter = catalogue().parameters.get(step.within)
    value = parameter.value_on(case.today, [case.call.place.code]) if parameter else None
    return None if value is None else int(value)  # type: ignore[arg-type]


def remind(stage: Stage) -> None:
    """Store the days on which somebody is to be reminded."""
    assert stage.due_on is not None
    days = reminding_days(stage.entered_at.astimezone(ZONE).date(), stage.due_on, early=_early(stage))
    Reminder.objects.bulk_create([Reminder(stage=stage, on=day, kind=kind) for day, kind in days])


def _early(stage: Stage) -> int | None:
    """So many days before the end the first reminder of such a state comes: the parameter in force on that end."""
    parameter = catalogue().parameters.get(EARLY.get(stage.state, ""))
    if parameter is None or stage.due_on is None:
        return None
    value = parameter.value_on(stage.due_on, [stage.application.call.place.code])
    return None if value is None else int(value)  # type: ignore[arg-type]


def reminding_days(begun: date, due: date, *, early: int | None = None) -> list[tuple[date, Reminder.Kind]]:
    """Before the due date, on it and after it, as far as the day lies behind the beginning.

    `early` days before it, or on the working day before, somebody is reminded first.
    """
    days = [(_back(due, n), Reminder.Kind.BEFORE) for n in BEFORE]
    days += [(add_workdays(due - timedelta(days=early - 1), -1), Reminder.Kind.BEFORE)] if early else []
    days += [(due, Reminder.Kind.DUE)]
    days += [(add_workdays(due, n), Reminder.Kind.AFTER) for n in AFTER]
    return sorted({(day, kind) for day, kind in days if day > begun})


def _back(day: date, workdays: int) -> date:
    """The working day from which there are still so many working days to the day."""
    found = day - timedelta(days=workdays)
    while add_workdays(found, workdays) > day:
        found -= timedelta(days=1)
    return found
