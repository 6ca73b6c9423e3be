"""What became of targets: the actual value, completion, pace, the level reached, and what asks for a warning."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.queries import tree_on
from keshu.bureau.records.services import ZONE, now
from keshu.bureau.statistics.forms import Formed, against
from keshu.bureau.statistics.queries import Engine, Figure, engine_at
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.queries import ref_of, revisions, rows_of
from keshu.catalogue import Catalogue, Indicator
from keshu.kernel.measure.arithmetic import growth, round_to
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.targets import Level, TargetKind, is_late, unallocated

#: kinds whose values are amounts of the indicator: they can be added up and compared with last year's
AMOUNTS = frozenset({TargetKind.EXACT, TargetKind.AT_LEAST, TargetKind.RANGE, TargetKind.ABOUT})
PACE_WARNING = "target.pace_warning"


class Concern(StrEnum):
    """What a warning is about."""

    BEHIND = "behind"
    MISSED = "missed"
    BELOW_ACTUAL = "below_actual"
    UNALLOCATED = "unallocated"


@dataclass(frozen=True)
class Alert:
    concern: Concern
    text: str


@dataclass(frozen=True)
class Progress:
    """How a target stands at the end of `period`; None where the year has not begun, or nothing can be counted.

    `actual` is what is held against the target: the value, its growth in percent, or the rank. `last` is the value of
    the year before; for a target of next year it is this year's value so far.
    """

    row: TargetRevision
    indicator: Indicator
    period: Period | None
    figure: Figure | None = None
    actual: Decimal | None = None
    rate: Decimal | None = None
    pace: Decimal | None = None
    reached: bool | None = None
    gap: Decimal | None = None
    last: Decimal | None = None
    level: Level | None = None
    warnings: tuple[Alert, ...] = field(default=())
    parts: int = 0  # how many targets it was broken down to

    @property
    def kind(self) -> TargetKind:
        return TargetKind(self.row.kind)

    @property
    def late(self) -> bool:
        """Behind the time, or not reached when the year was over."""
        return any(one.concern in (Concern.BEHIND, Concern.MISSED) for one in self.warnings)


def period_of(year: int, day: date) -> Period | None:
    """What a year's targets are held against on a day: the whole year, its finished months, or nothing yet.

    A month is finished on its last day. In January, when no month is over, the days so far.
    """
    if year != day.year:
        return Period.of_year(year) if year < day.year else None
    month_ends = (day + timedelta(days=1)).month != day.month
    if month_ends or day.month == 1:
        return Period.until(day)
    return Period.until(day.replace(day=1) - timedelta(days=1))


def progress(
    place: str, year: int, known_at: datetime | None = None, *, catalogue: Catalogue | None = None,
    engine: Engine | None = None,
) -> list[Progress]:  # fmt: skip
    """Every target of a place and year and what became of it, in the order of the catalogue; figures asked for once."""
    at = engine.known_at if engine else known_at or now()
    rows = rows_of(place, year, known_at=at, catalogue=catalogue)
    return progress_of(rows, known_at=at, catalogue=catalogue, engine=engine)


def progress_of(
    rows: Sequence[TargetRevision], *, known_at: datetime, catalogue: Catalogue | None = None,
    engine: Engine | None = None,
) -> list[Progress]:  # fmt: skip
    """The same for any targets of one year. Targets of indicators that the catalogue no longer has are left out."""
    known = catalogue or site_catalogue()
    wanted = [row for row in rows if row.indicator in known.indicators]
    if not wanted:
        return []
    day = known_at.astimezone(ZONE).date()
    year = wanted[0].year
    found = _standing(wanted, period_of(year, day), day, engine or engine_at(known_at, known))
    limit = pace_limit(wanted[0].place.code, day, known)
    parts = _parts_of(wanted, known_at)
    return _with_levels([_warned(one, parts.get(one.row.target_id, []), limit) for one in found])


def _standing(rows: Sequence[TargetRevision], period: Period | None, day: date, engine: Engine) -> list[Progress]:
    year, catalogue = rows[0].year, engine.catalogue
    plain = [Progress(row, catalogue.indicators[row.indicator], period) for row in rows]
    asked = period or period_of(year - 1, day)
    if asked is None:
        return plain
    answers = against([ref_of(row, catalogue) for row in rows], period=asked, known_at=engine.known_at, engine=engine)
    if period is None:
        return [replace(one, last=formed.figure.value) for one, (formed, _last) in zip(plain, answers, strict=True)]
    whole = {row.target_id: row.low for row in rows}
    return [_measured(one, formed, last, whole) for one, (formed, last) in zip(plain, answers, strict=True)]


def _measured(
    one: Progress, formed: Formed, last: Decimal | None, whole: Mapping[int | None, Decimal | None]
) -> Progress:
    """A section that answers for the whole target has the place's value; a share of it cannot be told from the rows."""
    row = one.row
    if row.section and row.parent_id is not None and whole.get(row.parent_id) != row.low:
        return replace(one, last=last)
    return replace(
        one, figure=formed.figure, actual=_actual(one, formed), rate=formed.before,
        pace=formed.value if _grows_with_time(one) else None, reached=formed.reached, gap=formed.gap, last=last,
    )  # fmt: skip


