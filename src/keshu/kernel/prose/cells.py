"""Figures in tables: the subject stands in the row's or the column's heading, the unit often in brackets behind it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from keshu.kernel.prose.figure import Figure, Kind, Role
from keshu.kernel.typed.units import read_unit
from keshu.kernel.width import half_width, no_spaces

_NUMBER = re.compile(r"[-−]?\d[\d,]*(?:\.\d+)?%?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_INDEX = re.compile(r"序号|编号|No\.?|年份|年度|日期|时间|电话|代码|号$", re.IGNORECASE)
_BRACKET = re.compile(r"[（(](?:单位[:：])?(?P<unit>[^（）()\d]{1,8})[）)]")
_PLACE = re.compile(r"^(?:全[市县区省]|合计|总计|[\u4e00-\u9fff]{2,8}(?:市|县|区|镇|乡|街道|园区|开发区|高新区|旗))$")
_TARGET = re.compile(r"目标|任务|计划|年初确定|下达")
_DONE = re.compile(r"完成率|完成比例|完成度|占.{0,4}比|进度")
_LAST = re.compile(r"上年|去年|上期|同期(?!比)")
_GROWTH = re.compile(r"同比|增长|增幅|增速|增减(?!量|数)")
_RANK = re.compile(r"位次|排名|名次")
_ACTUAL = re.compile(r"^(?:完成|实际|本年|本期|当年|今年|累计|数值|实绩|.{0,6}完成(?:数|值|情况)?|\d{4}年.{0,6})$")


@dataclass(frozen=True, slots=True)
class Cell:
    """`text[start:end]` in a table; rows and columns count from 1."""

    start: int
    end: int
    table: int
    row: int
    column: int


def read_cells(text: str, figures: Sequence[Figure], cells: Iterable[Cell]) -> list[Figure]:
    """All figures in order: those in cells with the subject, unit, period and role that the table's headings give them.

    Bare numbers of a table are figures too, save years and numbers of rows.
    """
    tables: dict[int, list[Cell]] = defaultdict(list)
    for cell in cells:
        tables[cell.table].append(cell)
    found = {figure.start: figure for figure in figures}
    for table in tables.values():
        for figure in _of_table(text, table, found):
            found[figure.start] = figure
    return [found[start] for start in sorted(found)]


def _of_table(text: str, table: Sequence[Cell], found: Mapping[int, Figure]) -> list[Figure]:
    grid: dict[tuple[int, int], str] = {}
    for cell in table:
        words = no_spaces(text[cell.start : cell.end])
        grid[cell.row, cell.column] = grid.get((cell.row, cell.column), "") + words
    heads = _heads(grid)
    words_of = _row_headings(grid)
    starts = sorted(found)
    made = []
    for cell in table:
        if cell.row <= heads:
            continue
        column = "".join(dict.fromkeys(grid.get((row, cell.column), "") for row in range(1, heads + 1)))
        at, row = words_of.get(cell.row, (cell.column, ""))
        row = row if at < cell.column else ""
        inside = [found[start] for start in starts[bisect_left(starts, cell.start) : bisect_left(starts, cell.end)]]
        figures = inside or _bare(text, cell, column, row)
        made += [_placed(figure, row, column) for figure in figures]
    return made


def _heads(grid: Mapping[tuple[int, int], str]) -> int:
    """How many rows from the top hold headings: those without a number, one at least."""
    last = max(row for row, _ in grid)
    rows: dict[int, list[str]] = defaultdict(list)
    for (row, _), words in grid.items():
        rows[row].append(words)
    heads = 0
    for row in range(1, last + 1):
        if any(_is_number(words) for words in rows[row]):
            break
        heads = row
    return min(max(heads, 1), last)


def _is_number(words: str) -> bool:
    plain = half_width(words)
    return bool(_NUMBER.match(plain)) and not _YEAR.match(plain)


def _row_headings(grid: Mapping[tuple[int, int], str]) -> dict[int, tuple[int, str]]:
    """Of each row the first words that are no number and no index, with their column."""
    found: dict[int, tuple[int, str]] = {}
    for (row, column), words in sorted(grid.items()):
        if row not in found and words and not re.match(r"[\d.]+$|[-—/]$", half_width(words)):
            found[row] = column, words
    return found


def _bare(text: str, cell: Cell, column: str, row: str) -> list[Figure]:
    """A number that fills its cell alone; its unit is the one of its headings."""
    words = text[cell.start : cell.end]
    plain = half_width(words).strip()
    if (
        not _NUMBER.fullmatch(plain)
        or _INDEX.search(column)
        or (_YEAR.fullmatch(plain) and not _BRACKET.search(column))
    ):
        return []
    start = cell.start + len(words) - len(words.lstrip())
    spelled = "%" if plain.endswith("%") else _unit(column) or _unit(row)
    unit = read_unit(spelled)
    value = Decimal(plain.rstrip("%").replace(",", "").replace("−", "-")) * unit.factor
    kind = Kind.RATIO if unit.base == "%" else Kind.AMOUNT if unit.base == "元" else Kind.COUNT
    end = start + len(words.strip())
    return [Figure(start, end, text[start:end], value, unit.base, kind=kind, canonical=unit.base)]


def _unit(heading: str) -> str:
    found = _BRACKET.search(half_width(heading))
    return found["unit"] if found else ""


def _placed(figure: Figure, row: str, column: str) -> Figure:
    row, column = _BRACKET.sub("", half_width(row)), _BRACKET.sub("", half_width(column))
    by_place = bool(_PLACE.match(row)) and not _roles(column)
    subject, scope = (column, row) if by_place else (row, figure.scope)
    if not by_place and column and not _roles(column) and not _ACTUAL.match(column):
        subject = row + column if not row.endswith(column) else row
    kind = Kind.GROWTH if _GROWTH.search(column) and figure.unit in ("%", "个百分点", "倍") else figure.kind
    kind = Kind.RANK if _RANK.search(column) else kind
    return replace(
        figure, subject=subject, scope=scope, kind=kind, role=_role(column, kind),
        period=_last(column) if kind is not Kind.GROWTH else "", base=_base(column, kind),
    )  # fmt: skip


def _last(column: str) -> str:
    if not _LAST.search(column):
        return ""
    return "上年同期" if "同期" in column else "去年"


def _base(column: str, kind: Kind) -> str:
    """What a percent of the table stands against: last year, or the target."""
    if kind is Kind.GROWTH:
        return "同比"
    return "目标" if _DONE.search(column) and kind is Kind.RATIO else ""


def _roles(column: str) -> bool:
    return any(words.search(column) for words in (_TARGET, _DONE, _LAST, _GROWTH, _RANK, _ACTUAL))


def _role(column: str, kind: Kind) -> Role:
    planned = _TARGET.search(column) and not _DONE.search(column) and kind is not Kind.GROWTH
    return Role.TARGET if planned else Role.ACTUAL
