"""Credit: marks that an end leaves on an organisation and its leader, what they bar from, and their repair."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants.reading import parameter, verdicts_of
from keshu.bureau.programmes.grants.rules import MARKS
from keshu.bureau.programmes.models import CasePerson, Credit, Verdict
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import ZONE, Writing, digest_of, writing
from keshu.kernel.workdays import add_months

RIGHT = "programmes.conclude"
LEFT = "credits"
POOR = 60


def mark(case: Case, within: Writing) -> None:
    """Note the bad end of a grant with its organisation and its leader; an end without fault leaves no mark."""
    level = MARKS.get(case.event)
    if level is None or (case.event == "finish_evaluation" and not _is_poor(case)):
        return
    what = _("%(title)s：%(what)s") % {"title": case.application.title, "what": case.state.name}
    leader = CasePerson.objects.filter(application=case.application, leads=True).first()
    rows = [Credit(party=case.application.party)]
    if leader is not None:
        rows.append(Credit(person=leader.blind, person_name=leader.name))
    for row in rows:
        row.application, row.level, row.what = case.application, level.code, what[:300]
        row.basis, row.since, row.act = case.reason[:200], case.today, within.act
        _keep(row, within)
    case.notes[LEFT] = rows


def bar(case: Case, within: Writing) -> None:
    """Those who were marked may not apply for the years that the mark's weight asks for."""
    level = MARKS.get(case.event)
    years = parameter(level.years, case) if level and level.years else None
    if years is None:
        return
    for row in case.notes.get(LEFT, ()):
        row.until = add_months(case.today, int(years) * 12)
        _keep(row, within)


def _is_poor(case: Case) -> bool:
    verdict = verdicts_of(case.application).get(Verdict.Kind.PERFORMANCE)
    return verdict is not None and verdict.points.isdecimal() and int(verdict.points) < POOR


def _keep(row: Credit, within: Writing) -> None:
    row.save()
    within.wrote(digest_of(["credit", row.pk, row.party_id, row.person, row.level, row.what, row.since, row.until]))


@dataclass(frozen=True)
class Mark:
    """A mark that does not come from a case: a court's, another office's."""

    party_id: int
    level: str
    what: str
    basis: str
    since: date
    until: date | None = None


def add_credit(given: Mark, *, viewer: Viewer) -> Credit:
    """Write down a mark from elsewhere. Raises NotAllowed for people who may not conclude cases."""
    home = Place.objects.filter(parties=given.party_id).values_list("code", flat=True).first()
    if not viewer.may(RIGHT, place=home or ""):
        raise NotAllowed(_("您没有登记信用记录的权限"))
    if not given.what.strip() or not given.basis.strip():
        raise CaseProblem(_("请写明失信事实和依据文件"))
    with writing(verb="credit.add", by=viewer.actor, reason=given.basis, subject=f"party:{given.party_id}") as act:
        row = Credit(act=act.act, **vars(given))
        _keep(row, act)
    return row


def repair_credit(credit_id: int, *, note: str, viewer: Viewer) -> Credit:
    """The mark no longer bars from today on; it stays readable with what repaired it."""
    if not viewer.may(RIGHT, place=_given_in(credit_id)):
        raise NotAllowed(_("您没有办理信用修复的权限"))
    if not note.strip():
        raise CaseProblem(_("请写明信用修复的依据"))
    with writing(verb="credit.repair", by=viewer.actor, reason=note, subject=f"credit:{credit_id}") as act:
        row = Credit.objects.select_for_update(of=("self",)).get(pk=credit_id)
        if row.repaired_on is not None:
            raise CaseProblem(_("这条记录已经修复"))
        row.repaired_on, row.repair_note, row.repaired_act = act.act.at.astimezone(ZONE).date(), note[:300], act.act
        row.save(update_fields=["repaired_on", "repair_note", "repaired_act"])
        act.wrote(digest_of(["credit.repair", row.pk, row.repair_note]))
    return row


def _given_in(credit_id: int) -> str:
    """Where the mark was given: the place of the case's call, else of the organisation. Nobody below it repairs it."""
    row = Credit.objects.select_related("application__call__place", "party__place").get(pk=credit_id)
    if row.application is not None:
        return row.application.call.place.code
    return row.party.place.code if row.party and row.party.place else ""


def in_force(on: date) -> Q:
    """Marks that bar on a day: not repaired by then, and their time not over."""
    return Q(since__lte=on, until__gte=on) & (Q(repaired_on__isnull=True) | Q(repaired_on__gt=on))


def credits_for(viewer: Viewer) -> QuerySet[Credit]:
    """The marks that the viewer may see: of organisations of her places, and of people in cases there."""
    rows = Credit.objects.select_related("party", "application").order_by("-since", "-pk")
    places = viewer.place_ids("cases.view")
    if places is None:
        return rows
    return rows.filter(
        Q(party__place_id__in=places) | Q(application__place_id__in=places) | Q(application__call__place_id__in=places)
    )
