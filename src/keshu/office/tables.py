"""Read workbooks that people send: xlsx, xls, ods and csv, with the row numbers and letters that they see.

Numbers come out as Decimal, percentages as text with their sign; nothing is guessed from words here.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import python_calamine

from .filetypes import MEGABYTE, FileKind, detect_bytes
from .reading.csv_text import read_csv
from .reading.guard import Extent, Inspection, inspect_xlsx
from .reading.limits import Limits, WorkbookProblem
from .reading.ods import inspect_ods
from .reading.xls import inspect_xls

__all__ = ["Cell", "Limits", "Merge", "Sheet", "Value", "WorkbookProblem", "check_kind", "letters", "read_workbook"]

Value = str | Decimal | bool | date | datetime | time | timedelta | None


def letters(column: int) -> str:
    """1 is A, 27 is AA."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


class Cell(NamedTuple):
    """One cell; row and column count from 1 as in the program that shows the sheet."""

    row: int
    column: int
    value: Value

    @property
    def letter(self) -> str:
        return letters(self.column)

    @property
    def place(self) -> str:
        return f"{letters(self.column)}{self.row}"

    @property
    def empty(self) -> bool:
        return self.value is None or (isinstance(self.value, str) and not self.value.strip())


@dataclass(frozen=True)
class Merge:
    """A merged region, all four counted from 1 and included; its value is in the first cell."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class Sheet:
    """`values[i]` is row `first_row + i` from column A on; rows are as long as the widest one.

    `formulas` are the cells that hold a formula; `uncalculated` those of them that no program has worked out,
    so that their value is missing in the file. `hidden_rows` are hidden by hand or by a filter.
    """

    name: str
    hidden: bool
    values: list[list[Value]]
    first_row: int = 1
    merges: tuple[Merge, ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    uncalculated: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    notes: tuple[str, ...] = field(default=())

    @cached_property
    def rows(self) -> list[list[Cell]]:
        return [
            [Cell(number, column, value) for column, value in enumerate(row, 1)]
            for number, row in enumerate(self.values, self.first_row)
        ]


def read_workbook(source: Path | bytes, name: str = "", limits: Limits | None = None) -> list[Sheet]:
    """All sheets in their order, hidden ones too; `WorkbookProblem` says what is wrong and what to do.

    The content decides what the file is; a name that says something else is a problem.
    """
    limits = limits or Limits()
    if isinstance(source, Path):
        name = name or source.name
        size = source.stat().st_size if source.is_file() else 0
        _check_size(size, name, limits, exists=source.is_file())
        data = source.read_bytes()
    else:
        data = source
        _check_size(len(data), name, limits)
    kind = detect_bytes(data)
    check_kind(kind, name)
    match kind.code:
        case "csv" | "txt":
            sheets = [_from_csv(data, name, limits)]
        case "xlsx":
            sheets = _from_calamine(data, name, limits, inspect_xlsx(data, name, limits))
        case "ods":
            sheets = _from_calamine(data, name, limits, inspect_ods(data, name, limits))
        case _:
            sheets = _from_calamine(data, name, limits, inspect_xls(data, name, limits))
    if all(not sheet.values for sheet in sheets):
        raise WorkbookProblem("empty", f"“{name}”里没有任何数据。", "请确认选对了文件；数据应当在工作表的单元格里。")
    return sheets


def _check_size(size: int, name: str, limits: Limits, *, exists: bool = True) -> None:
    if not exists:
        raise WorkbookProblem("absent", f"找不到文件“{name}”。", "请核对路径和文件名。")
    if size == 0:
        raise WorkbookProblem("empty", f"“{name}”是空文件（0 字节）。", "请检查原文件后重新导出。")
    if size > limits.bytes:
        raise WorkbookProblem(
            "too-large",
            f"“{name}”有 {size / MEGABYTE:.1f} MB，超过上限 {limits.bytes // MEGABYTE} MB。",
            "请删去图片和无关工作表，或按年度拆分后分别导入。",
        )


_READABLE = {"xlsx", "xls", "ods", "csv", "txt"}
_REMEDIES = {
    "html": "这是系统导出的网页，只是改了扩展名：请用 Excel 打开，另存为“Excel 工作簿 (*.xlsx)”后再导入。",
    "xml": "请用 Excel 打开，另存为“Excel 工作簿 (*.xlsx)”后再导入。",
    "encrypted": "请在 Excel 中依次点“文件—信息—保护工作簿—用密码进行加密”，清空密码并保存后再导入。",
    "zip": "请先解压，再导入其中的表格文件。",
    "pdf": "请导入 PDF 所依据的原始表格（xlsx、xls、ods 或 csv）。",
}


def check_kind(kind: FileKind, name: str) -> None:
    """Refuse what is no table, with what to do about each kind; `kind` is what the content says."""
    if kind.code == "encrypted":
        raise WorkbookProblem("encrypted", f"“{name}”设有打开密码，无法读取。", _REMEDIES["encrypted"])
    if kind.code not in _READABLE:
        remedy = _REMEDIES.get(kind.code, "请另存为 xlsx、xls、ods 或 csv 后再导入。")
        raise WorkbookProblem("kind", f"“{name}”的内容是{kind.name}，不是表格。", remedy)
    extension = Path(name).suffix.lower().lstrip(".")
    if extension and extension not in kind.extensions:
        raise WorkbookProblem(
            "mismatch",
            f"“{name}”的扩展名是 .{extension}，内容却是{kind.name}。",
            f"请确认选对了文件，把扩展名改为 .{kind.extensions[0]} 后再导入。",
        )


def _from_csv(data: bytes, name: str, limits: Limits) -> Sheet:
    table = read_csv(data, name, limits)
    values: list[list[Value]] = [[value or None for value in row] for row in table.rows]
    return Sheet(Path(name).stem or "表", False, values, formulas=table.formulas, notes=table.notes)


def _from_calamine(data: bytes, name: str, limits: Limits, inspection: Inspection) -> list[Sheet]:
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return [
                _sheet(book, place, meta, inspection.sheets.get(meta.name, Extent()), name, limits)
                for place, meta in enumerate(book.sheets_metadata)
                if meta.typ == python_calamine.SheetTypeEnum.WorkSheet
            ]
    except python_calamine.PasswordError as locked:
        raise WorkbookProblem("encrypted", f"“{name}”设有打开密码，无法读取。", _REMEDIES["encrypted"]) from locked
    except (python_calamine.CalamineError, OSError, ValueError) as broken:
        if "password" in str(broken).lower():
            raise WorkbookProblem("encrypted", f"“{name}”设有打开密码，无法读取。", _REMEDIES["encrypted"]) from broken
        raise WorkbookProblem(
            "broken", f"“{name}”已损坏，无法读取。", "请用 Excel 或 WPS 打开，另存为新的 xlsx 文件后再导入。"
        ) from broken


def _sheet(
    book: python_calamine.CalamineWorkbook,
    place: int,
    meta: python_calamine.SheetMetadata,
    extent: Extent,
    name: str,
    limits: Limits,
) -> Sheet:
    read = book.get_sheet_by_index(place)
    limits.check_area(read.total_height, read.total_width, f"“{name}”的工作表“{meta.name}”")
    # The first rows are kept though they are empty, or every row number that is reported would be wrong.
    values = [[_value(value) for value in row] for row in read.to_python(skip_empty_area=False)]
    while values and all(value is None for value in values[-1]):
        values.pop()
    for row, column in extent.percents:
        _show_percent(values, row - 1, column - 1)
    for (row, column), shown in extent.errors.items():
        _show_error(values, row - 1, column - 1, shown)
    merges = tuple(
        Merge(top + 1, left + 1, bottom + 1, right + 1)
        for (top, left), (bottom, right) in read.merged_cell_ranges or ()
    )
    return Sheet(
        name=meta.name,
        hidden=meta.visible != python_calamine.SheetVisibleEnum.Visible,
        values=values,
        merges=merges,
        formulas=frozenset(extent.formulas),
        uncalculated=frozenset(extent.uncalculated),
        hidden_rows=frozenset(extent.hidden_rows),
    )


def _show_percent(values: list[list[Value]], row: int, column: int) -> None:
    """A share that the sheet shows with a % sign is what it shows: 0.123 in the file, 12.3% on the sheet."""
    if row < len(values) and column < len(values[row]) and isinstance(share := values[row][column], Decimal):
        values[row][column] = f"{(share * 100).normalize():f}%"


def _show_error(values: list[list[Value]], row: int, column: int, shown: str) -> None:
    """A formula that failed is no empty cell; #N/A is how people mark what there is not."""
    if row < len(values) and column < len(values[row]) and values[row][column] is None:
        values[row][column] = shown


def _value(value: object) -> Value:
    """As the sheet shows it: whole numbers as they are, of others 15 digits; the rest is noise of the binary fraction."""
    if isinstance(value, str):
        return value or None
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return _decimal(value)
    if isinstance(value, (datetime, date, time, timedelta)):
        return value
    raise TypeError(f"calamine gave {type(value).__name__}")


def _decimal(value: float) -> Decimal:
    if value.is_integer() and abs(value) < 2**53:
        return Decimal(int(value))
    return Decimal(f"{value:.15g}")
