"""Compare a document that came back with the figures that were frozen: what was changed, what is gone.

A figure is looked for by its content control, then by its bookmark, then by the words around it, so that a text
saved by LibreOffice or pasted into a new file is checked as well.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from .anchors import fold, same_words
from .gbt9704 import write_official
from .locating import By, FrozenMark, Place, locate
from .marks import DocumentUnreadable, Mark, Marks, read_marks, read_marks_from
from .word.model import OfficialDocument, marks_of

__all__ = [
    "Change",
    "Comparison",
    "DocumentUnreadable",
    "FrozenMark",
    "FrozenText",
    "Mark",
    "Marks",
    "TextChange",
    "compare",
    "freeze",
    "frozen_in_file",
    "read_marks",
]

CONTEXT = 30
_MASK = "\ue000"


@dataclass(frozen=True)
class FrozenText:
    """What to keep of a document in order to verify it later: its plain text and its marks in printed order."""

    text: str
    marks: tuple[FrozenMark, ...]


@dataclass(frozen=True)
class Change:
    ref: str
    frozen: str
    found: str
    by: By
    id: str


@dataclass(frozen=True)
class TextChange:
    """A line that differs otherwise than in its figures; empty `before` is a new line, empty `after` a lost one."""

    before: str
    after: str


@dataclass(frozen=True)
class Comparison:
    """`figures` is how many were looked for; `missing` were found neither by a mark nor by the words around them."""

    figures: int
    changed: tuple[Change, ...]
    missing: tuple[FrozenMark, ...]
    texts: tuple[TextChange, ...]

    @property
    def untouched(self) -> bool:
        return not (self.changed or self.missing or self.texts)


def freeze(document: OfficialDocument) -> FrozenText:
    """The text and the marks of a document exactly as `read_marks` will read them back from its file."""
    stream = io.BytesIO()
    write_official(document, stream)
    read = read_marks_from(stream)
    places = {mark.id: mark for mark in read.figures if mark.by == "control"}
    frozen = []
    for mark in marks_of(document):
        place = places[mark.id]
        before = read.plain_text[max(place.start - CONTEXT, 0) : place.start]
        after = read.plain_text[place.end : place.end + CONTEXT]
        frozen.append(FrozenMark(mark.id, mark.reference, place.found_text, before, after, place.start))
    return FrozenText(read.plain_text, tuple(frozen))


def frozen_in_file(marks: Marks) -> tuple[FrozenMark, ...]:
    """What the file itself says it was written with: for a file whose summary is not in the records."""
    return tuple(FrozenMark(name, mark.reference, mark.text) for name, mark in marks.embedded.items())


def compare(frozen: Sequence[FrozenMark], found: Marks | str, *, frozen_text: str = "") -> Comparison:
    """Compare the frozen marks, in printed order, with a document that was read back or a plain text.

    Spelling alone is no change: white space, full-width digits, thousands separators. A mark that occurs
    twice is compared twice. With `frozen_text`, lines that differ otherwise than in their figures are listed.
    """
    marks = Marks((), found) if isinstance(found, str) else found
    places = locate(frozen, marks)
    changed = [
        Change(one.reference, one.text, marks.plain_text[place.start : place.end].strip(), place.by, one.id)
        for one in frozen
        for place in places[one.id]
        if not same_words(one.text, marks.plain_text[place.start : place.end])
    ]
    missing = tuple(one for one in frozen if not places[one.id])
    texts = _text_changes(frozen, frozen_text, marks.plain_text, places) if frozen_text else ()
    return Comparison(len(frozen), tuple(dict.fromkeys(changed)), missing, tuple(texts))


def _text_changes(
    frozen: Sequence[FrozenMark], frozen_text: str, text: str, places: dict[str, list[Place]]
) -> Iterable[TextChange]:
    """Compare line by line with all figures masked, so that a changed figure is not reported a second time."""
    before = _lines(frozen_text, [(one.start, one.start + len(one.text)) for one in frozen if one.start >= 0])
    after = _lines(text, [(place.start, place.end) for here in places.values() for place in here])
    matcher = SequenceMatcher(None, [key for key, _ in before], [key for key, _ in after], autojunk=False)
    for kind, low, high, start, end in matcher.get_opcodes():
        if kind == "equal":
            continue
        old, new = [line for _, line in before[low:high]], [line for _, line in after[start:end]]
        paired = min(len(old), len(new))
        yield from (TextChange(one, other) for one, other in zip(old[:paired], new[:paired], strict=True))
        yield from (TextChange(one, "") for one in old[paired:])
        yield from (TextChange("", other) for other in new[paired:])


def _lines(text: str, spans: list[tuple[int, int]]) -> list[tuple[str, str]]:
    """(folded line with its figures masked, line as printed), empty lines left out."""
    lines, at = [], 0
    inside = sorted(set(spans))
    for line in text.split("\n"):
        end = at + len(line)
        masked, last = [], at
        for start, stop in inside:
            if at <= start and stop <= end and start >= last:
                masked += [fold(text[last:start]), _MASK]
                last = stop
        masked.append(fold(text[last:end]))
        key = "".join(masked)
        if key:
            lines.append((key, line.strip()))
        at = end + 1
    return lines
