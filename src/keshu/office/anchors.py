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
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise

NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_SIGN = "\ue001"  # stands for a number; private use, so that no text has it
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"}
_LEAST = 6  # characters of context that have to agree, both sides together
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
            inner = sorted(at for at in range(number.start() + 1, number.end()) if at in self._breaks)
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


def find(text: Skeleton, wanted: Wanted, expected: int = 0) -> Found | None:
    """Where the wanted words, or what replaced them, stand; the one after `expected` where several places agree."""
    between = _between(text, wanted, expected)
    if between is not None:
        return _in_source(text, *between)
    aligned = _aligned(text, wanted)
    return _in_source(text, *aligned) if aligned is not None else None


def _in_source(text: Skeleton, start: int, end: int, score: float) -> Found:
    if start == end:
        at = text.place(start, start + 1)[0] if start < len(text.bones) else len(text.source)
        return Found(at, at, score)
    return Found(*text.place(start, end), score)


def _between(text: Skeleton, wanted: Wanted, expected: int) -> tuple[int, int, float] | None:
    """The gap between the words before and the words after, where both are next to it."""
    limit = len(wanted.text) + _SLACK
    starts = sorted(text.starts_of(wanted.after))
    best: tuple[float, bool, int] | None = None
    chosen: tuple[int, int, float] | None = None
    for end, before in text.ends_of(wanted.before):
        for start, after in _near(starts, end, limit):
            gap = text.bones[end:start]
            if before + after < min(_LEAST, len(wanted.before) + len(wanted.after)):
                continue
            score = before + after - 0.1 * abs(len(gap) - len(wanted.text)) + (0.5 if gap == wanted.text else 0)
            score += 0.5 * text.agreement_in_full(end, start, wanted)
            late = text.place(end - 1, end)[0] >= expected
            rank = (score, late, -end)
            if best is None or rank > best:
                best, chosen = rank, (end, start, score)
    if chosen is None and not wanted.after:
        return _at_the_end(text, wanted)
    return chosen


def _near(starts: list[tuple[int, int]], end: int, limit: int) -> Iterator[tuple[int, int]]:
    for start, after in starts[bisect_left(starts, (end, 0)) :]:
        if start > end + limit:
            return
        yield start, after


def _at_the_end(text: Skeleton, wanted: Wanted) -> tuple[int, int, float] | None:
    if wanted.before and text.bones.endswith(wanted.before + wanted.text):
        return len(text.bones) - len(wanted.text), len(text.bones), len(wanted.before)
    return None


def _aligned(text: Skeleton, wanted: Wanted) -> tuple[int, int, float] | None:
    """The place by alignment, where words next to the figure were changed as well."""
    whole = wanted.before + wanted.text + wanted.after
    votes: Counter[int] = Counter()
    for at in range(len(whole) - 1):
        for place in text.grams.get(whole[at : at + 2], ()):
            votes[(place - at) // 8] += 1
    for bucket, _ in votes.most_common(3):
        low = max(bucket * 8 - 12, 0)
        window = text.bones[low : bucket * 8 + len(whole) + 20]
        gap = _gap_in(window, wanted, whole)
        if gap is not None:
            return low + gap[0], low + gap[1], gap[2]
    return None


def _gap_in(window: str, wanted: Wanted, whole: str) -> tuple[int, int, float] | None:
    first, last = len(wanted.before), len(wanted.before) + len(wanted.text)
    blocks = SequenceMatcher(None, whole, window, autojunk=False).get_matching_blocks()
    around = sum(1 for block in blocks for at in range(block.a, block.a + block.size) if not first <= at < last)
    if around < max(_LEAST, 0.6 * (len(whole) - len(wanted.text))):
        return None
    low, high = 0, len(window)
    for block in blocks:
        if block.a < first:
            low = max(low, block.b + min(block.size, first - block.a))
        if block.a + block.size > last:
            high = min(high, block.b + max(last - block.a, 0))
    if low > high:
        return None
    span = _narrowed(window, low, high, wanted)
    return (*span, around) if span is not None else None


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
