"""Sources as pages list them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.records.models import Act
from keshu.bureau.statistics.models import Heading, ReceivedValue, Status
from keshu.catalogue import Catalogue
from keshu.kernel.measure.arithmetic import round_to
from keshu.kernel.measure.period import Period
from keshu.kernel.typed import read_unit


def headings(query: Mapping[str, str]) -> QuerySet[Heading]:
    """Current headings under the filter, with the number of their living values."""
    living = Q(source__values__known_to__isnull=True, source__values__voided=False)
    rows = Heading.objects.filter(known_to__isnull=True).select_related("file", "act")
    rows = rows.annotate(values_n=Count("source__values", filter=living))
    if text := query.get("q", "").strip():
        rows = rows.filter(Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text))
    for name, known in (("release", Heading.Release.values), ("status", Status.values)):
        if query.get(name) in known:
            rows = rows.filter(**{name: query[name]})
    return rows


@dataclass(frozen=True)
class ValueLine:
    """One received value as the document's page shows it, in the printed unit."""

    row: ReceivedValue
    name: str
    period: str
    value: Decimal | None
    average: Decimal | None
    unit: str

    @property
    def value_text(self) -> str:
        return "—" if self.value is None else format(self.value, ",f")

    @property
    def average_text(self) -> str:
        return "—" if self.average is None else format(self.average, ",f")

    def cells(self) -> list[object]:
        row = self.row
        return [
            self.name, row.indicator, row.place.name, self.period, self.value, self.unit, row.growth, row.rank,
            row.rank_of, self.average, row.get_presence_display(), row.get_status_display(), row.cell,
        ]  # fmt: skip


def values_of(source_id: int, viewer: Viewer) -> QuerySet[ReceivedValue]:
    """The living values of a source at places that the viewer's memberships cover."""
    rows = ReceivedValue.objects.filter(source_id=source_id, known_to__isnull=True, voided=False)
    visible = viewer.place_ids("sources.view")
    if visible is not None:
        rows = rows.filter(place_id__in=visible)
    return rows.select_related("place")


def lines(rows: QuerySet[ReceivedValue], catalogue: Catalogue) -> Iterator[ValueLine]:
    for row in rows:
        indicator = catalogue.indicators.get(row.indicator)
        scale = indicator.print_unit if indicator else None
        factor = read_unit(scale).factor / read_unit(indicator.unit).factor if scale and indicator else Decimal(1)
        precision = indicator.precision if indicator else 2
        value, average = (None if n is None else round_to(n / factor, precision) for n in (row.value, row.average))
        period = Period.parse(row.period).flow_words(with_year=True)
        name = indicator.name if indicator else row.indicator
        if indicator and row.scope in indicator.scopes:
            name = f"{name}({indicator.scopes[row.scope].says})"
        yield ValueLine(row, name, period, value, average, scale or (indicator.unit if indicator else ""))


def history(source_id: int) -> list[Act]:
    """The acts that wrote to a source, newest first."""
    mine = Q(headings__source_id=source_id) | Q(received_values__source_id=source_id)
    return list(Act.objects.filter(mine).distinct().order_by("-at", "-pk")[:50])
