"""A plain .docx of a text that came in another form, so that comments have something to stand on."""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from typing import Literal, Protocol, cast

from keshu.office.gbt9704 import Block, Face, Heading, OfficialDocument, Paragraph, write_official
from keshu.office.gbt9704 import Text as Words
from keshu.office.texts import Text, TextBlock
from keshu.office.texts.word_reader import read_docx
from keshu.office.word.ooxml import clean


class Moved(Protocol):
    """Where an offset of the text stands in the string of the new document."""

    def __call__(self, offset: int, *, end: bool = False) -> int: ...


def fresh_docx(text: Text) -> tuple[bytes, Moved]:
    stream = io.BytesIO()
    write_official(OfficialDocument("", tuple(_block(text, block) for block in text.blocks)), stream)
    made = stream.getvalue()
    old = [block.start for block in text.blocks]
    new = [block.start for block in read_docx(made, text.name).text.blocks]

    def moved(offset: int, *, end: bool = False) -> int:
        place = max(bisect_right(old, offset - end) - 1, 0)
        block = text.blocks[place]
        return new[place] + min(max(offset - block.start, 0), block.end - block.start)

    return made, moved


def _block(text: Text, block: TextBlock) -> Block:
    """One paragraph for each block, letter for letter: what XML cannot hold is shown as a box."""
    words = re.sub(r"[\r\f\v]", " ", text.text[block.start : block.end])
    if clean(words) != words:
        words = "".join(clean(letter) or "□" for letter in words)
    if block.kind == "heading" and block.level:
        return Heading(cast(Literal[1, 2, 3, 4], min(block.level, 4)), words)
    if block.start == text.blocks[0].start and len(words) <= 60 and words.strip()[-1:] not in "。；，：":
        return Paragraph((Words(words, face=Face.TITLE),), align="center", indent=False)
    return Paragraph(words, indent=not words[:1].isspace())
