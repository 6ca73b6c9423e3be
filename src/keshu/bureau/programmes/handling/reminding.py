"""Reminders: rows that fall due become messages to whoever has the case in hand, each exactly once."""

from collections.abc import Callable, Sequence
from datetime import date

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.outbox.sending import open_channels
from keshu.bureau.outbox.services import Channel, Notice, post
from keshu.bureau.programmes.access import OF_PLACE, OWN
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.telling import case_url, name_of, people_with, recommenders_of
from keshu.bureau.programmes.handling.work import USUAL
from keshu.bureau.programmes.models import Reminder
from keshu.bureau.records.services import SYSTEM, Actor, Writing, digest_of, writing

PORTION = 100


def due_reminders(today: date) -> QuerySet[Reminder]:
    """Reminders whose day has come, of stages that still run and cases that have not ended."""
    rows = Reminder.objects.filter(on__lte=today, told_at__isnull=True, stage__left_at__isnull=True)
    return rows.filter(stage__application__end="").order_by("on", "pk")


def remind(today: date, *, by: Actor = SYSTEM) -> int:
    """Tell everybody who is to be reminded by today; says how many reminders that were.

    Marking and telling are one act: killed at any moment, each reminder is either told and marked or neither. Of a
    stage with several days that passed unnoticed, only the latest is told; the others are marked with it.
    """
    return in_portions(due_reminders(today), lambda ids: _tell(ids, today, by))


def in_portions(due: QuerySet, tell: Callable[[Sequence[int]], int]) -> int:
    """Tell row after row what is due, an act a portion, until nothing is left; says how many rows that were."""
    told = 0
    while ids := list(due.values_list("pk", flat=True)[:PORTION]):
        told += tell(ids)
    return told


def _tell(ids: Sequence[int], today: date, by: Actor) -> int:
    with writing(verb="case.remind", by=by) as act:
        locked = Reminder.objects.select_for_update(of=("self",)).filter(pk__in=ids, told_at__isnull=True)
        rows = list(
            locked.select_related(
                "stage__application__call__place", "stage__application__place", "stage__application__party"
            )
        )
        latest = {row.stage_id: row for row in sorted(rows, key=lambda row: (row.on, row.pk))}
        notices = [notice for row in latest.values() for notice in _notices(row, today, act)]
        if notices:
            post(notices, within=act)
        Reminder.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=act.act.at)
        act.wrote(digest_of(["remind", sorted(row.pk for row in rows)]))
    return len(rows)


def _notices(row: Reminder, today: date, act: Writing) -> list[Notice]:
    application = row.stage.application
    case = Case(application, at=act.act.at, by=SYSTEM)
    assert row.stage.due_on is not None
    facts = {"name": name_of(application), "state": case.state.name, "day": row.stage.due_on.isoformat()}
    if row.stage.due_on < today:
        title = _("已逾期：%(name)s的“%(state)s”应于%(day)s办完") % facts
    else:
        title = _("请按期办理：%(name)s的“%(state)s”%(day)s到期") % facts
    common = {
        "kind": "case.remind", "title": title, "url": case_url(application.pk), "subject": case.key,
        "place": case.call.place.code,
    }  # fmt: skip
    if case.state.who == "applicant":
        return [Notice(to_party=application.party_id, channels=(Channel.SITE, *open_channels()), **common)]
    return [Notice(to_user=username, **common) for username in _hands(case)]


def _hands(case: Case) -> list[str]:
    """The accounts that can move the case on from where it is."""
    rights = {step.right for step in case.ladder.out_of(case.application.state)} - OWN
    usual = rights & USUAL[case.state.who] or rights
    found: set[str] = set()
    for right in usual:
        if right == OF_PLACE:
            found.update(recommenders_of(case.application))
        else:
            found.update(people_with(right, case.call.place.code, case.call.section))
    return sorted(found)
