"""Workbooks made for a test: rows in, bytes out. Identifiers come with valid check characters."""

import csv
import io
from collections.abc import Sequence
from datetime import date
from typing import Any

import xlsxwriter

from keshu.kernel.ids import patent, uscc


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
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for sheet in sheets:
        sheet.write(book, day)
    book.close()
    return memory.getvalue()


class Sheet:
    """A sheet as a list of rows; `merge` holds A1-ranges, whose text stands in their first cell."""

    def __init__(
        self, name: str, rows: Sequence[Sequence[Any]], *, merge: Sequence[str] = (), hidden: bool = False
    ) -> None:
        self.name, self.rows, self.merge, self.hidden = name, rows, merge, hidden

    def write(self, book: xlsxwriter.Workbook, day: Any) -> None:
        page = book.add_worksheet(self.name)
        for area in self.merge:
            page.merge_range(area, "")
        for number, row in enumerate(self.rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    page.write_datetime(number, column, value, day)
                elif isinstance(value, int | float):
                    page.write_number(number, column, value)
                elif value:
                    page.write_string(number, column, value)
        if self.hidden:
            page.hide()


def csv_bytes(rows: Sequence[Sequence[Any]], encoding: str = "gbk") -> bytes:
    memory = io.StringIO()
    csv.writer(memory).writerows(rows)
    return memory.getvalue().encode(encoding)
