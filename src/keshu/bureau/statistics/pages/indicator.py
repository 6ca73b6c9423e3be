"""The page of one indicator: its series, its places, its rows."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.pages.charts import Chart, Series
from keshu.bureau.statistics.bases import base_period
from keshu.bureau.statistics.engine import Ask, Engine, Figure
from keshu.bureau.statistics.lineage import Lineage, LineageRow, lineage_of
from keshu.bureau.statistics.measures import source_for
from keshu.bureau.statistics.pages.linking import entry_url
from keshu.bureau.statistics.queries import ranked
from keshu.bureau.statistics.showing import scaled, shown, unit_of
from keshu.kernel.measure.arithmetic import growth
from keshu.kernel.measure.period import Period

YEARS = 6
ROWS = 100


@dataclass(frozen=True)
class PlaceLine:
    """A place below, with the value it is held against on today's tree; all lines of a table in one unit."""

    place: str
    name: str
    figure: Figure
    unit: str
    value: str
    last: str
    growth: Decimal | None
    rank: int | None


@dataclass(frozen=True)
class RowLine:
    """A row that was counted."""

    title: str
    party: str
    place: str
    day: date | None
    amount: Decimal | None
    parts: tuple[str, ...]  # numerator, denominator: a row may be in both
    ledger: str
    entry: int
    url: str


@dataclass(frozen=True)
class Whole:
    """Everything that the page shows; one engine answered for all of it."""

    figure: Figure
    lineage: Lineage
    years: Chart
    months: Chart | None
    places: Chart | None
    place_lines: tuple[PlaceLine, ...]
    rows: tuple[RowLine, ...]
    operands: tuple[Figure, ...]


def whole_of(engine: Engine, ask: Ask, viewer: Viewer | None) -> Whole:
    """One asking for the figure, its years, its months and the places below."""
    years = [replace(ask, period=ask.period.shift_years(-n)) for n in range(YEARS - 1, -1, -1)]
    months = [replace(ask, period=period) for period in _months(ask.period)]
    running = [replace(ask, period=Period(ask.period.start, one.period.end)) for one in months]
    children = engine.trees.children(ask.place, ask.period.cut_off)
    now = {child: replace(ask, place=child) for child in children}
    kind = engine.catalogue.indicators[ask.code].kind
    before = {child: _base(one, kind) for child, one in now.items()}
    found = engine.figures([ask, *years, *months, *running, *now.values(), *before.values()])
    stands_on = lineage_of(engine, ask, viewer)
    lines = _place_lines(engine, found, now, before)
    return Whole(
        figure=found[ask], lineage=stands_on, years=_years(found, years),
        months=_monthly(found, months, running) if len(months) > 1 and found[ask].kind in ("flow", "stock") else None,
        places=_placed(lines), place_lines=lines, rows=row_lines(engine, stands_on.rows[:ROWS]),
        operands=tuple(engine.figure(one) for one in engine.operands(ask)),
    )  # fmt: skip


def _base(ask: Ask, kind: str) -> Ask:
    return replace(ask, period=base_period(kind, ask.period), tree_on=ask.period.cut_off)


def _months(period: Period) -> list[Period]:
    """The months of a period inside one year."""
    if period.start.year != period.end.year or not period.is_whole_months:
        return []
    return [Period.of_month(period.year, month) for month in range(period.start.month, period.end.month + 1)]


def _years(found: dict[Ask, Figure], asks: Sequence[Ask]) -> Chart:
    own = [found[ask] for ask in asks]
    counted = [one.counted if one.counted is not None else one.value for one in own]
    received = [one.received.value if one.received is not None else None for one in own]
    unit = unit_of(own[-1], *counted, *received)
    series = [Series(_("数值"), [scaled(one, value, unit) for one, value in zip(own, counted, strict=True)])]
    if any(one.counted is not None for one in own):
        told = [scaled(one, value, unit) for one, value in zip(own, received, strict=True)]
        series.append(Series(_("来源件数值"), told))
    labels = [str(ask.period.year) for ask in asks]
    words = asks[-1].period.flow_words()
    return Chart(_("历年%(words)s") % {"words": words}, labels, series, unit=unit, label_heading=_("年度"))


