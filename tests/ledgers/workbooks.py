"""Workbooks made for a test: rows in, bytes out. Identifiers come with valid check characters."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import xlsxwriter

from keshu.kernel.ids import patent, uscc

DAY = "yyyy-mm-dd"


def code(region: str, serial: int) -> str:
    """A unified social credit code of a made-up firm registered in `region`."""
    body = f"91{region}MA{serial:06d}"
    first = body + uscc.inner_check_character(body[8:16])
    return first + uscc.check_character(first)


def patent_number(year: int, kind: int, serial: int, style: str = "{body}.{check}") -> str:
    body = f"{year}{kind}{serial:07d}"
    return style.format(body=body, check=patent.check_character(body))


def xlsx(*sheets: "Sheet") -> bytes:
    """A workbook of these sheets in their order."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory)
    for sheet in sheets:
        sheet.write(book)
    book.close()
    return memory.getvalue()


@dataclass(frozen=True)
class Styled:
    """A number shown in a format of its own, such as 0.0%."""

    value: float
    shown: str


@dataclass(frozen=True)
class Formula:
    """A formula with the result that a program stored; None where none has worked it out."""

    text: str
    result: Any = None


class Sheet:
    """A sheet as a list of rows; `merge` holds A1-ranges, whose text stands in their first cell."""

    def __init__(
        self, name: str, rows: Sequence[Sequence[Any]], *, merge: Sequence[str] = (), hidden: bool = False,
        hidden_columns: Sequence[int] = (), hidden_rows: Sequence[int] = (),
    ) -> None:  # fmt: skip
        self.name, self.rows, self.merge, self.hidden = name, rows, merge, hidden
        self.hidden_columns, self.hidden_rows = hidden_columns, hidden_rows

    def write(self, book: xlsxwriter.Workbook) -> None:
        page = book.add_worksheet(self.name)
        formats = {shown: book.add_format({"num_format": shown}) for shown in self._shown()}
        for area in self.merge:
            page.merge_range(area, "")
        for number, row in enumerate(self.rows):
            for column, value in enumerate(row):
                _write(page, number, column, value, formats)
        for column in self.hidden_columns:
            page.set_column(column, column, None, None, {"hidden": True})
        for number in self.hidden_rows:
            page.set_row(number - 1, None, None, {"hidden": True})
        if self.hidden:
            page.hide()

    def _shown(self) -> set[str]:
        return {DAY} | {value.shown for row in self.rows for value in row if isinstance(value, Styled)}


def _write(page: Any, row: int, column: int, value: Any, formats: dict[str, Any]) -> None:
    match value:
        case date():
            page.write_datetime(row, column, value, formats[DAY])
        case Styled():
            page.write_number(row, column, value.value, formats[value.shown])
        case Formula():
            page.write_formula(row, column, value.text, None, "" if value.result is None else value.result)
        case int() | float():
            page.write_number(row, column, value)
        case str() if value:
            page.write_string(row, column, value)
        case _:
            pass


def csv_bytes(rows: Sequence[Sequence[Any]], encoding: str = "gbk") -> bytes:
    memory = io.StringIO()
    csv.writer(memory).writerows(rows)
    return memory.getvalue().encode(encoding)
