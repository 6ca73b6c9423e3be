"""Forms against a target: the target itself, completion, pace."""

from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.statistics.engine import Ask, Figure
from keshu.bureau.statistics.forming.base import Context, Formed, Steps, TargetKey, TargetRef
from keshu.bureau.statistics.forming.positions import position, siblings
from keshu.kernel.measure import arithmetic
from keshu.kernel.measure.targets import TargetKind, completion
from keshu.kernel.measure.targets import pace as pace_of
from keshu.kernel.prose.reference import Form, Reference

#: forms that need the targets of a year
FORMS = frozenset({Form.TARGET, Form.COMPLETION, Form.PACE})
TIERS = ("ensure", "strive")


def key_of(reference: Reference, ask: Ask) -> TargetKey:
    """Which targets the reference means; the argument `next` means next year's."""
    year = ask.period.year + (1 if "next" in reference.argument.split(",") else 0)
    return ask.code, ask.place, year


def chosen(context: Context) -> TargetRef | None:
    """The tier that the argument names, else what has to be reached: the plain target or the one to be ensured."""
    found = context.targets.get(key_of(context.reference, context.ask), [])
    wanted = [word for word in context.reference.argument.split(",") if word in TIERS]
    if wanted:
        return next((one for one in found if one.tier == wanted[0]), None)
    return next((one for one in found if one.tier != "strive"), found[0] if found else None)


def target(context: Context) -> Steps:
    """What was set."""
    figures = yield [context.ask]
    one = chosen(context)
    return _with(context, [figures[context.ask]], None if one is None else one.low, figures[context.ask].unit, one)


def completed(context: Context) -> Steps:
    """Percent of the target that is reached, not clamped; none for a rank, but reached or not."""
    one = chosen(context)
    figures, actual = yield from _actual(context, one)
    if one is None:
        return _with(context, figures, None, "%", None)
    done = completion(actual=actual, target=one.rule)
    more = {"reached": done.reached, "gap": done.gap, "rank": _as_rank(one, actual)}
    return _with(context, figures, done.rate, "%", one, **more)


def pace(context: Context) -> Steps:
    """Percentage points by which completion is ahead of the share of the year that is over."""
    one = chosen(context)
    figures, actual = yield from _actual(context, one)
    if one is None:
        return _with(context, figures, None, _("个百分点"), None)
    done = completion(actual=actual, target=one.rule)
    points = pace_of(rate=done.rate, elapsed=context.period.elapsed())
    more = {"reached": done.reached, "gap": done.gap, "rank": _as_rank(one, actual)}
    return _with(context, figures, points, _("个百分点"), one, before=done.rate, **more)


def _as_rank(one: TargetRef, actual: Decimal | None) -> int | None:
    return int(actual) if one.kind is TargetKind.RANK and actual is not None else None


def _actual(context: Context, one: TargetRef | None) -> Steps:
    """What is held against the target: the value, its growth, or its rank."""
    if one is not None and one.kind is TargetKind.GROWTH and context.engine.definitions.newest(one.code).unit != "%":
        base = context.base()
        figures = yield [context.ask, base]
        now, before = figures[context.ask], figures[base]
        return [now, before], arithmetic.growth(now=now.value, before=before.value)
    if one is not None and one.kind is TargetKind.RANK:
        asks = siblings(context, context.ask)
        figures = yield list(asks.values())
        return [figures[context.ask]], _rank(context, asks, figures)
    figures = yield [context.ask]
    return [figures[context.ask]], figures[context.ask].value


def _rank(context: Context, asks: dict[str, Ask], figures: dict[Ask, Figure]) -> Decimal | None:
    ref = figures[context.ask].received
    if ref is not None and ref.rank is not None:
        return Decimal(ref.rank)
    computed = position(context, asks, figures)
    return None if computed is None else Decimal(computed.position)


def _with(
    context: Context, figures: list[Figure], value: Decimal | None, unit: str, one: TargetRef | None, **more: object
) -> Formed:
    found = tuple(context.targets.get(key_of(context.reference, context.ask), []))
    reason = _("没有下达目标") if one is None else ""
    return context.formed(figures, value, unit, target=one, targets=found, reason=reason, **more)
