"""What figures and sources put on the home page and answer to the search box."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.pages.registry import Hit, numbers
from keshu.bureau.records.services import end_of
from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.bureau.statistics.pages.choosing import running_period
from keshu.bureau.statistics.queries import Ask, Figure, figures, root_place
from keshu.bureau.statistics.showing import with_unit
from keshu.kernel.measure.period import Period

SHOWN = 6


@dataclass(frozen=True)
class Differing:
    """A figure of which rows and a document say different things."""

    name: str
    counted: str
    received: str
    period: str
    document: str
    url: str


def differing(request: HttpRequest, day: date) -> dict[str, Any] | None:
    """Figures of this year and the last that somebody has to look at: counted one way, reported another."""
    place = root_place()
    found = [_line(one) for one in _beside(place, day) if one.differs]
    return {"lines": found[:SHOWN], "more": max(0, len(found) - SHOWN)} if found else None


def _beside(place: str, day: date) -> list[Figure]:
    """Counted figures that a document speaks of as well, at the bureau's own place."""
    running = running_period(day)
    rows = ReceivedValue.objects.filter(
        known_to__isnull=True, voided=False, place__code=place, period_end__gte=date(day.year - 1, 1, 1),
        period_end__lte=running.end, value__isnull=False,
    )  # fmt: skip
    computed = {code for code, one in site_catalogue().indicators.items() if one.kind != "received"}
    told = set(rows.values_list("indicator", "scope", "period"))
    asks = [Ask(code, place, Period.parse(period), scope) for code, scope, period in sorted(told) if code in computed]
    return list(figures(asks, known_at=end_of(day)).values()) if asks else []


def _line(one: Figure) -> Differing:
    url = reverse("statistics:indicator", args=[one.code]) + f"?place={one.place}&period={one.period}"
    ref = one.received
    received, document = (with_unit(one, ref.value), ref.document) if ref else ("", "")
    words = one.period.flow_words(with_year=True)
    return Differing(one.name, with_unit(one, one.counted), received, words, document, url)


def find_sources(request: HttpRequest, text: str, limit: int) -> list[Hit]:
    """Documents by title, number or issuer."""
    wanted = Q(title__icontains=text) | Q(number__icontains=text) | Q(issuer__icontains=text)
    rows = Heading.objects.filter(wanted, known_to__isnull=True, voided=False).order_by("-obtained_on", "-pk")
    return [
        Hit(row.title, reverse("statistics:source", args=[row.source_id]), f"{row.issuer} {row.number}")
        for row in rows[:limit]
    ]


def source_url(code: str) -> str:
    """The page of the source that an act's subject names; reads no database."""
    try:
        return reverse("statistics:source", args=[int(code)])
    except (ValueError, NoReverseMatch):
        return ""


def source_names(codes: Sequence[str]) -> dict[str, str]:
    rows = Heading.objects.filter(source_id__in=numbers(codes), known_to__isnull=True).values_list("source_id", "title")
    return {str(number): f"《{title}》" for number, title in rows}
