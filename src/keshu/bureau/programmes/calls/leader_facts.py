"""Facts about who leads a case: found by the blind index of the ID number, the number itself is never kept open."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from keshu.bureau.parties import personal
from keshu.bureau.programmes.calls.party_facts import GRAVE, applied_on
from keshu.bureau.programmes.calls.shared import Held, credits_of, held, once, party_of, rows_of
from keshu.bureau.programmes.facts import About, fact
from keshu.bureau.programmes.models import CasePerson
from keshu.kernel.ids import idcard

NAME, NUMBER = "负责人姓名", "负责人身份证号"


@dataclass(frozen=True)
class Leader:
    blind: str
    name: str


def register() -> None:
    fact("负责人.年龄")(_age)
    fact("负责人.在研主持数")(_leads)
    fact("负责人.在研参与数")(_takes_part)
    fact("负责人.本年主持申报数")(_this_year)
    fact("负责人.失信")(_discredited)


def leader_of(about: About) -> Leader | None:
    """Whom the form names now; where it says nothing, who was named when the case was handed in."""
    name, number = (str(about.values.get(one) or "").strip() for one in (NAME, NUMBER))
    if name:
        identity = number or f"{name}|{party_of(about).name}"
        return Leader(personal.blind("person", identity), name)
    if about.application is None:
        return None
    rows = CasePerson.objects.filter(application=about.application, leads=True)
    person = once(about, ("leader", about.application.pk), rows.first)
    return Leader(person.blind, person.name) if person else None


def _age(about: About) -> int | None:
    """Full years on the day of applying, by the ID number."""
    number = idcard.normalise(str(about.values.get(NUMBER) or ""))
    born = idcard.birth_date(number) if len(number) == 18 else None
    return None if born is None else _years(born, applied_on(about))


def _years(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _cases(about: About, leader: Leader) -> list[tuple[Held, bool]]:
    """Her cases at any unit, each with whether she leads it."""

    def read() -> list[tuple[Held, bool]]:
        leads = dict(CasePerson.objects.filter(blind=leader.blind).values_list("application_id", "leads"))
        own = held(Q(pk__in=list(leads))) if leads else []
        return [(one, leads[one.application.pk]) for one in own]

    return once(about, ("cases of", leader.blind), read)  # type: ignore[no-any-return]


def _imported(about: About, leader: Leader) -> int:
    """Approved projects of the unit's own that only the ledger knows, under her name."""
    return sum(
        row.status == "approved" and row.data.get("leader") == leader.name and not row.of_a_case  # type: ignore[attr-defined]
        for row in rows_of(about, "project")
    )


def _under_way(about: About, *, leading: bool) -> int | None:
    leader = leader_of(about)
    if leader is None:
        return None
    own = about.application.pk if about.application else None
    cases = [(one, leads) for one, leads in _cases(about, leader) if one.application.pk != own and one.under_way]
    return _imported(about, leader) + sum(leads or not leading for _one, leads in cases)


def _leads(about: About) -> int | None:
    return _under_way(about, leading=True)


def _takes_part(about: About) -> int | None:
    return _under_way(about, leading=False)


def _this_year(about: About) -> int | None:
    """Handed in this year with her in the lead, this one counted along."""
    leader = leader_of(about)
    if leader is None:
        return None
    own, year = about.application.pk if about.application else None, about.call.year
    return 1 + sum(
        leads and one.counts_as_applied and one.application.pk != own and one.application.call.year == year
        for one, leads in _cases(about, leader)
    )


def _discredited(about: About) -> Any:
    leader = leader_of(about)
    if leader is None:
        return None
    rows = credits_of(about, person=leader.blind)
    return any(row.level in GRAVE if row.until is None else row.until >= about.today for row in rows)
