"""Forms that hold a figure against another: last year, a whole, a population, an average."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.statistics.engine import Ask, Figure
from keshu.bureau.statistics.forming.base import Context, Formed, Steps, full, scoped
from keshu.kernel.measure import arithmetic
from keshu.kernel.measure.period import Period

POPULATION = "econ.population"


def value(context: Context) -> Steps:
    """The figure itself; 概数 is the same number, told in fewer digits."""
    figures = yield [context.ask]
    figure = figures[context.ask]
    return context.formed([figure], figure.value, figure.unit)


def difference(context: Context) -> Steps:
    """Now minus the base."""
    now, before = yield from _two_sides(context)
    return _compared(context, now, before, arithmetic.difference(now=full(now), before=full(before)), now.unit)


def points(context: Context) -> Steps:
    """Change of a percent figure in percentage points."""
    now, before = yield from _two_sides(context)
    return _compared(context, now, before, arithmetic.points(now=full(now), before=full(before)), _("个百分点"))


def growth(context: Context) -> Steps:
    """Percent change. Where the value is a document's, the growth that it states goes first (comparable prices)."""
    now, before = yield from _two_sides(context)
    counted = arithmetic.growth(now=full(now), before=full(before))
    stated = now.received.growth if now.received is not None and now.counted is None else None
    if stated is None:
        return _compared(context, now, before, counted, "%")
    return _compared(context, now, before, stated, "%", reported=stated)


def _two_sides(context: Context) -> Steps:
    base = context.base()
    figures = yield [context.ask, base]
    return figures[context.ask], figures[base]


def _compared(
    context: Context, now: Figure, before: Figure, result: Decimal | None, unit: str, **more: object
) -> Formed:
    changed = context.changed(context.base())
    return context.formed([now, before], result, unit, before=before.value, definition_changed=changed, **more)


def share(context: Context) -> Steps:
    """Percent of another indicator (`share(code)`), of another place (`share(@990100)`), else of the place above."""
    whole = _whole(context)
    if whole is None:
        figures = yield [context.ask]
        reason = _("没有上级区划，请在占比后写明以哪个指标为全体")
        return context.formed([figures[context.ask]], None, "%", reason=reason)
    figures = yield [context.ask, whole]
    part, total = figures[context.ask], figures[whole]
    return context.formed([part, total], arithmetic.share(part=part.value, whole=total.value), "%")


def _whole(context: Context) -> Ask | None:
    code, _at, place = context.reference.argument.partition("@")
    if not code and not place:
        above = context.engine.trees.upper(context.ask.place, context.period.cut_off)[1:2]
        return replace(context.ask, place=above[0]) if above else None
    if not code:
        return replace(context.ask, place=place)
    code, scope = scoped(code, context.engine.catalogue)
    return replace(context.ask, code=code, scope=scope, only=(), place=place or context.ask.place)


def per_ten_thousand(context: Context) -> Steps:
    """Per 10,000 of a population given in persons; last year's where this year's is not out yet."""
    code = context.reference.argument or POPULATION
    year = context.period.whole_year()
    people = [Ask(code, context.ask.place, period) for period in (context.period, *_years_back(year))]
    figures = yield [context.ask, *people]
    now = figures[context.ask]
    base = next((figures[ask] for ask in people if figures[ask].value is not None), figures[people[0]])
    result = arithmetic.per_ten_thousand(value=now.value, population=base.value)
    return context.formed([now, base], result, _("%(unit)s/万人") % {"unit": now.unit}, before=base.value)


def _years_back(year: Period) -> list[Period]:
    return [year, *(year.shift_years(-n) for n in (1, 2, 3))]


def against_average(context: Context) -> Steps:
    """Distance to the upper average: collected with the value, else the ratio of the place above (`percent`: in %)."""
    above = context.engine.trees.upper(context.ask.place, context.period.cut_off)[1:2]
    upper = [replace(context.ask, place=place) for place in above if context.kind == "ratio"]
    figures = yield [context.ask, *upper]
    now = figures[context.ask]
    average, used = None, [now]
    if now.received is not None and now.received.average is not None:
        average = now.received.average
    elif upper:
        average, used = figures[upper[0]].value, [now, figures[upper[0]]]
    by = arithmetic.Against.PERCENT if context.reference.argument == "percent" else arithmetic.Against.DIFFERENCE
    result = arithmetic.against_average(value=now.value, average=average, by=by)
    reason = "" if average is not None else _("没有上级平均值，请录入通报")
    return context.formed(used, result, _against_unit(now, by), before=average, reason=reason)


def _against_unit(now: Figure, by: arithmetic.Against) -> str:
    if by is arithmetic.Against.PERCENT:
        return "%"
    return _("个百分点") if now.unit == "%" else now.unit
