"""Every form in which a figure can be said, over references: {code[@place][/period][:form]}.

`formed_many` first collects what all references need, asks for it once, and then lets each form finish its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.engine import Ask, Engine
from keshu.bureau.statistics.forming import aims, comparing, positions, rows, runs
from keshu.bureau.statistics.forming.base import (
    Asking,
    Context,
    FindTargets,
    Formed,
    Named,
    NamesOf,
    Part,
    RowsOf,
    Steps,
    TargetKey,
    TargetRef,
    scoped,
)
from keshu.bureau.statistics.lineage import Lineage, lineages_of
from keshu.catalogue import Catalogue
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import Form, Reference

__all__ = ["Formed", "Named", "Part", "TargetRef", "against", "formed", "formed_many", "register_targets", "resolved"]

HANDLERS = {
    Form.VALUE: comparing.value,
    Form.ROUGH: comparing.value,
    Form.DIFFERENCE: comparing.difference,
    Form.GROWTH: comparing.growth,
    Form.POINTS: comparing.points,
    Form.SHARE: comparing.share,
    Form.PER_TEN_THOUSAND: comparing.per_ten_thousand,
    Form.AGAINST_AVERAGE: comparing.against_average,
    Form.TARGET: aims.target,
    Form.COMPLETION: aims.completed,
    Form.PACE: aims.pace,
    Form.RANK: positions.rank,
    Form.RANK_MOVED: positions.moved,
    Form.STREAK: runs.streak,
    Form.FIRST_OVER: runs.first_over,
    Form.SUM: runs.total,
    Form.COMPOUND_GROWTH: runs.compound_growth,
    Form.ENTERED: rows.entered,
    Form.LEFT: rows.left,
    Form.NET: rows.net,
    Form.WITHOUT_LARGEST: rows.without_largest,
    Form.PARTS: rows.parts,
    Form.NAMES: rows.names,
}
_find_targets: list[FindTargets] = []


def register_targets(find: FindTargets) -> None:
    """The app that keeps targets lends its finder; it lies above this one."""
    _find_targets[:] = [find]


def formed(
    reference: Reference, *, place: str, period: Period, known_at: datetime, catalogue: Catalogue | None = None
) -> Formed:
    """One reference, seen from a text's place and period."""
    many = formed_many([reference], place=place, period=period, known_at=known_at, catalogue=catalogue)
    return many[reference]


def formed_many(
    references: Iterable[Reference], *, place: str, period: Period, known_at: datetime,
    catalogue: Catalogue | None = None,
) -> dict[Reference, Formed]:  # fmt: skip
    """All references of a text at once: their figures cost no more statements than one of them does.

    Raises UnknownIndicator, UnknownPlace or UnknownScope for a reference that nobody can answer.
    """
    wanted = list(dict.fromkeys(references))
    engine = Engine(known_at, catalogue or site_catalogue())
    asks = {reference: resolved(reference, place, period, engine.catalogue) for reference in wanted}
    engine.definitions.load({ask.code for ask in asks.values()})
    targets = _targets(asks, engine)
    runs_of = {ref: _Run(Context(engine, ref, ask, targets)) for ref, ask in asks.items()}
    found = engine.figures(ask for run in runs_of.values() for ask in run.asks)
    for run in runs_of.values():
        run.answer(found)
    rows_of = _rows_of(engine, runs_of.values())
    for run in runs_of.values():
        run.answer(rows_of)
    details = rows.details_of(
        engine, (row for run in runs_of.values() if isinstance(run.asks, NamesOf) for row in run.asks)
    )
    return {ref: run.finish(details) for ref, run in runs_of.items()}


def resolved(reference: Reference, place: str, period: Period, catalogue: Catalogue) -> Ask:
    """The ask behind a reference; the last part of a code may name a scope of the indicator before it."""
    code, scope = scoped(reference.code, catalogue)
    return Ask(code, reference.place or place, reference.resolve_period(period), scope)


def _targets(asks: Mapping[Reference, Ask], engine: Engine) -> Mapping[TargetKey, list[TargetRef]]:
    keys = {aims.key_of(reference, ask) for reference, ask in asks.items() if reference.form in aims.FORMS}
    return _find_targets[0](keys, engine.known_at) if keys and _find_targets else {}


def _rows_of(engine: Engine, runs_of: Iterable["_Run"]) -> dict[Ask, Lineage]:
    wanted = dict.fromkeys(ask for run in runs_of if isinstance(run.asks, RowsOf) for ask in run.asks)
    return lineages_of(engine, wanted)


class _Run:
    """One form on its way: it asks for figures, then perhaps for rows and for the names in them, then answers."""

    def __init__(self, context: Context) -> None:
        self._steps: Steps = HANDLERS[context.reference.form](context)
        self._formed: Formed | None = None
        self.asks: Asking = next(self._steps)

    def answer(self, found: Any) -> None:
        """What it asked for; nothing happens where it needs no more."""
        if self._formed is not None:
            return
        try:
            self.asks = self._steps.send(found)
        except StopIteration as done:
            self._formed, self.asks = done.value, []

    def finish(self, found: Any) -> Formed:
        self.answer(found)
        if self._formed is None:  # a form asks at most three times
            raise RuntimeError(self.asks)
        return self._formed


def against(
    targets: Sequence[TargetRef], *, period: Period, known_at: datetime, catalogue: Catalogue | None = None,
    engine: Engine | None = None,
) -> list[tuple[Formed, Decimal | None]]:  # fmt: skip
    """Each target's pace (completion in `before`) and last year's value, with one asking for all of them.

    `engine` is that of a page that asks for more; it has an instant and a catalogue of its own.
    """
    engine = engine or Engine(known_at, catalogue or site_catalogue())
    engine.definitions.load({target.code for target in targets})
    runs_of = [_Run(_context_of(engine, target, period)) for target in targets]
    before = period.whole_year().last_year()
    last = {target: Ask(target.code, target.place, before, target.scope) for target in targets}
    found = engine.figures([*(ask for run in runs_of for ask in run.asks), *last.values()])
    for run in runs_of:
        run.answer(found)
    return [(run.finish({}), found[last[target]].value) for run, target in zip(runs_of, targets, strict=True)]


def _context_of(engine: Engine, target: TargetRef, period: Period) -> Context:
    reference = Reference(code=target.code, place=target.place, form=Form.PACE, argument=target.tier)
    ask = Ask(target.code, target.place, period, target.scope)
    return Context(engine, reference, ask, {aims.key_of(reference, ask): [target]})