def _monthly(found: dict[Ask, Figure], months: Sequence[Ask], running: Sequence[Ask]) -> Chart:
    """Each month, and the year up to it: counted again, because a firm of two months is one firm of the year."""
    own = [found[ask] for ask in months]
    unit = unit_of(own[-1], *(one.value for one in own))
    labels = [_("%(n)s月") % {"n": ask.period.end.month} for ask in months]
    if own[0].kind == "stock":
        series = [Series(_("月末"), [scaled(one, one.value, unit) for one in own], kind="line")]
        return Chart(_("逐月"), labels, series, unit=unit, label_heading=_("月份"))
    series = [
        Series(_("当月"), [scaled(one, one.value, unit) for one in own]),
        Series(_("累计"), [scaled(found[ask], found[ask].value, unit) for ask in running], kind="line"),
    ]
    return Chart(_("逐月"), labels, series, unit=unit, label_heading=_("月份"))


def _place_lines(
    engine: Engine, found: dict[Ask, Figure], now: dict[str, Ask], before: dict[str, Ask]
) -> tuple[PlaceLine, ...]:
    values = {child: found[ask].value for child, ask in now.items()}
    unit = next((unit_of(found[ask], *values.values()) for ask in now.values()), "")
    return tuple(
        PlaceLine(
            child, engine.trees.names[child], found[ask], unit, shown(found[ask], found[ask].value, unit),
            shown(found[ask], found[before[child]].value, unit),
            growth(now=found[ask].value, before=found[before[child]].value),
            position.position if (position := ranked(values, child, found[ask].direction)) else None,
        )
        for child, ask in now.items()
    )  # fmt: skip


def _placed(lines: Sequence[PlaceLine]) -> Chart | None:
    if not any(line.figure.value is not None for line in lines):
        return None
    unit = lines[0].unit
    values = [scaled(line.figure, line.figure.value, unit) for line in lines]
    labels = [line.name for line in lines]
    series, lying = [Series(_("数值"), values)], len(lines) > 8
    return Chart(_("各地"), labels, series, unit=unit, label_heading=_("区划"), lying=lying)


def row_lines(engine: Engine, rows: Sequence[LineageRow]) -> tuple[RowLine, ...]:
    """The rows as people know them, in the order of the ledger's dates, newest first."""
    by_source: dict[str, list[LineageRow]] = {}
    for row in rows:
        by_source.setdefault(row.source, []).append(row)
    lines: list[RowLine] = []
    for source, group in by_source.items():
        stored = {one.pk: one for one in source_for(source, engine.catalogue).rows(row.revision for row in group)}
        ledger = engine.catalogue.countable.get(source)
        name = ledger.name if ledger else source
        parts: dict[int, list[str]] = {}
        for row in group:
            parts.setdefault(row.revision, []).append(row.part)
        once = {row.revision: row for row in group if row.revision in stored}
        lines += [_row_line(row, stored[number], name, tuple(parts[number])) for number, row in once.items()]
    return tuple(sorted(lines, key=lambda line: (str(line.day or ""), line.entry), reverse=True))


def _row_line(row: LineageRow, stored: Revision, ledger: str, parts: tuple[str, ...]) -> RowLine:
    party = stored.party.name if stored.party else ""
    title = stored.title or stored.number or party or stored.key
    url = entry_url(row.source, row.id)
    return RowLine(title, party, stored.place.name, row.day, row.amount, parts, ledger, row.id, url)


def by_place_cells(lines: Sequence[PlaceLine]) -> list[list[object]]:
    return [
        [line.place, line.name, scaled(line.figure, line.figure.value, line.unit), line.last, line.growth, line.rank]
        for line in lines
    ]
