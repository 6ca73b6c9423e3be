"""Days and sums as papers write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.office.papers.words import amount_words, capital_amount, ordinal, shown, size_words, span_words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "零元整"),
        ("0.05", "伍分"),
        ("0.50", "伍角整"),
        ("1", "壹元整"),
        ("10", "壹拾元整"),
        ("1.05", "壹元零伍分"),
        ("105.30", "壹佰零伍元叁角整"),
        ("1001", "壹仟零壹元整"),
        ("10000", "壹万元整"),
        ("100500", "壹拾万零伍佰元整"),
        ("240000", "贰拾肆万元整"),
        ("10010001", "壹仟零壹万零壹元整"),
        ("100000000", "壹亿元整"),
        ("100000001.23", "壹亿零壹元贰角叁分"),
        ("120034005600.78", "壹仟贰佰亿叁仟肆佰万伍仟陆佰元柒角捌分"),
        ("1000000000000", "壹万亿元整"),
        ("1200030000", "壹拾贰亿零叁万元整"),
    ],
)
def test_sums_in_capitals(amount: str, words: str) -> None:
    assert capital_amount(Decimal(amount)) == words


@pytest.mark.parametrize("amount", ["-1", "0.001", "1e16"])
def test_what_no_voucher_bears_is_refused(amount: str) -> None:
    with pytest.raises(ValueError):
        capital_amount(Decimal(amount))


VALUES = {letter: value for value, letter in enumerate("零壹贰叁肆伍陆柒捌玖")}
SCALE = {"拾": 10, "佰": 100, "仟": 1000}


def read(words: str) -> Decimal:
    """Capitals read back, by another way than they were written."""
    whole, _, rest = words.partition("元") if "元" in words else ("", "", words)
    total = section = digit = 0
    for letter in whole.replace("万亿", "兆"):
        if letter in VALUES:
            digit = VALUES[letter]
        elif letter in SCALE:
            section, digit = section + digit * SCALE[letter], 0
        else:
            total, section, digit = total + (section + digit) * {"万": 10**4, "亿": 10**8, "兆": 10**12}[letter], 0, 0
    cents = digit_cents = 0
    for letter in rest:
        if letter in VALUES:
            digit_cents = VALUES[letter]
        elif letter in "角分":
            cents += digit_cents * (10 if letter == "角" else 1)
    return Decimal(total + section + digit) + Decimal(cents) / 100


@given(st.integers(min_value=0, max_value=10**18 - 1))
def test_capitals_read_back_are_the_sum(cents: int) -> None:
    amount = Decimal(cents) / 100
    words = capital_amount(amount)
    assert read(words) == amount
    assert "零零" not in words


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "0万元"),
        ("600000", "60万元"),
        ("125000", "12.5万元"),
        ("123456789", "123,456,789元"),
        ("1234500000", "123,450万元"),
        ("9999", "9999元"),
        ("12345.67", "12,345.67元"),
        ("-50000", "-5万元"),
    ],
)
def test_sums_in_text(amount: str, words: str) -> None:
    assert amount_words(Decimal(amount)) == words


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 9, 28), date(2026, 9, 30), "2026年9月28日至30日"),
        (date(2026, 9, 28), date(2026, 10, 12), "2026年9月28日至10月12日"),
        (date(2026, 12, 28), date(2027, 1, 5), "2026年12月28日至2027年1月5日"),
        (date(2026, 9, 28), date(2026, 9, 28), "2026年9月28日"),
    ],
)
def test_what_two_days_share_is_said_once(first: date, last: date, words: str) -> None:
    assert span_words(first, last) == words


def test_sections_count_on_beyond_ten() -> None:
    assert [ordinal(place) for place in (1, 10, 11, 20, 21, 99)] == ["一", "十", "十一", "二十", "二十一", "九十九"]


def test_not_filled_in_and_not_applicable_are_two_things() -> None:
    assert (shown(""), shown(" "), shown(None), shown("0")) == ("（未填写）", "（未填写）", "不适用", "0")


def test_sizes() -> None:
    assert (size_words(10), size_words(2048), size_words(3 * 2**20)) == ("1 KB", "2 KB", "3.0 MB")
