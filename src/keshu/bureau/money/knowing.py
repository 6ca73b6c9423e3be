"""What the money of a case is computed from, and the facts that money knows itself."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, Max, OuterRef, Q, Sum

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.money.models import Approval, Payment
from keshu.bureau.places.queries import Gazetteer
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.facts import About, fact
from keshu.bureau.programmes.models import CaseEntry, DocumentItem
from keshu.bureau.programmes.outcomes_facts import facts_at
from keshu.bureau.programmes.publicity.lists import register_amounts
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_money import Money
from keshu.kernel.rules import compile_formula, compile_rule

NOTHING = Decimal(0)
PAYOUTS = "payout"  # the ledger of what was paid out under a policy
GRANTED = ("approved", "paid")  # rows of it that stand for money; claims, refusals and recoveries do not


def names_of(money: Money) -> tuple[str, ...]:
    """Every fact that the rule of the money needs."""
    formulas = [money.amount, money.most, money.least, *(row.share for row in money.instalments)]
    rules = [row.when for row in money.instalments]
    found = [name for text in formulas if text for name in compile_formula(text).names]
    return tuple(dict.fromkeys([*found, *(name for text in rules if text for name in compile_rule(text).names)]))


def known(case: Case, names: Iterable[str]) -> dict[str, Any]:
    """The facts behind the names, of the form that was handed in; places in it are of no concern to money."""
    return facts_at(case, list(names), Surroundings(case.today, Gazetteer({}), {}))


def approved(about: About) -> Decimal | None:
    if about.application is None:
        return None
    rows = Approval.objects.filter(application=about.application, replaced_by__isnull=True)
    return rows.values_list("amount", flat=True).first()


def approved_of(ids: Collection[int]) -> dict[int, Decimal | None]:
    """The same for many cases at once, for lists of them."""
    rows = Approval.objects.filter(application__in=list(ids), replaced_by__isnull=True)
    return dict(rows.values_list("application_id", "amount"))


def paid(about: About) -> Decimal | None:
    return _payments(about)["total"] if about.application else None


def paid_on(about: About) -> date | None:
    return _payments(about)["last"] if about.application else None


def _payments(about: About) -> dict[str, Any]:
    rows = Payment.objects.filter(instalment__application=about.application, voided_by__isnull=True)
    found: dict[str, Any] = rows.aggregate(total=Sum("amount"), last=Max("paid_on"))
    return {**found, "total": found["total"] or NOTHING}


def approved_this_year(about: About) -> Decimal:
    """What the party was granted under the same programme and year: by other cases here, and by rows brought in from elsewhere.

    A case and its row in the ledger are one: what belongs to a case counts by its approved total alone.
    """
    rows = Approval.objects.filter(
        application__party_id=about.party_id, application__call__programme=about.call.programme,
        application__call__year=about.call.year, replaced_by__isnull=True,
    )  # fmt: skip
    if about.application is not None:
        rows = rows.exclude(application=about.application)
    return (rows.aggregate(total=Sum("amount"))["total"] or NOTHING) + payouts_brought_in(about)


def payouts_brought_in(about: About) -> Decimal:
    """Payouts of the same policy and year in the ledger that no case wrote: imported, or typed in.

    Two policies of one kind are told apart by what the row calls itself; a row with the number of a document that covers
    one of our cases is that case's, however it came into the ledger.
    """
    policy = policy_of(programme_for(about.call))
    if policy is None:
        return NOTHING
    rows = Revision.objects.filter(
        ledger=PAYOUTS, party_id=about.party_id, category=policy.kind, known_to__isnull=True, voided=False,
        status__in=GRANTED,
    )  # fmt: skip
    rows = rows.exclude(Exists(CaseEntry.objects.filter(Q(entry=OuterRef("entry")) | Q(former=OuterRef("entry")))))
    numbers = DocumentItem.objects.filter(application__party_id=about.party_id, document__dropped_by__isnull=True)
    ours = set(numbers.exclude(document__number="").values_list("document__number", flat=True))
    found = [row for row in rows if year_of(row) == about.call.year and row.title not in policy.others]
    amounts = (row.amount_2 if row.amount_2 is not None else row.amount_3 for row in found if row.number not in ours)
    return sum((amount for amount in amounts if amount is not None), NOTHING)


@dataclass(frozen=True)
class Policy:
    """How the payouts of a programme are called in the ledger, and how other programmes of the kind call theirs."""

    kind: str
    others: frozenset[str]


def policy_of(programme: Programme) -> Policy | None:
    """None for a programme that pays nothing out."""
    own = _said(programme)
    if not own:
        return None
    every = [_said(other) for other in catalogue().programmes.values()]
    alike = {str(said["item"]) for said in every if said.get("kind") == own["kind"] and "item" in said}
    return Policy(str(own["kind"]), frozenset(alike - {str(own.get("item"))}))


def _said(programme: Programme) -> Mapping[str, Any]:
    """What the programme writes down first about a payout: its kind and its name."""
    return next((one.set for one in programme.outcomes if one.ledger == PAYOUTS and "kind" in one.set), {})


def year_of(row: Revision) -> int | None:
    """The year of a payout: in which it was decided, else paid, else asked for."""
    day = row.decided_on or row.started_on or row.filed_on
    return day.year if day else None


def register() -> None:
    register_amounts(approved_of)
    fact("核定金额")(approved)
    fact("已拨金额")(paid)
    fact("拨付日期")(paid_on)
    fact("申报单位.本年同类兑现额")(approved_this_year)
