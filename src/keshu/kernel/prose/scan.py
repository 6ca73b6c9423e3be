"""Numbers with their units read back out of Chinese text.

A number counts when it measures something: never years, dates, clock times, list ordinals, document numbers, names of
plans and products, or anything inside 《titles》. Values are in base units: 8.46亿元 is 846000000 元, 近六成 is 60 %.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from keshu.kernel.numerals import multiplier, read_numeral
from keshu.kernel.prose.shields import shielded
from keshu.kernel.prose.units import COUNTED, MEASURES, SPELLED

_HALF = {0xFF10 + digit: 0x30 + digit for digit in range(10)} | {0xFF05: 0x25, 0xFF0E: 0x2E, 0xFF1A: 0x3A}


class Approx(StrEnum):
    EXACT = "exact"
    ABOUT = "about"
    OVER = "over"
    UNDER = "under"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number in a text. `value` is None for a slot (xx家); ranges carry `upper`; `rank` marks 第n位."""

    start: int
    end: int
    text: str
    value: Decimal | None
    unit: str
    approx: Approx = Approx.EXACT
    upper: Decimal | None = None
    rank: bool = False


_DIGITS = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_CHINESE = r"[〇零一二两三四五六七八九十百千万亿]+(?:点[〇零一二三四五六七八九]+)?"
_SLOT = r"[xX×]+(?:\.[xX×]+)?"
_SCALE = r"(?:[十百万亿]|千(?![瓦克米伏])){0,3}"
_RANK = re.compile(r"第(?P<number>\d+|[一二三四五六七八九十]+|[xX]+)(?:(?P<unit>位|名)|(?=[，。；、）,;)]|$))")
_RANKING = re.compile(r"(?:居|列|排|排名|名列|升至|跃居|全[国省市县区])[^，。；,;]{0,8}$")
_NUMBER = re.compile(
    rf"(?P<percent>百分之(?P<percents>{_CHINESE}))"
    rf"|(?P<low>{_DIGITS})(?P<lowscale>[十百千万亿]*)(?P<lowunit>[%‰元]?)(?:—|–|－|-|~|至|到)"
    rf"(?P<high>{_DIGITS})(?P<highscale>[十百千万亿]*)"
    rf"|(?P<ratio>{_DIGITS})(?::|∶)1(?!\d)"
    rf"|(?P<number>{_DIGITS}|{_SLOT})(?P<space>[ \u3000]?)(?P<scale>{_SCALE})(?P<infix>[余多几]?)"
    rf"(?P<scale2>{_SCALE})"
    rf"|(?P<chinese>{_CHINESE})(?P<chinesefix>[余多几]?)(?P<chinesescale>[万亿]*)"
)
# 由2家至5家 and bare 3-5 are two numbers: the same pattern with its branch for ranges closed.
_SINGLE = re.compile(_NUMBER.pattern.replace("(?P<low>", "(?P<low>(?!)"))
_UNIT = re.compile(rf"\s?(?P<unit>{'|'.join(re.escape(unit) for unit in MEASURES)})")
_COUNTED = re.compile(rf"(?P<unit>{'|'.join(re.escape(unit) for unit in COUNTED)})")
_RUN = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_OPEN_SLOT = re.compile(r"(?:为|达|达到|到|至)$")
_BEFORE = (
    (re.compile(r"(?:大约|约为?|接近|将近|近|估计)$"), Approx.ABOUT),
    (re.compile(r"(?:超过|突破|高于|逾|超|跃上|跨上|迈上|上)$"), Approx.OVER),
    (re.compile(r"(?:不足|不到|低于|少于)$"), Approx.UNDER),
)
_AFTER = (
    (re.compile(r"(?:左右|上下)"), Approx.ABOUT),
    (re.compile(r"(?:以上|多|余)"), Approx.OVER),
    (re.compile(r"(?:以内|以下)"), Approx.UNDER),
)


def scan(text: str) -> list[Figure]:
    """All figures of a text, in order. Offsets are those of `text`; full-width digits are read like half-width ones."""
    plain = text.translate(_HALF)
    closed = shielded(plain)
    found: list[Figure] = []
    at = 0
    while at < len(plain):
        rank = _rank_at(plain, at, text)
        figure = rank or _figure_at(plain, at, text)
        if figure is None or (rank is None and any(closed[figure.start : figure.end])):
            at = _next(plain, at, figure)
            continue
        found.append(figure)
        at = figure.end
    return found


def _next(plain: str, at: int, figure: Figure | None) -> int:
    """Where to look next: a refused number is passed whole, so that its tail is not taken for another."""
    if figure is not None:
        return figure.end
    run = _RUN.match(plain, at)
    return run.end() if run else at + 1


