"""What papers are made of: who issues, what about, labels with values, texts, tables, boxes to sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Issuer:
    """The office that issues: its full name, the words of its red head, whom to ask, who issues with it."""

    organ: str
    red_head: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    joint: tuple[str, ...] = ()  # organs that issue together with it, in their order

    @property
    def whom_to_ask(self) -> str:
        asked = (("联系人", self.contact), ("电话", self.phone), ("地址", self.address))
        return "，".join(f"{label}：{words}" for label, words in asked if words)


@dataclass(frozen=True)
class Case:
    """What a paper is about. `number` is that of the acceptance or of the project, whichever the paper speaks of."""

    title: str
    applicant: str
    programme: str
    number: str = ""
    leader: str = ""
    call: str = ""


@dataclass(frozen=True)
class Verification:
    """How anybody proves that a paper is genuine: the SHA-256 of exactly this content, and an address for it."""

    sha256: str
    address: str

    def __post_init__(self) -> None:
        if len(self.sha256) != 64 or set(self.sha256) - set("0123456789abcdef"):
            raise ValueError(f"a SHA-256 is 64 small hexadecimal digits: {self.sha256!r}")


@dataclass(frozen=True)
class Item:
    """A label and what was filled in. `before` is what stood there in the version that this one is compared with."""

    label: str
    value: str | None
    before: str | None = None
    wide: bool = False


@dataclass(frozen=True)
class Grid:
    items: tuple[Item, ...]


@dataclass(frozen=True)
class LongText:
    """Several paragraphs are parted by line feeds."""

    title: str
    text: str
    before: str | None = None


@dataclass(frozen=True)
class Head:
    """A column: its title, its share of the width, how its cells are set."""

    title: str
    width: float = 1.0
    align: Align = "left"


@dataclass(frozen=True)
class Listing:
    """A table; `total` is its last row, printed bold, with "" where nothing is summed."""

    heads: tuple[Head, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""
    unit: str = ""
    total: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for row in (*self.rows, *((self.total,) if self.total else ())):
            if len(row) != len(self.heads):
                raise ValueError(f"a row has {len(row)} cells for {len(self.heads)} columns: {row!r}")


@dataclass(frozen=True)
class Section:
    """A part of a form; it gets its number (一、) when it is printed."""

    title: str
    parts: tuple[Grid | LongText | Listing, ...]


@dataclass(frozen=True)
class Attachment:
    slot: str
    name: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Opinion:
    """A box that somebody signs: by hand where `text` and `signed` are empty, else as it was given in the system."""

    title: str
    text: str = ""
    signed: str = ""
    day: date | None = None
    signer: str = "负责人（签字）"
    seal: bool = True
