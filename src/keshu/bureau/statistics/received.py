"""Reading received values: the newest one known for an indicator, place and period, and the document behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Q, QuerySet

from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.kernel.measure.period import Period


@dataclass(frozen=True)
class ReceivedRef:
    """One received value with the document that it stands on."""

    id: int
    source: int
    issuer: str
    title: str
    number: str
    cut_off: date
    release: str
    indicator: str
    scope: str
    place: str
    period: str
    value: Decimal | None
    rank: int | None
    rank_of: int | None
    average: Decimal | None
    growth: Decimal | None
    presence: str
    status: str
    cell: str
    ranked_by: "ReceivedRef | None" = None  # another document that the rank was taken from

    @property
    def published(self) -> bool:
        return self.release == "public"

    @property
    def document(self) -> str:
        """The document as one writes it: 《标题》(文号)."""
        return f"《{self.title}》" + (f"({self.number})" if self.number else "")


Key = tuple[str, str, str, str]  # indicator, scope, place code, period


class Received:
    """The received values of some indicators, loaded in one statement and a second one for their headings."""

    def __init__(self, known_at: datetime) -> None:
        self._known_at = known_at
        self._values: dict[Key, ReceivedRef] = {}
        self._by_series: dict[tuple[str, str, str], list[ReceivedRef]] = {}

    def load(self, codes: Iterable[str], ends: Iterable[date], every_period: Iterable[str] = ()) -> None:
        """Values of periods that end on these days; of the codes in `every_period` the values of any period."""
        wanted = Q(indicator__in=set(codes), period_end__in=set(ends)) | Q(indicator__in=set(every_period))
        for ref in refs(values_known(self._known_at).filter(wanted), self._known_at):
            self._take(ref)

    def _take(self, ref: ReceivedRef) -> None:
        key = (ref.indicator, ref.scope, ref.place, ref.period)
        before = self._values.get(key)
        self._values[key] = ref if before is None else _over(ref, before)
        self._by_series.setdefault(key[:3], []).append(ref)

    def get(self, code: str, scope: str, place: str, period: Period) -> ReceivedRef | None:
        return self._values.get((code, scope, place, str(period)))

    def at(self, code: str, scope: str, place: str, day: date) -> ReceivedRef | None:
        """A stock's value of any period that ends on the day."""
        found = [ref for ref in self._by_series.get((code, scope, place), []) if Period.parse(ref.period).end == day]
        return found[-1] if found else None

    def latest_before(self, code: str, place: str, day: date, *, years: int = 3) -> ReceivedRef | None:
        """The newest yearly value that ends before the day, not older than some years (population of last year)."""
        found = [
            ref
            for ref in self._by_series.get((code, "", place), [])
            if (period := Period.parse(ref.period)).is_whole_year
            and period.end < day
            and day.year - period.year <= years
            and ref.value is not None
        ]
        return max(found, key=lambda ref: (Period.parse(ref.period).end, ref.id), default=None)


def _over(newer: ReceivedRef, older: ReceivedRef) -> ReceivedRef:
    """A newer document stands for the older one, unless it carries no value of its own (a bulletin of ranks)."""
    if newer.value is None and older.value is not None and newer.presence == "missing":
        return older if newer.rank is None else _with_rank(older, newer)
    if newer.rank is None and older.rank is not None:
        return _with_rank(newer, older)
    return newer


def _with_rank(ref: ReceivedRef, ranked: ReceivedRef) -> ReceivedRef:
    average = ref.average if ref.average is not None else ranked.average
    return replace(ref, rank=ranked.rank, rank_of=ranked.rank_of, average=average, ranked_by=ranked)


def values_known(known_at: datetime) -> QuerySet[ReceivedValue]:
    """The values as known at the instant, oldest first, so that the newest is read last."""
    open_then = Q(known_to__isnull=True) | Q(known_to__gt=known_at)
    return ReceivedValue.objects.filter(open_then, known_from__lte=known_at, voided=False).order_by("known_from", "id")


def refs(values: QuerySet[ReceivedValue], known_at: datetime) -> list[ReceivedRef]:
    """The values with the headings of their sources as known at the instant."""
    rows = list(values.select_related("place"))
    open_then = Q(known_to__isnull=True) | Q(known_to__gt=known_at)
    headings = Heading.objects.filter(open_then, known_from__lte=known_at, source__in={row.source_id for row in rows})
    by_source = {heading.source_id: heading for heading in headings}
    return [_ref(row, by_source[row.source_id]) for row in rows if not by_source[row.source_id].voided]


def _ref(row: ReceivedValue, heading: Heading) -> ReceivedRef:
    return ReceivedRef(
        id=row.pk, source=row.source_id, issuer=heading.issuer, title=heading.title, number=heading.number,
        cut_off=heading.cut_off, release=heading.release, indicator=row.indicator, scope=row.scope,
        place=row.place.code, period=row.period, value=row.value, rank=row.rank, rank_of=row.rank_of,
        average=row.average, growth=row.growth, presence=row.presence, status=row.status, cell=row.cell,
    )  # fmt: skip
