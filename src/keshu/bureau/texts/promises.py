"""What last year's plan promised, against what the records of this year say."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.statistics.trees import Trees
from keshu.bureau.texts.linking import index_of
from keshu.bureau.texts.passages import quote
from keshu.catalogue import Catalogue
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.figure import Approx, Figure, Kind, Role
from keshu.kernel.prose.linking import Index
from keshu.kernel.prose.reference import Form, Reference
from keshu.kernel.prose.spoken import period_of


def over_by(day: date, year: int) -> Period:
    """The part of a year that is over on the day; all of it once the year has passed."""
    return Period.until(day) if day.year == year else Period.of_year(year)


@dataclass(frozen=True)
class Promise:
    """A promised figure with what was reached so far; `kept` is None while nothing can be said."""

    figure: Figure
    sentence: str
    indicator: str
    name: str
    reference: str
    actual: Decimal | None
    unit: str
    kept: bool | None

    def as_json(self) -> dict[str, Any]:
        """Decimals as strings."""
        promised, actual = (None if one is None else format(one, "f") for one in (self.figure.value, self.actual))
        return {
            "text": self.figure.text, "sentence": self.sentence, "indicator": self.indicator, "name": self.name,
            "reference": self.reference, "promised": promised, "actual": actual, "unit": self.unit, "kept": self.kept,
        }  # fmt: skip


def promises(
    text: str, figures: Sequence[Figure], *, place: str, year: int, known_at: datetime, until: Period,
    catalogue: Catalogue | None = None,
) -> list[Promise]:  # fmt: skip
    """What a text of `year` promised for the year after it, held against `until`, the part of that year that is over.

    Only what is surely an indicator of the catalogue, and promised for that year and no later one.
    """
    catalogue = catalogue or site_catalogue()
    trees = Trees(known_at)
    trees.require(place)
    index = index_of(catalogue, {trees.names[code] for code in trees.names})
    found = [(one, _reference(text, one, index, place, year, until)) for one in figures if _promised(one)]
    asked = {reference for _, reference in found if reference is not None}
    ours = formed_many(asked, place=place, period=until, known_at=known_at, catalogue=catalogue)
    return [
        _promise(text, figure, reference, ours[reference].value, ours[reference].unit, ours[reference].figure.name)
        for figure, reference in found
        if reference is not None
    ]


def _promised(figure: Figure) -> bool:
    return figure.value is not None and (figure.role is Role.TARGET or figure.kind is Kind.TARGET_CHANGE)


def _reference(text: str, figure: Figure, index: Index, place: str, year: int, until: Period) -> Reference | None:
    """The value, or for a promised change the growth; None for what is not sure, or promised for another year."""
    meant = period_of(figure.period, Period.of_year(year + 1)) if figure.period else Period.of_year(year + 1)
    if meant is None or meant.year not in (year, year + 1) or meant.start.year != meant.end.year:
        return None
    change = figure.kind is Kind.TARGET_CHANGE
    plain = replace(figure, kind=Kind.GROWTH if change else figure.kind, role=Role.ACTUAL)
    linked = index.link(plain, text[max(0, figure.start - 40) : figure.start].rpartition("。")[2])
    if not linked.sure or linked.links[0].form not in (Form.VALUE, Form.GROWTH, Form.RANK, Form.DIFFERENCE):
        return None
    return Reference(code=linked.links[0].code, place=place, period=str(until), form=linked.links[0].form)


def _promise(text: str, figure: Figure, reference: Reference, actual: Decimal | None, unit: str, name: str) -> Promise:
    sentence = quote(text, [(figure.start, figure.end)])
    kept = None if actual is None or figure.value is None else _kept(figure, reference, actual)
    return Promise(figure, sentence, reference.code, name, str(reference), actual, unit, kept)


def _kept(figure: Figure, reference: Reference, actual: Decimal) -> bool:
    assert figure.value is not None
    low_is_good = figure.approx is Approx.UNDER or reference.form is Form.RANK
    return actual <= figure.value if low_is_good else actual >= figure.value
