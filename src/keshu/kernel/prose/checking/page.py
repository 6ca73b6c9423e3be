"""A text laid out for checking: its blocks, sentences and figures, and the words around each figure."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from keshu.kernel.prose.checking.model import Block, DatedPhrase, Span
from keshu.kernel.prose.figure import Figure, Kind

Made = TypeVar("Made")
_SENTENCE = re.compile(r"[。！？!?\n]|(?<=[；;])")
_STOPS = "，,；;。：:、！？!?\n（()）"
_HARD_STOPS = "，,；;。：:！？!?\n"
#: words around a figure are looked for this far at most
REACH = 60
_HEADING = re.compile(
    r"^\s*(?:(#{1,6})\s|(第?[一二三四五六七八九十]{1,3}[、章节编])|([（(][一二三四五六七八九十]{1,3}[）)])|(\d{1,2}[.、．](?!\d)))"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence or a part of one between semicolons; `full` is the number of the whole sentence it belongs to."""

    start: int
    end: int
    full: int
    figures: tuple[int, ...]


_BLANKS = re.compile(r"[ \t\u3000\u00a0]+")


def _compact(words: str) -> str:
    """Without blanks, which mean nothing in Chinese text: rules of language are written without them."""
    return _BLANKS.sub("", words)


def split_blocks(text: str) -> list[Block]:
    """Paragraphs and headings of a plain string: one block a line; a short numbered line without a stop is a heading."""
    blocks = []
    position = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            start = position + line.index(stripped[0])
            level = _heading_level(stripped)
            blocks.append(Block("heading" if level else "paragraph", level, start, start + len(stripped)))
        position += len(line)
    return blocks


def _heading_level(line: str) -> int:
    found = _HEADING.match(line)
    if not found or len(line) > 50 or line.endswith(("。", "；", ";", "，", ",")):
        return 0
    if found.group(1):
        return len(found.group(1))
    return 1 if found.group(2) else 2 if found.group(3) else 3


class Page:
    """What every check works on. Figures are numbered in the order of the text."""

    def __init__(
        self,
        text: str,
        figures: Sequence[Figure],
        blocks: Sequence[Block] | None = None,
        year: int | None = None,
        phrases: Sequence[DatedPhrase] = (),
    ) -> None:
        self.text = text
        self.figures = sorted(figures, key=lambda figure: (figure.start, figure.end))
        self.blocks = list(blocks) if blocks is not None else split_blocks(text)
        self.year = year
        self.phrases = tuple(phrases)
        self._said: dict[str, bool] = {}
        self._leads: dict[int, str] = {}
        self._made: dict[Any, tuple[Any, ...]] = {}
        self._starts = [figure.start for figure in self.figures]
        self._block_starts = [block.start for block in self.blocks]

    @cached_property
    def sentences(self) -> list[Sentence]:
        """Parts between 。；！？ and line ends, also cut at the edges of blocks, with the figures in each."""
        found = []
        full = 0
        start = 0
        edges = [match.end() for match in _SENTENCE.finditer(self.text)]
        edges = sorted({*edges, *self._block_starts, len(self.text)})
        for edge in edges:
            inside = tuple(range(self.first_at(start), self.first_at(edge)))
            found.append(Sentence(start, edge, full, inside))
            if edge and self.text[edge - 1] not in "；;":
                full += 1
            start = edge
        return found

    @cached_property
    def whole_sentences(self) -> list[Sentence]:
        """Sentences up to 。！？ or the end of the line."""
        merged: dict[int, Sentence] = {}
        for part in self.sentences:
            old = merged.get(part.full)
            merged[part.full] = Sentence(old.start, part.end, part.full, old.figures + part.figures) if old else part
        return list(merged.values())

    @cached_property
    def _place(self) -> dict[int, int]:
        return {index: number for number, part in enumerate(self.sentences) for index in part.figures}

    def sentence_of(self, index: int) -> Sentence:
        return self.sentences[self._place[index]]

    def says(self, words: str) -> bool:
        """Whether the text has these words; each is looked for once."""
        if words not in self._said:
            self._said[words] = words in self.text
        return self._said[words]

    def once(self, maker: Callable[[Page], Iterable[Made]]) -> tuple[Made, ...]:
        """What the maker gives for this page, worked out once for all checks that ask."""
        if maker not in self._made:
            self._made[maker] = tuple(maker(self))
        return self._made[maker]

    def first_at(self, position: int) -> int:
        """Number of the first figure that starts at the position or later."""
        return bisect_right(self._starts, position - 1)

    def block_at(self, position: int) -> int:
        """Number of the block around the position; -1 before the first."""
        return bisect_right(self._block_starts, position) - 1

    def span(self, index: int) -> Span:
        return (self.figures[index].start, self.figures[index].end)

    def gap(self, left: int, right: int) -> str:
        """The words between two figures; nothing sensible where they are far apart."""
        start, end = self.figures[left].end, self.figures[right].start
        return _compact(self.text[start:end]) if end - start <= REACH * 3 else "\n"

    def between(self, left: int, right: int) -> str:
        """All words between two figures, other figures included; nothing where they are far apart."""
        start, end = self.figures[left].end, self.figures[right].start
        return _compact(self.text[start:end]) if start <= end <= start + REACH * 2 else ""

    def lead(self, index: int) -> str:
        """The words before a figure back to a mark or to the figure before it."""
        if index not in self._leads:
            self._leads[index] = self._back(index, _STOPS)
        return self._leads[index]

    def clause(self, index: int) -> str:
        """The words before a figure back to a comma or a stronger mark, other figures and 、 included."""
        return self._back(index, _HARD_STOPS, over=True)

    def _back(self, index: int, stops: str, over: bool = False) -> str:
        end = self.figures[index].start
        floor = max(0, end - REACH)
        if index and not over:
            floor = max(floor, self.figures[index - 1].end)
        position = end
        while position > floor and self.text[position - 1] not in stops:
            position -= 1
        return _compact(self.text[position:end])

    def tail(self, index: int) -> str:
        """The words after a figure up to a mark or the next figure."""
        start = self.figures[index].end
        ceiling = min(len(self.text), start + REACH)
        if index + 1 < len(self.figures):
            ceiling = min(ceiling, max(start, self.figures[index + 1].start))
        position = start
        while position < ceiling and self.text[position] not in _STOPS:
            position += 1
        return _compact(self.text[start:position])

    def before(self, position: int, reach: int = REACH) -> str:
        return _compact(self.text[max(0, position - reach) : position])

    def after(self, position: int, reach: int = REACH) -> str:
        return _compact(self.text[position : position + reach])

    def in_brackets(self, index: int) -> bool:
        """Whether the figure stands inside brackets opened in its own sentence."""
        start = max(self.sentence_of(index).start, self.figures[index].start - 200)
        piece = self.text[start : self.figures[index].start]
        return piece.count("（") + piece.count("(") > piece.count("）") + piece.count(")")

    def is_level(self, index: int) -> bool:
        """A count or an amount with a value: no share, no growth, no rank, no slot."""
        figure = self.figures[index]
        return figure.value is not None and figure.kind in (Kind.COUNT, Kind.AMOUNT)

    def is_percent(self, index: int) -> bool:
        figure = self.figures[index]
        return figure.value is not None and (figure.canonical or figure.unit) in ("%", "％", "成")
