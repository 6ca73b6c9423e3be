"""What the reader of .xls does not tell: which cells show a percentage, which formulas failed, which rows are hidden.

The records of Excel 97 and 95 (BIFF8, BIFF5) are walked one by one; values are left to the reader.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .compound import BrokenCompound, stream_of
from .guard import BUILT_IN_PERCENT, Extent, Inspection, broken_file, shows_percent
from .limits import Limits

_BEGIN, _END, _SHEET, _FORMAT, _STYLE, _LOCKED = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0, 0x002F
_ROW, _FORMULA, _NUMBER, _SHORT, _SHORTS, _BOOL_OR_ERROR = 0x0208, 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205
_HIDDEN = 0x20
_NEW = 0x0600
_ERRORS = {
    0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A",
}  # fmt: skip

Record = tuple[int, bytes]


def inspect_xls(data: bytes, name: str, limits: Limits) -> Inspection:
    """A file whose records cannot be followed is broken: read without its formats, 12.3% would come in as 0.123."""
    try:
        stream = stream_of(data, "Workbook", "Book")
        book = _globals(stream)
        if book.locked:
            return Inspection()  # the reader says so
        inspection = Inspection()
        percent = book.percent_styles()
        for sheet, place in book.sheets:
            extent = inspection.sheets[sheet] = _sheet(stream, place, percent)
            limits.check_area(extent.rows, extent.columns, f"“{name}”的工作表“{sheet}”")
        return inspection
    except (BrokenCompound, struct.error, IndexError) as broken:
        raise broken_file(name) from broken


@dataclass
class _Book:
    """The part of the file that belongs to all sheets."""

    version: int = _NEW
    locked: bool = False
    sheets: list[tuple[str, int]] = field(default_factory=list)
    formats: dict[int, str] = field(default_factory=dict)
    styles: list[int] = field(default_factory=list)  # number of the format of each style

    def percent_styles(self) -> frozenset[int]:
        percent = {number for number, shown in self.formats.items() if shows_percent(shown)}
        percent |= {int(number) for number in BUILT_IN_PERCENT} - self.formats.keys()
        return frozenset(style for style, number in enumerate(self.styles) if number in percent)

    def text(self, body: bytes, at: int, wide: bool) -> str:
        """A text with its length in one byte or, `wide`, in two; BIFF8 says after it whether letters take two bytes."""
        if self.version < _NEW:
            return body[at + 1 : at + 1 + body[at]].decode("gb18030", "replace")
        length = struct.unpack_from("<H", body, at)[0] if wide else body[at]
        at += 2 if wide else 1
        if body[at] & 1:
            return body[at + 1 : at + 1 + length * 2].decode("utf-16-le", "replace")
        return body[at + 1 : at + 1 + length].decode("latin-1")


def _records(stream: bytes, at: int) -> Iterator[Record]:
    """From here to the end of this part, without the parts that lie inside it (charts)."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        depth += kind == _BEGIN
        if depth <= 1:
            yield kind, stream[at + 4 : at + 4 + length]
        if kind == _END:
            depth -= 1
            if depth <= 0:
                return
        at += 4 + length


def _globals(stream: bytes) -> _Book:
    book = _Book()
    for kind, body in _records(stream, 0):
        if kind == _BEGIN:
            book.version = struct.unpack_from("<H", body)[0]
        elif kind == _LOCKED:
            book.locked = True
        elif kind == _SHEET:
            place, _visible, sort = struct.unpack_from("<IBB", body)
            if sort == 0:
                book.sheets.append((book.text(body, 6, wide=False), place))
        elif kind == _FORMAT:
            book.formats[struct.unpack_from("<H", body)[0]] = book.text(body, 2, wide=True)
        elif kind == _STYLE:
            book.styles.append(struct.unpack_from("<H", body, 2)[0])
    return book


def _sheet(stream: bytes, place: int, percent: frozenset[int]) -> Extent:
    extent = Extent()
    for kind, body in _records(stream, place):
        take = _TAKES.get(kind)
        if take is not None:
            take(body, extent, percent)
    return extent


def _cell(body: bytes, extent: Extent, percent: frozenset[int]) -> tuple[int, int]:
    row, column, style = struct.unpack_from("<HHH", body)
    extent.rows, extent.columns = max(extent.rows, row + 1), max(extent.columns, column + 1)
    if style in percent:
        extent.percents.add((row + 1, column + 1))
    return row + 1, column + 1


def _number(body: bytes, extent: Extent, percent: frozenset[int]) -> None:
    _cell(body, extent, percent)


def _shorts(body: bytes, extent: Extent, percent: frozenset[int]) -> None:
    """Several numbers side by side, each with its style."""
    row, first = struct.unpack_from("<HH", body)
    for order in range((len(body) - 6) // 6):
        style = struct.unpack_from("<H", body, 4 + order * 6)[0]
        _cell(struct.pack("<HHH", row, first + order, style), extent, percent)


def _formula(body: bytes, extent: Extent, percent: frozenset[int]) -> None:
    place = _cell(body, extent, percent)
    extent.formulas.add(place)
    if body[12:14] == b"\xff\xff" and body[6] == 2:
        extent.errors[place] = _ERRORS.get(body[8], "#N/A")


def _bool_or_error(body: bytes, extent: Extent, percent: frozenset[int]) -> None:
    place = _cell(body, extent, percent)
    if body[7]:
        extent.errors[place] = _ERRORS.get(body[6], "#N/A")


def _row(body: bytes, extent: Extent, _percent: frozenset[int]) -> None:
    if body[12] & _HIDDEN:
        extent.hidden_rows.add(struct.unpack_from("<H", body)[0] + 1)


_TAKES: dict[int, Callable[[bytes, Extent, frozenset[int]], None]] = {
    _ROW: _row, _FORMULA: _formula, _NUMBER: _number, _SHORT: _number, _SHORTS: _shorts,
    _BOOL_OR_ERROR: _bool_or_error,
}  # fmt: skip
