"""What facts about an applicant are read from: a few queries for a party, whatever number of calls asks.

Everything lies on the shelf of `About`, which facts about several calls for one party share.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery

from keshu.bureau.ledgers.models import EntryParty, Revision
from keshu.bureau.parties.models import Party, PartyFacts
from keshu.bureau.parties.queries import party_facts
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.facts import About
from keshu.bureau.programmes.models import Application, CaseEntry, Credit, Stage
from keshu.catalogue.schema.programme import Programme

LEDGERS = ("title", "profile", "patent", "platform", "award", "project")
TITLES = ("hte", "phte", "tsme")
UNSUBMITTED_ENDS = ("withdrawn", "refused", "expired")


@dataclass(frozen=True)
class Held:
    """A case of somebody: what counts against limits."""

    application: Application
    programme: Programme
    state: str
    due_on: date | None

    @property
    def counts_as_applied(self) -> bool:
        """Handed in and neither taken back nor refused."""
        one = self.application
        return one.submitted_at is not None and one.end not in UNSUBMITTED_ENDS

    @property
    def under_way(self) -> bool:
        """A project of its own level that was approved and is not concluded."""
        one = self.application
        issued = one.issued_on is not None and one.concluded_on is None and not one.end
        return issued and self.programme.kind == "project"

    def late_on(self, day: date) -> bool:
        """Whether the applicant lets the time run out; what waits for the bureau is no fault of hers."""
        state = self.programme.ladder.states.get(self.state)
        waits = state is not None and state.who == "applicant"
        return self.under_way and waits and self.due_on is not None and self.due_on < day


def once(about: About, key: Any, read: Callable[[], Any]) -> Any:
    """What `read` finds, read once for all facts that share the shelf."""
    if key not in about.shelf:
        about.shelf[key] = read()
    return about.shelf[key]


def party_of(about: About) -> Party:
    """The party, with `kept_<ledger>` telling whether the bureau keeps that ledger at all."""
    return once(about, ("party", about.party_id), lambda: _party(about.party_id))  # type: ignore[no-any-return]


def _party(party_id: int) -> Party:
    def living(**cut: str) -> Exists:
        return Exists(Revision.objects.filter(known_to__isnull=True, voided=False, **cut))

    kept = {f"kept_{code}": living(ledger=code) for code in LEDGERS if code != "title"}
    titles = {f"kept_title_{kind}": living(ledger="title", category=kind) for kind in TITLES}
    return Party.objects.select_related("place").annotate(**kept, **titles).get(pk=party_id)


def told_of(about: About) -> PartyFacts | None:
    """What the organisation says of itself."""
    return once(about, ("told", about.party_id), lambda: party_facts(about.party_id))  # type: ignore[no-any-return]


def rows_of(about: About, ledger: str) -> list[Revision]:
    """The current rows of a ledger in which the party is a holder, the first or a further one."""
    rows = once(about, ("rows", about.party_id), lambda: _rows(about.party_id))
    return [row for row in rows if row.ledger == ledger]


def _rows(party_id: int) -> list[Revision]:
    further = EntryParty.objects.filter(revision=OuterRef("pk"), party_id=party_id)
    rows = Revision.objects.filter(ledger__in=LEDGERS, known_to__isnull=True, voided=False)
    of_a_case = Exists(CaseEntry.objects.filter(entry=OuterRef("entry")))
    mine = rows.filter(Q(party_id=party_id) | Exists(further))
    return list(mine.annotate(of_a_case=of_a_case).defer("story"))


def cases_of(about: About) -> list[Held]:
    """Every case of the party."""
    return once(about, ("cases", about.party_id), lambda: held(Q(party_id=about.party_id)))  # type: ignore[no-any-return]


def held(which: Q) -> list[Held]:
    """Cases with the due date of the stage in which they are, by one query; a case has no stage only before its first."""
    due = Stage.objects.filter(application=OuterRef("pk"), left_at__isnull=True).values("due_on")[:1]
    rows = Application.objects.filter(which).select_related("call__place").annotate(stage_due_on=Subquery(due))
    return [Held(row, programme_for(row.call), row.state, row.stage_due_on) for row in rows]


def credits_of(about: About, **whose: Any) -> list[Credit]:
    """Marks that were not repaired and have begun."""
    key = ("credits", *sorted(whose.items()))
    rows = Credit.objects.filter(repaired_on__isnull=True, since__lte=about.today, **whose)
    return once(about, key, lambda: list(rows))  # type: ignore[no-any-return]


def group_of(programme: str) -> str:
    """The plan to which a programme belongs: all of plan.* count against one limit."""
    return programme.partition(".")[0]
