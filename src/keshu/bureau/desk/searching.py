"""What the search box finds that no other app answers for: organisations and definitions."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from keshu.bureau.desk.catalogue_reading import Line, lines
from keshu.bureau.desk.parties import organisations
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.pages.registry import Hit


def find_parties(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    found = organisations(text=text).order_by("normal_name", "pk")[:limit]
    return [Hit(p.name, reverse("parties:detail", args=[p.pk]), p.place.name if p.place else "") for p in found]


def find_indicators(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    return _definitions("indicators", text, limit)


def find_ledgers(request: HttpRequest, text: str, limit: int) -> Sequence[Hit]:
    return _definitions("ledgers", text, limit)


def _definitions(kind: str, text: str, limit: int) -> list[Hit]:
    """What is called exactly so comes first; else the shorter the name, the nearer it is to what was typed."""
    known = getattr(catalogue(), kind)

    def far(line: Line) -> tuple[bool, int]:
        called = (line.name, *getattr(known[line.code], "aliases", ()))
        return text.strip() not in called, len(line.name)

    found = sorted(lines(catalogue(), kind, text=text), key=far)[:limit]
    return [Hit(line.name, reverse("catalogue:detail", args=[kind, line.code]), line.owner) for line in found]
