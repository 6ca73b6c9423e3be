"""Comma-separated text as it comes out of other programs: three encodings, three separators, a few tricks."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from . import encodings
from .limits import Limits, WorkbookProblem

_SEPARATORS = (",", "\t", ";")
_LONGEST = 1_000_000  # letters of a cell


@dataclass(frozen=True)
class CsvTable:
    rows: list[list[str]]
    separator: str
    encoding: str
    formulas: frozenset[tuple[int, int]]
    notes: tuple[str, ...]


def read_csv(data: bytes, name: str, limits: Limits) -> CsvTable:
    """Rows as text, all of the same length; row numbers are those of the records as Excel would show them."""
    text, encoding = decode(data, name)
    separator = separator_of(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    csv.field_size_limit(_LONGEST)
    rows: list[list[str]] = []
    width, line = 0, 1
    try:
        for row in reader:
            width, line = max(width, len(row)), reader.line_num + 1
            rows.append(row)
            limits.check_area(len(rows), width, f"“{name}”")
    except csv.Error as wrong:
        raise _unreadable(name, line, text) from wrong
    while rows and not any(value.strip() for value in rows[-1]):
        rows.pop()
    return _cleaned(rows, width, separator, encoding)


def _unreadable(name: str, line: int, text: str) -> WorkbookProblem:
    """A cell of a million letters: a quotation mark without its partner swallows the rows after it, or it is no table."""
    if '"' in text:
        return WorkbookProblem(
            "broken",
            f"“{name}”第 {line} 行起有引号没有成对，后面的行连成了一个单元格，无法读取。",
            f"请用 Excel 打开，检查第 {line} 行的引号；或另存为 xlsx 后再导入。",
        )
    return WorkbookProblem(
        "kind",
        f"“{name}”第 {line} 行有一个超过 {_LONGEST // 10_000} 万字的单元格，不像是台账表格。",
        "请确认选对了文件；台账每行一条，各栏用逗号或制表符分开。",
    )


def _cleaned(rows: list[list[str]], width: int, separator: str, encoding: str) -> CsvTable:
    formulas: set[tuple[int, int]] = set()
    quoted = 0
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            if value[:1] not in ("'", "=", "\t"):
                continue
            plain, formula = _plain(value)
            row[column - 1] = plain
            quoted += plain != value
            if formula:
                formulas.add((number, column))
        row.extend([""] * (width - len(row)))
    notes = []
    if quoted:
        notes.append(f"{quoted} 个单元格带有为保留原样而加的撇号或等号，已去掉。")
    if formulas:
        notes.append(f"{len(formulas)} 个单元格写的是公式而不是结果，未作计算。")
    return CsvTable(rows, separator, encoding, frozenset(formulas), tuple(notes))


def _plain(value: str) -> tuple[str, bool]:
    """(text without the marks that keep a number as text, whether it is a formula)."""
    kept = re.fullmatch(r'="([^"]*)"', value.strip())
    if kept:
        return kept[1], False
    if value.startswith("="):
        return value, True
    if value.startswith("\t"):
        return value.lstrip("\t"), False
    # An apostrophe that opens a quotation has its partner; the one that Excel puts before a number has none.
    if value.startswith("'") and len(value) > 1 and value.count("'") == 1:
        return value[1:], False
    return value, False


def decode(data: bytes, name: str) -> tuple[str, str]:
    found = encodings.decode(data)
    if found is None:
        raise WorkbookProblem(
            "broken", f"“{name}”的文字编码无法识别。", "请用 Excel 打开，另存为“CSV UTF-8”或 xlsx 后再导入。"
        )
    return found


def separator_of(text: str) -> str:
    """The separator that most lines have in the same number; a comma when nothing tells."""
    best, chosen = 0, ","
    for separator in _SEPARATORS:
        counts = [_outside_quotes(line, separator) for line in text.splitlines()[:50] if line.strip()]
        score = max((counts.count(count) * 2 + min(count, 1) for count in set(counts) if count), default=0)
        if score > best:
            best, chosen = score, separator
    return chosen


def _outside_quotes(line: str, separator: str) -> int:
    return re.sub(r'"[^"]*"', "", line).count(separator)
