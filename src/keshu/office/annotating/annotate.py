"""Put notes into a document as comments; nothing else of it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from keshu.office.texts import Limits, Text, TextProblem
from keshu.office.texts.reader import THROUGH_OFFICE, through_office
from keshu.office.texts.word_package import WordPackage
from keshu.office.texts.word_reader import WordText, read_docx

from .fresh import fresh_docx
from .model import Note
from .package import write_commented
from .ranges import Ranges


def annotate(
    source: bytes, notes: Sequence[Note], text: Text, *, at: datetime | None = None, limits: Limits | None = None
) -> bytes:
    """The .docx with a comment for each note; `text` is what `read_text` made of the same bytes.

    A .docx keeps every part but the body, the comments and their relation byte for byte, and its body but for the
    marks of the comments; macros are left out. A .doc, .rtf or .odt is first saved as .docx by LibreOffice; of a
    .txt, .md or .pdf a plain .docx is made. Where Word allows no comment (notes, headers, text boxes) it stands at the
    nearest place that may have one and says where it belongs. `at` is the time that the comments carry.
    """
    limits = limits or Limits()
    wrong = next((note for note in notes if not 0 <= note.start <= note.end <= len(text.text)), None)
    if wrong is not None:
        raise ValueError(f"a note from {wrong.start} to {wrong.end} in a text of {len(text.text)} characters")
    if text.kind == "docx":
        read = read_docx(source, text.name, limits)
        if read.text.text != text.text:
            raise TextProblem("changed", f"“{text.name}”与检查时的内容不一致。", "请重新检查后再导出批注。")
        return _commented(source, notes, read, at, limits)
    if text.kind in THROUGH_OFFICE:
        made = through_office(source, text.name, text.kind, limits)
        read = read_docx(made, text.name, limits)
        if read.text.text == text.text:
            return _commented(made, notes, read, at, limits)
    made, moved = fresh_docx(text)
    read = read_docx(made, text.name, limits)
    there = [replace(note, start=moved(note.start), end=moved(note.end, end=True)) for note in notes]
    return _commented(made, there, read, at, limits)


def _commented(source: bytes, notes: Sequence[Note], read: WordText, at: datetime | None, limits: Limits) -> bytes:
    with WordPackage(source, read.text.name, limits) as package:
        if not notes:
            return source
        seen = sorted((_widened(note, read.text) for note in notes), key=lambda note: (note.start, -note.end))
        return write_commented(package, read, Ranges(read), seen, at)


def _widened(note: Note, text: Text) -> Note:
    """A note on no letter stands on the one behind it, or on the last one of the paragraph."""
    if note.start < note.end:
        return note
    block = text.block_at(note.start) or text.blocks[0]
    start = min(max(note.start, block.start), block.end - 1)
    return replace(note, start=start, end=start + 1)
