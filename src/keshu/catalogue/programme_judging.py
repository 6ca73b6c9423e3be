"""A programme applied to facts: may this applicant apply and why not, how many points, how much money.

Facts go by the names of the definition; parameters go by their codes, percentages as shares (10 % is 0.1).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.catalogue.schema import Parameter
from keshu.catalogue.schema.programme import ComputedFact, Condition, FormalCheck, Programme
from keshu.catalogue.schema.programme_money import ScoreGroup, ScoreItem, ScoreSheet
from keshu.kernel.rules import (
    Computed,
    Sheet,
    Tier,
    Verdict,
    as_decimal,
    capped,
    compile_formula,
    compile_rule,
    piecewise,
    round_half_up,
    tier_of,
    tiers,
)

PERCENT = "%"
STYLES = {PERCENT: "percent", "元": "万"}


@dataclass(frozen=True, slots=True)
class Judged:
    """A condition or a check with its verdict; ``missing`` names the facts that somebody has to supply."""

    item: Condition | FormalCheck
    verdict: Verdict
    missing: tuple[str, ...]


def parameter_facts(
    parameters: Mapping[str, Parameter], on: date, places: Sequence[str] = (), *, only: Sequence[str] | None = None
) -> dict[str, Any]:
    """Parameters in force on a day as facts by their codes; percentages as shares, lists as tuples."""
    found: dict[str, Any] = {}
    for code in parameters if only is None else only:
        parameter = parameters.get(code)
        value = parameter.value_on(on, places) if parameter is not None else None
        is_share = parameter is not None and parameter.unit == PERCENT and isinstance(value, Decimal)
        found[code] = value / 100 if is_share and isinstance(value, Decimal) else value
    return found


def computed_fact(fact: ComputedFact) -> Computed:
    """How one computed fact is made."""
    read = compile_formula(fact.formula if fact.formula is not None else fact.of or "0")
    if fact.tiers:
        table = [row.tier for row in fact.tiers]
        return Computed(fact.name, read.names, lambda facts: tiers(table, read.value(facts)))
    if fact.bands:
        bands = [row.band for row in fact.bands]
        return Computed(fact.name, read.names, lambda facts: piecewise(bands, read.value(facts)))
    return Computed(fact.name, read.names, read.value)


def sheet_of(programme: Programme) -> Sheet:
    """The computed facts of a programme, with those that its form computes."""
    fields = [
        Computed(field.fact or field.name, formula.names, formula.value)
        for section in programme.sections
        for field in section.fields
        if field.computed and (formula := compile_formula(field.computed))
    ]
    return Sheet([*map(computed_fact, programme.computed), *fields])


def styles_of(programme: Programme, parameters: Mapping[str, Parameter]) -> dict[str, str]:
    """How the values of the rules are shown: shares in per cent, money in 万."""
    styles = {code: STYLES[one.unit] for code, one in parameters.items() if one.unit in STYLES}
    return {**styles, **{one.name: one.style for one in programme.computed if one.style}}


def judge(
    programme: Programme, facts: Mapping[str, Any], parameters: Mapping[str, Parameter], *, on: date,
    places: Sequence[str] = (),
) -> tuple[Judged, ...]:  # fmt: skip
    """Every condition that applies, judged; the applicant's own type of organisation comes first."""
    return _judged(programme, programme.requirements, facts, parameters, on, places)


def check(
    programme: Programme, facts: Mapping[str, Any], parameters: Mapping[str, Parameter], *, on: date,
    places: Sequence[str] = (),
) -> tuple[Judged, ...]:  # fmt: skip
    """Every formal check that a rule can judge, judged."""
    return _judged(programme, programme.formal_checks, facts, parameters, on, places)


def _judged(
    programme: Programme, items: Sequence[Condition | FormalCheck], facts: Mapping[str, Any],
    parameters: Mapping[str, Parameter], on: date, places: Sequence[str],
) -> tuple[Judged, ...]:  # fmt: skip
    sheet, styles = sheet_of(programme), styles_of(programme, parameters)
    known = sheet.filled({**parameter_facts(parameters, on, places), **facts})
    found = []
    for item in items:
        when = getattr(item, "when", None)
        if item.rule is None or (when and compile_rule(when).truth(known) is False):
            continue
        verdict = compile_rule(item.rule).verdict(known, styles)
        found.append(Judged(item, verdict, sheet.missing(verdict.needs, known)))
    return tuple(found)