def _grows_with_time(one: Progress) -> bool:
    """A rate or a rank does not come nearer to its target month by month; an amount does."""
    return one.kind in AMOUNTS and one.indicator.kind != "ratio" and one.indicator.unit != "%"


def _actual(one: Progress, formed: Formed) -> Decimal | None:
    if one.kind is TargetKind.RANK:
        return None if formed.rank is None else Decimal(formed.rank)
    if one.kind is TargetKind.GROWTH and len(formed.operands) > 1:
        return growth(now=formed.operands[0].value, before=formed.operands[1].value)
    return formed.figure.value


def pace_limit(place: str, day: date, catalogue: Catalogue) -> Decimal:
    """Percentage points behind the time from which a target is warned of, as the site set it for the place."""
    parameter = catalogue.parameters.get(PACE_WARNING)
    path = tree_on(day).paths.get(place, place) if parameter else ""
    value = parameter.value_on(day, list(reversed(path.rstrip("/").split("/")))) if parameter else None
    return Decimal(10) if value is None else Decimal(value)


def _parts_of(rows: Iterable[TargetRevision], known_at: datetime) -> Mapping[int, list[TargetRevision]]:
    found: dict[int, list[TargetRevision]] = defaultdict(list)
    wanted = revisions(known_at).filter(parent_id__in={row.target_id for row in rows})
    for part in wanted.order_by("place__order", "section", "target_id"):
        found[part.parent_id].append(part)
    return found


def _warned(one: Progress, parts: list[TargetRevision], limit: Decimal) -> Progress:
    return replace(one, warnings=tuple(_warnings(one, parts, limit)), parts=len(parts))


def _warnings(one: Progress, parts: list[TargetRevision], limit: Decimal) -> Iterable[Alert]:
    if one.period is not None and one.period.is_whole_year:
        if one.reached is False:
            yield Alert(Concern.MISSED, _("全年未完成目标"))
    elif one.pace is not None and one.reached is not True and is_late(pace_points=one.pace, limit=-limit):
        text = _("较序时进度慢 %(points)s 个百分点") % {"points": round_to(-one.pace, 1)}
        yield Alert(Concern.BEHIND, text)
    if is_below(one):
        whose = _("今年实绩") if one.period is None else _("上年实绩")
        yield Alert(Concern.BELOW_ACTUAL, _("目标低于%(whose)s") % {"whose": whose})
    left = left_over(one, parts)
    if left is not None and left > 0:
        yield Alert(Concern.UNALLOCATED, _("分解数不足目标"))


def is_below(one: Progress) -> bool:
    """Whether the target asks for less than what the year before already reached; the upper end of a range counts."""
    if one.last is None or one.kind not in AMOUNTS or one.row.section:
        return False
    if one.indicator.direction == "lower":
        return one.row.low is not None and one.row.low > one.last
    value = one.row.high if one.row.high is not None else one.row.low
    return value is not None and value < one.last


