"""The outcome of an event in the ledgers, in the same act: the row of the case, or the row that was there before."""

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers import outcomes as rows
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.machine import take_back
from keshu.bureau.programmes.models import CaseEntry
from keshu.bureau.programmes.outcomes_facts import facts_at, valid_until
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue.schema import Field
from keshu.catalogue.schema.programme import Outcome, Programme
from keshu.kernel.rules import compile_formula

HOLDER = "申报单位"
LOST = frozenset({"withdrawn", "refused", "rejected", "failed", "terminated", "expired"})


def write_outcomes(case: Case, within: Writing) -> None:
    """Write what the definition says that this event leaves in the ledgers. Raises CaseProblem where it cannot stand."""
    outcomes = case.programme.outcomes_on(case.event)
    if not outcomes:
        return
    standing = {link.ledger: link for link in CaseEntry.objects.filter(application=case.application)}
    for outcome in outcomes:
        _write(case, outcome, standing, within)


def _write(case: Case, outcome: Outcome, standing: dict[str, CaseEntry], within: Writing) -> None:
    link = standing.get(outcome.ledger)
    entry = link.entry_id if link is not None and rows.stands(link.entry_id) else None
    lost = case.application.end in LOST
    if entry is None and lost:
        return  # there is no row that could say so: somebody voided it, or it never came to one
    values = _values(case, [outcome] if entry else _up_to(case.programme, outcome), within)
    if entry is None and standing and _without_money(outcome, values):
        return  # a row of money beside the case's own, without any money
    wanted = rows.Outcome(
        ledger=outcome.ledger, values=values, place_id=case.application.place_id, tag=_tag(case), entry=entry, lost=lost
    )
    try:
        recorded = rows.record_outcome(wanted, taken=lambda entries: _of_others(case, entries), within=within)
    except EntryProblem as problem:
        raise CaseProblem(str(problem)) from problem
    standing[outcome.ledger] = _link(case, outcome.ledger, link, recorded, within)


def _tag(case: Case) -> str:
    return f"{case.application.number or ''}#{case.application.pk}"


def _up_to(programme: Programme, last: Outcome) -> list[Outcome]:
    """Everything that the definition says about this ledger up to an outcome: what a first row has to hold."""
    found = [one for one in programme.outcomes if one.ledger == last.ledger]
    return found[: found.index(last) + 1]


def _values(case: Case, outcomes: Iterable[Outcome], within: Writing) -> dict[str, Any]:
    """The values of the row, later outcomes over earlier ones; what nobody knows stays out."""
    found: dict[str, Any] = {}
    for outcome in outcomes:
        found.update(outcome.set)
        found.update({code: value for code, value in _computed(case, outcome, within).items() if value is not None})
    return found


def _computed(case: Case, outcome: Outcome, within: Writing) -> dict[str, Any]:
    formulas = {code: compile_formula(text) for code, text in outcome.fields.items()}
    plain = {code: formula for code, formula in formulas.items() if formula.text.strip() != HOLDER}
    own = dict.fromkeys(formulas.keys() - plain.keys(), case.application.party_id)
    names = {name for formula in plain.values() for name in formula.names}
    known = _known(case, outcome, names, within) if plain else {}
    return own | {code: formula.value(known) for code, formula in plain.items()}


def _known(case: Case, outcome: Outcome, names: Iterable[str], within: Writing) -> Mapping[str, Any]:
    """The facts behind these names at this event."""
    known = facts_at(case, names, rows.surroundings(within))
    if outcome.validity is not None:
        known["有效期至"] = valid_until(case, outcome.validity, known)
    return known


def _without_money(outcome: Outcome, values: Mapping[str, Any]) -> bool:
    """The outcome speaks of amounts, and there is none."""
    amounts = [item.code for item in _fields(outcome) if item.type == "money"]
    return bool(amounts) and not any(Decimal(values.get(code) or 0) for code in amounts)


def _fields(outcome: Outcome) -> list[Field]:
    ledger = ledger_of(outcome.ledger)
    return [item for code in outcome.fields if (item := ledger.field(code)) is not None]


def _of_others(case: Case, entries: Collection[int]) -> set[int]:
    held = CaseEntry.objects.filter(entry_id__in=list(entries)).exclude(application=case.application)
    return set(held.values_list("entry_id", flat=True))


def _link(case: Case, ledger: str, link: CaseEntry | None, recorded: rows.Recorded, within: Writing) -> CaseEntry:
    """The case and its row; the row that it had before is kept in mind for taking the act back."""
    if link is not None and link.entry_id == recorded.entry:
        return link
    kept = link or CaseEntry(application=case.application, ledger=ledger)
    kept.former_id, kept.entry_id, kept.act = link.entry_id if link else None, recorded.entry, within.act
    kept.save()
    within.wrote(digest_of(["case_entry", case.application.pk, ledger, recorded.entry]))
    return kept


@take_back
def take_back_outcomes(case: Case, act_id: int, within: Writing) -> None:
    """Take back what an act wrote about the case in the ledgers: rows that nobody changed since become what they were."""
    links = list(CaseEntry.objects.filter(application=case.application))
    entries = {pk for link in links for pk in (link.entry_id, link.former_id) if pk is not None}
    left = rows.take_back_rows(entries, act_id, within=within)
    case.notes.setdefault("left_rows", []).extend(left)
    for link in links:
        if link.act_id == act_id and link.entry_id not in left:
            _unlink(link, within)


def _unlink(link: CaseEntry, within: Writing) -> None:
    within.wrote(digest_of(["case_entry", link.application_id, link.ledger, link.former_id]))
    if link.former_id is None:
        link.delete()
        return
    link.entry_id, link.former_id, link.act = link.former_id, None, within.act
    link.save()
