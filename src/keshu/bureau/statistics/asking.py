"""One figure asked for, and the answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from keshu.bureau.statistics.received import ReceivedRef
from keshu.bureau.statistics.trees import Trees
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence, Status

Homes = dict[int, int]  # place to one that lies below the same asked places


@dataclass(frozen=True)
class Ask:
    """One figure wanted. `tree_on` counts on the tree of another day (the year before, on today's tree).

    `only` narrows it to rows whose fields have these codes: the parts of a whole.
    """

    code: str
    place: str
    period: Period
    scope: str = ""
    tree_on: date | None = None
    only: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is None where presence is missing or not applicable; units are base units, unrounded.

    Where rows were counted and a document says otherwise, `received` and `counted` carry both.
    """

    code: str
    version: int
    name: str
    place: str
    scope: str
    period: Period
    known_at: datetime
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    unit: str
    print_unit: str | None
    precision: int
    presence: Presence
    status: Status | None
    direction: str
    row_count: int
    received: ReceivedRef | None = None
    counted: Decimal | None = None
    switched_off: bool = False
    kind: str = "flow"
    says: str = ""  # the words of the scope, printed wherever the figure prints
    reason: str = ""  # why the function is switched off
    denominator_period: Period | None = None  # where it is not the figure's own: last year's population
    tree_on: date | None = None
    only: tuple[tuple[str, str], ...] = ()
    published: bool = True  # nothing that it is made of, however deep, stands on a document that is not public

    @property
    def ask(self) -> Ask:
        """The question that it answers, with the tree on which it was counted: its lineage is that of this ask."""
        return Ask(self.code, self.place, self.period, self.scope, self.tree_on, self.only)

    @property
    def differs(self) -> bool:
        """A document says another value than the rows."""
        return self.counted is not None


def homes_of(asks: Iterable[Ask], trees: Trees, alone: Iterable[str] = ()) -> Homes:
    """Each place to the first one that lies below the same asked places at every time that matters.

    Groups of places that no ask tells apart are added once, not for every measure again. `alone` are places whose own
    rows are asked for without those below them.
    """
    wanted = list(asks)
    if not wanted:
        return {}
    first, last = min(ask.period.start for ask in wanted), max(ask.period.end for ask in wanted)
    days = {first, *trees.changes_within(first, last), *(ask.tree_on for ask in wanted if ask.tree_on)}
    below = [trees.below(place, day) for place in dict.fromkeys(ask.place for ask in wanted) for day in sorted(days)]
    below += [trees.counted(place, first, own=True) for place in sorted(alone)]
    homes: dict[tuple[bool, ...], int] = {}
    return {place: homes.setdefault(tuple(place in inside for inside in below), place) for place in trees.codes}
