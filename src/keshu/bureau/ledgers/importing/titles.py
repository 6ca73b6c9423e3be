"""What the words around a table say: its year, its cut-off, its units, its layout, who reports it."""

import calendar
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from keshu.catalogue.headers import normalise
from keshu.catalogue.schema import Layout, Ledger
from keshu.kernel.typed import read_date, read_unit

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*(?:年|年度|年份)")
_BARE_YEAR = re.compile(r"(?<![\d])((?:19|20)\d{2})(?![\d.])")
_CUT_OFF = re.compile(r"截[至止]到?\s*((?:19|20)\d{2}\s*[年.\-/]\s*\d{1,2}\s*(?:[月.\-/]\s*(?:\d{1,2}\s*日?|底|末)?)?)")
_MONTHS = re.compile(r"((?:19|20)\d{2})\s*年(?:度)?\s*(?:1|一)\s*月?\s*(?:-|—|–|~|至|到)+\s*(\d{1,2})\s*月")
_UNITS = re.compile(r"(?:金额|计量|数量)?单位\s*[:]\s*([^\s:]+)")
_REPORTER = re.compile(r"(?:填报|报送|上报|汇总)(?:单位|地区|县区|区县)\s*(?:\([^)]*\))?\s*[:]\s*([^\s:]+)")
_OFFICE = re.compile(
    r"(?:科学技术(?:和[\u4e00-\u9fff]{2,6})?局|科技局|科学技术局|人民政府|管委会|科技创新局|市场监督管理局|知识产权局)$"
)


@dataclass(frozen=True)
class Words:
    """Read from the lines above a table, the sheet's name and the file's name, in this order."""

    year: int | None = None
    cut_off: date | None = None
    units: dict[str, str] = field(default_factory=dict)
    layout: Layout | None = None
    reporter: str = ""


def words_of(ledger: Ledger, above: Iterable[str], sheet: str, file_name: str) -> Words:
    lines = [unicodedata.normalize("NFKC", line) for line in above]
    stem = file_name.rsplit(".", 1)[0]
    return Words(
        year=_year([*lines, sheet, stem]),
        cut_off=next((day for line in [*lines, sheet, stem] if (day := _cut_off(line))), None),
        units=_units(lines),
        layout=layout_of(ledger, [*lines, sheet, stem]),
        reporter=next((name for line in lines if (name := _reporter(line))), ""),
    )


def _year(texts: list[str]) -> int | None:
    for pattern in (_YEAR, _BARE_YEAR):
        for text in texts:
            without = _CUT_OFF.sub("", text)
            found = pattern.search(without)
            if found:
                return int(found.group(1))
    for text in texts:
        if day := _cut_off(text):
            return day.year
    return None


def _cut_off(text: str) -> date | None:
    """The last day that the table covers: 截至2025年12月31日, 截至2025年10月底, 2025年1-10月."""
    if found := _CUT_OFF.search(text):
        typed = re.sub(r"\s+", "", found.group(1))
        if re.fullmatch(r"\d{4}[年.\-/]\d{1,2}(?:[月.\-/](?:底|末)?)?", typed):
            year, month = (int(part) for part in re.findall(r"\d+", typed))
            return _month_end(year, month)
        return read_date(typed).value
    if found := _MONTHS.search(text):
        return _month_end(int(found.group(1)), int(found.group(2)))
    return None


def _month_end(year: int, month: int) -> date | None:
    return date(year, month, calendar.monthrange(year, month)[1]) if 1 <= month <= 12 else None


def _units(lines: list[str]) -> dict[str, str]:
    """单位:万元、人次 as {"money": "万元", "人次": "人次"}; a name of an office after 单位: is not a unit."""
    units: dict[str, str] = {}
    for line in (_REPORTER.sub("", line) for line in lines):
        for found in _UNITS.finditer(line):
            for text in re.split(r"[、,;/]", re.sub(r"[()]", "", found.group(1))):
                unit = read_unit(text) if text else None
                if unit and unit.is_money:
                    units["money"] = text
                elif unit and (unit.is_count or unit.is_percent):
                    units[unit.base] = text
    return units


def layout_of(ledger: Ledger, texts: list[str]) -> Layout | None:
    """The layout whose longest word occurs; a word in the title goes before one in the file's name."""
    for text in texts:
        plain = normalise(text)
        found = [
            (len(word), layout)
            for layout in ledger.layouts
            for word in map(normalise, layout.words)
            if word and word in plain
        ]
        if found:
            return max(found, key=lambda pair: pair[0])[1]
    return None


def _reporter(line: str) -> str:
    found = _REPORTER.search(line)
    return _OFFICE.sub("", re.sub(r"\(.*|[()]", "", found.group(1))) if found else ""
