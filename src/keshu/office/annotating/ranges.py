"""From offsets in the string to elements of the body: runs are cut where a note begins or ends, and marks put there."""

from __future__ import annotations

import copy
import itertools
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from keshu.office.reading.packages import Element
from keshu.office.texts.builder import Piece
from keshu.office.texts.word_reader import WordText
from keshu.office.word.ooxml import XML, w, wt

# Inline elements that hold runs: a range that begins with the first of them begins before it just as well.
_HOLDERS = set(
    map(wt, ("hyperlink", "ins", "moveTo", "smartTag", "fldSimple", "customXml", "dir", "bdo", "sdtContent"))
)
_PROPERTIES = set(map(wt, ("rPr", "sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr", "pPr", "fldData")))
_MARKS = {wt("commentRangeStart"), wt("commentRangeEnd")}


@dataclass(frozen=True)
class Anchor:
    """The elements that a comment's range begins before and ends behind; `lead` says where it truly belongs."""

    first: Element
    last: Element
    lead: str = ""


class Ranges:
    def __init__(self, read: WordText) -> None:
        self._read = read
        self._starts = [block.start for block in read.text.blocks]

    def cut(self, offset: int) -> None:
        """See to it that a run begins at this place, where the words are in runs that may be split."""
        place = bisect_right(self._starts, offset) - 1
        if place < 0 or not self._read.spots[place].commented:
            return
        pieces = self._read.pieces[place]
        at = bisect_right(pieces, offset, key=lambda piece: piece.start) - 1
        if at < 0 or not pieces[at].splits or offset >= pieces[at].end:
            return
        if offset > pieces[at].start:
            pieces.insert(at + 1, _split_words(pieces[at], offset))
            at += 1
        if _has_before(pieces[at].node):
            _split_run(pieces, at)

    def anchor(self, start: int, end: int) -> Anchor:
        """Where the comment on these words goes."""
        low = max(bisect_right(self._starts, start) - 1, 0)
        high = max(bisect_right(self._starts, end - 1), low + 1)
        touched = [
            piece
            for place in range(low, min(high, len(self._starts)))
            if self._read.spots[place].commented
            for piece in _between(self._read.pieces[place], start, end)
        ]
        if touched:
            return Anchor(touched[0].unit, touched[-1].unit)
        return self._beside(low, start, end)

    def _beside(self, place: int, start: int, end: int) -> Anchor:
        """Notes and text boxes hang on a run of the body, headers and footers on its first paragraph."""
        spot, block = self._read.spots[place], self._read.text.blocks[place]
        if spot.commented:  # between two paragraphs: the end of the one before
            unit = self._read.pieces[place][-1].unit
            return Anchor(unit, unit)
        words = self._read.text.text[max(start, block.start) : min(end, block.end)]
        lead = f"（所指文字在{block.where}：“{words[:60]}{'…' if len(words) > 60 else ''}”）"
        host = spot.host
        if host is None:
            pieces = (pieces for pieces, one in zip(self._read.pieces, self._read.spots, strict=True) if one.commented)
            first = next(pieces, None)
            host = first[0].unit if first else _some_run(self._read.roots[self._read.main])
        return Anchor(host, host, lead)

    @staticmethod
    def mark(numbered: Iterable[tuple[int, Anchor]]) -> None:
        """Put the marks of all comments beside their elements, in the order of the comments."""
        pairs = list(numbered)
        for number, anchor in pairs:
            _outermost(anchor.first, first=True).addprevious(w("commentRangeStart", id=number))
        for number, anchor in reversed(pairs):
            element = _outermost(anchor.last, first=False)
            element.addnext(w("r", w("commentReference", id=number)))
            element.addnext(w("commentRangeEnd", id=number))


def _between(pieces: list[Piece], start: int, end: int) -> list[Piece]:
    low = max(bisect_right(pieces, start, key=lambda piece: piece.start) - 1, 0)
    return [
        piece for piece in pieces[low : bisect_left(pieces, end, key=lambda piece: piece.start)] if start < piece.end
    ]


def _split_words(piece: Piece, offset: int) -> Piece:
    """Cut the element that holds the words in two; the piece keeps the first half."""
    at = offset - piece.start
    rest = copy.copy(piece.node)
    node_text = piece.node.text or ""
    piece.node.text, rest.text = node_text[:at], node_text[at:]
    rest.tail = None
    for node in (piece.node, rest):
        node.set(f"{{{XML}}}space", "preserve")
    piece.node.addnext(rest)
    words = piece.words
    piece.words = words[:at]
    return Piece(offset, words[at:], rest, piece.unit, True)


def _has_before(node: Element) -> bool:
    return any(before.tag not in _PROPERTIES for before in node.itersiblings(preceding=True))


def _split_run(pieces: list[Piece], at: int) -> None:
    """A second run with the same properties takes the words of this piece and everything behind them."""
    old, node = pieces[at].unit, pieces[at].node
    new = w("r")
    new.attrib.update(old.attrib)
    properties = old.find(wt("rPr"))
    if properties is not None:
        new.append(copy.deepcopy(properties))
    moved = [node, *node.itersiblings()]
    old.addnext(new)
    new.extend(moved)
    for piece in itertools.takewhile(lambda piece: piece.unit is old, itertools.islice(pieces, at, None)):
        piece.unit = new


def _outermost(element: Element, *, first: bool) -> Element:
    """Climb out of inline holders as long as nothing but marks stands between the element and their edge."""
    while True:
        parent = element.getparent()
        if parent is None or parent.tag not in _HOLDERS:
            return element
        others = element.itersiblings(preceding=first)
        if any(other.tag not in _PROPERTIES | _MARKS and not _is_reference(other) for other in others):
            return element
        holder = parent.getparent() if parent.tag == wt("sdtContent") else parent
        if holder is None:
            return element
        element = holder


def _is_reference(element: Element) -> bool:
    return element.tag == wt("r") and len(element) == 1 and element[0].tag == wt("commentReference")


def _some_run(root: Element) -> Element:
    """A run in the first paragraph of a body without words; made where there is none."""
    body = root.find(wt("body"))
    assert body is not None
    paragraph = next(body.iter(wt("p")), None)
    if paragraph is None:
        paragraph = w("p")
        body.insert(0, paragraph)
    run = w("r")
    paragraph.append(run)
    return run
