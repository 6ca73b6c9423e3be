"""What the money of a case is computed from, and the facts that money knows itself."""

from collections.abc import Collection, Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max, Sum

from keshu.bureau.forms.readers import Surroundings
from keshu.bureau.money.models import Approval, Payment
from keshu.bureau.places.queries import Gazetteer
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About, fact
from keshu.bureau.programmes.outcomes_facts import facts_at
from keshu.bureau.programmes.publicity.lists import register_amounts
from keshu.catalogue.schema.programme_money import Money
from keshu.kernel.rules import compile_formula, compile_rule

NOTHING = Decimal(0)


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
    """What other cases of the party under the same programme and year were granted."""
    rows = Approval.objects.filter(
        application__party_id=about.party_id, application__call__programme=about.call.programme,
        application__call__year=about.call.year, replaced_by__isnull=True,
    )  # fmt: skip
    if about.application is not None:
        rows = rows.exclude(application=about.application)
    return rows.aggregate(total=Sum("amount"))["total"] or NOTHING


def register() -> None:
    register_amounts(approved_of)
    fact("核定金额")(approved)
    fact("已拨金额")(paid)
    fact("拨付日期")(paid_on)
    fact("申报单位.本年同类兑现额")(approved_this_year)
