"""In which unit a column of a bulletin stands: its own, else the one of the table's note that measures the same."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.statistics.bulletins.columns import Column
from keshu.catalogue import Catalogue, Indicator
from keshu.kernel.typed import Unit, read_unit

# 报送单位:某某局 names an office, no unit
_NOTE = re.compile(r"(?<![\u4e00-\u9fff])(?:计量|金额|数量)?单位\s*[::]\s*([^\s::、,;]+(?:\s*[、,;]\s*[^\s::、,;]+)*)")
_BETWEEN = re.compile(r"\s*[、,;和及]\s*")
_REMARK = re.compile(r"\((?!次|套).*$")
_LEAD = re.compile(r"^(?:人民币|均为|为)")


@dataclass(frozen=True)
class UnitProblem(Exception):
    """A column whose unit cannot be told; `code` names the case."""

    code: str
    message: str
    remedy: str


def noted_units(texts: Iterable[str], catalogue: Catalogue) -> tuple[list[str], list[str]]:
    """The units that the notes above a table list (单位:亿元、%、家), and what stands there and is no unit."""
    known = {read_unit(one.unit).base for one in catalogue.indicators.values()}
    units: list[str] = []
    strange: list[str] = []
    for text in texts:
        for found in _NOTE.finditer(text):
            for word in _BETWEEN.split(_bare(found[1])):
                parts = [word] if _is_unit(word, known) else word.split("/")
                for part in (_LEAD.sub("", part) for part in parts if part):
                    (units if _is_unit(part, known) else strange).append(part)
    return list(dict.fromkeys(units)), strange


def _bare(text: str) -> str:
    """The list without the bracket that holds the whole note, or a remark behind it."""
    text = _REMARK.sub("", text.strip("[]【】。."))
    return text if "(" in text else text.rstrip(")")


def _is_unit(word: str, known: set[str]) -> bool:
    unit = read_unit(_LEAD.sub("", word))
    return bool(unit.base) and (unit.base in known or unit.is_money or unit.is_percent or unit.is_count)


def unit_of_column(column: Column, indicator: Indicator, noted: Iterable[str]) -> str:
    """The unit in which a column's bare numbers stand; "" is the indicator's own. Raises UnitProblem."""
    wanted = read_unit(indicator.unit)
    if column.unit:
        if not _same_kind(read_unit(column.unit), wanted):
            raise _mismatch(column, indicator)
        return column.unit
    exact = [unit for unit in noted if read_unit(unit).base == wanted.base]
    fitting = exact or [unit for unit in noted if _same_kind(read_unit(unit), wanted)]
    factors = {read_unit(unit).factor for unit in fitting}
    if len(factors) > 1:
        raise _ambiguous(column, fitting)
    if not fitting and _comes_in_magnitudes(indicator):
        raise _unsaid(column, indicator)
    return fitting[0] if fitting else ""


def _same_kind(unit: Unit, wanted: Unit) -> bool:
    return unit.base == wanted.base or (unit.is_percent and wanted.is_percent) or (unit.is_count and wanted.is_count)


def _comes_in_magnitudes(indicator: Indicator) -> bool:
    """Printed in 万元, 亿元, 万人: a bare number may be off by the whole magnitude."""
    return bool(indicator.print_unit) and read_unit(indicator.print_unit).factor != read_unit(indicator.unit).factor


def _mismatch(column: Column, indicator: Indicator) -> UnitProblem:
    said = {"heading": column.heading, "unit": column.unit, "wanted": indicator.print_unit or indicator.unit}
    return UnitProblem(
        "unit-mismatch", _("“%(heading)s”所注单位“%(unit)s”与该指标的单位“%(wanted)s”不是一类") % said,
        _("请检查是否错列，或改正表头中的单位"),
    )  # fmt: skip


def _ambiguous(column: Column, fitting: list[str]) -> UnitProblem:
    said = {"heading": column.heading, "units": "、".join(fitting)}
    return UnitProblem(
        "unit-ambiguous", _("“%(heading)s”的单位不明确：表上注有 %(units)s") % said,
        _("请在该列表头的名称后用括号注明单位，如“(万元)”"),
    )  # fmt: skip


def _unsaid(column: Column, indicator: Indicator) -> UnitProblem:
    said = {"heading": column.heading, "unit": indicator.print_unit}
    return UnitProblem(
        "unit-missing", _("看不出“%(heading)s”的单位，该列没有读取") % said,
        _("请在表头注明单位，如“单位：%(unit)s”，或在该列名称后用括号注明") % said,
    )  # fmt: skip
