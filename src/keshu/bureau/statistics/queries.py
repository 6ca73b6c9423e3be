"""Every number of the bureau comes from here: figures, their series, their places, their ranks."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.records.services import ZONE, now
from keshu.bureau.statistics.engine import Ask, Engine, Figure
from keshu.bureau.statistics.lineage import Lineage, LineageRow, lineages_of
from keshu.bureau.statistics.received import ReceivedRef
from keshu.bureau.statistics.trees import Trees
from keshu.catalogue import Catalogue
from keshu.kernel.measure.arithmetic import Direction, Rank, rank
from keshu.kernel.measure.period import Period

__all__ = [
    "Ask", "Engine", "Figure", "Lineage", "LineageRow", "PlaceFigure", "ReceivedRef", "by_place", "engine_at",
    "figures", "lineage", "lineages", "ranked", "root_place", "series",
]  # fmt: skip


def engine_at(known_at: datetime, catalogue: Catalogue | None = None) -> Engine:
    """An engine for several questions of one instant; it keeps what it has read."""
    return Engine(known_at, catalogue or site_catalogue())


def figures(asks: Iterable[Ask], *, known_at: datetime, catalogue: Catalogue | None = None) -> dict[Ask, Figure]:
    """Every figure asked for, in at most two grouped statements per fact source.

    Raises UnknownIndicator, UnknownPlace or UnknownScope, each with a sentence for the user.
    """
    return engine_at(known_at, catalogue).figures(asks)


def lineage(
    ask: Ask, *, known_at: datetime, viewer: Viewer | None = None, catalogue: Catalogue | None = None
) -> Lineage:
    """What the figure stands on: rows, the document with its cell, or the operands with theirs.

    Rows outside the viewer's scope are counted, not shown; without a viewer all rows are there.
    """
    return lineages([ask], known_at=known_at, viewer=viewer, catalogue=catalogue)[ask]


def lineages(
    asks: Iterable[Ask], *, known_at: datetime, viewer: Viewer | None = None, catalogue: Catalogue | None = None
) -> dict[Ask, Lineage]:
    """The lineage of many figures; what they share is read once."""
    wanted = list(dict.fromkeys(asks))
    engine = engine_at(known_at, catalogue)
    engine.figures(wanted)
    return lineages_of(engine, wanted, viewer)


def series(
    code: str, place: str, periods: Sequence[Period], *, known_at: datetime, scope: str = "",
    catalogue: Catalogue | None = None,
) -> dict[Period, Figure]:  # fmt: skip
    """One indicator over many periods, in their order."""
    asks = {period: Ask(code, place, period, scope) for period in periods}
    found = figures(asks.values(), known_at=known_at, catalogue=catalogue)
    return {period: found[ask] for period, ask in asks.items()}


@dataclass(frozen=True)
class PlaceFigure:
    """A place's figure among its siblings; no rank where a sibling lacks its value."""

    place: str
    name: str
    figure: Figure
    rank: Rank | None


def by_place(
    code: str, parent_place: str, period: Period, *, known_at: datetime, scope: str = "",
    catalogue: Catalogue | None = None,
) -> list[PlaceFigure]:  # fmt: skip
    """The figure of every territory right below a place, in the order of the places, each with its rank."""
    engine = engine_at(known_at, catalogue)
    children = engine.trees.children(parent_place, period.cut_off)
    asks = {child: Ask(code, child, period, scope) for child in children}
    found = engine.figures(asks.values())
    values = {child: found[ask].value for child, ask in asks.items()}
    return [
        PlaceFigure(child, engine.trees.names[child], found[ask], ranked(values, child, found[ask].direction))
        for child, ask in asks.items()
    ]


def ranked(values: dict[str, Decimal | None], who: str, direction: str) -> Rank | None:
    """Position of a place among complete siblings; none where no direction is better, or a value is missing."""
    if direction == "none":
        return None
    return rank(values, who=who, direction=Direction(direction))


def root_place(known_at: datetime | None = None) -> str:
    """The place whose bureau this is: the highest in the tree on that day, by default today."""
    at = known_at or now()
    paths = Trees(at).paths(at.astimezone(ZONE).date())
    return min(paths, key=lambda code: (paths[code].count("/"), paths[code]), default="")
