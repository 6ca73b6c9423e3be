"""Official documents in Word form by GB/T 9704—2012 (党政机关公文格式).

Paper A4, 22 lines of 28 characters; every figure, name and record carries two marks by which `verify` finds it again.
"""

from __future__ import annotations

from pathlib import Path
from typing import IO

from .word.head import break_title
from .word.model import (
    Annex,
    Block,
    Column,
    Face,
    Figure,
    Heading,
    Imprint,
    Marked,
    Metadata,
    Name,
    OfficialDocument,
    PageBreak,
    Paragraph,
    Record,
    RedHead,
    Run,
    Table,
    Text,
    marks_of,
)
from .word.numbering import heading_number, number_headings
from .word.package import write_package

__all__ = [
    "Annex",
    "Block",
    "Column",
    "Face",
    "Figure",
    "Heading",
    "Imprint",
    "Marked",
    "Metadata",
    "Name",
    "OfficialDocument",
    "PageBreak",
    "Paragraph",
    "Record",
    "RedHead",
    "Run",
    "Table",
    "Text",
    "break_title",
    "heading_number",
    "marks_of",
    "number_headings",
    "write_official",
]


def write_official(document: OfficialDocument, target: str | Path | IO[bytes]) -> None:
    """Write the document as .docx to a path or an open binary stream; equal documents give equal bytes."""
    if isinstance(target, (str, Path)):
        with Path(target).open("wb") as stream:
            write_package(document, stream)
    else:
        write_package(document, target)
