"""Lists as workbooks, written row by row so that a long list needs no long memory."""

import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import xlsxwriter
from django.http import FileResponse

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZONE = ZoneInfo("Asia/Shanghai")


def xlsx_response(name: str, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> FileResponse:
    """A workbook `name`.xlsx with one sheet. Text that begins like a formula stays text."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - FileResponse closes it
    write_xlsx(file, headings, rows)
    file.seek(0)
    response = FileResponse(file, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"export.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    return response


def write_xlsx(file: Any, headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """The workbook into an open file. A number of more digits than a sheet keeps is written as text."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "remove_timezone": True}
    book = xlsxwriter.Workbook(file, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "bottom": 1})
    day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, headings, bold)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, column, value.astimezone(ZONE), moment)
            elif isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, int | Decimal) and not isinstance(value, bool) and _fits(value):
                sheet.write_number(number, column, value)
            elif value is not None:
                sheet.write_string(number, column, str(value))
    sheet.set_column(0, max(len(headings) - 1, 0), 18)
    book.close()


def _fits(value: int | Decimal) -> bool:
    """Sheets keep numbers as binary fractions of 15 digits."""
    return len(Decimal(value).normalize().as_tuple().digits) <= 15
