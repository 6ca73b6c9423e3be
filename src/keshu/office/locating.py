"""Where each frozen mark stands in a document that came back: by control, by bookmark, or by the words around it."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from .anchors import NUMBER, Skeleton, Wanted, find, same_words
from .marks import Mark, Marks

By = Literal["control", "bookmark", "words"]
_MARGIN = 40  # characters beyond the neighbours that are read as context


@dataclass(frozen=True)
class FrozenMark:
    """A mark as it was signed; `start` is its place in the frozen text, or -1 where that is not known."""

    id: str
    reference: str
    text: str
    before: str = ""
    after: str = ""
    start: int = -1


@dataclass(frozen=True)
class Place:
    start: int
    end: int
    by: By
    score: float = float("inf")  # a mark is sure; words are as sure as they agree


def locate(frozen: Sequence[FrozenMark], marks: Marks) -> dict[str, list[Place]]:
    """The places of each mark, by id; none where it is gone, several where it was copied.

    `frozen` is in printed order: where sentences repeat, a place that breaks the order is looked for again
    between its neighbours.
    """
    by_id: dict[str, list[Mark]] = defaultdict(list)
    for mark in marks.figures:
        by_id[mark.id].append(mark)
    skeleton = Skeleton(marks.plain_text)
    places: dict[str, list[Place]] = {}
    expected = 0
    for one in frozen:
        here = _marked(one, by_id[one.id], marks.plain_text) or _by_words(one, skeleton, expected)
        if here:
            expected = here[0].end
        places[one.id] = here
    _put_in_order(frozen, places, marks.plain_text)
    _settle(frozen, places, marks.plain_text)
    return places


def _marked(frozen: FrozenMark, marks: list[Mark], text: str) -> list[Place]:
    """By control, else by bookmark; an emptied mark counts as none, its words may stand beside it."""
    for by in ("control", "bookmark"):
        full = [mark for mark in marks if mark.by == by and mark.found_text.strip()]
        if full:
            return [_widened(frozen, mark, text) for mark in full]
    return []


def _widened(frozen: FrozenMark, mark: Mark, text: str) -> Place:
    """Digits typed right beside a mark belong to the figure that is read: 7 and [72] is 772."""
    start, end = mark.start, mark.end
    for number in NUMBER.finditer(text, max(start - 20, 0), min(end + 20, len(text))):
        touches_left = number.start() < start < number.end() and not frozen.before[-1:].isdigit()
        touches_right = number.start() < end < number.end() and not frozen.after[:1].isdigit()
        if touches_left and text[start].isdigit():
            start = number.start()
        if touches_right and text[end - 1].isdigit():
            end = number.end()
    return Place(start, end, mark.by)


def _by_words(frozen: FrozenMark, skeleton: Skeleton, expected: int = 0) -> list[Place]:
    if not frozen.before and not frozen.after:
        return []
    found = find(skeleton, Wanted.of(frozen.before, frozen.text, frozen.after), expected)
    if found is None or found.start == found.end:
        return []
    return [Place(found.start, found.end, "words", found.score)]


def _put_in_order(frozen: Sequence[FrozenMark], places: dict[str, list[Place]], text: str) -> None:
    """Look again, between their neighbours, for marks whose place breaks the order of the document."""
    found = [(at, places[one.id][0]) for at, one in enumerate(frozen) if places[one.id]]
    kept = _longest_rising([place.start for _, place in found])
    ordered = [found[index] for index in kept]
    strays = {at for at, _ in found} - {at for at, _ in ordered}
    for at in sorted(strays):
        one = frozen[at]
        if places[one.id][0].by != "words":
            continue
        low = max((place.end for index, place in ordered if index < at), default=0)
        high = min((place.start for index, place in ordered if index > at), default=len(text))
        again = _within(one, text, low, high)
        if again is not None:
            places[one.id] = [again]


def _within(frozen: FrozenMark, text: str, low: int, high: int) -> Place | None:
    start = max(low - _MARGIN, 0)
    here = _by_words(frozen, Skeleton(text[start : high + _MARGIN]))
    if not here:
        return None
    place = replace(here[0], start=here[0].start + start, end=here[0].end + start)
    return place if low <= place.start and place.end <= high else None


def _longest_rising(values: Sequence[int]) -> list[int]:
    """Indices of a longest strictly rising subsequence."""
    tails: list[int] = []
    last: list[int] = []
    before: list[int | None] = []
    for index, value in enumerate(values):
        at = bisect_left(tails, value)
        tails[at:] = [value, *tails[at + 1 :]]
        last[at:] = [index, *last[at + 1 :]]
        before.append(last[at - 1] if at else None)
    rising: list[int] = []
    step = last[-1] if last else None
    while step is not None:
        rising.append(step)
        step = before[step]
    return rising[::-1]


def _settle(frozen: Sequence[FrozenMark], places: dict[str, list[Place]], text: str) -> None:
    """Where two marks claim the same words, the surer one has them: a deleted row is not read off its neighbour."""
    claims = [
        (place.score, same_words(one.text, text[place.start : place.end]), one.id, place)
        for one in frozen
        for place in places[one.id]
    ]
    taken: list[tuple[int, int]] = []
    for _, _, name, place in sorted(claims, key=lambda claim: claim[:2], reverse=True):
        if place.by == "words" and any(place.start < end and start < place.end for start, end in taken):
            places[name].remove(place)
        else:
            taken.append((place.start, place.end))
