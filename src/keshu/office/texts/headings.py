"""Lines that are headings by their words, for files whose writers format by hand, and page numbers among lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

_LONGEST = 45  # characters; a numbered line that is longer is a paragraph with its heading run in
_LEVELS = (
    re.compile(r"第[一二三四五六七八九十]{1,3}[章编部]|[一二三四五六七八九十]{1,3}、"),
    re.compile(r"[（(][一二三四五六七八九十]{1,3}[)）]|第[一二三四五六七八九十]{1,3}节"),
    re.compile(r"\d{1,2}[.．、](?!\d)"),
    re.compile(r"[（(]\d{1,2}[)）]"),
)
_ENDS = "。；;，,、：:！!？?"
_PAGE = re.compile(
    r"[-—–―－\s]*第?\s*\d{1,4}\s*页\s*(?:[,，/]?\s*共\s*\d{1,4}\s*页)?|[-—–―－]\s*\d{1,4}\s*[-—–―－]|\d{1,4}\s*/\s*\d{1,4}"
)
_BARE = re.compile(r"\d{1,4}")


def heading_level(line: str) -> int:
    """1 to 4 for a line that stands alone under a number of that level (一、 （一） 1. （1）), else 0."""
    words = line.strip()
    if not words or len(words) > _LONGEST or words[-1] in _ENDS:
        return 0
    for level, pattern in enumerate(_LEVELS, 1):
        found = pattern.match(words)
        if found and len(words) > found.end() and not _counts(words[found.end() :]):
            return level
    return 0


def _counts(rest: str) -> bool:
    """5、万元 is a page number that fell into a figure, no heading."""
    return bool(re.match(r"\s*[万亿%％元家个项件名人]{1,3}(?:$|[，,。、；;\s])", rest))


def is_page_number(line: str) -> bool:
    words = line.strip()
    return len(words) < 40 and _PAGE.fullmatch(words) is not None


def page_numbers(lines: Sequence[str]) -> set[int]:
    """Places of the lines that are page numbers: by their form, or bare numbers that count the pages from line to line.

    A bare number counts only in a row of at least three that go up by one and stand some lines apart: columns of
    figures that were copied out of a table stand close together.
    """
    found = {place for place, line in enumerate(lines) if is_page_number(line)}
    bare = [(place, int(line)) for place, line in enumerate(lines) if _BARE.fullmatch(line.strip())]
    row: list[tuple[int, int]] = []
    for place, value in [*bare, (-1, -10)]:
        if row and value == row[-1][1] + 1 and place - row[-1][0] > 4:
            row.append((place, value))
            continue
        if len(row) >= 3:
            found.update(one for one, _ in row)
        row = [(place, value)]
    return found
