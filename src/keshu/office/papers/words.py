"""Days, sums of money and values as papers write them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_GROUPS = ("", "万", "亿", "万亿")
_NUMBERS = "一二三四五六七八九十"


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def span_words(first: date, last: date) -> str:
    """Years and months that both days share are said once."""
    if first.year != last.year:
        return f"{day_words(first)}至{day_words(last)}"
    if first.month != last.month:
        return f"{day_words(first)}至{last.month}月{last.day}日"
    return day_words(first) if first == last else f"{day_words(first)}至{last.day}日"


def shown(value: str | None) -> str:
    """Not filled in and not applicable are two things."""
    if value is None:
        return "不适用"
    return value.strip() or "（未填写）"


def ordinal(place: int) -> str:
    """一 to 九十九, for sections."""
    if place <= 10:
        return _NUMBERS[place - 1]
    tens, ones = divmod(place, 10)
    return ("" if tens == 1 else _NUMBERS[tens - 1]) + "十" + (_NUMBERS[ones - 1] if ones else "")


def amount_words(amount: Decimal) -> str:
    """Yuan in 万元 when nothing is lost by it, else in 元; groups of three from five digits on."""
    wan = amount / 10_000
    if amount == 0:
        return "0万元"
    if abs(wan) >= 1 and wan == wan.quantize(Decimal("0.01")):
        return f"{_plain(wan)}万元"
    return f"{_plain(amount)}元"


def _plain(number: Decimal) -> str:
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    whole, dot, rest = text.partition(".")
    return (f"{int(whole):,}" if len(whole.lstrip("-")) > 4 else whole) + dot + rest


def yuan(amount: Decimal) -> str:
    """An amount of 元 in a sentence or a table, to the 分 where there are any: 30,000 or 30,000.50."""
    return f"{amount:,.2f}".removesuffix(".00")


def capital_amount(amount: Decimal) -> str:
    """人民币大写, as vouchers want it: 壹拾万零伍佰元整. Raises ValueError below zero or finer than 分."""
    cents = amount * 100
    if amount < 0 or cents != int(cents) or amount >= 10**16:
        raise ValueError(f"not an amount that is written in capitals: {amount}")
    whole, rest = divmod(int(cents), 100)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole(whole)}元" if whole else ""
    if not rest:
        return (words or "零元") + "整"
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif whole:
        words += "零"
    return words + (f"{_DIGITS[fen]}分" if fen else "整")


def _whole(number: int) -> str:
    """Groups of four digits; one 零 for every gap of zeros inside the number."""
    words, gap = "", False
    for place in range(3, -1, -1):
        group = number // 10 ** (4 * place) % 10_000
        if not group:
            gap = bool(words)
            continue
        if words and (gap or group < 1000):
            words += "零"
        words, gap = words + _group(group) + _GROUPS[place], False
    return words


def _group(group: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = group // 10**place % 10
        if digit:
            words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = bool(words)
    return words


def size_words(size: int) -> str:
    return f"{size / 2**20:.1f} MB" if size >= 2**20 else f"{max(1, round(size / 1024))} KB"
