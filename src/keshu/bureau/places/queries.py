"""The tree as it was on a day, as it was known at an instant."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q, QuerySet

from keshu.bureau.places.models import Place, PlaceSpan


@dataclass(frozen=True)
class Tree:
    """Every place's path on one day. `below(code)` holds the place itself and all under it, by code."""

    paths: dict[str, str]
    ids: dict[str, int]

    def below(self, code: str) -> frozenset[str]:
        path = self.paths.get(code)
        return frozenset(c for c, p in self.paths.items() if path and p.startswith(path))

    def ids_below(self, code: str) -> frozenset[int]:
        return frozenset(self.ids[c] for c in self.below(code))

    def parent(self, code: str) -> str:
        parts = self.paths.get(code, "").rstrip("/").split("/")
        return parts[-2] if len(parts) > 1 else ""

    def children(self, code: str) -> list[str]:
        return sorted(c for c in self.paths if self.parent(c) == code)


def spans_on(day: date | None = None, *, known_at: datetime | None = None) -> QuerySet[PlaceSpan]:
    """The spans that hold on `day` (None: the current ones), as known at the instant (None: now)."""
    known = Q(known_to__isnull=True)
    if known_at is not None:
        known = Q(known_from__lte=known_at) & (Q(known_to__isnull=True) | Q(known_to__gt=known_at))
    valid = Q(valid_to__isnull=True)
    if day is not None:
        valid = Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
    return PlaceSpan.objects.filter(known, valid).order_by("path")


def tree_on(day: date | None = None, *, known_at: datetime | None = None) -> Tree:
    rows = list(spans_on(day, known_at=known_at).values_list("place__code", "path", "place_id"))
    return Tree(paths={code: path for code, path, _ in rows}, ids={code: pk for code, _, pk in rows})


def codes_below(code: str) -> frozenset[str]:
    """The place and everything under it today."""
    return tree_on().below(code)


def ids_above(places: Iterable[int]) -> dict[int, frozenset[int]]:
    """For each of these places its own id and those of all that it lies in today, up to the top."""
    tree = tree_on()
    codes = {pk: code for code, pk in tree.ids.items()}
    paths = {pk: tree.paths[codes[pk]].strip("/").split("/") for pk in places if pk in codes}
    return {pk: frozenset(tree.ids[code] for code in path if code in tree.ids) for pk, path in paths.items()}


def place_of(code: str) -> Place:
    return Place.objects.get(code=code)


@dataclass(frozen=True)
class Gazetteer:
    """Finds places by anything people call them: code, name, short name, alias. Spaces inside do not matter."""

    names: dict[str, tuple[str, ...]]

    def find(self, text: str, *, within: frozenset[str] | None = None) -> tuple[str, ...]:
        """Codes that bear this name; several when it is ambiguous, none when it is unknown."""
        found = self.names.get(_plain(text), ())
        return tuple(code for code in found if within is None or code in within)

    def cuts(self, text: str) -> Iterator[tuple[str, str]]:
        """Ways to read 青岩县城关镇: the code of the outer place, the name of the one that lies in it."""
        plain = _plain(text)
        for cut in range(len(plain) - 2, 1, -1):
            for code in self.names.get(plain[:cut], ()) if plain[cut:] in self.names else ():
                yield code, plain[cut:]

    def near(self, text: str) -> str:
        """The name that an unknown one comes closest to, "" for none."""
        close = difflib.get_close_matches(_plain(text), self.names, n=1, cutoff=0.6)
        return close[0] if close else ""


RANK = {kind: rank for rank, kind in enumerate(("province", "city", "county", "zone", "town", "bureau", "section"))}


def gazetteer() -> Gazetteer:
    """Every spelling with the places it may mean; 白沙 alone is the county, not the town of the same short name."""
    names: dict[str, dict[str, int]] = {}
    for place in Place.objects.order_by("order", "code"):
        for spelling in {place.code, place.name, place.short, *place.aliases}:
            if spelling:
                names.setdefault(_plain(spelling), {})[place.code] = RANK[place.kind]
    return Gazetteer({name: _highest(found) for name, found in names.items()})


def _highest(found: dict[str, int]) -> tuple[str, ...]:
    return tuple(code for code, rank in found.items() if rank == min(found.values()))


def _plain(text: str) -> str:
    return "".join(text.split()).replace("\u3000", "")
