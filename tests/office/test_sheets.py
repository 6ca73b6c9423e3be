"""Tables that leave the house as .xlsx."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from datetime import date
from decimal import Decimal

import docx
import pytest

from keshu.office.check_sheet import CheckRow, write_check_docx, write_check_xlsx
from keshu.office.sheets import Column, sheet_name, write_table
from keshu.office.tables import read_workbook
from keshu.office.verify import read_marks_from

COLUMNS = [
    Column("名称"),
    Column("金额（元）", "money"),
    Column("数量", "quantity"),
    Column("日期", "date"),
    Column("个数", "integer"),
]


def written(rows: list[tuple[object, ...]], **options: object) -> bytes:
    stream = io.BytesIO()
    write_table(stream, COLUMNS, rows, **options)  # type: ignore[arg-type]
    return stream.getvalue()


def test_what_is_written_is_read_back() -> None:
    rows = [
        ("云岭精工有限公司", Decimal("1234567.89"), Decimal("0.5"), date(2026, 10, 31), 0),
        ("空的不是零", None, None, None, None),
        ("字在数列", "—", "暂缺", "不详", 3),
    ]
    [sheet] = read_workbook(written(rows, title="台账", notes=["截至10月31日"]), "a.xlsx")
    assert sheet.values[:3] == [
        ["台账", None, None, None, None],
        ["截至10月31日", None, None, None, None],
        [column.title for column in COLUMNS],
    ]
    assert sheet.values[3] == [rows[0][0], rows[0][1], rows[0][2], rows[0][3], Decimal(0)]
    assert sheet.values[4] == ["空的不是零", None, None, None, None]
    assert sheet.values[5] == ["字在数列", "—", "暂缺", "不详", Decimal(3)]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x.example", "0012"])
def test_text_stays_text(text: str) -> None:
    data = written([(text,)])
    [sheet] = read_workbook(data, "a.xlsx")
    assert sheet.values[1][0] == text and not sheet.formulas
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        page = package.read("xl/worksheets/sheet1.xml")
        assert b"<f>" not in page and b"hyperlink" not in page


def test_numbers_that_excel_cannot_hold_stay_exact_as_text() -> None:
    [sheet] = read_workbook(written([("甲", Decimal("98765432109876.54"))]), "a.xlsx")
    assert sheet.values[1][1] == "98765432109876.54"


def test_the_header_is_kept_in_sight_with_filters() -> None:
    with zipfile.ZipFile(io.BytesIO(written([("甲",), ("乙",)], title="题"))) as package:
        page = package.read("xl/worksheets/sheet1.xml")
    assert b'<autoFilter ref="A2:E4"' in page
    assert b'topLeftCell="A3"' in page and b'state="frozen"' in page


def test_many_rows_need_little_memory() -> None:
    rows = (("企业", Decimal(number), None, None, number) for number in range(20_000))
    tracemalloc.start()
    assert write_table(io.BytesIO(), COLUMNS, rows) == 20_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * 2**20


def test_a_row_too_long_is_an_error() -> None:
    with pytest.raises(ValueError, match="6 values for 5 columns"):
        written([("甲", None, None, None, None, "多")])


@pytest.mark.parametrize(
    ("name", "kept"), [("2026/10", "2026_10"), ("'甲'", "甲"), ("", "数据"), ("长" * 40, "长" * 31)]
)
def test_sheet_names_are_such_that_excel_takes_them(name: str, kept: str) -> None:
    assert sheet_name(name) == kept


ROWS = [
    CheckRow("登记技术合同386项，成交额45.7亿元。", "386", "技术合同台账 386 行", "成果科", "技术合同数"),
    CheckRow("比2025年的25家增加25家。", "25", "统计局函〔2026〕3号 表2 C5", "高新科", note="注意同数"),
]


def test_the_check_sheet_has_a_line_and_a_place_to_sign_for_each_figure() -> None:
    stream = io.BytesIO()
    write_check_docx(stream, ROWS, title="数据核对表", notes=["请逐项核对。"])
    [table] = docx.Document(stream).tables
    cells = [[cell.text for cell in row.cells] for row in table.rows]
    assert cells[0] == ["序号", "文中表述", "数值", "指标口径", "数据来源", "责任科室", "核对意见", "签字、日期"]
    assert cells[1] == ["1", ROWS[0].sentence, "386", "技术合同数", "技术合同台账 386 行", "成果科", "", ""]
    runs = [(run.text, bool(run.bold)) for run in table.rows[2].cells[1].paragraphs[0].runs]
    assert runs == [("比2025年的", False), ("25", True), ("家增加25家。", False)], "2025 is not the figure"
    assert "签" in read_marks_from(stream).plain_text


def test_the_check_sheet_as_a_workbook() -> None:
    stream = io.BytesIO()
    assert write_check_xlsx(stream, ROWS, title="数据核对表") == 2
    [sheet] = read_workbook(stream.getvalue(), "a.xlsx")
    assert sheet.name == "数据核对表"
    assert sheet.values[3][:4] == [Decimal(2), ROWS[1].sentence, "25", None]
