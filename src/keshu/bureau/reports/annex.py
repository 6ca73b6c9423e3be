"""The table of main indicators: target, actual, completion, last year, change, rank, who answers, where from."""

import re
from collections.abc import Iterator

from keshu.bureau.reports.composing.filling import LEADS
from keshu.bureau.reports.composing.text import AnnexRow
from keshu.bureau.reports.goals import Goals
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.reports.wording import shower
from keshu.bureau.statistics.forms import Formed
from keshu.catalogue.loader import Catalogue
from keshu.catalogue.schema.summary import Summary
from keshu.kernel.prose import words as say

FORMS = ("", ":target", ":completion", ":growth", ":points", ":rank")


def annex_codes(definition: Summary, goals: Goals) -> tuple[str, ...]:
    """The indicators of the definition; where it names none, those with targets."""
    if definition.annex is None:
        return ()
    return definition.annex.indicators or goals.codes


def annex_references(definition: Summary, goals: Goals) -> list[str]:
    """Each indicator in every form of a column, now and where its newest value may lie."""
    return [f"{code}/latest{form}" for code in annex_codes(definition, goals) for form in FORMS]


def annex_rows(
    definition: Summary, goals: Goals, told: Tellings, catalogue: Catalogue, *, public: bool = False
) -> Iterator[AnnexRow]:
    """A line for each indicator that has a value; in a public table only what is published, cell by cell."""
    for code in annex_codes(definition, goals):
        period = told.latest_period(code)
        value = told.raw(f"{code}/{period}") if period else None
        if value is None or code not in catalogue.indicators:
            continue
        if not definition.annex.indicators and not told.tell(f"{code}:target").present:  # a target of next year alone
            continue
        if not public or told.tell(f"{code}/{period}").public:
            yield _row(code, period, value, told, catalogue, public)


def _row(code: str, period: str, value: Formed, told: Tellings, catalogue: Catalogue, public: bool) -> AnnexRow:
    indicator = catalogue.indicators[code]
    base = f"{code}/{period}"
    compared = f"{base}:points" if indicator.unit == "%" else f"{base}:growth"
    growth = told.raw(f"{base}:growth") if _may_print(told, f"{base}:growth", public) else None
    completion = told.raw(f"{base}:completion") if period == "now" else None
    show = shower(value.figure, told.setting.rules)
    before = growth.before if growth is not None else None
    return AnnexRow(
        code=code,
        name=indicator.name,
        unit=indicator.unit,
        target=told.tell(f"{base}:target").words if period == "now" else "",
        actual=told.tell(base).words,
        completion=say.percent(completion.value) if completion and completion.value is not None else "",
        last_year="" if before is None else show(before),
        change=_bare(_words(told, compared, public), LEADS),
        rank=_POSITION.sub("", _words(told, f"{base}:rank", public)),
        owner=indicator.owner,
        source=_source(value, catalogue),
        period="" if period == "now" else f"{value.figure.period.year}年",
        evidence=_evidence(value),
        references={"actual": base, "target": f"{base}:target", "completion": f"{base}:completion"},
    )


def _evidence(value: Formed) -> str:
    received = value.figure.received
    if received is not None and value.figure.row_count == 0:
        return received.cell or "来源件"
    rows = sum(one.row_count for one in value.operands) or value.figure.row_count
    return f"{rows}条" if rows else "来源件"


_POSITION = re.compile(r"^.*(?=第\d+位)")  # the column says whose position it is


def _may_print(told: Tellings, reference: str, public: bool) -> bool:
    return not public or told.tell(reference).public


def _words(told: Tellings, reference: str, public: bool) -> str:
    return told.tell(reference).words if _may_print(told, reference, public) else ""


def _bare(words: str, leads: tuple[str, ...]) -> str:
    """The words without what a column's heading says already."""
    lead = next((lead for lead in leads if words.startswith(lead)), "")
    return words.removeprefix(lead)


def _source(value: Formed, catalogue: Catalogue) -> str:
    """The document, or the ledger that was counted."""
    received = value.figure.received
    if received is not None and value.figure.counted is None and value.figure.row_count == 0:
        return received.document
    indicator = catalogue.indicators[value.figure.code]
    parts = [indicator.facts.ledger] if indicator.facts else []
    operands = [catalogue.indicators[code] for code in (indicator.numerator, indicator.denominator) if code]
    parts += [one.facts.ledger for one in operands if one.facts]
    names = [catalogue.countable[part].name for part in dict.fromkeys(parts)]
    return "、".join(f"{name}台账" for name in names) or "计算"