def _rank_at(plain: str, at: int, text: str) -> Figure | None:
    found = _RANK.match(plain, at)
    if not found:
        return None
    if not found["unit"] and not _RANKING.search(plain[max(0, at - 12) : at]):
        return None
    number = found["number"]
    value = Decimal(number) if number.isdigit() else read_numeral(number)
    return Figure(at, found.end(), text[at : found.end()], value, found["unit"] or "", rank=True)


def _figure_at(plain: str, at: int, text: str) -> Figure | None:
    found = _NUMBER.match(plain, at)
    if found and found["low"] and (plain[at - 1 : at] in ("由", "从") or not _UNIT.match(plain, found.end())):
        found = _SINGLE.match(plain, at)
    if not found or (at and plain[at - 1] == "第"):
        return None
    if found["percent"]:
        return _finish(plain, text, at, found.end(), read_numeral(found["percents"]), "%", "")
    if found["ratio"]:
        return _finish(plain, text, at, found.end(), _decimal(found["ratio"]), "", "")
    if found["low"]:
        return _range(plain, text, at, found)
    if found["chinese"]:
        return _chinese(plain, text, at, found)
    return _digits(plain, text, at, found)


def _digits(plain: str, text: str, at: int, found: re.Match[str]) -> Figure | None:
    factor = (multiplier(found["scale"]) or 1) * (multiplier(found["scale2"]) or 1)
    raw = found["number"]
    value = None if raw[0] in "xX×" else _decimal(raw) * factor
    end = found.end()
    unit = _UNIT.match(plain, end)
    if not unit and found["space"] and not found["scale"] and not found["infix"]:
        end -= len(found["space"])
    if not unit and at and plain[at - 1].isascii() and plain[at - 1].isalpha():
        return None
    if value is None and not unit and not _is_open_slot(plain, at, end):
        return None
    if unit:
        return _finish(plain, text, at, unit.end(), value, unit["unit"], found["infix"])
    if _YEAR.fullmatch(raw) and not found["scale"]:
        return None
    if plain[end : end + 1].isascii() and plain[end : end + 1].isalpha():
        return None
    return _finish(plain, text, at, end, value, "", found["infix"])


def _is_open_slot(plain: str, start: int, end: int) -> bool:
    """用户数为xxxx, with nothing behind: a number is meant although no unit is written."""
    follows = plain[end : end + 1]
    return end - start > 1 and follows in "，。；、,;" and bool(_OPEN_SLOT.search(plain[max(0, start - 2) : start]))


def _chinese(plain: str, text: str, at: int, found: re.Match[str]) -> Figure | None:
    """Chinese numerals count with a unit behind them; a single small one only before a plain counting word."""
    raw = found["chinese"]
    if raw.endswith("点"):
        return None
    number = read_numeral(raw)
    unit = _UNIT.match(plain, found.end()) or _COUNTED.match(plain, found.end())
    if number is None or not unit:
        return None
    if len(raw) == 1 and unit["unit"] not in ("成", "倍", "%") and raw not in "千百":
        return None
    value = number * (multiplier(found["chinesescale"]) or 1)
    return _finish(plain, text, at, unit.end(), value, unit["unit"], found["chinesefix"])


def _range(plain: str, text: str, at: int, found: re.Match[str]) -> Figure | None:
    unit = _UNIT.match(plain, found.end())
    if not unit or (at and plain[at - 1].isascii() and plain[at - 1].isalpha()):
        return None
    high_factor = multiplier(found["highscale"]) or 1
    own = found["lowscale"] or found["lowunit"] == "元"
    low_factor = (multiplier(found["lowscale"]) or 1) if own else high_factor
    name, factor = _base(unit["unit"])
    low, high = _decimal(found["low"]) * low_factor * factor, _decimal(found["high"]) * high_factor * factor
    return Figure(at, unit.end(), text[at : unit.end()], low, name, Approx.RANGE, high)


def _finish(plain: str, text: str, start: int, end: int, value: Decimal | None, unit: str, infix: str) -> Figure | None:
    name, factor = _base(unit)
    approx = Approx.OVER if infix else Approx.EXACT
    after = next((kind for pattern, kind in _AFTER if pattern.match(plain, end)), None)
    before = next((kind for pattern, kind in _BEFORE if pattern.search(plain[max(0, start - 3) : start])), None)
    approx = before or (after if approx is Approx.EXACT and after else approx)
    return Figure(start, end, text[start:end], None if value is None else value * factor, name, approx)


def _base(unit: str) -> tuple[str, Decimal]:
    """The unit without its magnitude, and the magnitude; 成 and ‰ become percent."""
    if unit in ("成", "‰"):
        return "%", Decimal(10) if unit == "成" else Decimal("0.1")
    return SPELLED.get(unit, unit), Decimal(1)


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
