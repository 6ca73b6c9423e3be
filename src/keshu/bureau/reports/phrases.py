"""Phrases 提法 that are right for a place on a day: from its ledger, else from the catalogue."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.places.queries import tree_on

SLOTS = ("guide", "meeting", "strategy", "line", "slogan")


def phrases_of(place: str, on: date, known_at: datetime) -> dict[str, str]:
    """The newest valid phrase for each slot; the nearest place's own goes first."""
    path = tree_on(on, known_at=known_at).paths.get(place, place).rstrip("/").split("/")
    found = dict(_of_catalogue(on))
    for code in path:
        found |= _of_ledger(code, on, known_at)
    return found


def _of_ledger(place: str, on: date, known_at: datetime) -> dict[str, str]:
    known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
    valid = Q(started_on__lte=on) & (Q(ended_on__isnull=True) | Q(ended_on__gte=on)) & ~Q(status="replaced")
    rows = Revision.objects.filter(known, valid, ledger="phrase", voided=False, place__code=place, category__in=SLOTS)
    return dict(rows.order_by("started_on", "id").values_list("category", "title"))


def _of_catalogue(on: date) -> Iterable[tuple[str, str]]:
    for phrase in catalogue().phrases.values():
        begun = phrase.from_ is None or phrase.from_ <= on
        if begun and (phrase.to is None or on <= phrase.to):
            yield phrase.slot, phrase.text


def outdated(text: str, place: str, on: date, known_at: datetime) -> list[str]:
    """Phrases in the text that are no longer valid on the day, with what replaced them."""
    known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
    rows = Revision.objects.filter(known, ledger="phrase", voided=False, ended_on__lt=on)
    found = []
    for row in rows.order_by("id"):
        if row.title and row.title in text:
            instead = row.data.get("replaced_by", "")
            found.append(f"“{row.title}”自{row.ended_on}起不再使用" + (f"，应改为“{instead}”" if instead else ""))
    return found
