"""Numbers written in Chinese characters, alone or mixed with digits, both ways."""

from __future__ import annotations

import re
from decimal import Decimal

DIGITS = {
    "〇": 0, "○": 0, "零": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
    "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9,
}  # fmt: skip
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
_TOKEN = re.compile(r"\d+(?:\.\d+)?|.")
_WRITTEN = "零一二三四五六七八九"


def multiplier(text: str) -> int | None:
    """万, 亿, 万亿, 百万, 千 … as a number; empty text is 1; None for anything else."""
    value = 1
    for character in text:
        step = LARGE.get(character) or SMALL.get(character)
        if step is None:
            return None
        value *= step
    return value


def read_numeral(text: str) -> Decimal | None:
    """十二, 三百二十一, 二〇二五, 五十八点六, 1万2千, 1亿2000万, 1.2万亿; None for what is no number.

    A last digit without its unit stands one step below the unit before it: 一万二 is 12,000, 三百二 is 320.
    """
    whole, point, fraction = text.partition("点")
    if point:
        head, digits = read_numeral(whole), [DIGITS.get(character) for character in fraction]
        if head is None or not digits or None in digits:
            return None
        return head + Decimal("0." + "".join(str(digit) for digit in digits))
    if text and all(character in DIGITS for character in text):
        return Decimal("".join(str(DIGITS[character]) for character in text))
    return _with_units(text)


def _with_units(text: str) -> Decimal | None:
    total = section = Decimal(0)
    number: Decimal | None = None
    last_unit = 1
    closed = False
    for token in _TOKEN.findall(text):
        if token[0].isdigit() and token.isascii():
            if number is not None:
                return None
            number, closed = Decimal(token), False
        elif token in DIGITS:
            if number is not None and number != 0:
                return None
            number, closed = Decimal(DIGITS[token]), False
            last_unit = 1 if token in "零〇○" else last_unit
        elif token in SMALL:
            step = SMALL[token]
            if number is None and (step != 10 or section) and not _bare_unit(text):
                return None
            section += (Decimal(1) if number is None else number) * step
            number, last_unit, closed = None, step, True
        elif token in LARGE:
            step = LARGE[token]
            section += number or 0
            if section == 0 and total == 0:
                return None
            if section == 0 or (step > LARGE["万"] and total):
                total = (total + section) * step
            else:
                total += section * step
            section, number, last_unit, closed = Decimal(0), None, step, True
        else:
            return None
    if number is None:
        return total + section if closed else None
    tail = number * (last_unit // 10) if last_unit >= 100 and number < 10 and not _ends_in_ascii(text) else number
    return total + section + tail


def _bare_unit(text: str) -> bool:
    """千, 百万: a magnitude that stands for one of itself."""
    return all(character in SMALL or character in LARGE for character in text)


def _ends_in_ascii(text: str) -> bool:
    return text[-1:].isascii()


def write_numeral(number: int) -> str:
    """1 to 99,999,999 in characters: 10 is 十, 21 is 二十一, 105 is 一百零五."""
    if not 0 <= number < 10**8:
        raise ValueError("只能写0至99999999")
    if number < 10:
        return _WRITTEN[number]
    if number >= 10_000:
        rest = number % 10_000
        filler = "零" if 0 < rest < 1000 else ""
        return write_numeral(number // 10_000) + "万" + filler + (_below_ten_thousand(rest, True) if rest else "")
    return _below_ten_thousand(number, False)


def _below_ten_thousand(number: int, inner: bool) -> str:
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, unit)
        if digit == 0:
            gap = bool(text)
            continue
        text += (
            ("零" if gap else "")
            + ("" if digit == 1 and unit == 10 and not text and not inner else _WRITTEN[digit])
            + name
        )
        gap = False
    return text
