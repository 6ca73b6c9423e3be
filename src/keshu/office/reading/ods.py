"""Look into an OpenDocument spreadsheet before a reader unpacks it, and note what the reader does not tell."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from .guard import Extent, Inspection, events, opened, unpack_once
from .limits import Limits

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_REPEATED = f"{_TABLE}number-columns-repeated"
_CELLS = (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell")
_OFFICE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"


def inspect_ods(data: bytes, name: str, limits: Limits) -> Inspection:
    """OpenDocument writes equal rows and cells once with a count: a small file may mean a huge sheet."""
    inspection, sheet = Inspection(), _Sheet()
    with opened(data, name, limits) as package:
        unpack_once(package, name, package.namelist())
        for event, element in events(package.read("content.xml"), name):
            tag = element.tag
            if event == "start":
                if tag == f"{_TABLE}table":
                    sheet = _Sheet()
                    inspection.sheets[element.get(f"{_TABLE}name", "")] = sheet.extent
                elif tag == f"{_TABLE}table-row":
                    sheet.row = _Row()
            elif tag in _CELLS:
                sheet.row.take(element)
            elif tag == f"{_TABLE}table-row":
                sheet.close_row(_count(element.get(f"{_TABLE}number-rows-repeated")))
                limits.check_area(sheet.extent.rows, sheet.extent.columns, f"“{name}”")
                sheet.note_row()
                element.clear()
    return inspection


@dataclass
class _Row:
    """Where a row reaches, and its cells that show something else than they hold."""

    columns: int = 0
    widest: int = 0
    percents: list[int] = field(default_factory=list)
    errors: dict[int, str] = field(default_factory=dict)

    def take(self, cell: etree._Element) -> None:
        first, self.columns = self.columns + 1, self.columns + _count(cell.get(_REPEATED))
        if not _says_something(cell):
            return
        self.widest = self.columns
        if cell.get(_OFFICE_TYPE) == "percentage":
            self.percents += range(first, self.columns + 1)
        elif any(str(key).endswith("}value-type") and value == "error" for key, value in cell.attrib.items()):
            self.errors[first] = "".join(map(str, cell.itertext())).strip()


@dataclass
class _Sheet:
    extent: Extent = field(default_factory=Extent)
    row: _Row = field(default_factory=_Row)
    times: int = 1

    def close_row(self, repeated: int) -> None:
        """The empty rest of a sheet is one row repeated a million times; readers leave it out."""
        self.times = repeated if self.row.widest or repeated < 1000 else 0
        self.extent.rows += self.times
        self.extent.columns = max(self.extent.columns, self.row.widest)

    def note_row(self) -> None:
        if not self.row.percents and not self.row.errors:
            return
        for number in range(self.extent.rows - self.times + 1, self.extent.rows + 1):
            self.extent.percents |= {(number, column) for column in self.row.percents}
            self.extent.errors |= {(number, column): shown for column, shown in self.row.errors.items()}


def _says_something(cell: etree._Element) -> bool:
    return len(cell) > 0 or any(str(key) not in (_REPEATED, f"{_TABLE}style-name") for key in cell.attrib)


def _count(repeated: str | None) -> int:
    return int(repeated) if repeated and repeated.isascii() and repeated.isdigit() else 1
