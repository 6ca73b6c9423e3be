"""Forms over a run of years: streaks, first times, sums, average growth."""

from dataclasses import replace
from decimal import Decimal, InvalidOperation

from django.utils.translation import gettext as _

from keshu.bureau.statistics.engine import Ask, Figure
from keshu.bureau.statistics.forming.base import Context, Steps, full
from keshu.bureau.statistics.forming.positions import position, siblings
from keshu.kernel.measure import arithmetic
from keshu.kernel.measure.arithmetic import FirstOver
from keshu.kernel.measure.period import Period

LOOK_BACK = 15  # years; longer than any series that a bureau keeps in its ledgers


def streak(context: Context) -> Steps:
    """For how many years on end it holds: growth (default), `rank1` the first rank, or a number that is reached."""
    argument = context.reference.argument or "growth"
    year = context.period.year
    asks = context.yearly(range(year - LOOK_BACK, year + 1))
    if argument == "rank1":
        return (yield from _first_ranks(context, asks))
    figures = yield list(asks.values())
    values = {y: full(figures[ask]) for y, ask in asks.items()}
    held = _grown(context, values) if argument == "growth" else _reached(values, _number(argument))
    count = arithmetic.streak(held, at=year)
    operands = [figures[asks[y]] for y in range(year, year - count - 1, -1) if y in asks]
    return context.formed(operands, Decimal(count), _("年"), years=count)


def _grown(context: Context, values: dict[int, Decimal | None]) -> dict[int, bool | None]:
    better = 1 if context.engine.definitions.newest(context.ask.code).direction != "lower" else -1
    return {
        year: None if value is None or values.get(year - 1) is None else (value - values[year - 1]) * better > 0
        for year, value in values.items()
    }


def _reached(values: dict[int, Decimal | None], threshold: Decimal | None) -> dict[int, bool | None]:
    return {year: None if value is None or threshold is None else value >= threshold for year, value in values.items()}


def _first_ranks(context: Context, asks: dict[int, Ask]) -> Steps:
    rows = {year: siblings(context, ask) for year, ask in asks.items()}
    figures = yield [ask for row in rows.values() for ask in row.values()]
    held = {year: _is_first(context, row, figures, asks[year]) for year, row in rows.items()}
    count = arithmetic.streak(held, at=context.period.year)
    return context.formed([figures[context.ask]], Decimal(count), _("年"), years=count)


def _is_first(context: Context, row: dict[str, Ask], figures: dict[Ask, Figure], own: Ask) -> bool | None:
    ref = figures[own].received
    if ref is not None and ref.rank is not None:
        return ref.rank == 1
    computed = position(context, row, figures)
    return None if computed is None else computed.position == 1


def first_over(context: Context) -> Steps:
    """Whether a threshold is passed, and for the first time; without an argument the roundest number just crossed."""
    year = context.period.year
    asks = context.yearly(range(year - LOOK_BACK, year + 1))
    figures = yield list(asks.values())
    values = {y: full(figures[ask]) for y, ask in asks.items()}
    known = [y for y, value in values.items() if value is not None]
    threshold = _number(context.reference.argument) or _crossed(values, year)
    if threshold is None or not known:
        return context.formed([figures[context.ask]], None, figures[context.ask].unit, reason=_("没有越过整数关口"))
    answer = arithmetic.first_over(values, at=year, threshold=threshold, since=min(known))
    over = answer is not FirstOver.NOT_OVER
    operands = [figures[asks[y]] for y in sorted(known, reverse=True)] if year in known else [figures[context.ask]]
    return context.formed(
        operands, threshold if over else None, figures[context.ask].unit, threshold=threshold,
        first=answer is FirstOver.FIRST and len(known) > 1, years=len(known),
        missing=tuple(str(y) for y in range(min(known), year) if y not in known),
        reason="" if over else _("未达到该数"),
    )  # fmt: skip


def _crossed(values: dict[int, Decimal | None], year: int) -> Decimal | None:
    earlier = [value for y, value in values.items() if y < year and value is not None]
    now = values.get(year)
    return None if now is None or not earlier else arithmetic.threshold_crossed(now=now, before=max(earlier))


def _number(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def total(context: Context) -> Steps:
    """The sum over the calendar years of the period; years without a value are named, not taken for zero."""
    years = {period: _at(context, period) for period in context.period.each_year()}
    figures = yield list(years.values())
    found = arithmetic.sum_over({period.year: full(figures[ask]) for period, ask in years.items()})
    operands = [figures[ask] for ask in years.values()]
    return context.formed(operands, found.value, operands[0].unit, missing=found.missing, years=len(years))


def _at(context: Context, period: Period) -> Ask:
    tree = None if period.cut_off == context.period.cut_off else context.period.cut_off
    return replace(context.ask, period=period, tree_on=tree)


def compound_growth(context: Context) -> Steps:
    """Average yearly growth over the period: from the year before it, or from its first year where that is unknown."""
    years = context.period.each_year()
    before = years[0].whole_year().last_year()
    asks = [_at(context, period) for period in (before, *years)]
    figures = yield asks
    first = 0 if full(figures[asks[0]]) is not None else 1
    start, end = figures[asks[first]], figures[asks[-1]]
    steps = len(asks) - 1 - first
    result = arithmetic.compound_growth(first=full(start), last=full(end), years=steps)
    changed = context.changed(asks[first])
    return context.formed([end, start], result, "%", before=start.value, years=steps, definition_changed=changed)
