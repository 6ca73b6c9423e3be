"""Verdicts of the records on the figures of a text, as the plain data that is kept beside each figure.

A verdict is {"verdict", "indicator", "name", "reference", "ours", "unit", "difference", "as_of", "candidates": [...]},
numbers as strings in the base unit; `comparing.Standing` names the verdicts.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from keshu.bureau.statistics.trees import UnknownPlace
from keshu.bureau.texts import comparing
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.figure import Figure


def verdicts(
    text: str, figures: Sequence[Figure], *, place: str, period: Period, known_at: datetime
) -> list[dict[str, Any] | None]:
    """One verdict for each figure; None for all of them where the place no longer stands in the tree."""
    try:
        found = comparing.compare(text, figures, place=place, period=period, known_at=known_at)
    except UnknownPlace:
        return [None] * len(figures)
    return [one.as_json() for one in found]
