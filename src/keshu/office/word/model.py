"""An official document as plain data: what is said, in which element, and which words are marked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import ClassVar, Literal

MARK_ID = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,38}\Z")


class Face(Enum):
    """The type faces of GB/T 9704 by the names that offices have installed."""

    FANG = "仿宋_GB2312"
    KAI = "楷体_GB2312"
    HEI = "黑体"
    TITLE = "方正小标宋简体"
    SONG = "宋体"


@dataclass(frozen=True)
class Text:
    """Words that stand on nothing but their writer."""

    text: str
    bold: bool = False
    face: Face | None = None


@dataclass(frozen=True)
class Marked:
    """Words that stand on a reference; found again by `id` when the file comes back.

    `id` is a short opaque name that is unique in the document: a letter, then letters, digits or
    underscores, 39 at most (Word drops bookmarks with longer or other names).
    """

    id: str
    text: str
    reference: str
    alias: str = ""
    bold: bool = False
    kind: ClassVar[str] = "figure"

    def __post_init__(self) -> None:
        if not MARK_ID.match(self.id):
            raise ValueError(f"a mark's id is a letter and up to 38 letters, digits, underscores: {self.id!r}")


@dataclass(frozen=True)
class Figure(Marked):
    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class Name(Marked):
    kind: ClassVar[str] = "name"


@dataclass(frozen=True)
class Record(Marked):
    kind: ClassVar[str] = "record"


Run = Text | Figure | Name | Record
Runs = str | tuple[Run, ...]


def as_runs(runs: Runs) -> tuple[Run, ...]:
    return (Text(runs),) if isinstance(runs, str) else runs


def text_of(runs: Runs) -> str:
    return "".join(run.text for run in as_runs(runs))


@dataclass(frozen=True)
class Heading:
    """A heading on its own line; its number is part of the text (see `number_headings`)."""

    level: Literal[1, 2, 3, 4]
    runs: Runs


@dataclass(frozen=True)
class Paragraph:
    runs: Runs
    align: Literal["both", "left", "center", "right"] = "both"
    indent: bool = True


@dataclass(frozen=True)
class Column:
    """`width` is a share: the columns of a table divide the page's width in its proportion."""

    title: str
    width: float = 1.0
    align: Literal["left", "center", "right"] = "left"


@dataclass(frozen=True)
class Table:
    """`size` is in points; `unit` is printed right above the table, as in 单位：万元."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Runs, ...], ...]
    caption: str = ""
    unit: str = ""
    size: float = 12.0


@dataclass(frozen=True)
class PageBreak:
    pass


@dataclass(frozen=True)
class Annex:
    """附件: printed on a new page after the signature, wherever it stands among the blocks."""

    title: str
    blocks: tuple[Heading | Paragraph | Table | PageBreak, ...]
    landscape: bool = False


Block = Heading | Paragraph | Table | PageBreak | Annex


@dataclass(frozen=True)
class RedHead:
    """发文机关标志 and 发文字号; 签发人 of a document to a superior; `marks` are 份号, 密级 and 紧急程度 in this order.

    `joint`: the organs that issue together with it 联合发文, in their order; the number is that of the first.
    """

    organ: str
    number: str
    signers: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    joint: tuple[str, ...] = ()


@dataclass(frozen=True)
class Imprint:
    """版记: who else gets it, who printed it and when."""

    copies_to: str
    organ: str
    printed_on: date


@dataclass(frozen=True)
class Metadata:
    """What the file says about itself in its custom XML part."""

    place: str = ""
    period: str = ""
    summary: str = ""
    sha256: str = ""
    made_at: datetime | None = None


@dataclass(frozen=True)
class OfficialDocument:
    """`attachments` None takes the names from the annexes. A title is broken by `break_title` unless it holds line feeds."""

    title: str
    blocks: tuple[Block, ...]
    form: Literal["plain", "upward", "downward"] = "plain"
    head: RedHead | None = None
    subtitle: str = ""
    addressee: str = ""
    attachments: tuple[str, ...] | None = None
    organ: str = ""
    joint: tuple[str, ...] = ()  # organs that sign below the first one
    date: date | None = None
    sealed: bool = False
    note: str = ""
    imprint: Imprint | None = None
    landscape: bool = False
    metadata: Metadata = field(default_factory=Metadata)

    def __post_init__(self) -> None:
        if (self.form == "plain") != (self.head is None):
            raise ValueError("a document to a superior or to those below, and no plain one, has a red head")
        if self.form == "downward" and self.head is not None and self.head.signers:
            raise ValueError("only a document to a superior names who signs it in its red head")
        seen: set[str] = set()
        for mark in marks_of(self):
            if mark.id.lower() in seen:
                raise ValueError(
                    f"two marks have the id {mark.id!r}; bookmarks do not tell capitals from small letters"
                )
            seen.add(mark.id.lower())

    @property
    def annexes(self) -> tuple[Annex, ...]:
        return tuple(block for block in self.blocks if isinstance(block, Annex))

    @property
    def body(self) -> tuple[Block, ...]:
        return tuple(block for block in self.blocks if not isinstance(block, Annex))

    @property
    def attachment_names(self) -> tuple[str, ...]:
        if self.attachments is not None:
            return self.attachments
        return tuple(annex.title.replace("\n", "") for annex in self.annexes)


def marks_of(document: OfficialDocument) -> Iterator[Marked]:
    """Every mark in the order in which it is printed."""
    for block in (*document.body, *document.annexes):
        for runs in runs_of(block):
            yield from (run for run in as_runs(runs) if isinstance(run, Marked))


def runs_of(block: Block) -> Iterator[Runs]:
    match block:
        case Heading() | Paragraph():
            yield block.runs
        case Table():
            for row in block.rows:
                yield from row
        case Annex():
            for inner in block.blocks:
                yield from runs_of(inner)
        case PageBreak():
            return
