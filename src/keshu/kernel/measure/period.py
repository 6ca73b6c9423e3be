"""Periods in valid time: what a figure covers and up to which day."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

PLAN_NAMES = {
    2001: "十五", 2006: "十一五", 2011: "十二五", 2016: "十三五", 2021: "十四五", 2026: "十五五", 2031: "十六五",
}  # fmt: skip

_YEAR = re.compile(r"(\d{4})$")
_HALF = re.compile(r"(\d{4})H([12])$")
_QUARTER = re.compile(r"(\d{4})Q([1-4])$")
_MONTH = re.compile(r"(\d{4})-(\d{2})$")
_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")


class BadPeriod(ValueError):
    """The text is no period; the message is Chinese and says what to write."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"“{text}”不是可识别的期间，请写成 2025、2025H1、2025Q3、2025-10、2025-01..2025-10 或 2021..2025"
        )


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """From `start` to `end`, both days included."""

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.start > self.end:
            raise BadPeriod(f"{self.start}..{self.end}")

    @classmethod
    def parse(cls, text: str) -> Period:
        """Read a period as `str()` prints it; sums of years and months are written with two dots."""
        first, dots, last = text.strip().partition("..")
        try:
            start, end = _span(first)
            if dots:
                second, end = _span(last)
                if second < start:
                    raise BadPeriod(text)
        except ValueError as error:
            raise BadPeriod(text) from error
        return cls(start, end)

    @classmethod
    def of_year(cls, year: int) -> Period:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        return cls(date(year, month, 1), _month_end(year, month))

    @classmethod
    def of_years(cls, first: int, last: int) -> Period:
        return cls(date(first, 1, 1), date(last, 12, 31))

    @classmethod
    def until(cls, day: date) -> Period:
        """From new year of the day's year to the day."""
        return cls(date(day.year, 1, 1), day)

    def __str__(self) -> str:
        """The shortest spelling that `parse` reads back."""
        if not self.is_whole_months:
            return str(self.start) if self.start == self.end else f"{self.start}..{self.end}"
        if self._whole_years:
            return str(self.start.year) if self.is_whole_year else f"{self.start.year}..{self.end.year}"
        first, last = f"{self.start:%Y-%m}", f"{self.end:%Y-%m}"
        if first == last:
            return first
        if self.start.year == self.end.year:
            months = (self.start.month, self.end.month)
            if months in ((1, 6), (7, 12)):
                return f"{self.start.year}H{self.end.month // 6}"
            if months[1] - months[0] == 2 and months[1] % 3 == 0:
                return f"{self.start.year}Q{months[1] // 3}"
        return f"{first}..{last}"

    @property
    def cut_off(self) -> date:
        """The day on which a stock is counted."""
        return self.end

    @property
    def year(self) -> int:
        return self.end.year

    @property
    def is_whole_year(self) -> bool:
        return self._whole_years and self.start.year == self.end.year

    @property
    def is_whole_months(self) -> bool:
        return self.start.day == 1 and self.end == _month_end(self.end.year, self.end.month)

    @property
    def is_from_new_year(self) -> bool:
        """Starts on 1 January of the year in which it ends: growth and pace against the year make sense."""
        return (self.start.month, self.start.day) == (1, 1) and self.start.year == self.end.year

    @property
    def _whole_years(self) -> bool:
        return (self.start.month, self.start.day) == (1, 1) and (self.end.month, self.end.day) == (12, 31)

    @property
    def years(self) -> range:
        """Calendar years that it touches."""
        return range(self.start.year, self.end.year + 1)

    @property
    def months(self) -> int | None:
        """Number of whole months, None where it cuts a month."""
        if not self.is_whole_months:
            return None
        return (self.end.year - self.start.year) * 12 + self.end.month - self.start.month + 1

    def whole_year(self) -> Period:
        """The calendar year in which it ends."""
        return Period.of_year(self.end.year)

    def each_year(self) -> tuple[Period, ...]:
        """Its calendar years; the first and last are cut where the period cuts them."""
        parts = (Period.of_year(year) for year in self.years)
        return tuple(Period(max(part.start, self.start), min(part.end, self.end)) for part in parts)

    def last_year(self) -> Period:
        """The same months a year earlier: a month's end stays a month's end, also across a leap February."""
        return self.shift_years(-1)

    def shift_years(self, years: int) -> Period:
        start = _shift(self.start, years, keep_month_end=False)
        return Period(start, _shift(self.end, years, keep_month_end=self.is_whole_months))

    def previous(self) -> Period:
        """The period of the same length right before it (环比, or the five years before five years)."""
        before = self.start - timedelta(days=1)
        months = self.months
        if months is None:
            return Period(before - (self.end - self.start), before)
        index = before.year * 12 + before.month - months
        return Period(date(index // 12, index % 12 + 1, 1), before)

    def elapsed(self) -> Decimal:
        """Share of its last year that is over at the cut-off: whole months as twelfths, else by days."""
        if self.end == _month_end(self.end.year, self.end.month):
            return Decimal(self.end.month) / 12
        passed = (self.end - date(self.end.year, 1, 1)).days + 1
        return Decimal(passed) / (366 if calendar.isleap(self.end.year) else 365)

    def contains(self, day: date) -> bool:
        return self.start <= day <= self.end

    def flow_words(self, *, with_year: bool = False) -> str:
        """What happened in it: 全年, 上半年, 前三季度, 1—10月, 2025年1—10月, 2021—2025年.

        The year is left out only where the caller says that it is understood; spans of several years always carry it.
        """
        if self._whole_years and not self.is_whole_year:
            return f"{self.start.year}—{self.end.year}年"
        if self.start.year != self.end.year:
            return f"{_day_words(self.start, self, True)}—{_day_words(self.end, self, True)}"
        words = self._words_inside_year()
        if not with_year:
            return words
        return f"{self.end.year}年" if words == "全年" else f"{self.end.year}年{words}"

    def _words_inside_year(self) -> str:
        first, last = self.start.month, self.end.month
        if not self.is_whole_months:
            if self.start == self.end:
                return _day_words(self.end, self, False)
            end = f"{self.end.day}日" if first == last else _day_words(self.end, self, False)
            return f"{_day_words(self.start, self, False)}—{end}"
        named = {(1, 12): "全年", (1, 6): "上半年", (7, 12): "下半年", (1, 9): "前三季度"}
        if (first, last) in named:
            return named[first, last]
        if last - first == 2 and last % 3 == 0:
            return _QUARTERS[last // 3 - 1]
        return f"{last}月" if first == last else f"{first}—{last}月"

    def stock_words(self, *, with_year: bool = False, year_end: str = "12月底") -> str:
        """What stood on its last day: 截至10月底, 截至2025年10月15日; `year_end` may say 年末 or 年底."""
        year = f"{self.end.year}年" if with_year else ""
        if self.end != _month_end(self.end.year, self.end.month):
            return f"截至{year}{self.end.month}月{self.end.day}日"
        if self.end.month == 12:
            return f"截至{year.removesuffix('年') if year_end.startswith('年') else year}{year_end}"
        return f"截至{year}{self.end.month}月底"

    def plan_words(self) -> str | None:
        """“十四五”期间 and the like, None where the period is not one of the five-year plans."""
        name = PLAN_NAMES.get(self.start.year)
        if name is None or not self._whole_years or self.end.year != self.start.year + 4:
            return None
        return f"“{name}”期间"


def _span(text: str) -> tuple[date, date]:
    if match := _YEAR.match(text):
        year = int(match[1])
        return date(year, 1, 1), date(year, 12, 31)
    if match := _HALF.match(text):
        return _months(int(match[1]), int(match[2]) * 6 - 5, 6)
    if match := _QUARTER.match(text):
        return _months(int(match[1]), int(match[2]) * 3 - 2, 3)
    if match := _MONTH.match(text):
        return _months(int(match[1]), int(match[2]), 1)
    if match := _DAY.match(text):
        day = date(int(match[1]), int(match[2]), int(match[3]))
        return day, day
    raise BadPeriod(text)


def _months(year: int, first: int, count: int) -> tuple[date, date]:
    return date(year, first, 1), _month_end(year, first + count - 1)


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _shift(day: date, years: int, *, keep_month_end: bool) -> date:
    last = calendar.monthrange(day.year + years, day.month)[1]
    return date(day.year + years, day.month, last if keep_month_end else min(day.day, last))


def _day_words(day: date, period: Period, with_year: bool) -> str:
    year = f"{day.year}年" if with_year else ""
    if period.is_whole_months:
        return f"{year}{day.month}月"
    return f"{year}{day.month}月{day.day}日"
