"""Putting headings and received values into the database: the only code that inserts them."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act, File
from keshu.bureau.records.services import Writing, digest_of
from keshu.bureau.statistics.fields import plain
from keshu.bureau.statistics.models import Heading, ReceivedValue, Source
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence

PAGE = 2000


@dataclass(frozen=True)
class SourceSpec:
    """What a document says of itself."""

    issuer: str
    title: str
    cut_off: date
    obtained_on: date
    number: str = ""
    status: str = "flash"
    release: str = "internal"
    note: str = ""


@dataclass(frozen=True)
class ValueSpec:
    """What a document says of one indicator, place (by code) and period, in the indicator's base unit."""

    indicator: str
    place: str
    period: Period
    value: Decimal | None = None
    scope: str = ""
    rank: int | None = None
    rank_of: int | None = None
    average: Decimal | None = None
    growth: Decimal | None = None
    presence: str = ""  # empty: by the value
    status: str = ""  # empty: the document's
    cell: str = ""

    @property
    def known(self) -> str:
        if self.presence:
            return self.presence
        if self.value is None:
            return Presence.MISSING
        return Presence.ZERO if self.value == 0 else Presence.VALUE

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.indicator, self.scope, self.place, str(self.period)


@dataclass
class Written:
    """How many values an act brought, changed, or found as they were."""

    source: int
    act: Act | None = None
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    rows: list[ReceivedValue] = field(default_factory=list)


def open_heading(
    source: Source, spec: SourceSpec, within: Writing, *, file: File | None = None, number: int = 1,
    voided: bool = False,
) -> Heading:  # fmt: skip
    heading = Heading(
        source=source, file=file, number_in_source=number, voided=voided, known_from=within.known_from,
        act=within.act, **asdict(spec),
    )  # fmt: skip
    heading.save(force_insert=True)
    within.wrote(heading_digest(heading), "heading")
    return heading


def heading_digest(row: Heading) -> bytes:
    names = ("issuer", "title", "number", "cut_off", "obtained_on", "status", "release", "note", "voided")
    return digest_of([row.source_id, row.number_in_source, row.file_id, *(str(getattr(row, name)) for name in names)])


def put_values(source: Source, status: str, specs: Iterable[ValueSpec], within: Writing) -> Written:
    """One row for each value that is new or says something else than the row it closes."""
    wanted = list(specs)
    places = {place.code: place for place in Place.objects.filter(code__in={spec.place for spec in wanted})}
    current = {
        (row.indicator, row.scope, row.place.code, row.period): row
        for row in source.values.filter(known_to__isnull=True).select_related("place").select_for_update(of=("self",))
    }
    opened = [row.known_from for row in current.values()]
    within.known_from = max([within.known_from, *opened])  # a back-dated act never closes a row before it was opened
    result, fresh, closed = Written(source.pk, within.act), [], []
    for spec in wanted:
        before = current.get(spec.key)
        row = _row(source, spec, spec.status or status, places[spec.place], before, within)
        if before is not None and not before.voided and _content(before) == _content(row):
            result.unchanged += 1
            continue
        result.new += before is None or before.voided
        result.changed += before is not None and not before.voided
        closed += [before.pk] if before is not None else []
        fresh.append(row)
    _insert(fresh, closed, within)
    result.rows = fresh
    return result


def _insert(fresh: list[ReceivedValue], closed: list[int], within: Writing) -> None:
    for start in range(0, len(closed), 500):
        ReceivedValue.objects.filter(pk__in=closed[start : start + 500]).update(known_to=within.known_from)
    for row in fresh:
        within.wrote(value_digest(row), "received")
    ReceivedValue.objects.bulk_create(fresh, batch_size=500)


def _row(
    source: Source, spec: ValueSpec, status: str, place: Place, before: ReceivedValue | None, within: Writing
) -> ReceivedValue:
    return ReceivedValue(
        source=source, indicator=spec.indicator, scope=spec.scope, place=place, period=str(spec.period),
        period_end=spec.period.end, value=spec.value, rank=spec.rank, rank_of=spec.rank_of, average=spec.average,
        growth=spec.growth, presence=spec.known, status=status, cell=spec.cell,
        number_in_row=before.number_in_row + 1 if before else 1, known_from=within.known_from, act=within.act,
    )  # fmt: skip


def _content(row: ReceivedValue) -> list[Any]:
    numbers = (row.value, row.average, row.growth)
    said = [None if number is None else plain(number) for number in numbers]
    return [*said, row.rank, row.rank_of, str(row.presence), str(row.status)]


def value_digest(row: ReceivedValue) -> bytes:
    identity = [row.source_id, row.indicator, row.scope, row.place_id, row.period, row.number_in_row, row.voided]
    return digest_of([*identity, *_content(row), row.cell])


def replace_values(rows: Iterable[tuple[ReceivedValue, ReceivedValue | None]], within: Writing) -> int:
    """Put what was before in place of each row, or void it where nothing was before."""
    fresh, closed = [], []
    for row, before in rows:
        fresh.append(_copy(before or row, row.number_in_row + 1, within, voided=before is None or before.voided))
        closed.append(row.pk)
    _insert(fresh, closed, within)
    return len(fresh)


def _copy(row: ReceivedValue, number: int, within: Writing, *, voided: bool) -> ReceivedValue:
    kept = {
        name: getattr(row, name)
        for name in (
            "source_id", "indicator", "scope", "place_id", "period", "period_end", "value", "rank", "rank_of",
            "average", "growth", "presence", "status", "cell",
        )
    }  # fmt: skip
    return ReceivedValue(**kept, number_in_row=number, voided=voided, known_from=within.known_from, act=within.act)


def heading_digests() -> Iterator[tuple[int, bytes]]:
    """(act, digest) of every heading, for the audit."""
    for row in Heading.objects.order_by("pk").iterator(chunk_size=PAGE):
        yield row.act_id, heading_digest(row)


def value_digests() -> Iterator[tuple[int, bytes]]:
    """(act, digest) of every received value, for the audit."""
    for row in ReceivedValue.objects.order_by("pk").iterator(chunk_size=PAGE):
        yield row.act_id, value_digest(row)
