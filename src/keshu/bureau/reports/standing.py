"""Standing text that people of a place wrote before: last year's sections, with author and year."""

import re

from keshu.bureau.reports.composing.nodes import Standing, block_from_json
from keshu.bureau.reports.composing.paragraphs import Written
from keshu.bureau.reports.models import Summary
from keshu.kernel.measure.period import Period


def standing_for(place: str, period: Period, kind: str) -> dict[tuple[str, str], Written]:
    """For each section and sentence the words of the newest earlier frozen summary, marked as carried over.

    The same skeleton goes first; words that a definition brought and nobody adopted are not carried.
    """
    found: dict[tuple[str, str], Written] = {}
    frozen = Summary.objects.filter(place__code=place, year__lt=period.year, state=Summary.State.FROZEN)
    rows = sorted(frozen.select_related("frozen"), key=lambda one: (one.year, one.kind == kind, one.period))
    for summary in rows:
        for section in summary.frozen.content["sections"]:
            for block in map(block_from_json, section["blocks"]):
                for sentence in block.sentences:
                    for node in sentence.nodes:
                        if isinstance(node, Standing) and node.author and node.origin:
                            year = node.year or summary.year
                            place = node.origin.rpartition(".")[2]  # it may stand as a clause of another sentence
                            found[section["code"], place] = Written(
                                _of_this_year(node.words, period), node.author, year, True
                            )
    return found


def _of_this_year(words: str, period: Period) -> str:
    """Words that open with their year open with this one; years inside a text are facts and stay."""
    opening = _YEAR.match(words)
    if opening is None:
        return words
    later = int(opening[1]) == period.year  # the plan of last year spoke of this one
    year = period.year + 1 if later else period.year
    return f"{year}年{words[opening.end() :]}"


_YEAR = re.compile(r"(20\d\d)年(?=[，,])")
