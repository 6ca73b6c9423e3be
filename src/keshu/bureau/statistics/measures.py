"""What is counted, over which days: the shape that an indicator takes before any row is read."""

from dataclasses import dataclass
from datetime import date

from keshu.bureau.ledgers.facts import LedgerFacts
from keshu.bureau.records.facts import FactSource, source_of
from keshu.bureau.statistics.conditions import Test, tests_of
from keshu.catalogue import Catalogue, Indicator
from keshu.catalogue.schema import SemiJoin
from keshu.kernel.measure.period import Period


class CatalogueFacts(LedgerFacts):
    """The rows of a ledger under the definitions of the catalogue that figures are asked of."""

    def __init__(self, code: str, catalogue: Catalogue) -> None:
        super().__init__(code)
        self._ledger = catalogue.ledgers[code]

    def column(self, field: str) -> str:
        column = self._ledger.column(field)
        if column is None:
            raise KeyError(f"{self.code}.{field}")
        return {"party": "party_id", "place": "place_id"}.get(column, column)


def source_for(code: str, catalogue: Catalogue) -> FactSource:
    """The facts behind a code: a ledger of this catalogue, else what an app has registered."""
    return CatalogueFacts(code, catalogue) if code in catalogue.ledgers else source_of(code)


@dataclass(frozen=True)
class Join:
    """Parties that stand in another source at the cut-off, under these tests."""

    source: str
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class Measure:
    """Rows of one source under tests, and what counts as one. `on` is the column that dates a flow, "" for a stock."""

    source: str
    tests: tuple[Test, ...]
    count: str  # entry | party | place | sum
    summed: str = ""
    on: str = ""
    also: tuple[Join, ...] = ()
    own: bool = False  # rows of the place itself alone

    @property
    def by_party(self) -> bool:
        """Needs to know whose each row is."""
        return self.count == "party" or bool(self.also)


@dataclass(frozen=True)
class Window:
    """The days of a measure: a flow's dates on a column, or the day on which a stock stood (`on` empty)."""

    on: str
    start: date
    end: date


def window_of(measure: Measure, period: Period) -> Window:
    return Window(measure.on, period.start if measure.on else period.end, period.end)


class UnknownScope(Exception):
    """The indicator has no such scope."""


def measure_of(
    indicator: Indicator, scope: str, catalogue: Catalogue, only: tuple[tuple[str, str], ...] = ()
) -> Measure:
    """The measure of a flow or stock in one of its scopes; the scope's conditions override field by field.

    `only` narrows it further: rows whose fields have these codes ("" for rows without one).
    """
    facts = indicator.facts
    if facts is None:
        raise ValueError(indicator.code)
    where, also = dict(facts.where), indicator.also
    if scope:
        if scope not in indicator.scopes:
            raise UnknownScope(f"指标“{indicator.name}”没有口径“{scope}”")
        where |= indicator.scopes[scope].where
        also = (*also, *indicator.scopes[scope].also)
    source = source_for(facts.ledger, catalogue)
    return Measure(
        source=facts.ledger,
        tests=(*tests_of(where, source.column), *(Test(source.column(f), "in", (c,)) for f, c in only)),
        count="sum" if facts.summed else facts.count,
        summed=source.column(facts.summed) if facts.summed else "",
        on=source.column(facts.on) if facts.on else "",
        also=tuple(_join(join, catalogue) for join in also),
        own=facts.own,
    )


def _join(join: SemiJoin, catalogue: Catalogue) -> Join:
    return Join(join.ledger, tests_of(join.where, source_for(join.ledger, catalogue).column))
