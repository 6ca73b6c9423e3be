"""The skeleton of a text of last year: its headings as chapters and items, its sentences as frames or standing words."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from keshu.bureau.texts.comparing import Standing, Verdict
from keshu.catalogue import Catalogue
from keshu.catalogue.schema.summary import Summary
from keshu.kernel.prose.figure import Figure
from keshu.kernel.prose.reference import Form, Reference
from keshu.kernel.prose.rolling import Put, Rolled, roll
from keshu.kernel.prose.sentences import Paragraph, Sentence, paragraphs

_NUMBER = re.compile(r"^\s*(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、])\s*")
_PLAN = re.compile(
    r"下一?年|明年|来年|下一步|(?:工作)?(?:计划|打算|思路|安排|目标任务)$|(?:19|20)\d\d年.{0,8}(?:计划|打算|思路|安排|重点)"
)
_PROBLEMS = re.compile(r"问题|不足|困难|短板")
_ROLES = (("problems", _PROBLEMS), ("goals", _PLAN))
_PATTERNS = 45  # patterns after these belong to plans
_OFFICE = "办公室"


@dataclass(frozen=True)
class Stale:
    """A sentence that is not carried over, and why."""

    sentence: str
    start: int
    reason: str


@dataclass
class Skeleton:
    """What became of the text: a definition as plain data, and what could not be taken over."""

    content: dict[str, object]
    referenced: int = 0
    standing: int = 0
    stale: list[Stale] = field(default_factory=list)


@dataclass(frozen=True)
class Adopting:
    """Whose text it is, of which year."""

    code: str
    version: int
    place: str
    name: str
    whole: str
    year: int
    author: str


@dataclass
class _Part:
    heading: str
    role: str = "work"
    items: list["_Item"] = field(default_factory=list)


@dataclass
class _Item:
    heading: str
    paragraphs: list[Paragraph] = field(default_factory=list)


class NoOutline(Exception):
    """The text has no part with a sentence that could stand in a summary."""


def skeleton_of(
    text: str, figures: Sequence[Figure], verdicts: Sequence[Verdict], what: Adopting, catalogue: Catalogue,
    headings: Mapping[int, int] | None = None,
) -> Skeleton:  # fmt: skip
    """The text as a definition of a summary. `headings` are levels by offset where the file's styles say them."""
    maker = _Maker(figures, verdicts, what, catalogue)
    chapters, items = [], []
    for number, part in enumerate(_parts(text, headings or {}), start=1):
        made = [maker.item(f"a{number}_{at}", item, part.role) for at, item in enumerate(part.items, start=1)]
        made = [item for item in made if item["paragraphs"]]
        codes = [str(item["code"]) for item in made]
        if part.role == "problems":
            codes = ["problems", *codes]
        if part.role == "goals":
            codes = ["goals", *codes]
        if codes:
            chapters.append(_chapter(f"a{number}", part, codes, what.year))
            items += made
    if not chapters:
        raise NoOutline
    skeleton = maker.skeleton
    skeleton.content = _definition(what, chapters, items)
    Summary.model_validate(skeleton.content)
    return skeleton


def _definition(what: Adopting, chapters: list[object], items: list[object]) -> dict[str, object]:
    return {
        "code": what.code, "version": what.version, "name": f"{what.name}自有总结（沿用{what.year}年）",
        "library": "items_work", "title": "{$place}科学技术局{$year}年工作总结和{$next_year}年工作打算",
        "chapters": chapters, "items": items,
    }  # fmt: skip


def _chapter(code: str, part: _Part, codes: list[str], year: int) -> dict[str, object]:
    heading = re.sub(rf"{year + 1}(?=年)", "{$next_year}", part.heading)
    heading = re.sub(rf"{year}(?=年)", "{$year}", heading)
    role = "opening" if not heading else part.role
    numbering = "headings" if heading and any(item.heading for item in part.items) else "none"
    return {"code": code, "role": role, "heading": heading, "numbering": numbering, "items": codes}


