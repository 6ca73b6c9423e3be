"""Tables that people send back: the lines of the first sheet as texts, with the row numbers that they see."""

from decimal import Decimal
from typing import Any

from keshu.office.tables import WorkbookProblem, read_workbook


def read_lines(content: bytes, name: str) -> tuple[list[tuple[int, list[str]]], str]:
    """Row number and texts of every line that says something, the heading first; or what is wrong with the file."""
    try:
        sheet = next(sheet for sheet in read_workbook(content, name) if sheet.values)
    except WorkbookProblem as problem:
        return [], str(problem)
    lines = [(number, [_text(value) for value in row]) for number, row in enumerate(sheet.values, sheet.first_row)]
    return [(number, row) for number, row in lines if any(row)], ""


def _text(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value).strip()
