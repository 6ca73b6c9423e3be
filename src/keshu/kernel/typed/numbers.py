"""Numbers as people type them into cells: units, separators, brackets, 约 and 余."""

from __future__ import annotations

import math
import re
from datetime import date
from decimal import Decimal, InvalidOperation

from keshu.kernel.numerals import read_numeral
from keshu.kernel.typed.read import Problem, Read, cell_text, is_missing, wrong
from keshu.kernel.typed.units import Unit, read_unit
from keshu.kernel.width import half_width, no_spaces, plain_dashes

_APPROX_BEFORE = re.compile(
    r"^(?:大约|约为|约|将近|接近|近|超过|超|逾|突破|不足|不到|至少|最多|达到|达|共计|共|合计|计)+"
)
_FIRM_BEFORE = re.compile(r"^(?:达到|达|共计|共|合计|计)+$")
_APPROX_AFTER = re.compile(r"(?:左右|上下|以上|以下|以内|余|多|\+)$")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|[¥￥])", re.IGNORECASE)
_SIGN = re.compile(r"^(?:负|-|\+)")
_BRACKETS = re.compile(r"^\((.+?)\)(.*)$")
_REMARK = re.compile(r"^(.*\d.*?)\(([^()]*\D[^()]*)\)$")
_BODY = re.compile(
    r"(?P<number>[\d,.]+(?:[eE][+-]?\d+)?|[〇零一二两三四五六七八九十百千万亿点]+)"
    r"(?P<over>[余多几]?)(?P<scale>[十百千万亿]*)(?P<after>[余多]?)(?P<unit>[^\d]*)"
)
_MIXED = re.compile(r"((?:\d+(?:\.\d+)?[亿万千百])+\d+(?:\.\d+)?[亿万千百]?)([余多]?)(\D*)")
_BROKEN = re.compile(r"\d\s+\d(?!\d{2}(?!\d))")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_RANGE = re.compile(r"\d\D{0,3}(?:-|~|至|到|—)\D{0,1}\d")
_REMEDY = "请填写一个数，如1234.5；没有数据请留空"


def read_number(value: object, *, unit: str = "", into: str = "") -> Read[Decimal]:
    """A number in the base unit (元, 人次, %), or in `into` where given.

    `unit` is what the column or its header says; a unit in the cell goes first. A bare 万 or 亿 in the cell counts base
    units, also in a 万元 column: nobody who types 2000万 means ten thousand times that.
    """
    if isinstance(value, bool | date):
        return Read(problem=wrong("number-type", f"“{cell_text(value)}”不是数字", "该列应填数字，请检查是否错列"))
    if isinstance(value, int | float | Decimal):
        return _plain_cell(value, unit=unit, into=into)
    if is_missing(value):
        return Read()
    text = plain_dashes(half_width(cell_text(value)))
    if text.startswith("#"):
        return Read(problem=_failed_formula())
    if _BROKEN.search(text):
        return Read(problem=_bad_separator(text))
    text = no_spaces(text)
    remark = _REMARK.match(text)
    if remark and not _BRACKETS.match(text) and not _unit_bracket(text):
        text = remark[1]
    read = _read_text(text, column=read_unit(unit))
    if read.value is None:
        return read
    notes = [read.note] if read.note else []
    if remark and text == remark[1]:
        notes.append(f"括号内的说明“{remark[2]}”未计入")
    return Read(_in_unit(read.value, into), "；".join(notes), approx=read.approx)


def _failed_formula() -> Problem:
    return wrong("number-type", "单元格中的公式没有算出数值", "请检查公式，或直接填写数字")


def _unit_bracket(text: str) -> bool:
    """人(次), 台(套) and the like belong to the unit."""
    return bool(re.search(r"\((?:次|套|人|万元|元|亿元|%|家|项|件)\)$", text))


def _plain_cell(value: float | Decimal, *, unit: str, into: str) -> Read[Decimal]:
    if isinstance(value, float) and not math.isfinite(value):
        return Read() if math.isnan(value) else Read(problem=_failed_formula())
    number = Decimal(f"{value:.15g}") if isinstance(value, float) else Decimal(value)
    return Read(_in_unit(number * read_unit(unit).factor, into))


def _in_unit(value: Decimal, into: str) -> Decimal:
    return value / read_unit(into).factor if into else value


