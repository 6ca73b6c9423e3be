"""Numbers in Chinese characters and places in an order: 二十八万人, 百分之五点六, 近六成, 第7位."""

from __future__ import annotations

from decimal import Decimal

from keshu.kernel.numerals import multiplier, read_numeral
from keshu.kernel.prose.figure import Approx, Figure, Kind
from keshu.kernel.prose.reading import patterns as p
from keshu.kernel.prose.reading.making import Found, factor, figure
from keshu.kernel.prose.reading.measures import measure_at

_LONGEST = 24
#: 近万名, 上亿人, 突破万亿元: only behind these is a bare magnitude one of itself
_NEARLY = frozenset("上近超逾过破达约")


def numeral(plain: str, text: str, at: int) -> Found:
    """二十八万人, 百分之五点六, 近六成; a single small numeral counts only before 成 and 倍."""
    percent = p.PERCENT.match(plain, at)
    if percent:
        return _percent(plain, text, at, percent.end(), percent["number"], percent["of"])
    if plain[at] in "万亿" and plain[at - 1 : at] not in _NEARLY:
        return None, at + 1
    found = p.NUMERAL.match(plain, at)
    if found is None:
        return None, at + 1
    name = p.NUMERAL_NAMES.match(plain, at)
    if name:
        return None, max(name.end(), found.end("number"))
    raw, end = found["number"], found.end()
    value = _worth(raw)
    if value is None:
        return None, end
    value *= factor(found["scale"])
    unit = measure_at(plain, end)
    if not unit:
        alone = _alone(plain, at, end, raw + found["scale"])
        return (figure(plain, text, at, end, value, "", found["infix"]) if alone else None), end
    close = end + len(unit)
    if not _counts(plain, at, raw, unit, close, bool(found["infix"])):
        return None, close
    if unit == "成" and (half := p.HALF_TENTH.match(plain, close)):
        value, close = value + (read_numeral(half[0]) or Decimal(0)) / 10, half.end()
    return figure(plain, text, at, close, value, unit, found["infix"]), close


def _alone(plain: str, at: int, end: int, raw: str) -> bool:
    """(常住人口)五百一十万: a number of ten thousands whose word is left out, at the end of its clause."""
    if not ("万" in raw or "亿" in raw) or not raw.strip("十百千万亿"):
        return False
    closed = plain[end : end + 1] in p.BORDER or plain.startswith(("以上", "左右", "多", "余"), end)
    return closed and "\u4e00" <= plain[at - 1 : at] <= "\u9fff" and plain[at - 1] not in "第数几每"


def _percent(plain: str, text: str, at: int, end: int, number: str, of: str) -> Found:
    value = Decimal(number) if number[0].isdecimal() and number.isascii() else read_numeral(number[:_LONGEST])
    if value is None or len(number) > _LONGEST:
        return None, end
    return figure(plain, text, at, end, value, "%" if of[0] == "百" else "‰"), end


def _worth(raw: str) -> Decimal | None:
    """七八 and 三五 are rough words; a numeral of several characters names its magnitudes or its decimals."""
    if len(raw) > _LONGEST:
        return None
    if raw[0] in "万亿":
        return Decimal(multiplier(raw) or 0) or None
    if len(raw) > 1 and not any(character in raw for character in "十百千万亿点"):
        return None
    return read_numeral(raw)


def _counts(plain: str, at: int, raw: str, unit: str, close: int, infix: bool) -> bool:
    before = plain[at - 1 : at]
    if before in tuple("第数几每好") or unit == "年":
        return unit == "年" and len(raw) > 1 and plain.startswith(("连续", "持续"), max(0, at - 2))
    if plain.startswith(("计划", "工程", "行动"), close) and raw[-1] in "百千万亿":
        return False
    if plain.startswith("人口", close - 1) and not raw.strip("百千万亿"):
        return False  # 千人口 is a base and 百万人口大县 a class, neither a number of people
    if len(raw) > 1 or (infix and raw in "十百千"):
        return True
    if unit in ("成", "倍"):
        return raw not in "十百千万亿" and not (unit == "成" and plain.startswith(("不", "一"), close))
    return raw in "百千万亿" and unit not in ("度", "米", "步", "般", "种", "口", "里", "克")


def ordinal(plain: str, text: str, at: int) -> Found:
    """第7位 is a rank; 第一 only where an order is spoken of; 第三批 and 第十届 are ordinals."""
    if section := p.SECTION.match(plain, at):
        return None, section.end()
    found = p.RANK.match(plain, at)
    if found is None:
        return None, at + 1
    ordered = found["unit"] or (
        p.RANK_AFTER.match(plain, found.end()) and p.RANK_BEFORE.search(plain[max(0, at - 16) : at])
    )
    if not ordered:
        tail = p.ORDINAL_TAIL.match(plain, found.end())
        return None, tail.end() if tail else found.end()
    number = found["number"]
    value = Decimal(number) if number.isascii() and number.isdigit() else read_numeral(number)
    end = found.end()
    unit = (found["unit"] or "").strip(" \u3000")
    return Figure(at, end, text[at:end], value, unit, Approx.EXACT, None, Kind.RANK, unit), end