def _parts(text: str, headings: Mapping[int, int]) -> list[_Part]:
    """Chapters with their items; what stands before the first heading opens the text. Title lines fall away."""
    parts = [_Part("", "opening", [_Item("")])]
    for paragraph in paragraphs(text):
        level = headings.get(paragraph.start, paragraph.level)
        words = _NUMBER.sub("", paragraph.heading or paragraph.text).strip("。 　")
        if level == 1:
            parts.append(_Part(words, _role(words), [_Item("")]))
        elif level == 2:
            parts[-1].items.append(_Item(words))
        if paragraph.sentences and not (level and not paragraph.heading) and not _is_title(paragraph):
            parts[-1].items[-1].paragraphs.append(paragraph)
    return parts


def _is_title(paragraph: Paragraph) -> bool:
    return not paragraph.text.rstrip().endswith(("。", "！", "；", "？"))


def _role(heading: str) -> str:
    return next((role for role, words in _ROLES if words.search(heading)), "work")


class _Maker:
    """Turns items into definitions, counting what it did."""

    def __init__(
        self, figures: Sequence[Figure], verdicts: Sequence[Verdict], what: Adopting, catalogue: Catalogue
    ) -> None:
        self.skeleton = Skeleton({})
        self._pairs = list(zip(figures, verdicts, strict=True))
        self._what = what
        self._catalogue = catalogue
        self._count = 0
        self._pattern = 0

    def item(self, code: str, item: _Item, role: str) -> dict[str, object]:
        used: Counter[str] = Counter()
        made = [
            {"code": f"p{at}", "sentences": found}
            for at, paragraph in enumerate(item.paragraphs, start=1)
            if (found := list(self._sentences(paragraph, role, used)))
        ]
        theme = (item.heading or self._what.name)[:60]
        heading = {"plain": item.heading[:60]} if item.heading else {}
        return {
            "code": code, "theme": theme, "owner": self._owner(used), "headings": heading, "keep": True,
            "paragraphs": made,
        }  # fmt: skip

    def _owner(self, used: Counter[str]) -> str:
        """The section that answers for most of the item's indicators."""
        owners = Counter(self._catalogue.indicators[code].owner for code in used if code in self._catalogue.indicators)
        return owners.most_common(1)[0][0] if owners else _OFFICE

    def _sentences(self, paragraph: Paragraph, role: str, used: Counter[str]) -> Iterator[dict[str, object]]:
        for sentence in paragraph.sentences:
            puts, loose = self._puts(sentence, role)
            what = self._what
            rolled = roll(sentence.text, puts, year=what.year, loose=loose, place=what.place, whole=what.whole)
            if rolled.stale:
                self.skeleton.stale.append(Stale(sentence.text, sentence.start, rolled.stale))
                continue
            used.update(put.reference.code.rpartition(".")[0] or put.reference.code for put in puts)
            used.update(put.reference.code for put in puts)
            self.skeleton.referenced += len(puts)
            self.skeleton.standing += not puts
            yield self._sentence(rolled, bool(puts))

    def _sentence(self, rolled: Rolled, counted: bool) -> dict[str, object]:
        self._count += 1
        self._pattern = self._pattern % _PATTERNS + 1
        common = {"code": f"s{self._count}", "pattern": self._pattern, "text": rolled.frame.rstrip("。"), "place": "do"}
        if counted:
            return {**common, "kind": "figure"}
        return {**common, "kind": "standing", "author": self._what.author, "written_in": self._what.year}

    def _puts(self, sentence: Sentence, role: str) -> tuple[list[Put], list[tuple[int, int]]]:
        puts, loose = [], []
        lead = sentence.start
        for figure, verdict in self._pairs:
            if not sentence.start <= figure.start < sentence.end:
                continue
            start, end = figure.start - lead, figure.end - lead
            if reference := _meant(verdict):
                puts.append(Put(start, end, self._reference(reference, role)))
            else:
                loose.append((start, end))
        return puts, loose

    def _reference(self, said: str, role: str) -> Reference:
        """Without period and, for the own place, without place: those of the new text."""
        reference = Reference.parse(said)
        argument = "next" if reference.form is Form.TARGET and role == "goals" else ""
        place = "" if reference.place == self._what.code.removeprefix("own_") else reference.place
        return replace(reference, period="", place=place, argument=argument)


def _meant(verdict: Verdict) -> str:
    """The reference behind a figure: the sure one, else the only candidate whose value is the text's. People read it over."""
    if verdict.verdict is not Standing.SEVERAL:
        return verdict.reference
    agreeing = [one.reference for one in verdict.candidates if one.agrees]
    return agreeing[0] if len(agreeing) == 1 else ""
