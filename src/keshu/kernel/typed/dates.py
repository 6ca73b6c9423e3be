"""Dates, spans, months and years as people type them into cells."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from keshu.kernel.numerals import DIGITS, read_numeral
from keshu.kernel.typed.read import Problem, Read, cell_text, is_missing, wrong
from keshu.kernel.width import half_width, no_spaces, plain_dashes

_EARLIEST, _LATEST = 1900, 2100
_EPOCH = date(1899, 12, 30)
_CLOCK = r"\d{1,2}[:时]\d{1,2}(?:[:分]\d{1,2}(?:\.\d+)?)?[秒分]?(?:Z|\+\d\d:?\d\d)?$"
_TIME = re.compile(rf"(?<=\d)[T\s]+{_CLOCK}|(?<=日)\s*{_CLOCK}")
_TRAILING = re.compile(r"(?:\(?(?:星期|周)[一二三四五六日天]\)?|上午|下午|晚上|当天|起|止)$")
_FULL = re.compile(r"(\d{4})(?:年|[-./、,，])(\d{1,2})(?:月|[-./、,，])(\d{1,2})(?:日|号)?")
_SHORT_CHINESE = re.compile(r"(\d{2})年(\d{1,2})月(?:(\d{1,2})(?:日|号)?)?")
_SHORT = re.compile(r"\d{1,2}([-./])\d{1,2}\1\d{1,2}")
_REVERSED = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})月?(份|底|末|初|上旬|中旬|下旬)?")
_MONTH_COMPACT = re.compile(r"(\d{4})(\d{2})")
_NO_YEAR = re.compile(r"(\d{1,2})月(\d{1,2})(?:日|号)?")
_YEAR = re.compile(r"(\d{4})年?度?")
_SHORT_YEAR = re.compile(r"(\d{2})年度?")
_CHINESE = re.compile(rf"[{''.join(DIGITS)}十]+(?=[年月日号])")
_ISO_SPAN = re.compile(r"(\d{4}-\d{1,2}-\d{1,2}|\d{8})-+(\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}|\d{8})")
_PART_OF_MONTH = {"初": 1, "上旬": 1, "中旬": 11, "下旬": 21}
_REMEDY = "请写成2025年3月2日或2025-03-02"
_OPEN_END = ("长期", "长期有效", "永久", "永久有效", "至今")


def read_date(value: object, *, year: int | None = None) -> Read[date]:
    """One day. Of a span the first day, of a month its first day, each with a note; `year` completes 3月2日."""
    direct = _from_cell(value)
    if direct is not None:
        return direct
    if is_missing(value):
        return Read()
    text = _prepared(value)
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.1", text):
        return Read(
            problem=wrong("date-ambiguous", f"数值“{text}”分不清是1月还是10月", "请将单元格设为文本，写成2025年10月")
        )
    if text in _OPEN_END:
        return Read(note=f"原文为“{text}”，未填日期")
    parts = _split_span(text)
    if parts is not None:
        span = _read_parts(*parts, year=year)
        if span.value is None:
            return Read(problem=span.problem)
        return Read(span.value[0], note=f"原文为起止日期“{cell_text(value)}”，取开始日期")
    return _read_text(text, year=year)


def read_span(value: object, *, year: int | None = None) -> Read[tuple[date, date]]:
    """First and last day: 2025年05月03日至5日, 2025.5.3-5.5; one day is a span of one day, a month all its days."""
    if not is_missing(value) and _from_cell(value) is None:
        text = _prepared(value)
        parts = _split_span(text)
        if parts is not None:
            return _read_parts(*parts, year=year)
        month = _month_of(text)
        if month is not None and isinstance(month, date):
            return Read((month, _month_end(month)), note=f"原文只写到月“{cell_text(value)}”")
    day = read_date(value, year=year)
    return Read((day.value, day.value) if day.value else None, day.note, day.problem)


def read_month(value: object, *, year: int | None = None) -> Read[date]:
    """The first day of a month: 2025年3月, 2025-03, 202503, 3月 with `year`."""
    if is_missing(value):
        return Read()
    text = _prepared(value)
    if year is not None and (found := re.fullmatch(r"(\d{1,2})月份?", text)):
        return _made(year, int(found[1]), 1, cell_text(value))
    if found := _MONTH_COMPACT.fullmatch(text):
        return _made(int(found[1]), int(found[2]), 1, cell_text(value))
    day = read_date(value, year=year)
    if day.value is None:
        return Read(
            note=day.note, problem=day.problem and wrong(day.problem.code, day.problem.message, "请写成2025年3月")
        )
    return Read(day.value.replace(day=1))


def read_year(value: object) -> Read[int]:
    """A calendar year: 2025, 2025年度, 二〇二五年, or the year of a date."""
    if is_missing(value):
        return Read()
    text = _prepared(value)
    if found := _YEAR.fullmatch(text):
        found_year = int(found[1])
        if _EARLIEST <= found_year <= _LATEST:
            return Read(found_year)
        return Read(problem=wrong("year-range", f"年份“{text}”不合理", "请填写4位年份，如2025"))
    if found := _SHORT_YEAR.fullmatch(text):
        return Read(2000 + int(found[1]), note=f"原文“{text}”按{2000 + int(found[1])}年理解")
    day = read_date(value)
    if day.value is None:
        return Read(problem=wrong("year", f"“{cell_text(value)}”不是年份", "请填写4位年份，如2025"))
    return Read(day.value.year)


def _from_cell(value: object) -> Read[date] | None:
    """Date cells, and numbers that a spreadsheet keeps for dates; None for text and other numbers."""
    if isinstance(value, datetime):
        return _in_range(value.date())
    if isinstance(value, date):
        return _in_range(value)
    number = value if isinstance(value, int | float) and not isinstance(value, bool) else None
    if isinstance(value, str) and re.fullmatch(r"[1-9]\d{4}(?:\.\d+)?", value.strip()):
        number = float(value)
    if number is None or not 18264 <= number < 73416:
        return None
    return _in_range(_EPOCH + timedelta(days=int(number)))


def _in_range(day: date) -> Read[date]:
    if _EARLIEST < day.year < _LATEST:
        return Read(day)
    return Read(problem=wrong("date-range", f"日期{day}不合理", "请核对年份"))


def _prepared(value: object) -> str:
    """Half-width, Chinese numerals as digits, one kind of dash, without spaces, time of day and weekday."""
    text = half_width(cell_text(value)).strip().replace("。", ".").replace("·", ".")
    text = _TIME.sub("", text)
    text = re.sub(r"\s*[~∼〜]\s*|\s+-+\s+|——+|—|－|–", "至", text)
    text = no_spaces(plain_dashes(text)).strip(".,;，；")
    text = _CHINESE.sub(lambda found: str(read_numeral(found[0]) or found[0]), text)
    return _TRAILING.sub("", text)


def _split_span(text: str) -> tuple[str, str] | None:
    """The two ends of a span as typed, None where the text is one date."""
    for sign in ("至", "到"):
        first, _, last = text.partition(sign)
        if last:
            return first, last
    if found := _ISO_SPAN.fullmatch(text):
        return found[1], found[2]
    if re.search(r"[年月./]", text) and text.count("-") == 1:
        first, _, last = text.partition("-")
        return (first, last) if first and last else None
    return None


def _read_parts(first: str, last: str, *, year: int | None) -> Read[tuple[date, date]]:
    start = _read_text(first, year=year)
    if start.value is None:
        return Read(problem=start.problem)
    end = _read_end(last, start.value)
    if end.value is None:
        return Read(problem=end.problem)
    if end.value < start.value:
        return Read(problem=wrong("date-order", f"结束日期{end.value}早于开始日期{start.value}", "请核对起止日期"))
    return Read((start.value, end.value))


def _read_end(text: str, start: date) -> Read[date]:
    """The last day; what it leaves out is taken from the first: 5日, 5.5, 6月5日."""
    if found := re.fullmatch(r"(\d{1,2})(?:日|号)?", text):
        return _made(start.year, start.month, int(found[1]), text)
    if found := re.fullmatch(r"(\d{1,2})(?:月|[-./])(\d{1,2})(?:日|号)?", text):
        return _made(start.year, int(found[1]), int(found[2]), text)
    if (found := re.fullmatch(r"(\d{1,2})月", text)) and 1 <= int(found[1]) <= 12:
        return Read(_month_end(date(start.year, int(found[1]), 1)))
    month = _month_of(text)
    if month is not None and isinstance(month, date):
        return Read(_month_end(month))
    return _read_text(text, year=start.year)


def _read_text(text: str, *, year: int | None) -> Read[date]:
    if found := _FULL.fullmatch(text) or _COMPACT.fullmatch(text):
        return _made(int(found[1]), int(found[2]), int(found[3]), text)
    month = _month_of(text)
    if isinstance(month, Problem):
        return Read(problem=month)
    if month is not None:
        return _day_of_month(text, month)
    if found := _SHORT_CHINESE.fullmatch(text):
        made = _made(2000 + int(found[1]), int(found[2]), int(found[3] or 1), text)
        return Read(made.value, f"原文“{text}”的年份按20{found[1]}年理解", made.problem)
    if found := _NO_YEAR.fullmatch(text):
        if year is None:
            return Read(problem=wrong("date-no-year", f"日期“{text}”没有年份", _REMEDY))
        made = _made(year, int(found[1]), int(found[2]), text)
        return Read(made.value, f"原文“{text}”没有年份，按{year}年理解", made.problem)
    return Read(problem=_refusal(text))


def _refusal(text: str) -> Problem:
    if _SHORT.fullmatch(text) or _REVERSED.fullmatch(text):
        return wrong("date-ambiguous", f"日期“{text}”分不清年、月、日", _REMEDY)
    if _YEAR.fullmatch(text):
        return wrong("date-year-only", f"日期“{text}”只有年份", f"请补上月和日，{_REMEDY[1:]}")
    if re.search(r"\d.*[、,;，；]", text):
        return wrong("date-several", f"“{text}”中有多个日期", "请拆成多行，每行一个日期")
    return wrong("date-shape", f"“{text}”不是可识别的日期", _REMEDY)


def _month_of(text: str) -> date | Problem | None:
    """First day of a text that says year and month only; a problem for month 13."""
    found = _MONTH.fullmatch(text) or _MONTH_COMPACT.fullmatch(text)
    if not found:
        return None
    made = _made(int(found[1]), int(found[2]), 1, text)
    return made.problem or made.value


def _day_of_month(text: str, month: date) -> Read[date]:
    found = _MONTH.fullmatch(text)
    part = found[3] if found else None
    if part in ("底", "末"):
        return Read(_month_end(month), note=f"原文“{text}”，取当月最后一天", approx=True)
    day = month.replace(day=_PART_OF_MONTH.get(part or "", 1))
    return Read(day, note=f"原文“{text}”只写到月，取{day.month}月{day.day}日", approx=True)


def _made(year: int, month: int, day: int, text: str) -> Read[date]:
    try:
        made = date(year, month, day)
    except ValueError:
        return Read(problem=_impossible(year, month, day, text))
    return _in_range(made)


def _impossible(year: int, month: int, day: int, text: str) -> Problem:
    if not 1 <= month <= 12:
        return wrong("date-impossible", f"日期“{text}”中没有{month}月这个月份", "请核对月份，应在1至12之间")
    if not 1 <= year <= 9999:
        return wrong("date-impossible", f"日期“{text}”的年份不合理", _REMEDY)
    last = calendar.monthrange(year, month)[1]
    return wrong("date-impossible", f"日期“{text}”不存在：{year}年{month}月没有{day}日", f"请核对，该月只有{last}天")


def _month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])
