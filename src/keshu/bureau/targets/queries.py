"""Targets as they stand: what was set, how far it is, what asks for a warning."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.statistics.forming.base import TargetKey, TargetRef
from keshu.bureau.statistics.forms import Formed, against
from keshu.bureau.targets.models import TargetRevision
from keshu.catalogue import Catalogue
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.targets import Direction, TargetKind, is_late, unallocated

SUMMED = frozenset({TargetKind.EXACT, TargetKind.AT_LEAST, TargetKind.RANGE, TargetKind.ABOUT})


def targets_known(known_at: datetime | None = None) -> QuerySet[TargetRevision]:
    """The living targets as known at the instant (None: now)."""
    known = Q(known_to__isnull=True)
    if known_at is not None:
        known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
    return TargetRevision.objects.filter(known, voided=False).select_related("place", "act")


def targets_of(
    place: str, year: int, *, known_at: datetime | None = None, catalogue: Catalogue | None = None
) -> list[TargetRef]:
    """The targets of a place in a year, in the order of the catalogue's themes; the ensured before the striven."""
    indicators = list((catalogue or site_catalogue()).indicators)
    found = [ref_of(row, catalogue) for row in targets_known(known_at).filter(place__code=place, year=year)]
    order = {code: number for number, code in enumerate(indicators)}
    return sorted(found, key=lambda one: (order.get(one.code, len(order)), one.section, one.tier == "strive", one.id))


def find_targets(
    keys: Iterable[TargetKey], known_at: datetime, catalogue: Catalogue
) -> Mapping[TargetKey, list[TargetRef]]:
    """The targets of whole places that references ask for, in one statement; of two issuers the earlier goes first."""
    wanted = set(keys)
    rows = targets_known(known_at).filter(
        indicator__in={code for code, _, _ in wanted}, place__code__in={place for _, place, _ in wanted}, section="",
        year__in={year for _, _, year in wanted},
    )  # fmt: skip
    found: dict[TargetKey, list[TargetRef]] = defaultdict(list)
    for row in rows.order_by("target_id"):
        key = (row.indicator, row.place.code, row.year)
        if key in wanted:
            found[key].append(ref_of(row, catalogue))
    return dict(found)


def ref_of(row: TargetRevision, catalogue: Catalogue | None = None) -> TargetRef:
    indicator = (catalogue or site_catalogue()).indicators.get(row.indicator)
    lower = indicator is not None and indicator.direction == "lower"
    return TargetRef(
        id=row.target_id, revision=row.pk, code=row.indicator, place=row.place.code, section=row.section,
        year=row.year, kind=TargetKind(row.kind), tier=row.tier, low=row.low, high=row.high, issuer=row.issuer,
        document=row.document, direction=Direction.LOWER if lower else Direction.HIGHER,
    )  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """How a target stands: its pace form, completion in percent, last year's value, and what asks for a warning."""

    target: TargetRef
    formed: Formed
    rate: Decimal | None
    pace: Decimal | None
    reached: bool | None
    last: Decimal | None
    elapsed: Decimal
    warnings: tuple[str, ...]

    @property
    def late(self) -> bool:
        return not self.reached and is_late(pace_points=self.pace)


def standings(
    targets: Sequence[TargetRef], *, period: Period, known_at: datetime, catalogue: Catalogue | None = None
) -> list[Standing]:
    """How targets of one year stand at the end of a period, in their order; figures are asked for once."""
    found = against(targets, period=period, known_at=known_at, catalogue=catalogue)
    return [_standing(target, one, last, period) for target, (one, last) in zip(targets, found, strict=True)]


def _standing(target: TargetRef, formed: Formed, last: Decimal | None, period: Period) -> Standing:
    warnings = []
    if not formed.reached and is_late(pace_points=formed.value):
        warnings.append(_("慢于序时进度 %(points)s 个百分点") % {"points": round(-formed.value, 1)})
    if target.kind in SUMMED and target.low is not None and last is not None and _below(target, last):
        warnings.append(_("目标低于上年实绩"))
    return Standing(
        target, formed, formed.before, formed.value, formed.reached, last, period.elapsed(), tuple(warnings)
    )


def _below(target: TargetRef, last: Decimal) -> bool:
    low = target.high if target.high is not None and target.direction is Direction.LOWER else target.low
    assert low is not None
    return low < last if target.direction is Direction.HIGHER else low > last


@dataclass(frozen=True)
class Allocation:
    """What of a target was handed on. `open` is what nobody has got: negative where more was handed on than asked."""

    whole: TargetRef
    shares: tuple[TargetRef, ...]
    total: Decimal | None
    open: Decimal | None

    @property
    def short(self) -> bool:
        """The shares do not make up the whole."""
        return bool(self.shares) and self.open is not None and self.open > 0


def allocation(
    target_id: int, *, known_at: datetime | None = None, catalogue: Catalogue | None = None
) -> Allocation:
    """How a target was broken down; sums only where the kind can be added up."""
    rows = targets_known(known_at)
    whole = ref_of(rows.get(target_id=target_id), catalogue)
    handed_on = rows.filter(parent_id=target_id).order_by("place__order", "section", "id")
    shares = tuple(ref_of(row, catalogue) for row in handed_on)
    if whole.kind not in SUMMED or whole.low is None:
        return Allocation(whole, shares, None, None)
    parts = [share.low for share in shares if share.low is not None]
    return Allocation(whole, shares, sum(parts, Decimal(0)), unallocated(total=whole.low, parts=parts))


def years_with_targets() -> list[int]:
    return list(targets_known().order_by("-year").values_list("year", flat=True).distinct())


