"""When and where a figure holds and what it is compared with, in the words of the text."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from keshu.kernel.prose.reading.clauses import Place

_Y = r"(?:(?:19|20)(?:\d\d|[xX×]{2})|[xX×]{4}|[〇○零一二三四五六七八九]{4})\s?年"
_TO = r"\s?(?:—|–|-|~|至|到)\s?"
_PERIOD = re.compile(
    rf"截[至止]\s?(?:目前|{_Y}[^，。；,;\n]{{0,8}}?[底末日份]|{_Y}|[上本今去]?[年月]?\d{{0,2}}月?(?:\d{{1,2}}日|底|末|份)?)"
    rf"|{_Y}?\s?(?:\d{{1,2}}|[xX]{{1,2}}){_TO}(?:\d{{1,2}}|[xX]{{1,2}})\s?月份?|{_Y[:-3]}{_TO}{_Y}|{_Y}(?:全年|上半年|下半年|前三季度|[一二三四]季度|\d{{1,2}}月(?:底|末|份)?|底|末|以来)?"
    r"|[“\"]?十[一二三四五六]五[”\"]?(?:时期|期间|以来|末|规划期|前[一二三四]年)?|今年(?:以来|上半年|前三季度|一季度)?|去年|上年|全年|上半年|下半年|前三季度|[一二三四]季度"
    r"|(?:过去|近|这|前|后|未来)[一二三四五六七八九十两几\d]{1,2}年(?:来|间|里)?|[五十]年来|近年来|目前|年内|年末|年底|本届政府以来|党的十[八九]大以来|明年|当年"
)
_NOT_NOW = re.compile(r"(?:比|较|与|同|相比|为|占|是)$")
_SCOPE = re.compile(
    r"(?<![占居列于比])(?:全[国省市县区州旗盟](?!平均|第|排名|前列|首|总)|市本级|县本级|区本级|[省市县区]属|我[国省市县区])"
)
#: a class of things, good for its own figure only
_CLASS = re.compile(
    r"规模以上(?:工业)?|规上(?:工业)?|限上|(?<![占居列于比])(?:高新区|开发区|农村|城镇|城乡|中心城区|辖区|[东中西]部地区)"
)
_BASE = re.compile(
    rf"(?P<year>同比|比上?年?同期|较上?年?同期|与?上?年同期相?比)|(?P<month>环比|比上月|较上月)|(?P<other>[比较]\s?(?:{_Y}(?:同期|底|末)?|上年末?底?|去年底?|年初|全[国省市]平均(?:水平)?|"
    r"[“\"]?十[一二三四五六]五[”\"]?[末期]?|上个五年|前[一三五]年|\d{1,2}月底?))"
)


@dataclass(frozen=True, slots=True)
class Times:
    """All words of a text that name a period, by where they stand."""

    starts: list[int]
    words: list[str]
    year: int | None = None

    @classmethod
    def of(cls, plain: str, year: int | None) -> Times:
        starts: list[int] = []
        words: list[str] = []
        for found in _PERIOD.finditer(plain):
            if not _NOT_NOW.search(plain[max(0, found.start() - 2) : found.start()]):
                starts.append(found.start())
                words.append(found[0].strip())
        return cls(starts, words, year)

    def at(self, start: int, since: int) -> str:
        """The last period named between `since` and `start`; else the year of the whole document."""
        index = bisect_right(self.starts, start) - 1
        if index >= 0 and self.starts[index] >= since:
            return self.words[index]
        return f"{self.year}年" if self.year else ""


def scope_of(place: Place) -> str:
    """规上, 农村 of the figure's own words; else the last of 全市, 市本级 that the sentence names before it."""
    for pattern, text in ((_CLASS, place.lead), (_SCOPE, place.before)):
        if last := _last(pattern, text):
            return last[0]
    return ""


def base_of(place: Place) -> str:
    """同比, 环比 or the words that name another base; empty where nothing is compared."""
    last = _last(_BASE, place.clause)
    if last is None:
        return ""
    return "同比" if last.lastgroup == "year" else "环比" if last.lastgroup == "month" else last[0]


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    found = None
    for one in pattern.finditer(text):
        found = one
    return found


def paragraph_starts(plain: str) -> list[int]:
    return [0, *(found.end() for found in re.finditer(r"\n", plain))]


def last_before(starts: Sequence[int], at: int) -> int:
    return starts[max(bisect_right(starts, at) - 1, 0)]
