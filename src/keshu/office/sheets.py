"""Write a table as .xlsx: row by row, in constant memory, safe to open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any, Literal

import xlsxwriter  # type: ignore[import-untyped]

Kind = Literal["text", "money", "quantity", "date", "integer"]
Value = str | Decimal | int | bool | date | datetime | None

_FORMATS = {"money": "#,##0.00", "quantity": "#,##0.####", "integer": "#,##0", "date": "yyyy-mm-dd", "text": "@"}
_WIDTHS = {"text": 20, "money": 16, "quantity": 12, "integer": 10, "date": 12}
_MOST_ROWS = 1_048_576
_MOST_LETTERS = 32_767
_EXACT_DIGITS = 15  # what Excel keeps of a number; longer ones are written as text rather than changed


@dataclass(frozen=True)
class Column:
    """`width` is in characters; without it the kind decides."""

    title: str
    kind: Kind = "text"
    width: float | None = None


class TooManyRows(Exception):
    """An .xlsx sheet ends after 1,048,576 rows."""


def write_table(
    stream: IO[bytes],
    columns: Sequence[Column],
    rows: Iterable[Sequence[Value]],
    *,
    title: str = "",
    notes: Sequence[str] = (),
    sheet: str = "数据",
    made_at: datetime | None = None,
) -> int:
    """Write one sheet and return the number of rows: title, notes, header (kept in sight, with filters), rows.

    None is an empty cell, zero is 0. Text in a number's column stays text. Nothing is ever a formula or a link:
    a name that begins with = must not run on the reader's machine.
    """
    book = xlsxwriter.Workbook(
        stream,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": _FORMATS["date"],
        },
    )
    if made_at is not None:
        book.set_properties({"title": title, "created": made_at.replace(tzinfo=None)})
    page = book.add_worksheet(sheet_name(sheet))
    formats = {kind: book.add_format({"num_format": form, "valign": "top"}) for kind, form in _FORMATS.items()}
    formats["text"].set_text_wrap()
    at = _write_above(book, page, columns, title, notes)
    last = at
    for last, row in enumerate(rows, at + 1):
        if last >= _MOST_ROWS:
            raise TooManyRows(f"more than {_MOST_ROWS - at - 1} rows")
        if len(row) > len(columns):
            raise ValueError(f"row {last - at} has {len(row)} values for {len(columns)} columns")
        for place, (value, column) in enumerate(zip(row, columns, strict=False)):
            _write(page, last, place, value, formats[column.kind], formats["text"])
    page.freeze_panes(at + 1, 0)
    page.autofilter(at, 0, last, max(len(columns) - 1, 0))
    page.repeat_rows(at)
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    book.close()
    return last - at


def _write_above(book: Any, page: Any, columns: Sequence[Column], title: str, notes: Sequence[str]) -> int:
    """Title, notes and header; returns the header's row. Widths come first: constant memory writes downwards only."""
    for place, column in enumerate(columns):
        page.set_column(place, place, column.width or max(_WIDTHS[column.kind], 2 * len(column.title) + 4))
    at = 0
    if title:
        page.set_row(at, 28)
        page.write_string(at, 0, title[:_MOST_LETTERS], book.add_format({"bold": True, "font_size": 16}))
        at += 1
    for note in notes:
        page.write_string(at, 0, note[:_MOST_LETTERS], book.add_format({"font_color": "#595959"}))
        at += 1
    head = {"bold": True, "bg_color": "#E7ECF3", "border": 1, "align": "center", "valign": "vcenter", "text_wrap": True}
    shape = book.add_format(head)
    for place, column in enumerate(columns):
        page.write_string(at, place, column.title, shape)
    return at


def _write(page: Any, row: int, place: int, value: Value, shape: Any, plain: Any) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        page.write_string(row, place, "是" if value else "否", plain)
    elif isinstance(value, str):
        page.write_string(row, place, value[:_MOST_LETTERS], plain)
    elif isinstance(value, (date, datetime)):
        if value.year < 1900:
            page.write_string(row, place, value.isoformat(), plain)
        else:
            page.write_datetime(row, place, value.replace(tzinfo=None) if isinstance(value, datetime) else value, shape)
    elif _exact(value):
        page.write_number(row, place, value, shape)
    else:
        page.write_string(row, place, format(Decimal(value), "f"), plain)


def _exact(value: Decimal | int) -> bool:
    digits = Decimal(value).normalize().as_tuple()
    return isinstance(digits.exponent, int) and len(digits.digits) <= _EXACT_DIGITS


def sheet_name(name: str) -> str:
    """A name that Excel takes: 31 letters at most, none of []:*?/\\ and no apostrophe at the ends."""
    kept = "".join("_" if letter in "[]:*?/\\" else letter for letter in name).strip("' ")
    return kept[:31].strip("' ") or "数据"
