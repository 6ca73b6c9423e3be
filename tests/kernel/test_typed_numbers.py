"""Numbers as people type them: units, separators, 约 and 余; missing is not zero."""

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.numerals import read_numeral, write_numeral
from keshu.kernel.typed import read_number, read_unit


@pytest.mark.parametrize(
    ("typed", "unit", "value"),
    [
        ("1,988.28", "万元", "19882800"),
        ("５４６６．７", "万元", "54667000"),
        ("2.3287亿元", "万元", "232870000"),
        ("735.268万元", "元", "7352680"),
        ("7,770,000", "元", "7770000"),
        (8920.56, "万元", "89205600"),
        (0.1 + 0.2, "", "0.3"),
        ("2000万", "万元", "20000000"),
        ("1亿2000万", "万元", "120000000"),
        ("3千元", "元", "3000"),
        ("12家", "家", "12"),
        ("3.5%", "%", "3.5"),
        ("３．５％", "%", "3.5"),
        ("5‰", "%", "0.5"),
        ("2个百分点", "%", "2"),
        ("0", "万元", "0"),
        ("(5)", "", "-5"),
        ("（1,234.5）", "", "-1234.5"),
        ("-5", "", "-5"),
        ("－5", "", "-5"),
        ("¥1,200", "元", "1200"),
        ("人民币300万元", "", "3000000"),
        ("1200.00元整", "元", "1200"),
        ("三百二十", "", "320"),
        ("十二家", "家", "12"),
        ("五十八点六", "%", "58.6"),
        ("1.2e3", "", "1200"),
        ("共计35人", "人", "35"),
        ("3.5万平方米", "平方米", "35000"),
        ("120亩", "亩", "120"),
        ("12 345", "", "12345"),
    ],
)
def test_exact_numbers(typed, unit, value):
    read = read_number(typed, unit=unit)
    assert read.value == D(value) and not read.approx and not read.problem


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("约1.2万", "12000"), ("300余", "300"), ("近3000", "3000"), ("1千多", "1000"), ("900余人次", "900"), ("2万余人次", "20000"),
        ("近百", "100"), ("10多万人次", "100000"), ("300以上", "300"), ("超500", "500"),
    ],
)  # fmt: skip
def test_round_numbers_keep_a_note(typed, value):
    read = read_number(typed, unit="人次")
    assert read.value == D(value) and read.approx and typed in read.note


@pytest.mark.parametrize("typed", ["", "/", "—", "-", "无", "N/A", "暂无", None, "——", "－", "#N/A"])
def test_missing_is_not_zero(typed):
    read = read_number(typed, unit="万元")
    assert read.missing and read.value is None
    assert read_number("0", unit="万元").value == 0


@pytest.mark.parametrize(
    ("typed", "unit", "code"),
    [
        ("abc", "", "number-shape"),
        ("约", "", "number-shape"),
        ("第3", "", "number-shape"),
        ("5/3", "", "number-shape"),
        ("10元/吨", "", "number-shape"),
        ("100-200", "", "number-range"),
        ("1,23", "", "number-separator"),
        ("1.2.3", "", "number-separator"),
        ("12 34", "", "number-separator"),
        ("12家", "万元", "number-unit"),
        ("3.5%", "万元", "number-unit"),
        (float("inf"), "", "number-type"),
        ("#DIV/0!", "", "number-type"),
        (True, "", "number-type"),
    ],
)
def test_what_is_no_number_gets_a_remedy(typed, unit, code):
    read = read_number(typed, unit=unit)
    assert read.value is None and read.problem.code == code and read.problem.remedy


def test_remarks_other_counting_words_and_target_unit():
    assert read_number("300（含线上）").note == "括号内的说明“含线上”未计入"
    assert read_number("5个", unit="家").note
    assert read_number("2.3287亿元", unit="万元", into="万元").value == D(23287)
    assert read_unit("万元").factor == 10_000 and read_unit("㎡").base == "平方米" and read_unit("千瓦").factor == 1


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["元", "千元", "万元", "亿元"]))
def test_every_spelling_of_an_amount_has_one_value(amount, unit):
    factor = read_unit(unit).factor
    full = f"{amount:,f}{unit}".translate({ord(character): ord(character) + 0xFEE0 for character in "0123456789.,"})
    for typed in (f"{amount:f}{unit}", f"{amount:,f}{unit}", full, f"{amount:f} {unit}"):
        assert read_number(typed, unit="万元").value == amount * factor
    assert read_number(f"{amount:f}", unit=unit).value == amount * factor


@given(st.integers(0, 99_999_999))
def test_numerals_are_read_as_they_are_written(number):
    assert read_numeral(write_numeral(number)) == number
    assert read_number(write_numeral(number)).value == number


@pytest.mark.parametrize(
    ("typed", "value"),
    [("二〇二五", "2025"), ("一万二", "12000"), ("三百二", "320"), ("一百零五", "105"), ("1万2千", "12000"), ("1.2万亿", "1200000000000"), ("百万", "1000000"), ("两千", "2000")],
)  # fmt: skip
def test_numerals(typed, value):
    assert read_numeral(typed) == D(value)


@pytest.mark.parametrize("typed", ["", "点", "三四百二", "万三千万点", "甲", "十点"])
def test_no_numerals(typed):
    assert read_numeral(typed) is None
