"""What the words for a period mean in a text."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.measure.period import Period
from keshu.kernel.prose.spoken import document_period, period_of

TEN_MONTHS = Period.parse("2026-01..2026-10")


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("", "2026-01..2026-10"),
        ("今年以来", "2026-01..2026-10"),
        ("今年", "2026-01..2026-10"),
        ("2026年", "2026-01..2026-10"),
        ("目前", "2026-01..2026-10"),
        ("截至目前", "2026-01..2026-10"),
        ("1-9月", "2026-01..2026-09"),
        ("１—９月份", "2026-01..2026-09"),
        ("2025年1至10月", "2025-01..2025-10"),
        ("截至9月底", "2026-01..2026-09"),
        ("截至2025年6月30日", "2025-01..2025-06"),
        ("截止2024年底", "2024"),
        ("2025年末", "2025"),
        ("去年", "2025"),
        ("上年同期", "2025-01..2025-10"),
        ("前三季度", "2026-01..2026-09"),
        ("2025年上半年", "2025H1"),
        ("三季度", "2026Q3"),
        ("前8个月", "2026-01..2026-08"),
        ("前十个月", "2026-01..2026-10"),
        ("9月", "2026-09"),
        ("全年", "2026"),
        ("明年", "2027"),
        ("“十四五”期间", "2021..2025"),
        ("“十四五”以来", "2021..2025"),
        ("2021—2025年", "2021..2025"),
        ("近三年", "2024..2026"),
        ("五年来", "2022..2026"),
    ],
)
def test_words_mean_a_period(words: str, meant: str) -> None:
    assert period_of(words, TEN_MONTHS) == Period.parse(meant)


@pytest.mark.parametrize("words", ["不久前", "13月", "2025—2021年", "汛期"])
def test_what_is_not_understood_is_not_guessed(words: str) -> None:
    assert period_of(words, TEN_MONTHS) is None


@given(st.integers(2020, 2029), st.integers(1, 12), st.integers(1, 12), st.booleans())
def test_reads_what_is_printed(year: int, first: int, last: int, stock: bool) -> None:
    first, last = sorted((first, last))
    period = Period.parse(f"{year}-{1 if stock else first:02}..{year}-{last:02}")
    words = period.stock_words(with_year=True) if stock else period.flow_words(with_year=True)
    meant = period_of(words, Period.parse("2030-01..2030-10"))
    assert meant == period


@pytest.mark.parametrize(
    ("head", "year", "meant"),
    [
        ("江川区2026年1—10月科技工作总结", 2026, "2026-01..2026-10"),
        ("2026年上半年工作总结", 2026, "2026H1"),
        ("2025年工作总结和2026年工作打算", 2025, "2025"),
        ("2026年工作情况", 2026, "2026-01..2026-10"),
        ("2027年工作要点", 2027, "2027"),
    ],
)
def test_what_a_text_covers(head: str, year: int, meant: str) -> None:
    assert document_period(head, year, date(2026, 11, 21)) == Period.parse(meant)
