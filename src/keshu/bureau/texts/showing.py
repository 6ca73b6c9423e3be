"""A reading as pages and reports show it: parts of a long text, paragraphs and tables in pieces, findings with words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from keshu.bureau.texts import wording
from keshu.bureau.texts.marking import Marks, Shown, marks_of, pieces
from keshu.bureau.texts.passages import quote

TITLE = 60  # characters of a title
PART = 40_000  # characters on one page
NOTES = frozenset({"header", "footer", "footnote", "endnote", "textbox"})
Block = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """A stretch of a long text: blocks `first` up to `last`."""

    number: int
    first: int
    last: int
    start: int
    end: int


def parts(blocks: Sequence[Block]) -> list[Part]:
    """Cut between blocks, and never inside a table."""
    found: list[Part] = []
    first = 0
    for n, block in enumerate(blocks):
        last = n + 1 == len(blocks)
        joined = not last and bool(block.get("cell")) and bool(blocks[n + 1].get("cell"))
        if last or (block["end"] - blocks[first]["start"] >= PART and not joined):
            found.append(Part(len(found) + 1, first, n + 1, blocks[first]["start"], block["end"]))
            first = n + 1
    return found


def part_at(cut: Sequence[Part], offset: int) -> int:
    """The number of the part that holds an offset; the first where there is none."""
    return next((part.number for part in cut if offset < part.end), cut[-1].number if cut else 1)


def titled(text: str, blocks: Sequence[Block]) -> list[Block]:
    """Where a file names no title, its first line is one if it is short and ends without a mark."""
    found = list(blocks)
    first = next((n for n, block in enumerate(found) if block["kind"] in ("heading", "paragraph")), None)
    if first is None or found[first]["kind"] == "heading" or any(_is_title(block) for block in found):
        return found
    words = text[found[first]["start"] : found[first]["end"]].strip()
    if words and len(words) <= TITLE and words[-1] not in "。；，：！？.;,:":
        found[first] = {**found[first], "kind": "heading", "level": 0}
    return found


def _is_title(block: Block) -> bool:
    return block["kind"] == "heading" and block["level"] == 0


def shown(text: str, blocks: Sequence[Block], marks: Marks) -> list[Shown]:
    """Paragraphs as they are; the cells of a table as one table."""
    found: list[Shown] = []
    for table, run in groupby(blocks, key=lambda block: (block.get("cell") or (0,))[0]):
        if table:
            found.append(_table(text, list(run), marks))
            continue
        found += [
            Shown(block, pieces(text, block["start"], block["end"], marks))
            for block in run
            if block["end"] > block["start"]
        ]
    return found


def _table(text: str, blocks: Sequence[Block], marks: Marks) -> Shown:
    rows: dict[int, dict[int, list[Any]]] = {}
    for block in blocks:
        _number, row, column = block["cell"]
        rows.setdefault(row, {}).setdefault(column, []).extend(pieces(text, block["start"], block["end"], marks))
    width = max((max(row) for row in rows.values()), default=0)
    return Shown(
        blocks[0],
        rows=tuple(tuple(tuple(row.get(n, ())) for n in range(1, width + 1)) for _n, row in sorted(rows.items())),
    )


@dataclass(frozen=True)
class Line:
    """A finding as the list at the side has it."""

    number: int
    finding: Mapping[str, Any]
    part: int
    where: str
    quote: str
    tone: str
    certainty: str
    severity: str
    judged: Any = None  # what a person said of it


def lines(
    reading: Any,
    cut: Sequence[Part],
    judged: Mapping[int, Any],
    *,
    severity: str = "",
    certainty: str = "",
    state: str = "",
) -> list[Line]:
    """The findings in the order of the text, cut by the filter of the page."""
    found = []
    for number, one in enumerate(reading.findings):
        said = judged.get(number)
        if (severity and one["severity"] != severity) or (certainty and one["certainty"] != certainty):
            continue
        if (state == "open" and said) or (state == "judged" and not said):
            continue
        start = one["spans"][0][0] if one["spans"] else 0
        tone = "ok" if said else {"certain": "bad", "likely": "warn"}.get(one["certainty"], "info")
        found.append(
            Line(
                number, one, part_at(cut, start), where(reading.blocks, start), quote(reading.content, one["spans"]), tone,
                wording.CERTAINTIES.get(one["certainty"], one["certainty"]),
                wording.SEVERITIES.get(one["severity"], one["severity"]), said,
            )
        )  # fmt: skip
    return sorted(found, key=lambda line: line.finding["spans"][:1])


def where(blocks: Sequence[Block], offset: int) -> str:
    """Where an offset stands in the file, in words for people."""
    at = bisect_right(blocks, offset, key=lambda block: block["start"]) - 1
    return blocks[at]["where"] if at >= 0 else ""


def outline(text: str, blocks: Iterable[Block], cut: Sequence[Part]) -> list[tuple[int, str, int, int]]:
    """Headings as (level, words, offset, part)."""
    return [
        (
            min(block["level"], 3),
            text[block["start"] : block["end"]].strip()[:60],
            block["start"],
            part_at(cut, block["start"]),
        )
        for block in blocks
        if block["kind"] == "heading"
    ]


def marks(reading: Any, judged: Collection[int]) -> Marks:
    return marks_of(reading.figures, reading.findings, settled=list(judged))
