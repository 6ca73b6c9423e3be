"""Which other cases fill the limits: of the same organisation, with the same leader, of the last five years."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, CasePerson

YEARS = 5
SHOWN = 60


@dataclass(frozen=True)
class Filler:
    """One case beside the one that is checked: how they belong together, and towards which limit it counts."""

    application: Application
    state: str
    ties: tuple[str, ...]
    counts: tuple[str, ...]


def fillers_of(case: Case) -> list[Filler]:
    """Cases of the same organisation or leader, the latest first; withdrawn and lapsed ones fill nothing."""
    own = case.application
    leaders = list(CasePerson.objects.filter(application=own, leads=True).values_list("blind", flat=True))
    others = CasePerson.objects.filter(blind__in=leaders, application__submitted_at__isnull=False)
    people: dict[int, bool] = {}
    for pk, leads in others.values_list("application_id", "leads"):
        people[pk] = people.get(pk, False) or leads
    since = case.call.year - YEARS
    near = Application.objects.filter(submitted_at__isnull=False, call__year__gte=since).exclude(pk=own.pk)
    near = near.exclude(end__in=("withdrawn", "expired"))
    rows = near.filter(party_id=own.party_id) | near.filter(pk__in=list(people))
    found = rows.select_related("call", "party").order_by("-call__year", "-pk")[:SHOWN]
    return [_filler(case, one, people) for one in found]


def _filler(case: Case, one: Application, people: dict[int, bool]) -> Filler:
    ties, counts = [], []
    running = one.issued_on is not None and one.concluded_on is None and not one.end
    this_year = one.call.year == case.call.year
    if one.party_id == case.application.party_id:
        ties.append(_("同单位"))
        counts += [_("本年单位申报")] if this_year else []
        counts += [_("单位在研")] if running else []
    if one.pk in people:
        leads = people[one.pk]
        ties.append(_("同一负责人主持") if leads else _("负责人参与"))
        counts += [_("本年负责人申报")] if this_year and leads else []
        counts += [_("负责人在研")] if running else []
    state = programme_for(one.call).ladder.states.get(one.state)
    return Filler(one, state.name if state else one.state, tuple(ties), tuple(counts))
