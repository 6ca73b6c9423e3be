"""Where each figure stands: its clause, what leads up to it, what follows it, and the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keshu.kernel.prose.figure import Figure

_HARD = "。；;！？!?\n\r"
_FULL = "。！？!?\n\r"
_BORDER = re.compile(r"[。；;！？!?\n\r，：:]|,(?!\d{3})")
_REACH = 120
_AHEAD = 48


@dataclass(frozen=True, slots=True)
class Place:
    """One figure in its surroundings. `lead` begins behind the figure before it or at the border of the clause; `tail`
    behind the figure, or behind those that directly follow it (3类12项)."""

    figure: Figure
    lead: str
    tail: str
    #: from the border of the clause to the figure, other figures included
    clause: str
    #: from the start of the sentence (or 120 characters back) to the figure
    before: str
    #: the first 120 characters of the line, up to the figure
    line: str
    #: begins a clause, a sentence; follows the figure before it with nothing between
    opens_clause: bool
    opens_sentence: bool
    opens_line: bool
    #: a full stop or a new line lies between the figure before and this one
    opens_statement: bool
    #: how many figures stand in one coordination from this one on (counted only behind 分别)
    joined: int


def places(plain: str, figures: Sequence[Figure]) -> Iterator[Place]:
    """Every figure with its surroundings, walking the borders of the text once."""
    borders = _BORDER.finditer(plain)
    border = next(borders, None)
    clause = sentence = line = statement = 0
    number = 0
    end_before = -1
    last_clause = last_sentence = last_line = last_statement = -1
    for index, figure in enumerate(figures):
        while border is not None and border.start() < figure.start:
            if border.start() >= end_before:
                clause = border.end()
                if border[0] in _HARD:
                    sentence, number = clause, number + 1
                if border[0] in _FULL:
                    statement = clause
                if border[0] in "\n\r":
                    line = clause
            border = next(borders, None)
        begin = max(clause, end_before, figure.start - _REACH)
        behind = _run(figures, index)
        following = figures[behind + 1].start if behind + 1 < len(figures) else len(plain)
        close = figures[behind].end
        yield Place(
            figure,
            plain[begin : figure.start],
            plain[close : min(following, close + _AHEAD)],
            plain[max(clause, figure.start - _REACH) : figure.start],
            plain[max(sentence, figure.start - _REACH) : figure.start],
            plain[line : min(figure.start, line + _REACH)],
            clause != last_clause,
            number != last_sentence,
            line != last_line,
            statement != last_statement,
            _joined(plain, figures, index) if "分别" in plain[begin : figure.start] else 1,
        )
        end_before, last_clause, last_sentence, last_line = figure.end, clause, number, line
        last_statement = statement


def _run(figures: Sequence[Figure], index: int) -> int:
    """The last of the figures that stand with nothing between; a few at most."""
    for step in range(index, min(index + 3, len(figures) - 1)):
        if figures[step].end != figures[step + 1].start:
            return step
    return min(index + 3, len(figures) - 1)


def _joined(plain: str, figures: Sequence[Figure], index: int) -> int:
    count = 1
    while index + count < len(figures):
        between = plain[figures[index + count - 1].end : figures[index + count].start]
        if between not in ("、", "和", "及", "与", "，", ","):
            break
        count += 1
    return count
