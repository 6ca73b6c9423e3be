"""A file given back as .docx with comments in the margin."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from keshu.bureau.texts import wording
from keshu.office.annotating import Note, annotate
from keshu.office.texts import read_text

AUTHOR = "科枢核校"


def annotated(
    content: bytes, name: str, figures: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]], *,
    file: Any = None, at: datetime | None = None,
) -> bytes:  # fmt: skip
    """A comment on every finding, and on every figure that the records deny. `file` is the text as it was read."""
    return annotate(content, list(notes(figures, findings)), file or read_text(content, name), at=at)


def notes(figures: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]]) -> Iterator[Note]:
    """A finding stands on its last words: where the reader has seen everything that it is about."""
    for one in findings:
        start, end = max(one["spans"])
        yield Note(start, end, AUTHOR, wording.comment(one), one["severity"])
    for one in figures:
        told = wording.disagreement(one)
        if told:
            severity = "warning" if one["verdict"]["verdict"] == "differs" else "hint"
            yield Note(one["start"], one["end"], AUTHOR, told, severity)
