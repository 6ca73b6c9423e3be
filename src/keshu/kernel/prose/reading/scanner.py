"""`scan`: every number of a text that measures something, with its value and unit; one pass, linear in the text.

A place where a figure may begin is found by one character class; what stands there is told apart by possessive
patterns, so that no text can make the reader go back further than a fixed window.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from keshu.kernel.numerals import read_numeral
from keshu.kernel.prose.figure import Approx, Figure
from keshu.kernel.prose.reading import patterns as p
from keshu.kernel.prose.reading.listed import listed
from keshu.kernel.prose.reading.making import Found, factor, figure, rate_factor
from keshu.kernel.prose.reading.measures import canonical, measure_at
from keshu.kernel.prose.reading.names import cjk, labelled, measures, named, signed
from keshu.kernel.prose.reading.spelled import numeral, ordinal

_HALF = tuple(zip("０１２３４５６７８９％﹪．ｘＸ", "0123456789%%.xX", strict=True))
_CLEAN = str.maketrans({",": None, "，": None, " ": None, "\u3000": None, "\u00a0": None, "。": "."})
_CHAIN = 6
#: behind a slot these are names with a character left out: xx村, xx处
_NAMES = frozenset(
    listed(
        """
    村 所 处 站 部 组 队 班 门 口 面 道 点 字 级 线 层 团 支 里 方 区 段 年 天 度 P t g L 例 单位 对
    """
    )
)


def scan(text: str) -> list[Figure]:
    """All figures of a text in order, values and units only. Offsets are those of `text`; full width is read as half."""
    return scan_halved(halved(text), text)


def scan_halved(plain: str, text: str) -> list[Figure]:
    found: list[Figure] = []
    search, at = p.START.search, 0
    while begin := search(plain, at):
        start = begin.start()
        figure, at = _READERS[plain[start]](plain, text, start)
        if figure is not None:
            found.append(figure)
    return found


def halved(text: str) -> str:
    """The text with full-width digits, points and percent signs as half-width ones; no character moves."""
    for full, half in _HALF:
        if full in text:
            text = text.replace(full, half)
    return text


def _digits(plain: str, text: str, at: int) -> Found:
    dated = p.DATED.match(plain, at)
    if dated:
        return None, dated.end()
    ratio = p.RATIO.match(plain, at)
    if ratio:
        return figure(plain, text, at, ratio.end(), Decimal(ratio["number"]), ""), ratio.end()
    found, end = _quantity(plain, text, at)
    return (signed(plain, text, found) if found and plain[at - 1 : at] in tuple("-−－") else found), end


def _starred(plain: str, text: str, at: int) -> Found:
    """(办理人才卡)***张; two stars around words are print in bold."""
    close = _past(plain, at, "*")
    again = plain.find("**", close, min(close + 40, _line_end(plain, close)))
    bold = again >= 0 and not measure_at(plain, _past(plain, again, "*"))
    if close - at < 2 or bold or not cjk(plain[at - 1 : at]):
        return None, close
    return _quantity(plain, text, at)


def _past(plain: str, at: int, character: str) -> int:
    while plain.startswith(character, at):
        at += 1
    return at


def _line_end(plain: str, at: int) -> int:
    end = plain.find("\n", at, at + 40)
    return end if end >= 0 else at + 40


def _quantity(plain: str, text: str, at: int) -> Found:
    found = p.QUANTITY.match(plain, at)
    if found is None:
        return None, at + 1
    number, _, scale, more, infix, _, scale2 = found.groups()
    end = found.end()
    if "." in number and p.LIST_MARK.match(number) and _opens(plain, at):
        return None, at + number.index(".") + 1
    value = _value(number, scale or "", more, scale2)
    unit = measure_at(plain, end)
    if unit and not measures(plain, at, end, unit, number, scale or scale2):
        return None, end
    if value is None:
        return _slot(plain, text, at, end, unit, infix)
    own = scale or scale2 or ""
    if unit:
        return _measured(plain, text, at, found, (value, unit, own))
    if join := p.TO_NEXT.match(plain, end):
        ranged = _range(plain, text, at, join.end(), (value, "", own)) or _bare_range(
            plain, text, at, join.end(), value
        )
        return ranged or (None, _over(plain, join.end()))
    bare = found.end("number") if not (scale or infix or scale2) else found.start("infix") if not scale2 else end
    bare = found.end("infix") if infix in ("+", "＋") else bare
    return _bare(plain, text, at, bare, value, number, own, infix)


def _measured(plain: str, text: str, at: int, found: re.Match[str], read: tuple[Decimal, str, str]) -> Found:
    """A number with its measure word: alone, the first end of a range, or with the word that 个 stands for."""
    value, unit, scale = read
    end = found.end()
    if unit == "个" and (shared := _points(plain, end)):
        return figure(plain, text, at, end + 1, value, shared), end + 1
    if unit == "个" and (rest := p.AND_MORE.match(plain, end + 1)):
        return figure(plain, text, at, rest.end(), value, f"个{rest['word']}", "多"), rest.end()
    end += len(unit)
    if not found["space2"] and (join := p.TO_NEXT.match(plain, end)):
        ranged = _range(plain, text, at, join.end(), read)
        if ranged:
            return ranged
    if named(plain, at, unit, scale) or (unit in ("次", "人次") and p.PAGE_COUNT.search(plain[max(0, at - 9) : at])):
        return None, end
    return figure(plain, text, at, end, value, unit, found["infix"]), end


def _value(number: str, scale: str, more: str | None, scale2: str) -> Decimal | None:
    if not number[-1].isdigit():
        return None
    if more:
        mixed = read_numeral(f"{number}{scale}{more}")
        return None if mixed is None else mixed * factor(scale2)
    value = Decimal(number if number.isdigit() else number.translate(_CLEAN))
    return _scaled(value, factor(scale) * factor(scale2)) if scale or scale2 else value


def _scaled(value: Decimal, factor: Decimal) -> Decimal:
    """2356.8亿 is a whole number and shown as one."""
    value *= factor
    whole = value.to_integral_value()
    return whole if whole == value else value


def _slot(plain: str, text: str, at: int, end: int, unit: str, infix: str) -> Found:
    """xx家 and x.x万元; not xx县, xx有限公司, xxxx年. 总数为xxxx, with nothing behind is one too."""
    masked = p.MASKED.match(plain, at)
    if masked:
        return None, masked.end()
    before = plain[at - 1 : at]
    if (before.isascii() and before.isalnum()) or (plain[at] in "○◯" and before in tuple(p.NUMERALS)):
        return None, end
    if unit and not (unit in _NAMES and not infix):
        return figure(plain, text, at, end + len(unit), None, unit, infix), end + len(unit)
    number = p.QUANTITY.match(plain, at)
    close = number.end("number") if number else end
    if broken := _broken(plain, text, at, close, None):
        return broken
    if close - at > 1 and plain[close : close + 1] in p.BORDER and before in "为达到至数额是":
        return figure(plain, text, at, close, None, ""), close
    return None, max(close, at + 1)


def _broken(plain: str, text: str, at: int, end: int, value: Decimal | None) -> Found | None:
    """A number at the end of a line or page whose unit begins the next one."""
    debris = p.DEBRIS.match(plain, end)
    unit = measure_at(plain, debris.end()) if debris else ""
    if not debris or not unit:
        return None
    close = debris.end() + len(unit)
    if value is not None:
        value *= factor(debris["scale"])
    return figure(plain, text, at, end if debris["page"] else close, value, unit), close


def _range(plain: str, text: str, at: int, second: int, first: tuple[Decimal, str, str]) -> Found | None:
    """3—5项, 8—10%, 8000万元—1.20亿元; None where both ends are figures of their own (由2家至5家)."""
    found = p.QUANTITY.match(plain, second)
    if found is None or plain[at - 1 : at] in ("由", "从"):
        return None
    number, _, scale, more, _, _, scale2 = found.groups()
    unit = measure_at(plain, found.end())
    low, low_unit, low_scale = first
    if not unit or (low_unit and canonical(low_unit) != canonical(unit)):
        return None
    high = _value(number, scale or "", more, scale2)
    if high is None or named(plain, at, unit, scale):
        return None
    own = scale or scale2 or ""
    if not low_unit and not low_scale:
        low *= factor(own)
    end = found.end() + len(unit)
    if unit in ("年", "岁") or low >= high:
        return None, end
    ranged = figure(plain, text, at, end, low, unit)
    return replace(ranged, upper=high * rate_factor(unit), approx=Approx.RANGE), end


def _bare_range(plain: str, text: str, at: int, second: int, low: Decimal) -> Found | None:
    """(新建工程中心)2-3, at the end of its clause: a range whose word is left out; 附件1-3 and 12345-6 are numbers of things."""
    found = p.QUANTITY.match(plain, second)
    if found is None or not found["number"].isdigit() or plain[found.end() : found.end() + 1] not in p.BORDER:
        return None
    high = Decimal(found["number"])
    before = plain[at - 1 : at]
    if not low < high <= 100 or not cjk(before) or before in "第比由从至到于月年" or labelled(plain, at):
        return None
    ranged = figure(plain, text, at, found.end(), low, "")
    return replace(ranged, upper=high, approx=Approx.RANGE), found.end()


def _over(plain: str, at: int) -> int:
    found = p.QUANTITY.match(plain, at)
    return found.end("number") if found else at


def _bare(plain: str, text: str, at: int, end: int, value: Decimal, number: str, scale: str, infix: str) -> Found:
    """A number without a word behind it: its unit may follow in the coordination, on the next line, or be left out."""
    if p.LIST_MARK.match(plain, at) and _opens(plain, at):
        return None, end
    before = plain[at - 1 : at]
    if before and (p.LETTERS.match(before) or before in "-—/.＋+〔[【"):
        return None, _past_letters(plain, end)
    if p.LETTERS.match(plain[end : end + 1]):
        return None, _past_letters(plain, end)
    shared = _shared(plain, end)
    if shared and not (scale and shared[1]):
        unit, factor = shared
        return figure(plain, text, at, end, value * factor, unit, infix), end
    if broken := _broken(plain, text, at, end, value):
        return broken
    if unit := _unheard(plain, at, end, number):
        return figure(plain, text, at, end + len(unit), value, unit, infix), end + len(unit)
    if scale and scale not in "十百千":
        return figure(plain, text, at, end, value, "", infix), end
    alone = plain[end : end + 1] in p.BORDER or plain.startswith(("以上", "左右", "多", "余"), end)
    alone = alone or (before in ("由", "从") and _goes_on(plain, end)) or infix in ("+", "＋")
    alone = alone or ("." in number and bool(p.BENCHMARK.match(plain, end)))
    is_year = len(number) == 4 and number.isdigit() and 1900 <= value <= 2100
    if alone and not is_year and cjk(before) and not labelled(plain, at):
        return figure(plain, text, at, end, value, "", infix), end
    return None, end


def _goes_on(plain: str, end: int) -> bool:
    """(由)2.5(缩小到2.3): the other end of the change follows."""
    return bool(p.GOES_ON.match(plain, end))


def _opens(plain: str, at: int) -> bool:
    """Whether a list mark may stand here: at the start of a line or sentence, or in brackets."""
    before = plain[max(0, at - 3) : at].rstrip(" \t\u3000")
    return not before or before[-1] in "\n\r。；;：:（("


def _past_letters(plain: str, at: int) -> int:
    while plain[at : at + 1].isascii() and plain[at : at + 1].isalnum():
        at += 1
    return at


def _shared(plain: str, end: int) -> tuple[str, Decimal] | None:
    """15、22个百分点: the unit, and the magnitude, that stand behind the last number of a coordination."""
    for _ in range(_CHAIN):
        join = p.ALSO.match(plain, end)
        found = p.QUANTITY.match(plain, join.end()) if join else None
        if found is None or p.DATED.match(plain, found.start()):
            return None
        unit = measure_at(plain, found.end())
        if unit:
            return unit, factor(found["scale"] or found["scale2"] or "")
        end = found.end()
    return None


def _points(plain: str, end: int) -> str:
    """3.2个、4.5个百分点: 个 stands for the unit that is written out at the end."""
    shared = _shared(plain, end + 1)
    return shared[0] if shared and shared[0] == "个百分点" else ""


def _unheard(plain: str, at: int, end: int, number: str) -> str:
    """A measure word that no list knows: one character between the number and the end of the clause."""
    unit, follows = plain[end : end + 1], plain[end + 1 : end + 2]
    if (
        not cjk(unit)
        or unit in "的了是在和与及或等以上下内外多余前后年月日号时强级型版届期比中倍"
        or unit in p.NUMERALS
    ):
        return ""
    closed = not follows or follows in p.BORDER or plain.startswith(("以上", "左右", "以内"), end + 1)
    return unit if closed and len(number) < 7 and cjk(plain[at - 1 : at]) and not labelled(plain, at) else ""


def _title(plain: str, text: str, at: int) -> Found:
    found = (p.TITLE if plain[at] == "《" else p.QUOTED).match(plain, at)
    return None, found.end() if found else at + 1


def _address(plain: str, text: str, at: int) -> Found:
    found = p.ADDRESS.match(plain, at)
    return None, found.end() if found else at + 1


_READERS: dict[str, Callable[[str, str, int], Found]] = {
    **dict.fromkeys("0123456789", _digits),
    **dict.fromkeys("xX×_＿○◯□", _quantity),
    "*": _starred,
    **dict.fromkeys("〇一二两三四五六七八九十百千万亿", numeral),
    "第": ordinal,
    **dict.fromkeys('《“"‘', _title),
    **dict.fromkeys("hw", _address),
}
