"""The period that words of a text mean: 今年以来, 1-10月, 截至9月底, 去年同期, “十四五”期间. The inverse of printing one."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

from keshu.kernel.measure.period import PLAN_NAMES, Period
from keshu.kernel.numerals import read_numeral
from keshu.kernel.width import half_width, no_spaces

_RELATIVE = {"今": 0, "本": 0, "当": 0, "去": -1, "上": -1, "前": -2, "明": 1, "下": 1, "来": 1}
_DASH = r"(?:-|—|–|－|~|～|至|到)"
_YEARS = re.compile(rf"(?P<first>(?:19|20)\d\d)年?{_DASH}(?P<last>(?:19|20)\d\d)年")
_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)年?|(?P<word>[今本当去上前明下来])(?:一)?年")
_PLAN = re.compile("(?P<name>" + "|".join(sorted(PLAN_NAMES.values(), key=len, reverse=True)) + ")")
_LATELY = re.compile(
    r"(?:近|过去|这)(?P<count>[\d一二两三四五六七八九十]+)年|(?P<since>[\d一二两三四五六七八九十]+)年来"
)
_MONTHS = re.compile(rf"(?P<first>\d{{1,2}})月?(?:份)?{_DASH}(?P<last>\d{{1,2}})月")
_FIRST_MONTHS = re.compile(r"前(?P<count>[\d一二三四五六七八九十]+)个?月")
_MONTH = re.compile(r"(?<!\d)(?P<month>1[0-2]|0?[1-9])月(?:份)?(?:(?P<day>[0-3]?\d)日)?")
_UNTIL = re.compile(r"截[至止]|以来|[至到].*(?:底|末|日)|年[底末]|月[底末]|目前|至今")
_NAMED = (
    ("前三季度", 1, 9), ("上半年", 1, 6), ("下半年", 7, 12), ("一季度", 1, 3), ("首季", 1, 3), ("二季度", 4, 6),
    ("三季度", 7, 9), ("四季度", 10, 12), ("1季度", 1, 3), ("2季度", 4, 6), ("3季度", 7, 9), ("4季度", 10, 12),
)  # fmt: skip


def period_of(words: str, document: Period) -> Period | None:
    """What the words mean in a text that covers `document`; None where they are not understood, never a guess.

    No words mean the text's own period, and so does its own year without months.
    """
    plain = no_spaces(half_width(words)).translate({ord(mark): None for mark in "“”\"'「」"})
    if not plain:
        return document
    if found := _YEARS.search(plain):
        first, last = int(found["first"]), int(found["last"])
        return Period.of_years(first, last) if first <= last else None
    return _long(plain, document) or _inside(plain, document)


def _long(plain: str, document: Period) -> Period | None:
    """Plans and runs of years without their numbers."""
    if found := _PLAN.search(plain):
        start = next(year for year, name in PLAN_NAMES.items() if name == found["name"])
        return Period.of_years(start, start + 4)
    if found := _LATELY.search(plain):
        count = _number(found["count"] or found["since"])
        return Period.of_years(document.year - count + 1, document.year) if count else None
    return None


def _inside(plain: str, document: Period) -> Period | None:
    year, rest = _year(plain, document)
    for name, first, last in _NAMED:
        if name in rest:
            return _months(year, first, last)
    if found := _MONTHS.search(rest):
        return _months(year, int(found["first"]), int(found["last"]))
    if found := _FIRST_MONTHS.search(rest):
        return _months(year, 1, _number(found["count"]))
    if found := _MONTH.search(rest):
        return _month(year, found, until=bool(_UNTIL.search(plain)))
    if "年底" in plain or "年末" in plain or "全年" in plain or "年度" in plain:
        return Period.of_year(year)
    if "同期" in plain:
        return document.shift_years(year - document.year)
    if year == document.year and (rest != plain or _UNTIL.search(plain) or plain in ("年内", "现")):
        return document
    return Period.of_year(year) if rest != plain else None


def _year(plain: str, document: Period) -> tuple[int, str]:
    """The year that is named, else the text's own; and the words without it."""
    found = _YEAR.search(plain)
    if not found:
        return document.year, plain
    year = int(found["year"]) if found["year"] else document.year + _RELATIVE[found["word"]]
    return year, plain[: found.start()] + plain[found.end() :]


def _months(year: int, first: int, last: int) -> Period | None:
    if not 1 <= first <= last <= 12:
        return None
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _month(year: int, found: re.Match[str], *, until: bool) -> Period | None:
    month = int(found["month"])
    last = calendar.monthrange(year, month)[1]
    day = int(found["day"]) if found["day"] else last
    if not 1 <= day <= last:
        return None
    end = date(year, month, day)
    if until:
        return Period.until(end)
    return Period(end, end) if found["day"] else Period(date(year, month, 1), end)


def _number(text: str) -> int:
    if text.isdigit():
        return int(text)
    return int(read_numeral(text.replace("两", "二")) or 0)


_COVERS = re.compile(
    rf"(?P<year>(?:19|20)\d\d)年(?:度)?(?P<part>1月?{_DASH}\d{{1,2}}月|前[一二三四五六七八九十\d]+个?月|前三季度|上半年|下半年|第?[一二三四]季度)"
)


def document_period(head: str, year: int, today: date) -> Period:
    """What a text of a year covers: as its head says (2026年1—10月, 上半年), else the year, or what is over of it."""
    whole = Period.of_year(year) if year < today.year else Period.until(_last_month_end(today))
    for found in _COVERS.finditer(half_width(head)):
        if int(found["year"]) == year:
            return period_of(found["part"], Period.of_year(year)) or whole
    return whole if whole.year == year else Period.of_year(year)


def _last_month_end(day: date) -> date:
    """The end of the last month that is over; in January the year before."""
    return day.replace(day=1) - timedelta(days=1)