def left_over(one: Progress, parts: Sequence[TargetRevision]) -> Decimal | None:
    """What of the target no place below has got (the sections, where it went to sections); None where it was kept."""
    if one.kind not in AMOUNTS or one.indicator.kind == "ratio" or one.row.low is None:
        return None
    places = [part for part in parts if not part.section]
    shares = [part.low for part in places or parts if part.low is not None]
    if not shares:
        return None
    left = unallocated(total=one.row.low, parts=shares)
    return -left if one.indicator.direction == "lower" else left


def _with_levels(found: list[Progress]) -> list[Progress]:
    """确保 and 争取 of one issuer are one aim: both say which of the two levels was reached."""
    aims: dict[tuple[object, ...], dict[str, Progress]] = defaultdict(dict)
    for one in found:
        aims[_aim(one.row)][one.row.tier] = one
    return [replace(one, level=_level(aims[_aim(one.row)])) for one in found]


def _aim(row: TargetRevision) -> tuple[object, ...]:
    return row.indicator, row.scope, row.place.code, row.section, row.issuer


def _level(tiers: Mapping[str, Progress]) -> Level | None:
    """Each level is judged on its own, as `kernel.measure.targets.two_levels` does; None unless both are judged."""
    ensure, strive = tiers.get("ensure"), tiers.get("strive")
    if ensure is None or strive is None or ensure.reached is None or strive.reached is None:
        return None
    if strive.reached:
        return Level.STRIVEN
    return Level.ENSURED if ensure.reached else Level.NONE


@dataclass(frozen=True)
class Aim:
    """One line of the page: a target with what is striven for beyond it."""

    main: Progress
    strive: Progress | None = None

    @property
    def warnings(self) -> tuple[Alert, ...]:
        """Those of the target that has to be reached; for the striven one only that it lies below the actual."""
        more = self.strive.warnings if self.strive else ()
        seen = {one.concern for one in self.main.warnings}
        return (*self.main.warnings, *(w for w in more if w.concern is Concern.UNALLOCATED and w.concern not in seen))


def aims_of(found: Iterable[Progress]) -> list[Aim]:
    """Targets as lines: the two levels of one issuer together."""
    grouped: dict[tuple[object, ...], list[Progress]] = defaultdict(list)
    for one in found:
        grouped[_aim(one.row)].append(one)
    lines = []
    for group in grouped.values():
        strive = next((one for one in group if one.row.tier == "strive"), None)
        others = [one for one in group if one is not strive]
        if not others:
            lines.append(Aim(group[0]))
            continue
        ensured = next((one for one in others if one.row.tier == "ensure"), None)
        lines += [Aim(one, strive if one is (ensured or others[0]) else None) for one in others]
    return lines


@dataclass(frozen=True)
class Branch:
    """A target with those that it was broken down to.

    `left` is what nobody has got, negative where more was handed on.
    """

    progress: Progress
    branches: tuple["Branch", ...]
    left: Decimal | None

    @property
    def total(self) -> Decimal | None:
        """What was handed on."""
        low = self.progress.row.low
        if self.left is None or low is None:
            return None
        return low + self.left if self.progress.indicator.direction == "lower" else low - self.left


def tree_of(target_id: int, *, known_at: datetime, catalogue: Catalogue | None = None) -> Branch | None:
    """A target with all below it, each with its progress; None where no such target was known."""
    top = revisions(known_at).filter(target_id=target_id).first()
    if top is None:
        return None
    rows, level = [top], [top]
    while level:
        level = [part for parts in _parts_of(level, known_at).values() for part in parts]
        rows += level
    found = {one.row.target_id: one for one in progress_of(rows, known_at=known_at, catalogue=catalogue)}
    below: dict[int | None, list[TargetRevision]] = defaultdict(list)
    for row in rows[1:]:
        below[row.parent_id].append(row)
    return _branch(top, found, below) if top.target_id in found else None


def _branch(
    row: TargetRevision, found: Mapping[int, Progress], below: Mapping[int | None, list[TargetRevision]]
) -> Branch:
    parts = below.get(row.target_id, [])
    own = found[row.target_id]
    return Branch(own, tuple(_branch(part, found, below) for part in parts), left_over(own, parts))
