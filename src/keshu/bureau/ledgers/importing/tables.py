"""The tables of a sheet: where the headings are, which rows are data, totals, groups, notes.

Works on plain grids. Which texts are headings is asked of the caller, because only a ledger knows its aliases.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from keshu.catalogue.headers import normalise
from keshu.kernel.width import half_width

Cells = Sequence[Any]
SCAN = 60  # a heading that has not come after so many rows does not come
_TOTAL = re.compile(
    r"^(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|本页合计|本页小计|.{1,12}(?:小计|合计))"
    r"(?:\s*\(.{1,12}\)|金额|经费|数|数量|\s*[:]?\s*\d+\s*\S{0,2})?\s*[:]?$"
    r"|^总?共\s*\d+\s*[家项件个人户条场名份笔次]$"
)
_SUBTOTAL = re.compile(r"小计|^(?!全[市县区省]|总).+合计")
_NOTE = re.compile(
    r"^(?:注|备注|说明|填表说明|填报说明|填报要求|注意|数据来源|来源|附注)\s*\d*\s*[:.、]"
    r"|^(?:填表人|填报人|制表人?|审核人?|负责人|单位负责人|统计负责人|联系人|联系电话|填报单位|报送单位|填报日期|制表日期)"
    r"(?:\(.*?\))?\s*[:]"
    r"|^(?:注|备注|说明|附注)$"
    r"|^\(?(?:以下空白|此页无正文|续表|接上页|转下页)"
)

_AROUND = re.compile(r":|单位\s*\(?[万亿千]?元|\d{4}\s*[年.-]\s*\d{1,2}\s*[月.-]")  # beside the table, not over columns


@dataclass
class Row:
    """A data row with its number in the sheet."""

    number: int
    cells: list[Any]
    group: str = ""


@dataclass
class Total:
    """A line of sums: which data rows lie above it since the last heading, group or subtotal."""

    number: int
    cells: list[Any]
    label: str
    first: int  # index into the table's rows of the first row that it sums
    last: int


@dataclass
class Table:
    """One table: the lines of each heading from top to bottom, the data, the words above."""

    sheet: str
    headings: list[tuple[str, ...]]
    heading_row: int
    above: list[str] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    totals: list[Total] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    strays: list[tuple[int, str]] = field(default_factory=list)
    uncalculated: frozenset[tuple[int, int]] = frozenset()


@dataclass
class Grid:
    """A sheet as its cells from A1 on. `merged` are ((first row, first column), (last row, last column)), from 0."""

    name: str
    rows: list[list[Any]]
    uncalculated: frozenset[tuple[int, int]] = frozenset()  # row and column from 1
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)


@dataclass
class Found:
    """What a sheet holds."""

    tables: list[Table] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    has_data: bool = False


Knows = Callable[[Sequence[str]], bool]


def text_of(value: Any) -> str:
    return "" if value is None else str(value).strip()


def plain_of(value: Any) -> str:
    """The text half-width, for comparing with patterns."""
    return half_width(text_of(value))


def filled(cells: Iterable[Any]) -> list[int]:
    """Where something stands; asked of every row, so only texts are looked into."""
    return [
        index
        for index, value in enumerate(cells)
        if value is not None and (value.strip() if isinstance(value, str) else True)
    ]


def find_tables(grid: Grid, knows: Knows) -> Found:
    """Every table of the sheet. Without a heading that anybody knows: the notes, and whether there seem to be data."""
    _spread_merged(grid)
    found, start = Found(), 0
    while (at := _heading_from(grid, start, knows, first=not found.tables)) is not None:
        table, start = _table(grid, at, start, knows)
        found.tables.append(table)
    if not found.tables:
        found.notes = [text_of(row[index]) for row in grid.rows for index in filled(row)][:50]
        found.has_data = sum(len(filled(row)) >= 3 for row in grid.rows) >= 2
    return found


def _spread_merged(grid: Grid) -> None:
    """A cell merged downwards holds for each of its rows; one merged to the right stays where it is.

    Merged titles are told from data by their width, so nothing is copied to the right here.
    """
    for (top, left), (bottom, _right) in grid.merged:
        if bottom == top or top >= len(grid.rows) or left >= len(grid.rows[top]):
            continue
        for number in range(top + 1, min(bottom + 1, len(grid.rows))):
            row = grid.rows[number]
            if left < len(row) and not text_of(row[left]):
                row[left] = grid.rows[top][left]


def _score(cells: Cells, knows: Knows) -> int:
    return sum(isinstance(value, str) and bool(value.strip()) and knows((value,)) for value in cells)


def _heading_from(grid: Grid, start: int, knows: Knows, *, first: bool) -> int | None:
    """The row with the most known headings in reach; two at least, and a third of what stands in the row."""
    best, best_score = None, 1
    for number in range(start, min(start + SCAN, len(grid.rows)) if first else len(grid.rows)):
        row = grid.rows[number]
        score, there = _score(row, knows), len(filled(row))
        if score > best_score and score * 3 >= there:
            best, best_score = number, score
        elif best is not None and number - best > 3:
            break
    return best


def _table(grid: Grid, at: int, start: int, knows: Knows) -> tuple[Table, int]:
    top, bottom = _upwards(grid, at, start, knows), _downwards(grid, at, knows)
    headings = _paths(grid, top, bottom)
    above = [text for row in grid.rows[start:top] for text in _line(row)]
    table = Table(grid.name, headings, bottom + 1, above, uncalculated=grid.uncalculated)
    end = _read_body(grid, table, top, bottom, knows)
    return table, end


def _line(row: Cells) -> list[str]:
    return [text_of(row[index]) for index in filled(row)]


def _merged_from(grid: Grid, number: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    return [area for area in grid.merged if area[0][0] <= number <= area[1][0]]


def _upwards(grid: Grid, at: int, start: int, knows: Knows) -> int:
    """Include the row above when it groups headings: several texts, or one that spans only a part of the table."""
    top = at
    while top > start:
        row = grid.rows[top - 1]
        there = filled(row)
        spans = any(area[0][0] <= top - 1 < at <= area[1][0] for area in grid.merged)
        widest = max((len(filled(r)) for r in grid.rows[at : at + 1]), default=0)
        grouping = 2 <= len(there) <= widest and all(isinstance(row[i], str) for i in there) and _groups(grid, top - 1)
        completing = len(there) >= 2 and _score(row, knows) >= 1 and _completes(row, grid.rows[at])
        if not (spans or grouping or completing):
            break
        top -= 1
    return top


def _completes(upper: Cells, lower: Cells) -> bool:
    """The line above names columns that the line below leaves open."""
    return any(text_of(value) and (i >= len(lower) or not text_of(lower[i])) for i, value in enumerate(upper))


def _groups(grid: Grid, number: int) -> bool:
    """Merged cells over parts of the table; in a file without merged cells, texts over the first columns of parts."""
    areas = [a for a in grid.merged if a[0][0] == number and a[1][1] > a[0][1]]
    row, lower = grid.rows[number], grid.rows[number + 1]
    over = [a[0][1] for a in areas] if grid.merged else filled(row)
    if not grid.merged and not all(i < len(lower) and text_of(lower[i]) for i in over):
        return False
    return bool(over) and not any(_AROUND.search(plain_of(row[i])) for i in over)


def _downwards(grid: Grid, at: int, knows: Knows) -> int:
    """Include rows below that finish the heading: merged into it, sub-headings under a group, a line of units."""
    bottom = at
    while bottom + 1 < len(grid.rows) and bottom - at < 3:
        row = grid.rows[bottom + 1]
        there = filled(row)
        merged = any(area[0][0] <= at and area[1][0] >= bottom + 1 for area in grid.merged)
        units = bool(there) and all(re.fullmatch(r"\(?[^\d\s]{1,6}\)?", plain_of(row[i])) for i in there)
        units = units and all(plain_of(row[i])[:1] == "(" for i in there)
        under = bool(there) and all(isinstance(row[i], str) for i in there) and _under_gaps(grid, at, there, row, knows)
        if not (merged or units or under):
            break
        bottom += 1
    return bottom


def _under_gaps(grid: Grid, at: int, there: list[int], row: Cells, knows: Knows) -> bool:
    """Sub-headings stand where the row above has a group or nothing, and the ledger knows at least one of them."""
    upper = grid.rows[at]

    def open_above(i: int) -> bool:
        return i >= len(upper) or not text_of(upper[i]) or _is_group(grid, at, i) or _names_group(i)

    def _names_group(i: int) -> bool:  # over a single column nothing tells a group but its words
        return not knows((text_of(upper[i]),)) and knows((text_of(row[i]),))

    return all(map(open_above, there)) and any(knows((text_of(row[i]),)) for i in there)


def _is_group(grid: Grid, number: int, column: int) -> bool:
    row = grid.rows[number]
    alone = column + 1 < len(row) and not text_of(row[column + 1])
    return alone or any(a[0] == (number, column) and a[1][1] > column for a in grid.merged)


def _paths(grid: Grid, top: int, bottom: int) -> list[tuple[str, ...]]:
    width = max(len(grid.rows[number]) for number in range(top, bottom + 1))
    lines: list[list[str]] = [["" for _ in range(width)] for _ in range(top, bottom + 1)]
    for number in range(top, bottom + 1):
        for index, value in enumerate(grid.rows[number]):
            lines[number - top][index] = text_of(value)
        for (row, left), (_last, right) in grid.merged:
            if row == number and right > left and number < bottom:
                for index in range(left + 1, min(right + 1, width)):
                    lines[number - top][index] = lines[number - top][index] or lines[number - top][left]
    if not grid.merged and bottom > top:
        _carry_right(lines)
    paths = [tuple(dict.fromkeys(line[index] for line in lines if line[index])) for index in range(width)]
    while paths and not paths[-1]:
        paths.pop()
    return paths


def _carry_right(lines: list[list[str]]) -> None:
    """A file without merged cells: a group's name stands over its first column only."""
    for upper, lower in pairwise(lines):
        carried = ""
        for index, text in enumerate(upper):
            if text:
                carried = text if lower[index] else ""
            elif lower[index] and carried:
                upper[index] = carried


