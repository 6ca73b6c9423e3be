"""A text cut where a figure or a finding begins or ends, so that a page or a report can colour it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

TONES = {
    "agrees": "ok", "differs": "bad", "agrees_other_date": "info", "several": "accent", "not_in_records": "quiet",
}  # fmt: skip
CERTAIN = {"certain": "bad", "likely": "warn", "ask": "info"}


@dataclass(frozen=True)
class Piece:
    """A stretch of text: the number of the figure that it belongs to, and of the findings that cover it."""

    text: str
    figure: int | None = None
    first: bool = False  # of its figure: carries the anchor
    findings: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()  # findings whose first span begins here: carries their anchors
    tone: str = ""  # of the finding that weighs most
    verdict: str = ""  # tone of the comparison with the records


@dataclass(frozen=True)
class Shown:
    """A block of the text with its pieces; `where` says where it stands in the file."""

    block: Mapping[str, Any]
    pieces: tuple[Piece, ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()  # of a table: rows, cells, pieces


@dataclass
class Marks:
    """Spans of figures and findings by where they begin."""

    figures: list[tuple[int, int, int]]
    findings: list[tuple[int, int, int]]
    tones: dict[int, str]
    verdicts: dict[int, str]
    starts: dict[int, list[int]] = field(default_factory=dict)  # offset -> findings whose first span begins there
    longest: int = 0  # of the spans of findings: how far before a block one may begin that reaches into it


def marks_of(
    figures: Sequence[Mapping[str, Any]], findings: Sequence[Mapping[str, Any]], *, settled: Sequence[int] = ()
) -> Marks:
    """`settled` are the numbers of findings that somebody has judged: they are shown quietly."""
    spans = [(start, end, n) for n, one in enumerate(findings) for start, end in one["spans"]]
    tones = {n: "ok" if n in settled else CERTAIN.get(one["certainty"], "info") for n, one in enumerate(findings)}
    verdicts = {n: TONES.get((one.get("verdict") or {}).get("verdict", ""), "") for n, one in enumerate(figures)}
    starts: dict[int, list[int]] = {}
    for n, one in enumerate(findings):
        if one["spans"]:
            starts.setdefault(one["spans"][0][0], []).append(n)
    numbers = [(one["start"], one["end"], n) for n, one in enumerate(figures)]
    return Marks(
        numbers, sorted(spans), tones, verdicts, starts, max((end - start for start, end, _n in spans), default=0)
    )


def pieces(text: str, start: int, end: int, marks: Marks) -> tuple[Piece, ...]:
    """`text[start:end]` in pieces; a mark that reaches beyond is cut at the edge."""
    figures = _within(marks.figures, start, end)
    low = bisect_right(marks.findings, (start - marks.longest, -1, -1))
    high = bisect_right(marks.findings, (end, -1, -1))
    findings = [one for one in marks.findings[low:high] if one[0] < end and one[1] > start]
    cuts = {start, end}
    for low, high, _n in [*figures, *findings]:
        cuts |= {max(low, start), min(high, end)}
    edges = sorted(cuts)
    return tuple(_piece(text, a, b, figures, findings, marks) for a, b in pairwise(edges))


def _within(spans: list[tuple[int, int, int]], start: int, end: int) -> list[tuple[int, int, int]]:
    """Of spans that do not overlap, those that touch; found by halving, because a text has thousands."""
    low = max(0, bisect_right(spans, (start, -1, -1)) - 1)
    high = bisect_right(spans, (end, -1, -1))
    return [one for one in spans[low:high] if one[0] < end and one[1] > start]


def _piece(
    text: str,
    start: int,
    end: int,
    figures: list[tuple[int, int, int]],
    findings: list[tuple[int, int, int]],
    marks: Marks,
) -> Piece:
    figure = next((one for one in figures if one[0] <= start and end <= one[1]), None)
    covering = tuple(dict.fromkeys(n for low, high, n in findings if low <= start and end <= high))
    tones = [marks.tones[n] for n in covering]
    return Piece(
        text[start:end], figure[2] if figure else None, bool(figure and figure[0] == start), covering,
        tuple(n for n in marks.starts.get(start, ()) if n in covering),
        next((tone for tone in ("bad", "warn", "info", "ok") if tone in tones), ""),
        marks.verdicts[figure[2]] if figure else "",
    )  # fmt: skip
