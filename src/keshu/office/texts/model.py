"""What a file says: one string, and for each stretch of it where it stands in the file."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from keshu.office.soffice import OfficeProblem

BlockKind = Literal["heading", "paragraph", "cell", "header", "footer", "footnote", "endnote", "textbox"]


class TextProblem(OfficeProblem):
    """`code` is stable: absent, empty, too-large, too-much, kind, encrypted, broken, bomb, slow, no-text, no-office."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """How much of a file is read. `tags` and `attributes` bound the memory that its XML takes when it is opened."""

    bytes: int = 100 * 2**20
    unpacked: int = 512 * 2**20
    ratio: int = 300
    part: int = 64 * 2**20
    tags: int = 3_000_000
    attributes: int = 6_000_000
    characters: int = 10_000_000
    blocks: int = 200_000
    pages: int = 3_000
    seconds: int = 60
    memory: int = 1536 * 2**20


@dataclass(frozen=True, slots=True)
class TextBlock:
    """`text[start:end]` is one paragraph, cell paragraph or line, without the line feed behind it.

    `level` is that of a heading: 1 to 9, 0 is the title of the document. `number` is an automatic number that the
    program prints before the words and that is not in the string. `where` is for people (第3段, 表2第4行第2列, 第5页),
    `locator` for programs (part of the file and number of the paragraph in it). `cell` is (table, row, column), all
    from 1. `debris` marks what no author wrote: page numbers, lines of a table of contents.
    """

    kind: BlockKind
    start: int
    end: int
    where: str
    locator: str
    level: int = 0
    number: str = ""
    page: int | None = None
    cell: tuple[int, int, int] | None = None
    debris: bool = False


@dataclass(frozen=True)
class Text:
    """`kind` is what the file is by its content (txt, docx, pdf, doc, …); `notes` is what the reader of it should know."""

    text: str
    blocks: tuple[TextBlock, ...]
    name: str
    kind: str
    encoding: str = ""
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def _starts(self) -> list[int]:
        return [block.start for block in self.blocks]

    def block_at(self, offset: int) -> TextBlock | None:
        """The block that holds this offset; between two blocks, the one before; None before the first."""
        place = bisect_right(self._starts, offset) - 1
        return self.blocks[place] if place >= 0 else None
