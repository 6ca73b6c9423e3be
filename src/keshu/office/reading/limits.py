"""How much of a workbook is read, and the sentence when it is more."""

from __future__ import annotations

from dataclasses import dataclass

from keshu.office.soffice import OfficeProblem


class WorkbookProblem(OfficeProblem):
    """`code` is stable: absent, empty, too-large, too-many-cells, kind, mismatch, encrypted, broken, bomb."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.code = code


@dataclass(frozen=True)
class Limits:
    """`cells` counts the whole area from A1 to the last value, for that is what a reader has to hold."""

    bytes: int = 64 * 2**20
    unpacked: int = 1024 * 2**20
    ratio: int = 300
    rows: int = 500_000
    columns: int = 1_000
    cells: int = 20_000_000

    def check_area(self, rows: int, columns: int, where: str) -> None:
        if rows > self.rows or columns > self.columns or rows * columns > self.cells:
            raise WorkbookProblem(
                "too-many-cells",
                f"{where}有 {rows} 行、{columns} 列，超过上限（{self.rows} 行、{self.columns} 列）。",
                "请删除数据区以外多余的内容（选中后“清除全部”），或拆分后分别导入。",
            )