def _read_body(grid: Grid, table: Table, top: int, bottom: int, knows: Knows) -> int:
    """Sort the rows below the heading; returns where the next table may begin."""
    body = _Body(table, [_line(grid.rows[number]) for number in range(top, bottom + 1)], len(table.headings))
    number = bottom + 1
    while number < len(grid.rows):
        row = grid.rows[number]
        there = filled(row)
        if there and body.starts_another(row, there, knows):
            return number
        if there:
            body.take(number + 1, row, there)
        number += 1
    return number


class _Body:
    """Sorting rows into data, totals, groups and notes; knows what came before."""

    def __init__(self, table: Table, heading_lines: list[list[str]], width: int) -> None:
        self.table, self.width = table, width
        self.heading_lines = [[normalise(text) for text in line] for line in heading_lines]
        self.above = {normalise(text) for text in table.above}
        self.heading_words = {text for line in heading_lines for text in line} | set(table.above)
        self.group, self.since = "", 0
        self.serial = next((i for i, path in enumerate(table.headings) if _serial(path)), None)
        self.in_notes = False
        self.under_heading = True

    def starts_another(self, row: Cells, there: list[int], knows: Knows) -> bool:
        if len(there) < 3 or not all(isinstance(row[i], str) for i in there):
            return False
        return not self._repeated(row, there) and _score(row, knows) >= max(3, (len(there) + 1) // 2)

    def _repeated(self, row: Cells, there: list[int]) -> bool:
        """The heading, or a line above it, once more: as at the top of each printed page."""
        first = row[there[0]]
        if not isinstance(first, str):
            return False
        if len(there) == 1:
            return normalise(first) in self.above or [normalise(first)] in self.heading_lines
        if first.strip() not in self.heading_words:
            return False
        line = [normalise(text_of(row[index])) for index in there]
        return line in self.heading_lines or self.above.issuperset(line)

    def take(self, number: int, row: list[Any], there: list[int]) -> None:
        texts = [text_of(row[index]) for index in there[:3]]
        repeated = self._repeated(row, there)
        if repeated or (self.under_heading and self._numbers_of_columns(row, there)) or there == [self.serial]:
            self.in_notes = False if len(there) > 1 else self.in_notes
            self.under_heading = repeated
            return
        self.under_heading = False
        if self._is_total(texts):
            self._total(number, row, next(text for text in texts if _TOTAL.match(half_width(text))))
        elif _NOTE.match(half_width(texts[0])) and (len(there) <= max(3, self.width // 2) or _signed(row, there)):
            self.table.notes.append(" ".join(text_of(row[index]) for index in there))
            self.in_notes = True
        elif len(there) == 1 and self.width >= 3:
            self._alone(number, texts[0])
        else:
            self.in_notes = False
            self.table.rows.append(Row(number, row, self.group))

    def _is_total(self, texts: list[str]) -> bool:
        return any(("计" in text or "共" in text) and _TOTAL.match(half_width(text)) for text in texts)

    def _numbers_of_columns(self, row: Cells, there: list[int]) -> bool:
        """The line 1 2 3 4 … (or 甲 乙 1 2 …) under a heading."""
        if len(there) < 3:
            return False
        texts = [re.sub(r"\.0$|[()]", "", plain_of(row[index])) for index in there]
        numbers = [int(text) for text in texts if text.isdigit()]
        rest = [text for text in texts if not text.isdigit()]
        consecutive = numbers == list(range(numbers[0], numbers[0] + len(numbers))) if numbers else False
        return consecutive and len(numbers) >= 2 and all(text in "甲乙丙丁戊己" for text in rest)

    def _total(self, number: int, row: list[Any], label: str) -> None:
        first = self.since if _SUBTOTAL.search(label) else 0
        self.table.totals.append(Total(number, row, label, first, len(self.table.rows)))
        self.since = len(self.table.rows)

    def _alone(self, number: int, text: str) -> None:
        if self.in_notes or len(text) > 30 or re.search(r"[。;]", half_width(text)):
            self.table.notes.append(text)
            return
        self.group = text
        self.since = len(self.table.rows)
        self.table.strays.append((number, text))


def _signed(row: Cells, there: list[int]) -> bool:
    """单位负责人:… 填表人:… 报出日期:…, however many columns they take."""
    return sum(":" in plain_of(row[index]) for index in there) * 2 >= len(there)


def _serial(path: Sequence[str]) -> bool:
    from keshu.bureau.ledgers.importing.columns import SERIAL

    return any(normalise(line) in SERIAL for line in path)