def _read_text(text: str, *, column: Unit) -> Read[Decimal]:
    stripped, sign = _take_sign(_CURRENCY.sub("", text))
    before = _APPROX_BEFORE.match(stripped)
    body = stripped[before.end() :] if before else stripped
    body = _CURRENCY.sub("", body)
    after = _APPROX_AFTER.search(body)
    body = body[: after.start()] if after else body
    if not body or not re.search(r"[\d〇零一二两三四五六七八九十百千]", body):
        return Read(problem=wrong("number-shape", f"“{text}”不是数字", _REMEDY))
    if _RANGE.search(body):
        return Read(problem=wrong("number-range", f"“{text}”是一个区间", "请填写一个确定的数"))
    taken = _take_number(body)
    if isinstance(taken, Problem):
        return Read(problem=taken)
    number, over, cell_unit = taken
    absolute = not cell_unit and re.search("[万亿]", body) is not None
    scaled, note, problem = _scaled(number, cell_unit, Unit(Decimal(1), column.base) if absolute else column, text)
    if problem:
        return Read(problem=problem)
    approx = bool(over or after or (before and not _FIRM_BEFORE.match(before[0])))
    if approx:
        note = f"{note}；" * bool(note) + f"原文为约数“{text}”"
    return Read(sign * scaled, note, approx=approx)


def _take_sign(text: str) -> tuple[str, int]:
    """A minus sign, 负, or accountants' brackets around the number."""
    if found := _BRACKETS.match(text):
        if re.fullmatch(r"[\d,.]+[^\d()]*", found[1]):
            return found[1] + found[2], -1
        return text, 1
    found = _SIGN.match(text)
    if not found:
        return text, 1
    return text[found.end() :], 1 if found[0] == "+" else -1


def _take_number(body: str) -> tuple[Decimal, bool, str] | Problem:
    """The number, whether 余 or 多 follows it, and the unit behind."""
    if found := _MIXED.fullmatch(body):
        number = read_numeral(found[1])
        if number is not None:
            return number, bool(found[2]), found[3]
    found = _BODY.fullmatch(body)
    if not found:
        return wrong("number-shape", f"“{body}”不是一个数", _REMEDY)
    number = _digits(found["number"])
    if number is None:
        if "," in body or body.count(".") > 1:
            return _bad_separator(body)
        return wrong("number-shape", f"“{body}”不是一个数", _REMEDY)
    return number, bool(found["over"] or found["after"]), found["scale"] + found["unit"]


def _bad_separator(text: str) -> Problem:
    return wrong("number-separator", f"“{text}”中的分隔符位置不对", "千分位逗号应每三位一个，小数点只能有一个")


def _digits(text: str) -> Decimal | None:
    if "," in text:
        if not _GROUPED.fullmatch(text):
            return None
        text = text.replace(",", "")
    if text[0] in "0123456789.":
        try:
            return Decimal(format(Decimal(text), "f"))
        except InvalidOperation:
            return read_numeral(text)
    return read_numeral(text)


def _scaled(number: Decimal, typed: str, column: Unit, text: str) -> tuple[Decimal, str, Problem | None]:
    """The number in the base unit of the column; a note on another counting word, a problem where it cannot be."""
    if not typed:
        return number * column.factor, "", None
    unit = read_unit(typed)
    if not unit.base:
        if not re.search("[万亿]", typed):
            return number * unit.factor * column.factor, "", None
        note = f"单元格内的“{typed}”按{typed}{column.base}理解" if column.factor != 1 else ""
        return number * unit.factor, note, None
    if not column.base or unit.base == column.base or (unit.is_percent and column.is_percent):
        return _known(number * unit.factor, unit, typed, text)
    if unit.is_count and column.is_count:
        return number * unit.factor, f"单位写作“{typed}”，按“{column.base}”记", None
    problem = wrong(
        "number-unit", f"“{text}”的单位“{typed}”与本列单位“{column.base}”不符", f"请换算成{column.base}，或检查是否错列"
    )
    return number, "", problem


def _known(number: Decimal, unit: Unit, typed: str, text: str) -> tuple[Decimal, str, Problem | None]:
    if re.search(r"[()（）/\\;:：；、，。?？!！<>=*]", unit.base) or len(unit.base) > 6:
        return number, "", wrong("number-shape", f"“{text}”中的“{typed}”无法识别", _REMEDY)
    return number, "", None
