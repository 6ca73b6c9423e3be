"""A summary 总结: the outline of a text, and for each of its places the sentences that may stand there.

A sentence is of one of three kinds: a figure sentence stands on indicators and targets, a record sentence on rows of a
ledger, standing text on the person who wrote it. What is written here is only the frame; the rows decide what appears.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field as Value
from pydantic import field_validator, model_validator

from keshu.catalogue.frames import BadFrame, parse_frame
from keshu.catalogue.schema.base import Code, Definition, DottedCode, Name, Part, refuse
from keshu.catalogue.schema.where import Where

Kind = Literal["figure", "record", "standing"]
Place = Literal["do", "figure", "example", "effect"]
Role = Literal["opening", "work", "review", "highlights", "problems", "goals", "measures", "outlook"]
#: the order inside a paragraph: what was done, the figures, the examples, what came of it
PLACES: tuple[Place, ...] = ("do", "figure", "example", "effect")
_USUAL: dict[Kind, Place] = {"figure": "figure", "record": "do", "standing": "do"}


def _frame(text: str) -> str:
    try:
        parse_frame(text)
    except BadFrame as error:
        refuse(str(error), "花括号和尖括号都要成对")
    return text


Frame = Annotated[str, Value(min_length=1)]


class Rows(Part):
    """Which rows of a ledger a record sentence tells of.

    ``on`` is the date that has to lie in the period; ``starred`` takes only rows marked as highlights, ``own`` only those of the place
    itself, not of places below; ``order`` names
    fields, with a minus for descending, besides which starred rows come first; ``say`` prefers the clerk's own line
    (``story``), takes only it, or never.
    """

    ledger: Code
    where: Where = Value(default_factory=dict)
    on: Code | None = None
    period: Literal["this", "next", "until"] = "this"
    starred: bool = False
    own: bool = False
    order: tuple[str, ...] = ()
    at_most: Annotated[int, Value(ge=1, le=20)] = 2
    say: Literal["story", "only_story", "frame"] = "story"
    join: Literal["sentences", "clauses"] = "sentences"


class Test(Part):
    """A sentence appears only if a figure lies on this side of a bound; a missing figure passes no test.

    ``look: before`` tests what the form stands on: last year's value, or the share that the largest held.
    """

    figure: str
    look: Literal["value", "before"] = "value"
    above: Decimal | None = None
    below: Decimal | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Test:
        if self.above is None and self.below is None:
            refuse("没有写界限", "补写 above 或 below")
        return self


class Sentence(Part):
    """One sentence that may appear. ``alternates`` are other frames of the same content, so that no two neighbours agree;
    ``otherwise`` are frames that say less, for where none of them can be filled.

    ``falls``: ``list`` leaves a falling comparison out of the text and puts it on the list that the leader signs;
    ``write`` prints it. ``gate`` are the words of praise that the frame holds; they pass by rows or the sentence stays out.
    ``follows``: runs on as the next clause of the sentence right before it, where both together are not too long.
    ``author`` and ``written_in``: standing words that were taken over from a text of somebody, of that year.
    """

    code: Code
    pattern: Annotated[int, Value(ge=1, le=50)]
    kind: Kind = "figure"
    place: Place | None = None
    text: Frame = "{.story}"
    alternates: tuple[Frame, ...] = ()
    otherwise: tuple[Frame, ...] = ()
    rows: Rows | None = None
    needs: tuple[str, ...] = ()
    when: tuple[Test, ...] = ()
    gate: tuple[str, ...] = ()
    falls: Literal["list", "write"] = "list"
    period_words: bool = True
    follows: bool = False
    only: tuple[DottedCode, ...] = ()
    author: str = ""
    written_in: int | None = None

    @field_validator("text")
    @classmethod
    def _readable(cls, text: str) -> str:
        return _frame(text)

    @field_validator("alternates", "otherwise")
    @classmethod
    def _all_readable(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_frame(text) for text in texts)

    @model_validator(mode="after")
    def _of_its_kind(self) -> Sentence:
        if (self.kind == "record") != (self.rows is not None):
            refuse(f"句子“{self.code}”的 kind 与 rows 不符", "记录句要写 rows,其他句不写")
        return self

    @property
    def stands(self) -> Place:
        """Its place in the paragraph."""
        return self.place or _USUAL[self.kind]

    @property
    def frames(self) -> tuple[str, ...]:
        """Those that say the same."""
        return (self.text, *self.alternates)

    @property
    def all_frames(self) -> tuple[str, ...]:
        return (*self.frames, *self.otherwise)


class Paragraph(Part):
    """A paragraph, in the order of its sentences; ``lead`` is the short phrase after 一是 or before the first sentence."""

    code: Code
    lead: str = ""
    sentences: tuple[Sentence, ...] = ()


class Item(Part):
    """One place in the outline with an owner: it becomes a section that one section of the bureau answers for.

    ``headings`` holds one wording per family, so that headings of one level agree; ``build`` says where the text comes
    from: its sentences, next year's targets (in sentences or as a numbered list), this year's targets with what was
    achieved, or the weak figures.
    """

    code: Code
    theme: Name
    owner: Name
    headings: dict[Code, str] = Value(default_factory=dict)
    build: Literal["sentences", "goals", "numbered_goals", "achieved", "problems"] = "sentences"
    merge_into: Code | None = None
    needs: tuple[str, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()
    at_most: int | None = None
    keep: bool = False

    def sentences(self) -> Iterator[Sentence]:
        for paragraph in self.paragraphs:
            yield from paragraph.sentences


class Chapter(Part):
    """A heading of the first level with its items in order; a chapter without heading opens the text."""

    code: Code
    role: Role
    heading: str = ""
    families: tuple[Code, ...] = ("plain",)
    numbering: Literal["headings", "ordinals", "none"] = "headings"
    items: tuple[Code, ...] = ()


class Annex(Part):
    """The table of main indicators: which, in which order; ``first`` puts it before the text, with the evidence."""

    title: str
    first: bool = False
    indicators: tuple[str, ...] = ()


class Summary(Definition):
    """An outline. ``library`` names a summary whose items are used where this one does not define its own."""

    abstract: bool = False
    library: DottedCode | None = None
    title: str = ""
    subtitle: str = ""
    length: tuple[int, int] | None = None
    unfinished: bool = False
    chapters: tuple[Chapter, ...] = ()
    items: tuple[Item, ...] = ()
    annex: Annex | None = None

    @model_validator(mode="after")
    def _whole(self) -> Summary:
        codes = [item.code for item in self.items]
        sentences = [sentence.code for item in self.items for sentence in item.sentences()]
        for kind, found in (("栏目", codes), ("句子", sentences)):
            twice = sorted({code for code in found if found.count(code) > 1})
            if twice:
                refuse(f"{kind}代码重复:{'、'.join(twice)}", "每个代码只用一次")
        if not self.abstract and not self.chapters:
            refuse("总结没有章节", "补写 chapters,或标明 abstract: true")
        return self

    def item(self, code: str) -> Item | None:
        """Its own item with this code."""
        return next((item for item in self.items if item.code == code), None)
