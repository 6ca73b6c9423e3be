"""The approved total: from the decision, else as the section advised, else by the rule of the programme."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.money import planning
from keshu.bureau.money.knowing import known, names_of
from keshu.bureau.money.models import Approval, ApprovalShare, BudgetLine, Level, Proposal
from keshu.bureau.money.problems import MoneyProblem, in_words, yuan
from keshu.bureau.money.rules import reduced
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.advising import read_amount
from keshu.bureau.programmes.models import Advice, Application, Call, Decision
from keshu.bureau.records.services import Actor, Writing, digest_of, writing
from keshu.catalogue import programme_judging
from keshu.catalogue.schema.programme_money import Money
from keshu.catalogue.schema.programme_stages import Step
from keshu.kernel.rules import as_decimal, compile_formula, split

NOTHING = Decimal(0)


def allot(case: Case, within: Writing) -> None:
    """What the event decides about money becomes the approved total of the case. An amount of 0 approves nothing."""
    if not case.programme.pays:
        return
    amount = decided_amount(case)
    if amount:
        decision = _decision(case)
        reference = decision.meeting if decision else ""
        approve(case, amount, day=decision.day if decision else case.today, reference=reference, within=within)


def foresee(case: Case, step: Step) -> None:
    """What the effect would refuse, told while an event is only looked at. Raises MoneyProblem."""
    if "allot_money" in step.effects and case.programme.pays:
        decided_amount(case)


def decided_amount(case: Case) -> Decimal:
    """The amount that is approved now. Raises MoneyProblem where nobody said it, or above what the rule allows."""
    money = _money(case)
    facts = known(case, names_of(money))
    said = _said(case)
    if said is None:
        said = _advised(case) if money.mode == "proposed" else _proposed(case)
    found = said if said is not None else programme_judging.amount(case.programme, facts)
    if found is None:
        raise MoneyProblem(_unknown(case, money, facts))
    most = None if money.most is None else compile_formula(money.most).value(facts)
    if most is not None and found > as_decimal(most):
        raise MoneyProblem(
            _("核定金额 %(found)s 元超过规定的上限 %(most)s 元，请调低金额")
            % {"found": yuan(found), "most": yuan(as_decimal(most))}
        )
    return found


def foreseen(case: Case, others: Sequence[Application]) -> dict[int, Decimal]:
    """What these cases of one call are granted when the meeting names no amount: what was computed for it, or what the
    rule gives everybody alike. A case whose rule needs facts of its own is left out until its amount is computed.
    """
    if not case.programme.pays or _money(case).mode == "proposed":
        return {}
    rows = Proposal.objects.filter(application__in=others, replaced_by__isnull=True, amount__isnull=False)
    computed = dict(rows.values_list("application_id", "amount"))
    needs = compile_formula(_money(case).amount).names if _money(case).amount else ()
    alike = programme_judging.amount(case.programme, known(case, needs)) if _only_parameters(needs) else None
    return computed if alike is None else {**{one.pk: alike for one in others}, **computed}


def _only_parameters(names: Collection[str]) -> bool:
    return bool(names) and all(name in catalogue().parameters for name in names)


def _money(case: Case) -> Money:
    money = case.programme.money
    assert money is not None
    return money


def _said(case: Case) -> Decimal | None:
    for name in ("decision", "allotment"):
        said = case.given.get(name)
        amount = said.get("amount") if isinstance(said, Mapping) else None
        if (found := read_amount(amount, _("核定金额"))) is not None:
            return found
    return None


def _advised(case: Case) -> Decimal | None:
    rows = Advice.objects.filter(application=case.application, replaced_by__isnull=True)
    return rows.values_list("amount", flat=True).first()


def _proposed(case: Case) -> Decimal | None:
    rows = Proposal.objects.filter(application=case.application, replaced_by__isnull=True)
    return rows.values_list("amount", flat=True).first()


def _unknown(case: Case, money: Money, facts: Mapping[str, Any]) -> str:
    if money.amount is None:
        return _("请填写核定金额；会议没有核定金额的，填 0")
    needs = compile_formula(money.amount).names
    missing = programme_judging.sheet_of(case.programme).missing(needs, facts)
    return _("按规定算不出核定金额，缺少：%(facts)s；补齐后再办，或直接填写核定金额") % {"facts": "、".join(missing)}


def _decision(case: Case) -> Decision | None:
    rows = Decision.objects.filter(application=case.application, withdrawn_by__isnull=True)
    return rows.order_by("-pk").first()


def shares_of(case: Case, amount: Decimal) -> dict[str, Decimal]:
    """What each treasury bears of an amount."""
    weights = _money(case).shares or {case.programme.level: Decimal(1)}
    parts = split(amount, list(weights.values()))
    return {level: part for level, part in zip(weights, parts, strict=True) if part > 0}


def approve(case: Case, amount: Decimal, *, day: date, reference: str, within: Writing) -> Approval:
    """The total that holds from now on; an earlier one is closed. Instalments follow where they are planned already."""
    Approval.objects.filter(application=case.application, replaced_by__isnull=True).update(replaced_by=within.act)
    with in_words():
        row = Approval.objects.create(
            application=case.application, amount=amount, day=day, reference=reference[:200], act=within.act
        )
        for level, part in shares_of(case, amount).items():
            ApprovalShare.objects.create(approval=row, level=level, amount=part)
    within.wrote(approval_digest(row), "approval")
    if not planning.planned_later(case) or case.application.instalments.exists():
        planning.plan(case, within)
    return row


def approval_digest(row: Approval) -> bytes:
    return digest_of(["approval", row.application_id, str(row.amount.normalize()), row.day, row.reference])


@dataclass(frozen=True)
class Proposed:
    """What the rule gives a case: `full` by the rule, `amount` after everybody was reduced alike; None: not computable."""

    application: Application
    full: Decimal | None
    amount: Decimal | None
    shares: Mapping[str, Decimal]
    missing: str = ""

    @property
    def named_shares(self) -> list[tuple[str, Decimal]]:
        return [(str(Level(level).label), part) for level, part in self.shares.items()]


def propose(call: Call, applications: Sequence[Application], *, case_of: Any) -> list[Proposed]:
    """Amounts by the rule for cases of a call, reduced alike where the budget is short and the programme says so.

    Nothing is written. `case_of(application)` gives the Case; the budget is what the lines leave after other approvals.
    """
    cases = [case_of(application) for application in applications]
    fulls: list[Decimal | None] = []
    said: list[str] = []
    for case in cases:
        facts = known(case, names_of(_money(case)))
        full = programme_judging.amount(case.programme, facts)
        fulls.append(full)
        said.append("" if full is not None else _unknown(case, _money(case), facts))
    money = _money(cases[0]) if cases else None
    computed = [full for full in fulls if full is not None]
    scaled = money is not None and money.scaled
    amounts = iter(reduced(computed, budget_left(call, applications) if scaled else None, money.places if money else 2))
    found = []
    for case, full, missing in zip(cases, fulls, said, strict=True):
        amount = next(amounts) if full is not None else None
        shares = shares_of(case, amount) if amount else {}
        found.append(Proposed(case.application, full, amount, shares, missing))
    return found


def budget_of(call: Call) -> Decimal | None:
    """The money set aside for a call: its lines, else the amount that the call names; None where nobody said."""
    lines = list(BudgetLine.objects.filter(call=call, replaced_by__isnull=True).values_list("amount", flat=True))
    return sum(lines, NOTHING) if lines else call.budget


def budget_left(call: Call, applications: Sequence[Application]) -> Decimal | None:
    """What the approvals of other cases of the call leave of its budget."""
    budget = budget_of(call)
    if budget is None:
        return None
    others = Approval.objects.filter(application__call=call, replaced_by__isnull=True)
    taken = others.exclude(application__in=[one.pk for one in applications]).values_list("amount", flat=True)
    return max(budget - sum(taken, NOTHING), NOTHING)


def keep_proposals(call: Call, proposals: Sequence[Proposed], *, by: Actor) -> int:
    """Keep what was proposed, so that the meeting decides by it; answers how many."""
    with writing(verb="money.propose", by=by, subject=f"call:{call.pk}", place=call.place.code) as act:
        kept = [one for one in proposals if one.full is not None and one.amount is not None]
        ids = [one.application.pk for one in kept]
        Proposal.objects.filter(application__in=ids, replaced_by__isnull=True).update(replaced_by=act.act)
        for one in kept:
            Proposal.objects.create(application=one.application, full=one.full, amount=one.amount, act=act.act)
            act.wrote(digest_of(["proposal", one.application.pk, one.full, one.amount]))
    return len(kept)
