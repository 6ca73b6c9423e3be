"""Workbooks as people send them, good and bad."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from keshu.office.tables import Limits, Merge, WorkbookProblem, letters, read_workbook

from .old_excel import compound, workbook


def xlsx(fill: Any) -> bytes:
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream)
    fill(book)
    book.close()
    return stream.getvalue()


def repacked(data: bytes, swaps: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as package, zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in package.infolist():
            part = package.read(entry)
            copy.writestr(entry.filename, swaps[entry.filename](part) if entry.filename in swaps else part)
    return stream.getvalue()


def test_row_numbers_and_letters_are_those_of_the_sheet() -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("台账")
        page.write_string(3, 2, "企业名称")
        page.write_string(4, 2, "云岭精工有限公司")

    [sheet] = read_workbook(xlsx(fill), "a.xlsx")
    filled = [cell for row in sheet.rows for cell in row if not cell.empty]
    assert [(cell.place, cell.row, cell.letter, cell.value) for cell in filled] == [
        ("C4", 4, "C", "企业名称"),
        ("C5", 5, "C", "云岭精工有限公司"),
    ]


def test_values_come_as_the_sheet_shows_them() -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, value in enumerate(("文字", 0.1 + 0.2, 74, 1234567.89, True)):
            page.write(0, column, value)
        page.write_datetime(0, 5, date(2026, 10, 31), day)
        page.write_string(0, 7, "0012")

    [sheet] = read_workbook(xlsx(fill), "a.xlsx")
    assert sheet.values == [
        ["文字", Decimal("0.3"), Decimal(74), Decimal("1234567.89"), True, date(2026, 10, 31), None, "0012"]
    ]


def test_hidden_sheets_rows_and_merges_are_told() -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("名单")
        page.merge_range(0, 0, 0, 3, "标题")
        page.write(1, 0, "甲")
        page.write(2, 0, "乙")
        page.set_row(2, None, None, {"hidden": True})
        book.add_worksheet("说明").write(0, 0, "x")
        book.worksheets()[1].hide()
        book.add_worksheet("底稿").write(0, 0, "y")
        book.worksheets()[2].very_hidden()

    sheets = read_workbook(xlsx(fill), "a.xlsx")
    assert [(sheet.name, sheet.hidden) for sheet in sheets] == [("名单", False), ("说明", True), ("底稿", True)]
    assert sheets[0].merges == (Merge(1, 1, 1, 4),)
    assert sheets[0].hidden_rows == {3}


def test_formulas_without_a_result_are_told() -> None:
    def fill(book: Any) -> None:
        page = book.add_worksheet("表")
        page.write_formula(0, 0, "=1+1", None, 2)
        page.write_formula(1, 1, "=SUM(A1:A9)", None, "")

    raw = xlsx(fill)
    empty = repacked(raw, {"xl/worksheets/sheet1.xml": lambda part: part.replace(b"<v></v>", b"")})
    for data in (raw, empty):
        [sheet] = read_workbook(data, "a.xlsx")
        assert (sheet.formulas, sheet.uncalculated) == ({(1, 1), (2, 2)}, {(2, 2)})
        assert sheet.values[0][0] == Decimal(2)


def test_the_old_form_is_read_with_its_merges() -> None:
    data = workbook("科普活动", [["2025年统计表", None], ["活动", "场次"], ["科普日", 2.0]], [(0, 0, 0, 1)])
    [sheet] = read_workbook(data, "a.xls")
    assert (sheet.name, sheet.merges) == ("科普活动", (Merge(1, 1, 1, 2),))
    assert sheet.values == [["2025年统计表", None], ["活动", "场次"], ["科普日", Decimal(2)]]


def ods(content: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="/" '
            'manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/></manifest:manifest>',
        )
        package.writestr(
            "content.xml",
            '<?xml version="1.0"?><office:document-content '
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
            f'<table:table table:name="表">{content}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
    return stream.getvalue()


CELL = '<table:table-cell office:value-type="string"{}><text:p>甲</text:p></table:table-cell>'
REST = (
    '<table:table-row table:number-rows-repeated="1048000">'
    '<table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
)


def test_opendocument_is_read_and_its_empty_rest_left_out() -> None:
    [sheet] = read_workbook(ods(f"<table:table-row>{CELL.format('')}</table:table-row>{REST}"), "a.ods")
    assert sheet.values == [["甲"]]


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [(encoding, separator) for encoding in ("utf-8", "utf-8-sig", "gbk", "utf-16") for separator in ",;\t"],
)
def test_text_tables_in_every_encoding(encoding: str, separator: str) -> None:
    lines = [["企业名称", "金额", "备注"], ["云岭精工有限公司", "12", "甲、乙"], ["", "", ""], ["丙公司", "3", ""]]
    data = "\r\n".join(separator.join(line) for line in lines).encode(encoding)
    [sheet] = read_workbook(data, "台账.csv")
    assert sheet.name == "台账"
    assert sheet.values == [[value or None for value in line] for line in lines]


def test_text_tables_keep_quotes_line_feeds_and_tricks_apart() -> None:
    text = '证号,名称,数\n\'0012,"甲,乙\n公司",="0034"\n5,\'引用\'一词,=A1+1\n'
    [sheet] = read_workbook(text.encode(), "a.csv")
    assert sheet.values[1:] == [["0012", "甲,乙\n公司", "0034"], ["5", "'引用'一词", "=A1+1"]]
    assert sheet.formulas == {(3, 3)}
    assert len(sheet.notes) == 2


def two_corners() -> bytes:
    def fill(book: Any) -> None:
        page = book.add_worksheet("表")
        page.write(0, 0, "a")
        page.write(1_048_575, 16_383, "z")

    return xlsx(fill)


def archive() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("a.xlsx", "x")
    return stream.getvalue()


def torn() -> bytes:
    whole = xlsx(lambda book: book.add_worksheet().write(0, 0, "x" * 2000))
    return whole[: len(whole) // 2]


def flipped() -> bytes:
    whole = bytearray(xlsx(lambda book: book.add_worksheet().write(0, 0, "甲")))
    at = whole.index(b"xl/worksheets/sheet1.xml") + 60
    whole[at] ^= 0xFF
    return bytes(whole)


WIDE = CELL.format(' table:number-columns-repeated="9000"')
ODS_BOMB = f'<table:table-row table:number-rows-repeated="1000000">{WIDE}</table:table-row>'


@pytest.mark.parametrize(
    ("name", "data", "code", "says"),
    [
        pytest.param("a.xlsx", b"", "empty", "空文件", id="no bytes"),
        pytest.param("a.xlsx", xlsx(lambda book: book.add_worksheet()), "empty", "没有任何数据", id="no data"),
        pytest.param("a.csv", b"\n\n", "empty", "没有任何数据", id="only line feeds"),
        pytest.param("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "kind", "网页", id="a page as .xls"),
        pytest.param("a.xlsx", b"%PDF-1.7\n...", "kind", "PDF", id="a PDF as .xlsx"),
        pytest.param("a.xlsx", b"\x89PNG\r\n\x1a\n....", "kind", "PNG", id="a picture"),
        pytest.param(
            "a.csv", xlsx(lambda b: b.add_worksheet().write(0, 0, 1)), "mismatch", "扩展名", id="xlsx as .csv"
        ),
        pytest.param("a.xlsx", compound("EncryptedPackage", b""), "encrypted", "密码", id="with a password"),
        pytest.param("a.xlsx", torn(), "kind", "无法识别", id="cut in half"),
        pytest.param("a.xlsx", flipped(), "broken", "损坏", id="one byte wrong"),
        pytest.param(
            "a.xls", compound("Workbook", b"\x00" * 600), "empty", "没有任何数据", id="an old one without records"
        ),
        pytest.param("a.xlsx", two_corners(), "too-many-cells", "1048576 行、16384 列", id="two far corners"),
        pytest.param("a.ods", ods(ODS_BOMB), "too-many-cells", "超过上限", id="a cell repeated"),
        pytest.param("a.zip", archive(), "kind", "ZIP", id="an archive"),
    ],
)
def test_a_bad_file_gets_a_sentence_and_a_remedy(name: str, data: bytes, code: str, says: str) -> None:
    with pytest.raises(WorkbookProblem) as caught:
        read_workbook(data, name)
    assert caught.value.code == code
    assert says in caught.value.message
    assert caught.value.remedy.startswith("请") or "请" in caught.value.remedy


def test_a_bomb_in_a_workbook_is_not_unpacked() -> None:
    data = repacked(
        xlsx(lambda book: book.add_worksheet().write(0, 0, 1)),
        {"xl/styles.xml": lambda part: part + b" " * (100 * 2**20)},
    )
    with pytest.raises(WorkbookProblem) as caught:
        read_workbook(data, "a.xlsx")
    assert caught.value.code == "bomb"


def test_limits_are_kept() -> None:
    data = ("甲,乙\n" * 50).encode()
    for limits, code in ((Limits(rows=40), "too-many-cells"), (Limits(bytes=100), "too-large")):
        with pytest.raises(WorkbookProblem) as caught:
            read_workbook(data, "a.csv", limits)
        assert caught.value.code == code


def test_an_absent_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(WorkbookProblem, match=r"找不到文件“没有\.xlsx”"):
        read_workbook(tmp_path / "没有.xlsx")


def test_sheets_written_with_prefixes_are_measured_too() -> None:
    def prefixed(part: bytes) -> bytes:
        part = part.replace(b'<worksheet xmlns="', b'<x:worksheet xmlns:x="').replace(
            b"</worksheet>", b"</x:worksheet>"
        )
        for tag in (b"sheetData", b"row", b"c", b"v", b"f"):
            part = part.replace(b"<" + tag + b" ", b"<x:" + tag + b" ").replace(b"<" + tag + b">", b"<x:" + tag + b">")
            part = part.replace(b"</" + tag + b">", b"</x:" + tag + b">")
        return part

    with pytest.raises(WorkbookProblem) as caught:
        read_workbook(repacked(two_corners(), {"xl/worksheets/sheet1.xml": prefixed}), "a.xlsx")
    assert caught.value.code == "too-many-cells"


@pytest.mark.parametrize(
    ("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (702, "ZZ"), (703, "AAA"), (16384, "XFD")]
)
def test_letters(number: int, name: str) -> None:
    assert letters(number) == name


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        pytest.param("序号,名称\n1," + "甲" * 1_100_000, "kind", "第 2 行有一个超过 100 万字的单元格", id="one letter on and on"),
        pytest.param('序号,名称\n1,甲\n2,"乙\n' + "3,丙\n" * 300_000, "broken", "第 3 行起有引号没有成对", id="a lone mark"),
    ],
)  # fmt: skip
def test_text_that_is_no_table_is_told_from_a_lone_quotation_mark(text: str, code: str, said: str) -> None:
    with pytest.raises(WorkbookProblem, match=said) as refused:
        read_workbook(text.encode(), "a.csv")
    assert refused.value.code == code
