"""Dates as people type them."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.numerals import write_numeral
from keshu.kernel.typed import is_missing, read_date, read_month, read_span, read_year

DAY = date(2025, 3, 2)


@pytest.mark.parametrize(
    "typed",
    [
        "2025年3月2日", "2025.3.2", "2025-03-02", "2025/3/2", "20250302", "２０２５年３月２日", "2025 年 3 月 2 日", "二〇二五年三月二日",
        "二零二五年三月二日", "二○二五年三月二日", "2025-03-02 00:00:00", "2025-03-02T09:30:00", "2025年3月2日 9:30", "2025年3月2日上午",
        "2025年3月2日（星期日）", "2025年3月2号", "2025.03.02.", "2025。3。2", " 2025-3-2 ", 45718.0, "45718", 45718, 20250302.0, 20250302,
        DAY, datetime(2025, 3, 2, 9, 30),
    ],
)  # fmt: skip
def test_one_day_in_many_spellings(typed):
    read = read_date(typed)
    assert (read.value, read.problem, read.note) == (DAY, None, "")


def test_excel_serials_count_from_the_known_day():
    assert read_date(45856.0).value == date(2025, 7, 18)
    assert read_date(46008.0).value == date(2025, 12, 17)


@given(st.dates(date(1951, 1, 1), date(2099, 12, 31)))
def test_every_spelling_of_every_day_is_read_back(day):
    chinese = f"{''.join('〇一二三四五六七八九'[int(digit)] for digit in str(day.year))}年{write_numeral(day.month)}月{write_numeral(day.day)}日"
    spellings = [
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}.{day.month}.{day.day}", f"{day.year}/{day.month:02}/{day.day:02}",
        f"{day:%Y%m%d}", str(day), chinese, (day - date(1899, 12, 30)).days,
    ]  # fmt: skip
    assert {read_date(typed).value for typed in spellings} == {day}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("2025-02-30", "date-impossible"),
        ("2025-13-01", "date-impossible"),
        ("2025年13月", "date-impossible"),
        ("2025年2月29日", "date-impossible"),
        ("25.3.2", "date-ambiguous"),
        ("03/02/2025", "date-ambiguous"),
        (2025.1, "date-ambiguous"),
        ("2025", "date-year-only"),
        ("3月2日", "date-no-year"),
        ("1025.3.4", "date-range"),
        ("2025.3.2、2025.3.5", "date-several"),
        ("昨天", "date-shape"),
        ("2025.5.3-5.2", "date-order"),
        (3.5, "date-shape"),
    ],
)
def test_what_cannot_be_a_day_gets_a_remedy(typed, code):
    read = read_date(typed)
    assert read.value is None and read.problem.code == code
    assert read.problem.message and read.problem.remedy


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("2025年3月", date(2025, 3, 1)),
        ("2025.03", date(2025, 3, 1)),
        ("2025年3月底", date(2025, 3, 31)),
        ("2025年3月中旬", date(2025, 3, 11)),
        ("25年3月2日", DAY),
        ("2025年3月2日至5日", DAY),
    ],
)
def test_less_than_a_day_is_taken_with_a_note(typed, value):
    read = read_date(typed)
    assert read.value == value and read.note


def test_the_year_of_the_sheet_completes_a_day():
    assert read_date("3月2日", year=2025).value == DAY


@pytest.mark.parametrize("typed", ["", " ", "/", "—", "-", "无", "N/A", "暂无", None, "　", "待定"])
def test_missing_is_no_problem(typed):
    read = read_date(typed)
    assert read.missing and not read.note and is_missing(typed)


def test_open_end_is_missing_with_a_note():
    assert read_date("长期").missing and read_date("长期").note


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("2025年05月03日至5日", "2025-05-03", "2025-05-05"),
        ("2025.5.3-5.5", "2025-05-03", "2025-05-05"),
        ("2025.5.3-5", "2025-05-03", "2025-05-05"),
        ("2025-05-03至2025-05-05", "2025-05-03", "2025-05-05"),
        ("2025-05-03 - 2025-05-05", "2025-05-03", "2025-05-05"),
        ("2025/5/3~5/5", "2025-05-03", "2025-05-05"),
        ("2025年5月3日—6月5日", "2025-05-03", "2025-06-05"),
        ("2025年5月3-5日", "2025-05-03", "2025-05-05"),
        ("20250503-20250505", "2025-05-03", "2025-05-05"),
        ("2025年3-5月", "2025-03-01", "2025-05-31"),
        ("2025年04月28日至28日", "2025-04-28", "2025-04-28"),
        ("2025年5月", "2025-05-01", "2025-05-31"),
        ("2025.12.30至2026.1.2", "2025-12-30", "2026-01-02"),
        ("20250303", "2025-03-03", "2025-03-03"),
        (45718.0, "2025-03-02", "2025-03-02"),
    ],
)
def test_spans(typed, start, end):
    assert read_span(typed).value == (date.fromisoformat(start), date.fromisoformat(end))


def test_spans_that_cannot_be():
    assert read_span("2025.5.3-2025.5.2").problem.code == "date-order"
    assert read_span("2025.5.3-13.5").problem.code == "date-impossible"
    assert read_span("/").missing


def test_months_and_years():
    assert read_month("2025年3月").value == read_month("202503").value == read_month("2025-3").value == date(2025, 3, 1)
    assert read_month("3月", year=2025).value == date(2025, 3, 1)
    assert read_month(DAY).value == date(2025, 3, 1)
    assert read_month("202513").problem.code == "date-impossible"
    for typed in ("2025", "2025年", "2025年度", 2025.0, "二〇二五年", DAY, "2025-03-02"):
        assert read_year(typed).value == 2025
    assert read_year("25年").note
    assert read_year("3025").problem and read_year("去年").problem and read_year("/").missing
