"""Automatic numbers of paragraphs (一、 （一） 1. ①), counted as Word prints them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.office.reading.packages import Element
from keshu.office.word.numbering import in_chinese
from keshu.office.word.ooxml import wt

from .word_styles import is_on, number_of, value_of

_HEAVENLY, _EARTHLY, _LEGAL = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥", "零壹贰叁肆伍陆柒捌玖"
_LONGEST = 40  # of a pattern; Word itself ends at 255, and each paragraph would repeat it
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"),
    (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip
_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographDigital", "koreanCounting",
}  # fmt: skip


@dataclass(frozen=True)
class Level:
    start: int
    form: str
    pattern: str
    style: str
    legal: bool


class Numbering:
    """Lists are counted in the order in which their paragraphs are asked for."""

    def __init__(self, root: Element | None) -> None:
        self._lists: dict[str, str] = {}
        self._levels: dict[str, dict[int, Level]] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        self._started: set[str] = set()
        if root is not None:
            for abstract in root.iterfind(wt("abstractNum")):
                self._levels[abstract.get(wt("abstractNumId"), "")] = dict(
                    _level(one) for one in abstract.iterfind(wt("lvl"))
                )
            for one in root.iterfind(wt("num")):
                self._add_list(one)

    def _add_list(self, one: Element) -> None:
        name = one.get(wt("numId"), "")
        self._lists[name] = value_of(one, wt("abstractNumId")) or ""
        for override in one.iterfind(wt("lvlOverride")):
            start = number_of(value_of(override, wt("startOverride")))
            if start >= 0:
                self._restarts.setdefault(name, {})[number_of(override.get(wt("ilvl")), 0)] = start

    def next(self, list_id: str, level: int, style: str) -> str:
        """The number of the next paragraph of this list; empty for bullets and for lists that are not there."""
        abstract = self._lists.get(list_id, "")
        levels = self._levels.get(abstract)
        if not levels:
            return ""
        if level < 0:
            level = next((place for place, one in levels.items() if style and one.style == style), 0)
        if level not in levels or not 0 <= level <= 8:
            return ""
        self._count(list_id, abstract, level, levels)
        return self._printed(abstract, level, levels)

    def _count(self, list_id: str, abstract: str, level: int, levels: dict[int, Level]) -> None:
        counts = self._counts.setdefault(abstract, [None] * 9)
        if list_id not in self._started:
            self._started.add(list_id)
            for place, start in self._restarts.get(list_id, {}).items():
                if 0 <= place <= 8:
                    counts[place] = start - 1
        for place in range(level):
            if counts[place] is None:  # a level that was skipped is printed with its first number
                counts[place] = levels[place].start if place in levels else 1
        now = counts[level]
        counts[level] = levels[level].start if now is None else now + 1
        counts[level + 1 :] = [None] * (8 - level)

    def _printed(self, abstract: str, level: int, levels: dict[int, Level]) -> str:
        counts, here = self._counts[abstract], levels[level]
        if here.form == "bullet":
            return ""

        def one(found: re.Match[str]) -> str:
            place = int(found[1]) - 1
            other = levels.get(place)
            value = counts[place] if place <= level else None
            if other is None or value is None:
                return ""
            return printed(value, "decimal" if here.legal else other.form)

        return re.sub(r"%([1-9])", one, here.pattern)


def _level(element: Element) -> tuple[int, Level]:
    return number_of(element.get(wt("ilvl")), 0), Level(
        start=number_of(value_of(element, wt("start")), 0),
        form=value_of(element, wt("numFmt")) or "decimal",
        pattern=(value_of(element, wt("lvlText")) or "")[:_LONGEST],
        style=value_of(element, wt("pStyle")) or "",
        legal=is_on(element, "isLgl"),
    )


def printed(value: int, form: str) -> str:
    """A number in one of the forms of numbering; forms that are not known come out in digits."""
    if form in _CHINESE and 1 <= value <= 99:
        return in_chinese(value)
    if form == "chineseLegalSimplified" and 1 <= value <= 9:
        return _LEGAL[value]
    if form in ("ideographTraditional", "ideographZodiac") and 1 <= value <= 10:
        return (_HEAVENLY if form == "ideographTraditional" else _EARTHLY)[value - 1]
    if form.startswith("decimalEnclosedCircle") and 1 <= value <= 20:
        return chr(0x245F + value)
    if form in ("upperLetter", "lowerLetter") and 1 <= value <= 780:
        letter = chr(ord("A") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("upperRoman", "lowerRoman") and 1 <= value <= 3999:
        return _roman(value) if form == "upperRoman" else _roman(value).lower()
    if form == "decimalFullWidth":
        return str(value).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    if form == "decimalZero":
        return f"{value:02d}"
    return "" if form == "none" else str(value)


def _roman(value: int) -> str:
    words = ""
    for amount, letters in _ROMAN:
        words += letters * (value // amount)
        value %= amount
    return words
