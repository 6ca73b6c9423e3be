"""Cells that hold something else than they show: percentages, formulas that failed, long whole numbers."""

from decimal import Decimal

import pytest

from keshu.office.reading.guard import shows_percent
from keshu.office.tables import read_workbook
from tests.ledgers.workbooks import Formula, Sheet, Styled, xlsx
from tests.office.converting import converted

ROWS = [
    ["率", "错", "号"],
    [Styled(0.123, "0.0%"), Formula("=1/0", "#DIV/0!"), 2025990100000013],
    [Styled(1.5, "0%"), Formula("=NA()", "#N/A"), 7],
    [Styled(12.3, '0.0"%"'), Formula("=1+1", 2), 8],
    [Styled(-0.0005, "0.00%;[Red]-0.00%"), "", 0.25],
]


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_percentage_is_what_the_sheet_shows(form):
    content = xlsx(Sheet("表", ROWS))
    values = read_workbook(content if form == "xlsx" else converted(content, form), f"表.{form}")[0].values
    assert [row[0] for row in values] == ["率", "12.3%", "150%", Decimal("12.3"), "-0.05%"]


@pytest.mark.parametrize("form", ["xlsx", "ods", "xls"])
def test_a_formula_that_failed_is_no_empty_cell(form):
    content = xlsx(Sheet("表", ROWS))
    values = read_workbook(content if form == "xlsx" else converted(content, form), f"表.{form}")[0].values
    assert [row[1] for row in values] == ["错", "#DIV/0!", "#N/A", Decimal(2), None]


def test_the_old_form_tells_its_hidden_rows_and_formulas():
    [sheet] = read_workbook(converted(xlsx(Sheet("表", ROWS, hidden_rows=[3])), "xls"), "表.xls")
    assert sheet.hidden_rows == {3}
    assert (4, 2) in sheet.formulas


def test_an_old_form_with_small_streams_and_many_rows_is_followed():
    """More sectors than the first part of the file's table names."""
    rows = [["率", "名"], *([Styled(0.25, "0%"), f"第{n}行第{n}行第{n}行第{n}行"] for n in range(30_000))]
    [sheet] = read_workbook(converted(xlsx(Sheet("表", rows)), "xls"), "表.xls")
    assert {row[0] for row in sheet.values[1:]} == {"25%"}


def test_whole_numbers_of_sixteen_digits_keep_them():
    values = read_workbook(xlsx(Sheet("表", ROWS)), "表.xlsx")[0].values
    assert [row[2] for row in values] == ["号", Decimal(2025990100000013), Decimal(7), Decimal(8), Decimal("0.25")]


@pytest.mark.parametrize(
    ("shown", "percent"),
    [("0%", True), ("0.00%", True), ('0"%"', False), (r"0\%", False), ("[>1]0%;0", True), ("yyyy-mm-dd", False), ("", False)],
)  # fmt: skip
def test_which_formats_multiply_by_a_hundred(shown, percent):
    assert shows_percent(shown) is percent
