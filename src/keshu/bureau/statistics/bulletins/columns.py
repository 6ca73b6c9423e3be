"""What the columns of a bulletin hold: which indicator, and its value, growth or rank."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keshu.catalogue import Catalogue, normalise, split_header

VALUE, GROWTH, RANK = "value", "growth", "rank"
_RANK = re.compile(r"(?:位次|排名|排位|名次|位居|居全[省市]位)(?:变化)?$")
_GROWTH = re.compile(r"(?:(?:同比|比上年|较上年)(?:增长|增幅|增速)|同比|增长|增速|增幅)率?$")
_VALUE = re.compile(r"(?:本年累计|累计完成|累计|本期|完成[数值]?|绝对[值额量]|总量|数[值据量]|实绩)$")
_PLACES = (
    "地区",
    "县区",
    "区县",
    "县市区",
    "市县",
    "区域",
    "单位",
    "行政区",
    "行政区划",
    "辖区",
    "各县区",
    "各地",
    "名称",
)


@dataclass(frozen=True)
class Column:
    """One column: its index, the indicator and scope, what of it, the unit that the heading names."""

    index: int
    code: str
    scope: str
    what: str
    unit: str
    heading: str


@dataclass(frozen=True)
class Heading:
    """Where the heading of a matrix stands and what it says."""

    top: int
    bottom: int
    place: int
    columns: tuple[Column, ...]
    unknown: tuple[tuple[int, str], ...]


def text_of(value: Any) -> str:
    return "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()


class Vocabulary:
    """The spellings of all indicators, with the words of their scopes in brackets behind them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._names: dict[str, tuple[str, str]] = {}
        for indicator in catalogue.indicators.values():
            for name in (indicator.name, *indicator.aliases):
                self._names.setdefault(normalise(name), (indicator.code, ""))
                for scope, words in indicator.scopes.items():
                    self._names.setdefault(normalise(f"{name}({words.says})"), (indicator.code, scope))
        self._official = {normalise(one.name): (one.code, "") for one in catalogue.indicators.values()}

    def find(self, text: str) -> tuple[str, str] | None:
        """Indicator and scope that a heading means; an official name goes before somebody's alias."""
        plain = normalise(text)
        return self._official.get(plain) or self._names.get(plain)


def part_of(text: str) -> tuple[str, str]:
    """A heading without the word that says what it holds, and what that is ("" where no word says so)."""
    for pattern, what in ((_RANK, RANK), (_GROWTH, GROWTH), (_VALUE, VALUE)):
        found = pattern.search(text)
        if found:
            return re.sub(r"[-—_ ,、]+$", "", text[: found.start()]), what
    return text, ""


def find_heading(rows: Sequence[Sequence[Any]], merged: Iterable[Any], vocabulary: Vocabulary) -> Heading | None:
    """The first row that names an indicator beside a column of places, with the sub-headings below it."""
    areas = list(merged)
    for number in range(min(len(rows), 40)):
        lines = _lines(rows, areas, number)
        columns, unknown = _read(lines, vocabulary)
        if columns:
            first = min(column.index for column in columns)
            place = _place_column(lines, first)
            if place is not None:
                unknown = [(index, text) for index, text in unknown if index > place]
                return Heading(number, number + len(lines) - 1, place, tuple(columns), tuple(unknown))
    return None


def _lines(rows: Sequence[Sequence[Any]], areas: list[Any], number: int) -> list[list[str]]:
    """The heading row and the sub-heading below it, group names carried over the columns they span."""
    width = max(len(row) for row in rows[number : number + 2])
    top = [text_of(rows[number][i]) if i < len(rows[number]) else "" for i in range(width)]
    below = rows[number + 1] if number + 1 < len(rows) else []
    sub = [text_of(below[i]) if i < len(below) else "" for i in range(width)]
    if not any(part_of(split_header(text)[0])[1] for text in sub if text) or _has_numbers(below):
        return [top]
    return [_carried(top, sub, areas, number), sub]


def _has_numbers(row: Sequence[Any]) -> bool:
    return any(isinstance(cell, int | float | Decimal) and not isinstance(cell, bool) for cell in row)


def _carried(top: list[str], sub: list[str], areas: list[Any], number: int) -> list[str]:
    filled, spans = list(top), {}
    for (row, left), (_bottom, right) in areas:
        if row == number:
            spans |= dict.fromkeys(range(left, right + 1), top[left] if left < len(top) else "")
    last = ""
    for index, text in enumerate(top):
        last = text or last
        if not text and sub[index]:
            filled[index] = spans.get(index) or last
    return filled


def _read(lines: list[list[str]], vocabulary: Vocabulary) -> tuple[list[Column], list[tuple[int, str]]]:
    columns: list[Column] = []
    unknown: list[tuple[int, str]] = []
    for index in range(len(lines[0])):
        texts = [line[index] for line in lines if line[index]]
        if not texts:
            continue
        column = _column(index, texts, vocabulary, columns[-1] if columns else None)
        if column is not None:
            columns.append(column)
        elif not _is_place_word(texts[0]) and normalise(texts[0]) not in ("序号", "备注", "说明"):
            unknown.append((index, "/".join(texts)))
    return columns, unknown


def _column(index: int, texts: list[str], vocabulary: Vocabulary, before: Column | None) -> Column | None:
    heading, unit = "/".join(texts), ""
    for text in reversed(texts):
        unit = unit or (split_header(text)[1] or "")
    name, what = _named(texts)
    found = vocabulary.find(name) if name else None
    if found is None and len(texts) == 1:
        found = vocabulary.find(split_header(texts[0])[0])
        what = VALUE if found else what
    if found is not None:
        return Column(index, *found, what or VALUE, unit, heading)
    if not name and what in (GROWTH, RANK) and before is not None:
        return Column(index, before.code, before.scope, what, unit, heading)
    return None


def _named(texts: list[str]) -> tuple[str, str]:
    """The indicator's part of a heading, and what the column holds, from the last line that says so."""
    stripped = [part_of(split_header(text)[0]) for text in texts]
    what = next((said for _, said in reversed(stripped) if said), "")
    if len(texts) > 1:
        return split_header(texts[0])[0] if not stripped[0][1] else stripped[0][0], what
    return stripped[0][0], what


def _place_column(lines: list[list[str]], first: int) -> int | None:
    for line in lines:
        for index in range(first):
            if _is_place_word(line[index]):
                return index
    return first - 1 if first > 0 else None


def _is_place_word(text: str) -> bool:
    return normalise(text) in {normalise(word) for word in _PLACES}
