"""What a figure stands on, read row by row: a second way to the same number, which tests hold against the first."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.statistics.conditions import places_of
from keshu.bureau.statistics.engine import Ask, Engine, Figure
from keshu.bureau.statistics.formulas import evaluate
from keshu.bureau.statistics.measures import Measure, Window
from keshu.bureau.statistics.received import ReceivedRef
from keshu.bureau.statistics.reporting import REPORTING
from keshu.bureau.statistics.shelf import OneByOne, Reader, Row, Shelf, Wishes
from keshu.kernel.measure.arithmetic import ratio


@dataclass(frozen=True, order=True)
class LineageRow:
    """A row that was counted: source, entry, revision (its id), and the part of the figure that it belongs to."""

    source: str
    id: int
    revision: int
    part: str = "value"
    party: int = 0
    place: int = 0
    amount: Decimal | None = None
    day: date | None = None  # the date that counted it: the flow's, or the first day of what stands


@dataclass(frozen=True)
class Lineage:
    """Rows, or a document, or operands, with all rows below them in `rows`; `hidden` rows are outside one's scope."""

    ask: Ask
    figure: Figure
    rows: tuple[LineageRow, ...] = ()
    received: ReceivedRef | None = None
    operands: "tuple[Lineage, ...]" = ()
    hidden: int = 0
    rows_hash: str = ""
    count: str = ""  # how rows make the value: entry | party | place | sum; "" where there are none
    scale: Decimal = Decimal(1)
    formula: str = ""

    @property
    def row_count(self) -> int:
        return len(self.rows) + self.hidden


def hash_of(rows: Iterable[LineageRow]) -> str:
    """SHA-256 of the sorted (source, id, revision), one to a line; a row in two parts counts once."""
    keys = sorted({(row.source, row.id, row.revision) for row in rows})
    return hashlib.sha256("\n".join(f"{s} {i} {r}" for s, i, r in keys).encode()).hexdigest()


def lineage_of(engine: Engine, ask: Ask, viewer: Viewer | None = None) -> Lineage:
    """The lineage of an ask whose figure the engine has; rows are cut to what the viewer may see."""
    whole = _whole(engine, ask, OneByOne(engine))
    return whole if viewer is None else _cut(engine, whole, viewer)


def lineages_of(engine: Engine, asks: Iterable[Ask], viewer: Viewer | None = None) -> dict[Ask, Lineage]:
    """The same for many asks, in one statement for each source that any of them stands on."""
    wanted, wishes = list(dict.fromkeys(asks)), Wishes()
    if len(wanted) == 1:
        return {ask: lineage_of(engine, ask, viewer) for ask in wanted}
    for ask in wanted:
        _whole(engine, ask, wishes)
    shelf = Shelf(engine, wishes.noted)
    whole = {ask: _whole(engine, ask, shelf) for ask in wanted}
    return whole if viewer is None else {ask: _cut(engine, one, viewer) for ask, one in whole.items()}


def _whole(engine: Engine, ask: Ask, read: Reader, part: str = "value") -> Lineage:
    figure = engine.figure(ask)
    if _stands_on_document(figure):
        children = _children(engine, ask, read, part) if figure.received is None else ()
        return Lineage(ask, figure, received=figure.received, operands=children, rows_hash=hash_of(()))
    if operands := engine.operands(ask):
        return _composed(engine, ask, read, figure, operands)
    found = engine.measure(ask)
    if found is None:
        return Lineage(ask, figure, rows_hash=hash_of(()))
    rows = tuple(_rows(engine, ask, *found, read, part)) if figure.row_count else ()
    return Lineage(ask, figure, rows, rows_hash=hash_of(rows), count=found[0].count, received=figure.received)


def _composed(engine: Engine, ask: Ask, read: Reader, figure: Figure, operands: list[Ask]) -> Lineage:
    """A ratio or formula: its operands, each with its own lineage; last year's population where that was taken."""
    if figure.denominator_period is not None:
        operands = [operands[0], replace(operands[1], period=figure.denominator_period)]
    named = zip(operands, _parts(figure, operands), strict=True)
    below = tuple(_whole(engine, one, read, name) for one, name in named)
    rows = tuple(row for one in below for row in one.rows)
    indicator = engine.definitions.on(ask.code, ask.period.cut_off) or engine.definitions.newest(ask.code)
    return Lineage(
        ask, figure, rows, received=figure.received, operands=below, rows_hash=hash_of(rows),
        scale=indicator.scale_factor, formula=indicator.formula or "",
    )  # fmt: skip


