"""Find where a figure stood in a text that lost its marks: by the words before and after it.

Texts are compared folded: without white space, in one width, with every number as one sign, so that a changed
neighbour, another line break or full-width digits do not hide the place.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SIGN = "\ue001"  # stands for a number; private use, so that no text has it
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"}
_LEAST = 6  # characters of context that have to agree, both sides together
_SURE = 0.8  # share of the context beyond which no alignment is tried
_SLACK = 12  # how much longer than the frozen words the found ones may be


def fold(text: str) -> str:
    return Folded(text).text


def same_words(frozen: str, found: str) -> bool:
    """Equal but for white space, full-width letters and the commas between thousands."""
    return _bare(frozen) == _bare(found)


def _bare(text: str) -> str:
    return NUMBER.sub(lambda number: number.group().replace(",", ""), fold(text))


class Folded:
    """A text without white space and in one width; remembers where each character came from."""

    def __init__(self, source: str) -> None:
        letters: list[str] = []
        self._from: list[int] = []
        self._breaks: set[int] = set()
        for at, letter in enumerate(source):
            if letter.isspace():
                self._breaks.add(len(letters))
            if letter.isspace() or letter in _INVISIBLE:
                continue
            folded = letter if "\u4e00" <= letter <= "\u9fff" else unicodedata.normalize("NFKC", letter)
            for one in folded:
                if not one.isspace():
                    letters.append(one)
                    self._from.append(at)
        self.source = source
        self.text = "".join(letters)

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Place in the source of the folded characters start to end (not empty)."""
        return self._from[start], self._from[end - 1] + 1


