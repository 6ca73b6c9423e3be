"""When objections are due: stored days of reminding, the line on the home page, the due date of the case."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.pages.registry import Deadline
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.reminding import in_portions
from keshu.bureau.programmes.handling.telling import people_with
from keshu.bureau.programmes.models import Objection, ObjectionReminder
from keshu.bureau.programmes.publicity import lists, reading
from keshu.bureau.records.services import SYSTEM, Actor, digest_of, writing

AHEAD = timedelta(days=14)
SHOWN = 10


@stages.due_rule(lists.DISPUTED)
def _due(case: Case) -> date | None:
    """A case waits for its objections no longer than the one that is due first."""
    rows = Objection.objects.filter(application=case.application, outcome="").order_by("due_on")
    return rows.values_list("due_on", flat=True).first()


def lay_reminders(objection: Objection) -> None:
    days = stages.reminding_days(objection.received_on, objection.due_on)
    rows = [ObjectionReminder(objection=objection, on=day, kind=kind) for day, kind in days]
    ObjectionReminder.objects.bulk_create(rows)


def drop_reminders(objection: Objection) -> None:
    ObjectionReminder.objects.filter(objection=objection, told_at__isnull=True).delete()


def handlers_of(objection: Objection) -> list[str]:
    """Who has to do something about it: whoever announces, and of an objection to a whole list whoever decides."""
    call = objection.publicity.call
    rights = [lists.RIGHT] if objection.application_id else [lists.RIGHT, "programmes.decide"]
    return sorted({name for right in rights for name in people_with(right, call.place.code, call.section)})


def due_reminders(today: date) -> QuerySet[ObjectionReminder]:
    rows = ObjectionReminder.objects.filter(on__lte=today, told_at__isnull=True, objection__outcome="")
    return rows.order_by("on", "pk")


def remind(today: date, *, by: Actor = SYSTEM) -> int:
    """Tell what is due by today, each row once; killed at any moment, a row is told and marked, or neither."""
    return in_portions(due_reminders(today), lambda ids: _tell(ids, today, by))


def _tell(ids: Sequence[int], today: date, by: Actor) -> int:
    with writing(verb="objection.remind", by=by) as act:
        rows = ObjectionReminder.objects.select_for_update(of=("self",)).filter(pk__in=ids, told_at__isnull=True)
        found = list(rows.select_related("objection__publicity__call__place", "objection__application"))
        notices = [notice for one in _latest(found) for notice in _notices(one, today)]
        if notices:
            post(notices, within=act)
        ObjectionReminder.objects.filter(pk__in=[row.pk for row in found]).update(told_at=act.act.at)
        act.wrote(digest_of(["objection.remind", sorted(row.pk for row in found)]))
    return len(found)


def _latest(rows: Iterable[ObjectionReminder]) -> list[Objection]:
    """Each objection once, but none whose case lies in the handling of objections: its stage has reminders."""
    found = {row.objection_id: row.objection for row in rows}
    return [one for one in found.values() if not (one.application and one.application.state == lists.DISPUTED)]


def _notices(objection: Objection, today: date) -> list[Notice]:
    facts = {"n": objection.pk, "list": objection.publicity.title, "day": objection.due_on.isoformat()}
    if objection.due_on < today:
        title = _("已逾期：第%(n)s号异议（%(list)s）应于%(day)s办结") % facts
    else:
        title = _("请按期办理：第%(n)s号异议（%(list)s）%(day)s到期") % facts
    url = reverse("programmes:objection", args=[objection.pk])
    subject, place = f"publicity:{objection.publicity_id}", objection.publicity.call.place.code
    return [
        Notice(kind="objection.remind", to_user=name, title=title, url=url, subject=subject, place=place)
        for name in handlers_of(objection)
    ]


def deadlines(request: HttpRequest, day: date) -> list[Deadline]:
    """The open objections of one's calls, those that are due first."""
    viewer = request.viewer  # type: ignore[attr-defined]
    if not viewer.rights & set(reading.HANDLERS):
        return []
    rows = reading.due_objections(viewer).filter(due_on__lte=day + AHEAD)
    return [
        Deadline(
            _("第%(n)s号异议") % {"n": row.pk}, row.due_on, reverse("programmes:objection", args=[row.pk]),
            row.publicity.title,
        )
        for row in rows[:SHOWN]
    ]  # fmt: skip