def _stands_on_document(figure: Figure) -> bool:
    if figure.kind == "received" or figure.switched_off:
        return True
    filled = figure.received is not None and figure.counted is None and figure.status is not None
    return filled and figure.row_count == 0 and figure.numerator is None


def _children(engine: Engine, ask: Ask, read: Reader, part: str) -> tuple[Lineage, ...]:
    """The places whose received values were added."""
    indicator = engine.definitions.on(ask.code, ask.period.cut_off)
    if indicator is None or indicator.over_place != "sum" or engine.trees.kinds.get(ask.place) in REPORTING:
        return ()
    places = engine.trees.children(ask.place, ask.tree_on or ask.period.cut_off)
    return tuple(_whole(engine, replace(ask, place=place), read, part) for place in places)


def _parts(figure: Figure, operands: list[Ask]) -> list[str]:
    return ["numerator", "denominator"] if figure.kind == "ratio" else ["value"] * len(operands)


def _rows(engine: Engine, ask: Ask, measure: Measure, window: Window, read: Reader, part: str) -> list[LineageRow]:
    within = engine.parties_also(measure, window)
    found: dict[int, LineageRow] = {}
    for first, last, places in _stretches(engine, ask, window, measure.own):
        if not places:
            continue
        for row in read(measure, Window(window.on, first, last), places):
            one = _row(engine, measure, row, part)
            if within is None or one.party in within:
                found[one.revision] = one
    return sorted(found.values())


def _stretches(engine: Engine, ask: Ask, window: Window, own: bool) -> list[tuple[date, date, frozenset[int]]]:
    """The window cut where places moved, each piece with the ids that counted for the place then."""
    if ask.tree_on is not None or not window.on:
        return [(window.start, window.end, engine.trees.counted(ask.place, ask.tree_on or window.end, own=own))]
    starts = [window.start, *engine.trees.changes_within(window.start, window.end)]
    ends = [*(day - timedelta(days=1) for day in starts[1:]), window.end]
    return [(a, b, engine.trees.counted(ask.place, a, own=own)) for a, b in zip(starts, ends, strict=True)]


def _row(engine: Engine, measure: Measure, row: Row, part: str) -> LineageRow:
    entry, revision, party, place, day, amount = row
    whose = 0 if party is None else engine.canonical.get(party, party)
    scaled = None if amount is None else Decimal(amount).scaleb(-places_of(measure.summed))
    return LineageRow(measure.source, entry, revision, part, whose, place, scaled, day)


def recompute(lineage: Lineage) -> Decimal | None:
    """The value again, from nothing but the lineage."""
    if lineage.figure.value is None:
        return None
    if lineage.count:
        return _from_rows(lineage)
    if lineage.received is not None and not lineage.operands:
        return lineage.received.value
    values = [recompute(one) for one in lineage.operands]
    match lineage.figure.kind:
        case "ratio":
            return ratio(numerator=values[0], denominator=values[1], scale=lineage.scale)
        case "formula":
            named = {one.ask.code: value for one, value in zip(lineage.operands, values, strict=True)}
            return evaluate(lineage.formula, named)
    return sum((value for value in values if value is not None), Decimal(0))


def _from_rows(lineage: Lineage) -> Decimal:
    match lineage.count:
        case "entry":
            return Decimal(len(lineage.rows))
        case "party":
            return Decimal(len({row.party for row in lineage.rows if row.party}))
        case "place":
            return Decimal(len({row.place for row in lineage.rows}))
    return sum((row.amount for row in lineage.rows if row.amount is not None), Decimal(0))


def _cut(engine: Engine, whole: Lineage, viewer: Viewer) -> Lineage:
    """Only rows at places and of ledgers whose section the viewer's memberships cover."""
    visible = viewer.place_ids("entries.view")
    sections = viewer.sections("entries.view")
    kept = tuple(row for row in whole.rows if _may_see(engine, row, visible, sections))
    below = tuple(_cut(engine, one, viewer) for one in whole.operands)
    return replace(whole, rows=kept, operands=below, hidden=len(whole.rows) - len(kept))


def _may_see(engine: Engine, row: LineageRow, visible: frozenset[int] | None, sections: frozenset[str] | None) -> bool:
    if visible is not None and row.place not in visible:
        return False
    ledger = engine.catalogue.countable.get(row.source)
    return sections is None or ledger is None or ledger.owner in sections
