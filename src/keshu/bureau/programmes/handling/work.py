"""Which cases wait for whom, and every case that somebody may see: rows of the stage in which each case is now."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.pages.holding import holds
from keshu.bureau.parties.models import Party
from keshu.bureau.programmes.access import OF_PLACE, OWN, may_see
from keshu.bureau.programmes.definitions import programme_at, programmes
from keshu.bureau.programmes.models import Call, Stage
from keshu.catalogue.schema.programme_stages import Ladder, State
from keshu.catalogue.schema.programme_words import RIGHTS

BUREAU = tuple(right for right in RIGHTS if right not in OWN and right != OF_PLACE)
#: whose rights move a case on, by who has it in hand; other rows out of the state are exceptions, nobody's daily work
USUAL: dict[str, frozenset[str]] = {
    "bureau": frozenset(BUREAU) - {"programmes.decide", "programmes.pay"},
    "leader": frozenset({"programmes.decide"}),
    "finance": frozenset({"programmes.pay"}),
    "recommender": frozenset({OF_PLACE}),
    "expert": frozenset({"programmes.review"}),
    "public": frozenset({"programmes.announce"}),
    "upper": frozenset({"programmes.issue"}),
    "applicant": frozenset(),
}
SOON = timedelta(days=7)
RELATED = ("application__call__place", "application__party", "application__place")


@dataclass(frozen=True)
class Duty:
    """The states of a ladder that wait for one right; in `late` it may act only once the time has run out."""

    states: frozenset[str]
    late: frozenset[str]


@lru_cache(maxsize=512)
def duties_of(code: str, version: int) -> Mapping[str, Duty]:
    """What each right has to do in a programme."""
    ladder = programme_at(code, version).ladder
    states: dict[str, set[str]] = defaultdict(set)
    late: dict[str, set[str]] = defaultdict(set)
    for state in ladder.states.values():
        for right in _waiting_for(ladder, state):
            states[right].add(state.code)
    for step in ladder.steps:
        if "overdue" in step.conditions and step.source not in states[step.right]:
            late[step.right].add(step.source)
    return {right: Duty(frozenset(states[right]), frozenset(late[right])) for right in {*states, *late}}


def _waiting_for(ladder: Ladder, state: State) -> frozenset[str]:
    """The rights for which a case in this state waits: the usual ones of whoever has it, else all that can move it."""
    if state.end:
        return frozenset()
    moving = {step.right for step in ladder.out_of(state.code) if step.target != step.source} - OWN
    usual = moving & USUAL[state.who]
    return frozenset(usual if usual or state.who == "applicant" else moving)


def open_stages() -> QuerySet[Stage]:
    """One row for each case: where it is now."""
    return Stage.objects.filter(left_at__isnull=True)


def all_cases(viewer: Viewer) -> QuerySet[Stage]:
    """Every case that the viewer may see."""
    return open_stages().filter(may_see(viewer, "application__")).select_related(*RELATED)


def work_of(viewer: Viewer, today: date) -> QuerySet[Stage]:
    """The cases that wait for this person, by right, place and section; three statements whatever is waiting."""
    wanted: dict[tuple[frozenset[str], frozenset[str]], list[int]] = defaultdict(list)
    places = viewer.place_ids(OF_PLACE) if OF_PLACE in viewer.rights else frozenset()
    found, of_places = Q(pk__in=[]), []
    for call in _calls():
        duties = duties_of(call.programme, call.version)
        mine = [duty for right, duty in duties.items() if right in BUREAU and _may(viewer, right, call)]
        states, late = _union(one.states for one in mine), _union(one.late for one in mine)
        if states or late:
            wanted[states, late].append(call.pk)
        if (of_place := duties.get(OF_PLACE)) and (places is None or places):
            near = Q() if places is None else Q(application__place_id__in=places)
            of_places.append(of_place.states)
            found |= near & Q(state__in=sorted(of_place.states), application__call_id=call.pk)
    known = _union([states | late for states, late in wanted] + of_places)
    for (states, late), calls in wanted.items():
        overdue = Q(state__in=sorted(late), due_on__lt=today)
        found |= Q(application__call_id__in=calls) & (Q(state__in=sorted(states)) | overdue)
    # every branch names its states; naming all of them once more lets both engines begin with the index of open stages
    return (
        open_stages().filter(found, may_see(viewer, "application__"), state__in=sorted(known)).select_related(*RELATED)
    )


def _calls() -> QuerySet[Call]:
    return Call.objects.exclude(state=Call.State.DRAFT).select_related("place").order_by("pk")


def _may(viewer: Viewer, right: str, call: Call) -> bool:
    return viewer.may(right, section=call.section, place=call.place.code)


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)


def filtered(rows: QuerySet[Stage], query: Mapping[str, Any], today: date) -> QuerySet[Stage]:
    """The rows that a filter leaves: call, programme, state, county and below, due date, text, how it ended."""
    exact = {
        "application__call_id": query.get("call"), "application__call__programme": query.get("programme"),
        "state": query.get("state"), "application__place_id": query.get("county"),
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if year := query.get("year"):
        rows = rows.filter(application__call__year=year)
    if due := query.get("due"):
        rows = rows.filter(_due(due, today))
    if ending := query.get("ending"):
        rows = rows.filter(application__end="") if ending == "open" else rows.exclude(application__end="")
    return rows.filter(_text(query["q"])) if query.get("q") else rows


def _due(word: str, today: date) -> Q:
    return {
        "late": Q(due_on__lt=today, application__end=""),
        "today": Q(due_on=today),
        "soon": Q(due_on__range=(today, today + SOON)),
        "none": Q(due_on__isnull=True),
    }.get(word, Q())


def _text(text: str) -> Q:
    """What looks like a number is searched among the numbers; words in title, organisation, leader too."""
    text = text.strip()
    number = Q(application__number__contains=text.upper())
    if text.isascii() and any(sign.isdigit() for sign in text):
        return number
    holders = Party.objects.filter(holds(text, "name")).values("pk")  # a list of its own: fewer names than cases
    own = holds(text, "application__title", "application__leader", "application__number")
    return own | Q(application__party__in=holders)


@dataclass(frozen=True)
class Tally:
    """How many cases lie in a state, and how many of them are over their day."""

    state: str
    name: str
    n: int
    late: int

    @property
    def warning(self) -> str:
        return _("逾期 %(n)s") % {"n": self.late} if self.late else ""


def tallies(rows: QuerySet[Stage], today: date) -> list[Tally]:
    """The rows by state, one statement; in the order in which programmes go through their states."""
    late = Count("pk", filter=Q(due_on__lt=today, application__end=""))
    counted = rows.select_related(None).order_by().values("state").annotate(n=Count("pk"), late=late)
    names = state_names()
    order = {code: number for number, code in enumerate(names)}
    found = [Tally(row["state"], names.get(row["state"], row["state"]), row["n"], row["late"]) for row in counted]
    return sorted(found, key=lambda one: order.get(one.state, len(order)))


def state_names() -> dict[str, str]:
    """Every state of today's programmes with the name that most of them give it."""
    found: dict[str, dict[str, int]] = {}
    for programme in programmes().values():
        for state in programme.ladder.states.values():
            names = found.setdefault(state.code, {})
            names[state.name] = names.get(state.name, 0) + 1
    return {code: max(names, key=lambda name: names[name]) for code, names in found.items()}


def next_case(rows: QuerySet[Stage], after: int) -> int | None:
    """The case that follows in a list by due date; the first one when the list is through, None when it is empty."""
    ids = list(rows.order_by("due_on", "pk").values_list("application_id", flat=True)[:1000])
    others = [pk for pk in ids if pk != after]
    if not others:
        return None
    return next((pk for pk in ids[ids.index(after) + 1 :] if pk != after), others[0]) if after in ids else others[0]