class Skeleton(Folded):
    """A folded text whose numbers are each one sign."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        pieces: list[str] = []
        spans: list[tuple[int, int]] = []
        at = 0
        for start, end in self._numbers():
            pieces += [self.text[at:start], _SIGN]
            spans.extend((one, one + 1) for one in range(at, start))
            spans.append((start, end))
            at = end
        pieces.append(self.text[at:])
        spans.extend((one, one + 1) for one in range(at, len(self.text)))
        self._spans = spans
        self.bones = "".join(pieces)

    def _numbers(self) -> Iterator[tuple[int, int]]:
        """Numbers side by side in two cells stay two, though the white space between them is gone."""
        for number in NUMBER.finditer(self.text):
            inner = [at for at in range(number.start() + 1, number.end()) if at in self._breaks]
            inner = [at for at in inner if self.text[at - 1 : at + 1].isdigit()]
            yield from pairwise([number.start(), *inner, number.end()])

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Place in the source of the bones start to end (not empty)."""
        return self.origin(self._spans[start][0], self._spans[end - 1][1])

    @cached_property
    def grams(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = defaultdict(list)
        for at in range(len(self.bones) - 1):
            places[self.bones[at : at + 2]].append(at)
        return places

    def ends_of(self, words: str) -> Iterator[tuple[int, int]]:
        """(end, how many characters agree) wherever at least the last two of the words stand."""
        for at in self.grams.get(words[-2:], ()) if len(words) > 1 else ():
            yield at + 2, _agreeing_before(self.bones, at + 2, words)

    def agreement_in_full(self, end: int, start: int, wanted: Wanted) -> int:
        """How far the words around the gap agree with their digits: rows of a table differ in nothing else."""
        after = self._spans[start][0] if start < len(self._spans) else len(self.text)
        return _agreeing_before(self.text, self._spans[end - 1][1], wanted.before_in_full) + _agreeing_after(
            self.text, after, wanted.after_in_full
        )

    def starts_of(self, words: str) -> Iterator[tuple[int, int]]:
        for at in self.grams.get(words[:2], ()) if len(words) > 1 else ():
            yield at, _agreeing_after(self.bones, at, words)


def _agreeing_before(bones: str, end: int, words: str) -> int:
    count = 0
    while count < len(words) and count < end and bones[end - 1 - count] == words[-1 - count]:
        count += 1
    return count


def _agreeing_after(bones: str, start: int, words: str) -> int:
    count = 0
    while count < len(words) and start + count < len(bones) and bones[start + count] == words[count]:
        count += 1
    return count


@dataclass(frozen=True)
class Wanted:
    """What is looked for, folded once."""

    before: str
    text: str
    after: str
    before_in_full: str
    after_in_full: str

    @classmethod
    def of(cls, before: str, text: str, after: str) -> Wanted:
        left, right = Skeleton(before), Skeleton(after)
        return cls(left.bones, Skeleton(text).bones, right.bones, left.text, right.text)

    @property
    def is_number(self) -> bool:
        return _SIGN in self.text


@dataclass(frozen=True)
class Found:
    """Place in the source text; start equals end where the words around stand without anything between them.

    `score` counts the characters around that agree: of two marks that claim one place the higher one has it.
    """

    start: int
    end: int
    score: float


@dataclass(frozen=True)
class _Gap:
    """A place in the bones; `agreeing` characters around it, and a score that counts digits and length too."""

    start: int
    end: int
    agreeing: int
    score: float


def find(text: Skeleton, wanted: Wanted, expected: int = 0) -> Found | None:
    """Where the wanted words, or what replaced them, stand; the one after `expected` where several places agree."""
    between = _between(text, wanted, expected)
    if between is not None and between.agreeing >= _SURE * (len(wanted.before) + len(wanted.after)):
        return _in_source(text, between)
    candidates = [gap for gap in (between, _aligned(text, wanted)) if gap is not None]
    return _in_source(text, max(candidates, key=lambda gap: gap.agreeing)) if candidates else None


def _in_source(text: Skeleton, gap: _Gap) -> Found:
    if gap.start == gap.end:
        at = text.place(gap.start, gap.start + 1)[0] if gap.start < len(text.bones) else len(text.source)
        return Found(at, at, gap.score)
    return Found(*text.place(gap.start, gap.end), gap.score)


def _between(text: Skeleton, wanted: Wanted, expected: int) -> _Gap | None:
    """The gap between the words before and the words after, where both are next to it."""
    limit = len(wanted.text) + _SLACK
    starts = sorted(text.starts_of(wanted.after))
    best: tuple[float, bool, int] | None = None
    chosen: _Gap | None = None
    for end, before in text.ends_of(wanted.before):
        for start, after in _near(starts, end, limit):
            gap = text.bones[end:start]
            if before + after < min(_LEAST, len(wanted.before) + len(wanted.after)):
                continue
            partial = before < len(wanted.before) or after < len(wanted.after)
            if partial and gap.count(_SIGN) > max(wanted.text.count(_SIGN), 1):
                continue  # reaches over a neighbour's figure: words next to this one were changed
            score = before + after - 0.1 * abs(len(gap) - len(wanted.text)) + (0.5 if gap == wanted.text else 0)
            score += 0.5 * text.agreement_in_full(end, start, wanted)
            late = text.place(end - 1, end)[0] >= expected
            rank = (score, late, -end)
            if best is None or rank > best:
                best, chosen = rank, _Gap(end, start, before + after, score)
    if chosen is None and not wanted.after:
        return _at_the_end(text, wanted)
    return chosen


def _near(starts: list[tuple[int, int]], end: int, limit: int) -> Iterator[tuple[int, int]]:
    for start, after in starts[bisect_left(starts, (end, 0)) :]:
        if start > end + limit:
            return
        yield start, after


def _at_the_end(text: Skeleton, wanted: Wanted) -> _Gap | None:
    if wanted.before and text.bones.endswith(wanted.before + wanted.text):
        return _Gap(len(text.bones) - len(wanted.text), len(text.bones), len(wanted.before), len(wanted.before))
    return None


def _aligned(text: Skeleton, wanted: Wanted) -> _Gap | None:
    """The place by alignment, where words next to the figure were changed as well."""
    whole = wanted.before + wanted.text + wanted.after
    votes: Counter[int] = Counter()
    for at in range(len(whole) - 1):
        for place in text.grams.get(whole[at : at + 2], ()):
            votes[(place - at) // 8] += 1
    gaps = []
    for bucket, _ in votes.most_common(3):
        low = max(bucket * 8 - 12, 0)
        gap = _gap_in(text.bones[low : bucket * 8 + len(whole) + 20], wanted, whole)
        if gap is not None:
            gaps.append(replace(gap, start=low + gap.start, end=low + gap.end))
    return max(gaps, key=lambda gap: gap.agreeing) if gaps else None


def _gap_in(window: str, wanted: Wanted, whole: str) -> _Gap | None:
    first, last = len(wanted.before), len(wanted.before) + len(wanted.text)
    pairs = best_fit(whole, window)
    around = sum(1 for a, b in pairs if not first <= a < last and whole[a] == window[b])
    if around < max(_LEAST, 0.6 * (len(whole) - len(wanted.text))):
        return None
    low = max((b + 1 for a, b in pairs if a < first), default=min((b for _, b in pairs), default=0))
    high = min((b for a, b in pairs if a >= last), default=max((b + 1 for _, b in pairs), default=low))
    span = _narrowed(window, low, high, wanted) if low <= high else None
    return _Gap(*span, around, around) if span is not None else None


def best_fit(whole: str, window: str) -> list[tuple[int, int]]:
    """Pairs of places of the cheapest alignment of the whole words inside the window (Sellers' algorithm).

    difflib would take the longest common part first, and with twin sentences that is often the wrong twin.
    """
    previous = [0] * (len(window) + 1)
    rows = [previous]
    for at, letter in enumerate(whole, 1):
        current = [at]
        for place, other in enumerate(window, 1):
            change = 0 if letter == other else 2 if _SIGN in (letter, other) else 1
            current.append(min(previous[place - 1] + change, previous[place] + 1, current[-1] + 1))
        rows.append(current)
        previous = current
    a, b = len(whole), min(range(len(window) + 1), key=previous.__getitem__)
    pairs = []
    while a and b:
        change = 0 if whole[a - 1] == window[b - 1] else 2 if _SIGN in (whole[a - 1], window[b - 1]) else 1
        if rows[a][b] == rows[a - 1][b - 1] + change:
            a, b = a - 1, b - 1
            pairs.append((a, b))
        elif rows[a][b] == rows[a - 1][b] + 1:
            a -= 1
        else:
            b -= 1
    return pairs[::-1]


def _narrowed(window: str, low: int, high: int, wanted: Wanted) -> tuple[int, int] | None:
    """Of replaced words, only the number, where a number was there before."""
    if wanted.text and wanted.text in window[low:high]:
        start = low + window[low:high].index(wanted.text)
        return start, start + len(wanted.text)
    if not wanted.is_number:
        return low, high
    signs = [at for at in range(low, high) if window[at] == _SIGN]
    if len(signs) != 1:
        return None
    left, right = wanted.text.index(_SIGN), len(wanted.text) - wanted.text.rindex(_SIGN) - 1
    start, end = signs[0], signs[0] + 1
    if left and window[start - left : start] == wanted.text[:left]:
        start -= left
    if right and window[end : end + right] == wanted.text[-right:]:
        end += right
    return start, end
