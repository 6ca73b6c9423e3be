"""Periods: parsing and printing are inverse, last year is the same months, words are what bureaus write."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.measure.period import BadPeriod, Period

days = st.dates(min_value=date(1990, 1, 1), max_value=date(2060, 12, 31))
periods = st.tuples(days, days).map(lambda pair: Period(min(pair), max(pair)))


@st.composite
def month_periods(draw):
    first = draw(st.integers(1990 * 12, 2060 * 12))
    last = first + draw(st.integers(0, 70))
    return Period(Period.of_month(first // 12, first % 12 + 1).start, Period.of_month(last // 12, last % 12 + 1).end)


@pytest.mark.parametrize(
    ("text", "start", "end", "printed"),
    [
        pytest.param("2025", "2025-01-01", "2025-12-31", "2025", id="year"),
        pytest.param("2025H1", "2025-01-01", "2025-06-30", "2025H1", id="first half"),
        pytest.param("2025H2", "2025-07-01", "2025-12-31", "2025H2", id="second half"),
        pytest.param("2025Q3", "2025-07-01", "2025-09-30", "2025Q3", id="quarter"),
        pytest.param("2025-10", "2025-10-01", "2025-10-31", "2025-10", id="month"),
        pytest.param("2025-01..2025-10", "2025-01-01", "2025-10-31", "2025-01..2025-10", id="ten months"),
        pytest.param("2025-01..2025-12", "2025-01-01", "2025-12-31", "2025", id="twelve months are the year"),
        pytest.param("2025-01..2025-06", "2025-01-01", "2025-06-30", "2025H1", id="six months are the half"),
        pytest.param("2021..2025", "2021-01-01", "2025-12-31", "2021..2025", id="five years"),
        pytest.param("2025Q1..2025Q3", "2025-01-01", "2025-09-30", "2025-01..2025-09", id="a sum of quarters"),
        pytest.param("2025-03-02..2025-03-05", "2025-03-02", "2025-03-05", "2025-03-02..2025-03-05", id="days"),
    ],
)
def test_parse_and_print(text, start, end, printed):
    period = Period.parse(text)
    assert period == Period(date.fromisoformat(start), date.fromisoformat(end))
    assert str(period) == printed


@pytest.mark.parametrize(
    "text", ["", "25", "2025H3", "2025Q5", "2025-13", "2025-1", "2025..", "2025..2024", "2025-02-30", "去年", "2025..x"]
)
def test_what_is_no_period_gets_a_sentence(text):
    with pytest.raises(BadPeriod, match="请写成"):
        Period.parse(text)


@given(periods | month_periods())
def test_printing_and_parsing_are_inverse(period):
    assert Period.parse(str(period)) == period


@given(month_periods())
def test_last_year_has_the_same_months(period):
    before = period.last_year()
    assert before.months == period.months
    assert (before.start.month, before.end.month) == (period.start.month, period.end.month)
    assert before.shift_years(1) == period


@given(month_periods())
def test_the_previous_period_is_as_long_and_touches(period):
    before = period.previous()
    assert before.months == period.months
    assert (period.start - before.end).days == 1


@pytest.mark.parametrize(
    ("text", "previous"),
    [
        ("2025-10", "2025-09"),
        ("2025Q1", "2024Q4"),
        ("2021..2025", "2016..2020"),
        ("2025H1", "2024H2"),
        ("2025", "2024"),
    ],
)
def test_previous(text, previous):
    assert str(Period.parse(text).previous()) == previous


def test_leap_day_has_a_last_year():
    assert Period.parse("2024-02-29").last_year() == Period.parse("2023-02-28")
    assert Period.parse("2025-02").last_year() == Period.parse("2024-02")


def test_elapsed_counts_whole_months_and_days():
    assert Period.parse("2026-01..2026-10").elapsed() == Decimal(10) / 12
    assert Period.parse("2026").elapsed() == 1
    assert Period.until(date(2025, 1, 15)).elapsed() == Decimal(15) / 365


@given(periods)
def test_elapsed_lies_between_nothing_and_the_year(period):
    assert 0 < period.elapsed() <= 1


@pytest.mark.parametrize(
    ("text", "plain", "with_year"),
    [
        ("2025", "全年", "2025年"),
        ("2025H1", "上半年", "2025年上半年"),
        ("2025H2", "下半年", "2025年下半年"),
        ("2025-01..2025-09", "前三季度", "2025年前三季度"),
        ("2025Q1", "一季度", "2025年一季度"),
        ("2025-01..2025-10", "1—10月", "2025年1—10月"),
        ("2025-10", "10月", "2025年10月"),
        ("2021..2025", "2021—2025年", "2021—2025年"),
        ("2024-11..2025-02", "2024年11月—2025年2月", "2024年11月—2025年2月"),
        ("2025-03-02..2025-03-05", "3月2日—5日", "2025年3月2日—5日"),
        ("2025-03-02..2025-04-05", "3月2日—4月5日", "2025年3月2日—4月5日"),
        ("2025-03-02", "3月2日", "2025年3月2日"),
    ],
)
def test_flow_words(text, plain, with_year):
    period = Period.parse(text)
    assert period.flow_words() == plain
    assert period.flow_words(with_year=True) == with_year


def test_stock_words():
    assert Period.parse("2025-01..2025-10").stock_words() == "截至10月底"
    assert Period.parse("2025").stock_words() == "截至12月底"
    assert Period.parse("2025").stock_words(with_year=True, year_end="年底") == "截至2025年底"
    assert Period.parse("2025-01..2025-10").stock_words(with_year=True) == "截至2025年10月底"
    assert Period.until(date(2025, 10, 15)).stock_words() == "截至10月15日"


def test_plan_words():
    assert Period.parse("2021..2025").plan_words() == "“十四五”期间"
    assert Period.parse("2020..2024").plan_words() is None


def test_each_year_is_cut_at_the_ends():
    assert [str(part) for part in Period.parse("2024-03..2026-10").each_year()] == [
        "2024-03..2024-12",
        "2025",
        "2026-01..2026-10",
    ]
