"""The tree of places through time, loaded once for all figures of a request."""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.places.models import Place, PlaceSpan

TERRITORIES = frozenset({Place.Kind.PROVINCE, Place.Kind.CITY, Place.Kind.COUNTY, Place.Kind.ZONE, Place.Kind.TOWN})


class UnknownPlace(Exception):
    """No place has this code; the message says so and what to do."""


Span = tuple[Any, ...]


def _by_place(spans: Iterable[Span]) -> Iterable[list[Span]]:
    return (list(group) for _, group in groupby(spans, key=itemgetter(0)))


def _known(spans: list[Span], known_at: datetime) -> list[Span]:
    """A place's spans as known at the instant. One that was entered later was there all the same: as it was entered."""
    open_then = [span for span in spans if span[-2] <= known_at and (span[-1] is None or span[-1] > known_at)]
    return open_then or [span for span in spans if span[-2] == spans[0][-2]]


class Trees:
    """Who lay below whom on any day, as known at one instant."""

    def __init__(self, known_at: datetime) -> None:
        of_place = ("place__kind", "place__name", "place__short")
        rows = PlaceSpan.objects.order_by("place__order", "place__code", "known_from", "pk")
        found = rows.values_list(
            "place_id", "place__code", "path", "valid_from", "valid_to", *of_place, "known_from", "known_to"
        )
        self._spans = [span[:-2] for spans in _by_place(found) for span in _known(spans, known_at)]
        self.ids = {code: pk for pk, code, *_ in self._spans}
        self.codes = {pk: code for code, pk in self.ids.items()}
        self.names = {code: name for _, code, _, _, _, _, name, _ in self._spans}
        self.shorts = {code: short or name for _, code, _, _, _, _, name, short in self._spans}
        self.kinds = {code: kind for _, code, _, _, _, kind, _, _ in self._spans}
        ended = {to + timedelta(days=1) for *_, to, _, _, _ in self._spans if to is not None}
        self.changes = sorted({start for _, _, _, start, *_ in self._spans} | ended)
        self._below: dict[tuple[int, str], frozenset[int]] = {}
        self._paths: dict[int, dict[str, str]] = {}
        self._children: dict[tuple[int, str], list[str]] = {}

    def require(self, code: str) -> None:
        if code not in self.ids:
            raise UnknownPlace(_("没有代码为“%(code)s”的区划，请核对区划代码") % {"code": code})

    def age(self, day: date) -> int:
        """A number that is the same for two days between which no place moved."""
        return bisect_right(self.changes, day)

    def changes_within(self, start: date, end: date) -> list[date]:
        return [day for day in self.changes if start < day <= end]

    def paths(self, day: date) -> dict[str, str]:
        """Code to path of every place that was there on the day."""
        age = self.age(day)
        if age not in self._paths:
            self._paths[age] = {
                code: path for _, code, path, start, to, *_ in self._spans if start <= day and (to is None or to >= day)
            }
        return self._paths[age]

    def below(self, code: str, day: date) -> frozenset[int]:
        """Ids of the place and all that lay below it on the day."""
        key = (self.age(day), code)
        if key not in self._below:
            paths = self.paths(day)
            root = paths.get(code)
            found = {self.ids[c] for c, path in paths.items() if root is not None and path.startswith(root)}
            self._below[key] = frozenset(found | {self.ids[code]} if code in self.ids else found)
        return self._below[key]

    def counted(self, code: str, day: date, *, own: bool) -> frozenset[int]:
        """Ids whose rows count for the place: its own alone, or those of all below it too."""
        return frozenset({self.ids[code]}) if own else self.below(code, day)

    def upper(self, code: str, day: date) -> tuple[str, ...]:
        """The place and what it lay below, nearest first."""
        path = self.paths(day).get(code, code)
        return tuple(reversed(path.rstrip("/").split("/")))

    def children(self, code: str, day: date) -> list[str]:
        """Direct children that are territories (no bureaus, no sections), in their order."""
        key = (self.age(day), code)
        if key not in self._children:
            paths = self.paths(day)
            root = paths.get(code, "\0")
            depth = root.count("/") + 1
            self._children[key] = [
                child
                for child, path in paths.items()
                if path.startswith(root) and path.count("/") == depth and self.kinds[child] in TERRITORIES
            ]
        return self._children[key]

    def siblings(self, code: str, day: date) -> list[str]:
        """All territories under the same parent, the place itself among them; just itself at the top."""
        parents = self.upper(code, day)[1:2]
        return self.children(parents[0], day) if parents else [code]
