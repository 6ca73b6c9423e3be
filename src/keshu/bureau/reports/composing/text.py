"""The composed text as a whole: numbered headings, plain lines, and what is to be known about it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from keshu.bureau.reports.composing.items import Part
from keshu.bureau.reports.composing.nodes import Block, Figure, Names, Record, Standing
from keshu.bureau.reports.composing.paragraphs import Fall, Omitted
from keshu.kernel.prose.words import heading_number, item_lead


@dataclass(frozen=True)
class AnnexRow:
    """A line of the table of main indicators; printed texts, "" where there is nothing."""

    code: str
    name: str
    unit: str
    target: str = ""
    actual: str = ""
    completion: str = ""
    last_year: str = ""
    change: str = ""
    rank: str = ""
    owner: str = ""
    source: str = ""
    period: str = ""
    evidence: str = ""  # how many rows it was counted from, or where in its document it stands
    references: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Promise:
    """What last year's plan promised against what became of it."""

    words: str
    actual: str
    completion: str
    reached: bool | None
    reference: str = ""


@dataclass(frozen=True)
class Caution:
    """Something that the writer has to look at; `code` says of which kind."""

    code: str
    words: str
    section: str = ""


@dataclass(frozen=True)
class Draft:
    """A composed text: its parts in order, and the lists that go with it."""

    title: str
    parts: tuple[Part, ...]
    falls: tuple[Fall, ...] = ()
    omitted: tuple[Omitted, ...] = ()
    warnings: tuple[Caution, ...] = ()
    promises: tuple[Promise, ...] = ()
    annex: tuple[AnnexRow, ...] = ()
    loose: tuple[str, ...] = ()

    @property
    def included(self) -> list[Part]:
        return [part for part in self.parts if part.included]


@dataclass(frozen=True)
class Shown:
    """A part of the text ready to be numbered and printed, whether just composed, stored or frozen."""

    code: str
    chapter: str
    chapter_heading: str
    numbering: str
    role: str
    heading: str
    owner: str
    theme: str
    blocks: tuple[Block, ...]


def shown_of(part: Part) -> Shown:
    item, chapter = part.item, part.chapter
    return Shown(item.code, chapter.code, chapter.heading, chapter.numbering, chapter.role, part.heading, item.owner,
                 item.theme, part.blocks)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A line of the text: a heading of a level, or a paragraph (level 0) with the words that count it (一是)."""

    level: int
    words: str
    block: Block | None = None
    section: str = ""
    number: str = ""


def lines_of(parts: list[Shown]) -> Iterator[Line]:
    """The text from top to bottom; chapters and items are numbered over what is left of them."""
    chapters: list[str] = []
    items = 0
    for part in parts:
        if part.chapter_heading and part.chapter not in chapters:
            chapters.append(part.chapter)
            items = 0
            yield Line(1, heading_number(len(chapters), level=1) + part.chapter_heading)
        if part.numbering == "headings" and part.chapter_heading and _several(parts, part):
            items += 1
            yield Line(2, heading_number(items, level=2) + part.heading, section=part.code)
        yield from paragraph_lines(part)


def _several(parts: list[Shown], part: Shown) -> bool:
    return sum(1 for one in parts if one.chapter == part.chapter) > 1


def paragraph_lines(part: Shown) -> Iterator[Line]:
    """Paragraphs with a lead phrase are counted 一是, 二是 where the item has several of them."""
    led = sum(1 for block in part.blocks if block.lead)
    place = 0
    for block in part.blocks:
        number = ""
        if block.lead and led > 1:
            place += 1
            number = item_lead(place)
        yield Line(0, number + block.words, block, part.code, number)


@dataclass(frozen=True)
class Counts:
    figures: int
    names: int
    records: int
    standing: int
    letters: int
    share_of_plan: Decimal


def counts_of(draft: Draft) -> Counts:
    """What the text is made of."""
    nodes = [n for part in draft.included for block in part.blocks for said in block.sentences for n in said.nodes]
    letters = {part.item.code: sum(len(block.words) for block in part.blocks) for part in draft.included}
    plan = sum(letters[p.item.code] for p in draft.included if p.chapter.role in ("goals", "measures", "outlook"))
    whole = sum(letters.values())
    return Counts(
        figures=sum(isinstance(n, Figure) for n in nodes),
        names=sum(isinstance(n, Names) for n in nodes),
        records=sum(isinstance(n, Record) for n in nodes),
        standing=sum(isinstance(n, Standing) for n in nodes),
        letters=whole,
        share_of_plan=Decimal(plan) / Decimal(whole) if whole else Decimal(0),
    )


def plain_text(draft: Draft) -> str:
    """The whole text as lines, for reading and for checks."""
    return "\n".join(line.words for line in lines_of([shown_of(part) for part in draft.included]))