def facts_of(
    programme: Programme, facts: Mapping[str, Any], parameters: Mapping[str, Parameter], *, on: date,
    places: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    """The facts with parameters and every computed fact added."""
    return sheet_of(programme).filled({**parameter_facts(parameters, on, places), **facts})


def amount(programme: Programme, known: Mapping[str, Any]) -> Decimal | None:
    """The money that the rule gives for complete facts, in 元: capped, then rounded once. ``None`` if unknown."""
    money = programme.money
    if money is None or money.amount is None:
        return None
    most, least = (compile_formula(one).value(known) if one else None for one in (money.most, money.least))
    if money.most and most is None:
        return None
    found = capped(compile_formula(money.amount).value(known), most, least)
    return None if found is None else round_half_up(found, money.places)


def instalments(programme: Programme, total: Decimal, known: Mapping[str, Any]) -> list[tuple[str, Decimal]]:
    """The total by instalment, in the order of the definition; the last one takes what rounding leaves."""
    money = programme.money
    rows = list(money.instalments) if money else []
    parts = [round_half_up(total * as_decimal(compile_formula(row.share).value(known)), 2) for row in rows[:-1]]
    return [(row.code, part) for row, part in zip(rows, [*parts, total - sum(parts, Decimal(0))], strict=True)]


def band_of(sheet: ScoreSheet, item: str, known: Mapping[str, Any]) -> Tier | None:
    """The band in which the points of an item have to lie, where a fact picks it."""
    for group in sheet.groups:
        for one in group.items:
            if one.code == item and one.of is not None:
                return tier_of([row.tier for row in one.bands], known.get(one.of))
    return None


def score(sheet: ScoreSheet, points: Mapping[str, Decimal | None], known: Mapping[str, Any]) -> Decimal | None:
    """One expert's sheet added up: computed items from the facts, groups capped. ``None`` while a point is missing."""
    total = Decimal(0)
    for group in sheet.groups:
        given = list(_points(group, points, known))
        if any(one is None for one in given):
            return None
        total += min(sum((one for one in given if one is not None), Decimal(0)), group.most)
    return total


def _points(
    group: ScoreGroup, points: Mapping[str, Decimal | None], known: Mapping[str, Any]
) -> Iterator[Decimal | None]:
    for item in group.items:
        if item.by == "computed" and item.of is not None:
            value = known.get(item.of)
            found = tiers([row.tier for row in item.bands], value) if item.bands else value
            yield None if found is None else min(as_decimal(found), item.most)
        else:
            yield points.get(item.code)


def estimate(sheet: ScoreSheet, known: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    """The least and the most that the facts allow before any expert has spoken; unknown items span from 0 to full."""
    least = most = Decimal(0)
    for group in sheet.groups:
        spans = [_span(item, known) for item in group.items]
        least += min(sum((low for low, _high in spans), Decimal(0)), group.most)
        most += min(sum((high for _low, high in spans), Decimal(0)), group.most)
    return least, most


def _span(item: ScoreItem, known: Mapping[str, Any]) -> tuple[Decimal, Decimal]:
    value = known.get(item.of) if item.of is not None else None
    if item.by == "computed" and not item.bands and value is not None:
        points = min(as_decimal(value), item.most)
        return points, points
    tier = tier_of([row.tier for row in item.bands], value) if item.of is not None else None
    if tier is None:
        return Decimal(0), item.most
    return tier.value if tier.lowest is None else tier.lowest, tier.value


def mean_score(sheet: ScoreSheet, scores: Sequence[Decimal]) -> Decimal | None:
    """The mean of the experts' scores; with ``drop_from`` or more the highest and the lowest are left out."""
    kept = sorted(scores)
    if not kept or len(kept) < sheet.least_experts:
        return None
    if sheet.drop_from is not None and len(kept) >= sheet.drop_from:
        kept = kept[1:-1]
    return round_half_up(sum(kept, Decimal(0)) / len(kept), sheet.places)
