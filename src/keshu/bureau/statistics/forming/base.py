"""What a form needs and what it answers."""

from collections.abc import Callable, Generator, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.statistics.bases import base_period
from keshu.bureau.statistics.engine import Ask, Engine, Figure
from keshu.bureau.statistics.lineage import Lineage, LineageRow
from keshu.catalogue import Catalogue
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence
from keshu.kernel.measure.targets import Direction, Target, TargetKind
from keshu.kernel.prose.reference import Form, Reference


@dataclass(frozen=True)
class TargetRef:
    """A target as other apps see it: what was set, by whom, in which document."""

    id: int
    revision: int
    code: str
    place: str
    section: str
    year: int
    kind: TargetKind
    tier: str  # ensure | strive | ""
    low: Decimal | None
    high: Decimal | None
    issuer: str
    document: str
    direction: Direction = Direction.HIGHER
    scope: str = ""

    @property
    def rule(self) -> Target:
        return Target(kind=self.kind, value=self.low, upper=self.high, direction=self.direction)


TargetKey = tuple[str, str, int]  # indicator, place, year
FindTargets = Callable[[Iterable[TargetKey], datetime], Mapping[TargetKey, list[TargetRef]]]


@dataclass(frozen=True)
class Named:
    """A party of the lineage rows, with what orders it."""

    party: int
    name: str
    short: str
    entries: tuple[int, ...]
    amount: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """One class of a whole: the code of the field and its name."""

    code: str
    name: str
    value: Decimal
    figure: Figure


@dataclass(frozen=True)
class Formed:
    """A figure in one form. `value` is unrounded and None where the form makes no sense; `reason` then says why.

    `unit` is the unit of `value`: the figure's own, %, 个百分点, 位, 年. `operands` are all figures that went in, the
    figure itself first.
    """

    reference: Reference
    form: Form
    figure: Figure
    value: Decimal | None
    unit: str
    operands: tuple[Figure, ...]
    presence: Presence = Presence.VALUE
    reason: str = ""
    before: Decimal | None = None  # what a comparison stands on
    reported: Decimal | None = None  # growth or rank as the document says, where it is not what `value` says
    rank: int | None = None
    of: int | None = None
    tied: bool = False
    rank_reported: int | None = None
    rank_computed: int | None = None
    names: tuple[Named, ...] = ()
    parts: tuple[Part, ...] = ()
    complete: bool = True  # parts make up the whole
    threshold: Decimal | None = None
    first: bool = False  # over the threshold for the first time since records began
    years: int | None = None
    target: TargetRef | None = None
    targets: tuple[TargetRef, ...] = ()
    reached: bool | None = None
    gap: Decimal | None = None
    missing: tuple[str, ...] = ()
    definition_changed: bool = False  # 口径变化: the sides of the comparison have different definitions
    lineage: Lineage | None = field(default=None, compare=False, repr=False)

    @property
    def ranks_differ(self) -> bool:
        """The bulletin's rank is not the one that the siblings' values give: somebody has to look."""
        return None not in (self.rank_reported, self.rank_computed) and self.rank_reported != self.rank_computed


def full(figure: Figure) -> Decimal | None:
    """The value as far as it may be compared: what is incomplete would show a rise or fall that was none."""
    return None if figure.presence is Presence.PARTIAL else figure.value


class RowsOf(list[Ask]):
    """Asks whose rows a form wants to see, once their figures are there."""


class NamesOf(list[LineageRow]):
    """Rows whose parties or titles a form wants to name; those of all forms are read together."""


Asking = list[Ask] | NamesOf
Steps = Generator[Asking, Any, Formed]


@dataclass
class Context:
    """One reference in its place, period and instant, with the engine that answers."""

    engine: Engine
    reference: Reference
    ask: Ask
    targets: Mapping[TargetKey, list[TargetRef]]

    @property
    def period(self) -> Period:
        return self.ask.period

    @property
    def kind(self) -> str:
        return self.engine.definitions.newest(self.ask.code).kind

    def base(self) -> Ask:
        """What a comparison stands on: a stock's last year end, else the same months a year ago; on today's tree.

        The argument `last` compares a stock with the same day a year ago, `previous` with the period right before.
        """
        argument = self.reference.argument
        if argument == "previous":
            period = self.period.previous()
        else:
            period = self.period.last_year() if argument == "last" else base_period(self.kind, self.period)
        return replace(self.ask, period=period, tree_on=self.period.cut_off)

    def yearly(self, years: Iterable[int]) -> dict[int, Ask]:
        """The same months of other years, on today's tree."""
        here = self.period.year
        return {
            year: replace(
                self.ask,
                period=self.period.shift_years(year - here),
                tree_on=None if year == here else self.period.cut_off,
            )
            for year in years
        }

    def changed(self, *asks: Ask) -> bool:
        """Whether the definition is another at one of these cut-offs."""
        found = [self.engine.definitions.on(ask.code, ask.period.cut_off) for ask in (self.ask, *asks)]
        return len({version.version for version in found if version is not None}) > 1

    def formed(self, figures: Iterable[Figure], value: Decimal | None, unit: str, **more: object) -> Formed:
        operands = tuple(figures)
        reason = more.pop("reason", "") or ("" if value is not None else _missing(operands))
        presence = Presence.MISSING if value is None else Presence.ZERO if value == 0 else Presence.VALUE
        if value is not None and any(one.presence is Presence.PARTIAL for one in operands):
            presence = Presence.PARTIAL
        return Formed(
            self.reference, self.reference.form, operands[0], value, unit, operands, presence, str(reason), **more
        )


def _missing(figures: tuple[Figure, ...]) -> str:
    lacking = [one for one in figures if one.value is None]
    if not lacking and (partial := [one for one in figures if one.presence is Presence.PARTIAL]):
        return _("%(name)s %(period)s 的数据不完整，不作比较") % {"name": partial[0].name, "period": partial[0].period}
    if not lacking:
        return _("基数为零或为负，不能计算")
    one = lacking[0]
    return _("缺少%(name)s %(period)s 的数据") % {"name": one.name, "period": one.period}


def scoped(code: str, catalogue: Catalogue) -> tuple[str, str]:
    """A code taken apart: the last part of `hte.valid.with_publicity` names a scope of the indicator before it."""
    head, _dot, tail = code.rpartition(".")
    if code not in catalogue.indicators and head in catalogue.indicators and tail in catalogue.indicators[head].scopes:
        return head, tail
    return code, ""
