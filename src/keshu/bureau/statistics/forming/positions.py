"""Rank among siblings: computed from complete values, or reported by a bulletin."""

from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from keshu.bureau.statistics.engine import Ask, Figure
from keshu.bureau.statistics.forming.base import Context, Steps, full
from keshu.kernel.measure.arithmetic import Direction, Rank, rank_moved
from keshu.kernel.measure.arithmetic import rank as rank_of


def rank(context: Context) -> Steps:
    """The position; a bulletin's goes first, and where both are there and differ the answer says so."""
    asks = siblings(context, context.ask)
    figures = yield list(asks.values())
    now = figures[context.ask]
    computed = position(context, asks, figures)
    reported = now.received.rank if now.received is not None else None
    chosen = reported if reported is not None else computed.position if computed else None
    of = now.received.rank_of if now.received is not None and reported is not None else None
    if of is None and computed is not None:
        of = computed.of
    return context.formed(
        [now, *(figures[ask] for ask in asks.values() if ask != context.ask)],
        None if chosen is None else Decimal(chosen), _("位"), rank=chosen, of=of,
        tied=bool(computed and computed.tied and reported is None), rank_reported=reported,
        rank_computed=computed.position if computed else None,
        reason="" if chosen is not None else _("同级区划的数据不齐，也没有通报位次"),
    )  # fmt: skip


def moved(context: Context) -> Steps:
    """Places gained (+) or lost (−) since the base period; both sides reported, or both computed."""
    before = replace(context.base(), tree_on=None)
    now_asks, before_asks = siblings(context, context.ask), siblings(context, before)
    figures = yield [*now_asks.values(), *before_asks.values()]
    now, then = figures[context.ask], figures[before]
    reported = [one.received.rank if one.received is not None else None for one in (now, then)]
    computed = [position(context, asks, figures) for asks in (now_asks, before_asks)]
    positions = reported if None not in reported else [one.position if one else None for one in computed]
    steps = rank_moved(now=positions[0], before=positions[1])
    return context.formed(
        [now, then], None if steps is None else Decimal(steps), _("位"), rank=positions[0],
        before=None if positions[1] is None else Decimal(positions[1]), definition_changed=context.changed(before),
        reason="" if steps is not None else _("两期位次不全"),
    )  # fmt: skip


def siblings(context: Context, ask: Ask) -> dict[str, Ask]:
    """The ask for every sibling; only the place itself where it has none, or where no direction is better."""
    codes = context.engine.trees.siblings(ask.place, ask.period.cut_off)
    if context.engine.definitions.newest(ask.code).direction == "none":
        codes = [ask.place]
    return {code: replace(ask, place=code) for code in dict.fromkeys([ask.place, *codes])}


def position(context: Context, asks: dict[str, Ask], figures: dict[Ask, Figure]) -> Rank | None:
    """The computed rank; none for a place without siblings."""
    if len(asks) < 2:
        return None
    values = {code: full(figures[ask]) for code, ask in asks.items()}
    direction = context.engine.definitions.newest(context.ask.code).direction
    return rank_of(values, who=context.ask.place, direction=Direction(direction))
