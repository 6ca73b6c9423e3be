"""Where each figure stands: its clause, what leads up to it, what follows it, and the sentence around it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from keshu.kernel.prose.figure import Figure

_HARD = "。；;！？!?\n\r"
_BORDER = re.compile(r"[。；;！？!?\n\r，：:]|,(?!\d{3})")
_REACH = 120
_AHEAD = 48


@dataclass(frozen=True, slots=True)
class Place:
    """One figure in its surroundings. `lead` begins behind the figure before it or at the border of the clause."""

    figure: Figure
    lead: str
    tail: str
    #: from the border of the clause to the figure, other figures included
    clause: str
    #: from the start of the sentence (or 120 characters back) to the figure
    before: str
    #: begins a clause, a sentence; follows the figure before it with nothing between
    opens_clause: bool
    opens_sentence: bool
    sentence: int


def places(plain: str, figures: Sequence[Figure]) -> Iterator[Place]:
    """Every figure with its surroundings, walking the borders of the text once."""
    borders = _BORDER.finditer(plain)
    border = next(borders, None)
    clause = sentence = 0
    number = 0
    end_before = -1
    last_clause = last_sentence = -1
    for index, figure in enumerate(figures):
        while border is not None and border.start() < figure.start:
            if border.start() >= end_before:
                clause = border.end()
                if border[0] in _HARD:
                    sentence, number = clause, number + 1
            border = next(borders, None)
        begin = max(clause, end_before, figure.start - _REACH)
        following = figures[index + 1].start if index + 1 < len(figures) else len(plain)
        yield Place(
            figure,
            plain[begin : figure.start],
            plain[figure.end : min(following, figure.end + _AHEAD)],
            plain[max(clause, figure.start - _REACH) : figure.start],
            plain[max(sentence, figure.start - _REACH) : figure.start],
            clause != last_clause,
            number != last_sentence,
            number,
        )
        end_before, last_clause, last_sentence = figure.end, clause, number
