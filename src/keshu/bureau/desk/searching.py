"""What the search box finds that no other app answers for: organisations and definitions."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.urls import reverse

from keshu.bureau.desk.catalogue_reading import lines
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
    """The shorter the name, the nearer it is to what was typed."""
    found = sorted(lines(catalogue(), kind, text=text), key=lambda line: len(line.name))[:limit]
    return [Hit(line.name, reverse("catalogue:detail", args=[kind, line.code]), line.owner) for line in found]
