"""A bulletin read: values of places with growth, rank and average, and every problem with its cell and remedy."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import Gazetteer
from keshu.bureau.statistics.bulletins.columns import (
    GROWTH,
    RANK,
    VALUE,
    Column,
    Heading,
    Vocabulary,
    find_heading,
    text_of,
)
from keshu.bureau.statistics.bulletins.units import UnitProblem, noted_units, unit_of_column
from keshu.bureau.statistics.writing import ValueSpec
from keshu.catalogue import Catalogue, normalise
from keshu.kernel.measure.period import BadPeriod, Period
from keshu.kernel.typed import is_missing, read_number

_AVERAGE = re.compile(r"平均|均值")
_WHOLE = frozenset({"全市", "全县", "全区", "合计", "总计", "全市合计", "全市总计", "全县合计"})
_UPPER = frozenset({"全省", "全国", "全省合计", "全国合计"})
_RANK_TEXT = re.compile(r"(?:并列)?第?(\d{1,3})(?:位|名)?(?:/(\d{1,3}))?$")
_NOTE_ROW = re.compile(r"^(?:注|备注|说明|数据来源|制表|填表|审核)")
_MONTHS = re.compile(r"((?:19|20)\d{2})\s*年\s*(?:1|一)?\s*月?\s*(?:-|—|–|~|至|到)+\s*(\d{1,2})\s*月")
_MONTH_END = re.compile(r"((?:19|20)\d{2})\s*年\s*(\d{1,2})\s*月(?:底|末)")
_NAMED = {"一季度": "Q1", "上半年": "H1", "全年": "", "年度": ""}
_YEAR = re.compile(r"((?:19|20)\d{2})\s*年")
ERROR, WARNING = "error", "warning"


@dataclass(frozen=True)
class Grid:
    """A sheet as its cells from A1 on; `merged` are ((first row, column), (last row, column)), from 0."""

    name: str
    rows: Sequence[Sequence[Any]]
    merged: Sequence[Any] = ()


@dataclass(frozen=True)
class Trouble:
    """Something in the bulletin that somebody has to mend or at least know."""

    sheet: str
    row: int
    column: str
    code: str
    message: str
    remedy: str
    severity: str = ERROR


@dataclass
class Bulletin:
    """What was read; `ready` when nothing stands in the way of taking it in."""

    values: list[ValueSpec] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)
    period: Period | None = None

    @property
    def ready(self) -> bool:
        return bool(self.values) and not any(trouble.severity == ERROR for trouble in self.troubles)


def period_in(texts: Iterable[str]) -> Period | None:
    """The period that a title speaks of: 2026年1—10月, 2025年上半年, 2025年, 截至2026年10月底."""
    for text in texts:
        plain = text_of(text)
        try:
            if found := _MONTHS.search(plain):
                return Period.parse(f"{found[1]}-01..{found[1]}-{int(found[2]):02}")
            if found := _MONTH_END.search(plain):
                return Period.parse(f"{found[1]}-01..{found[1]}-{int(found[2]):02}")
        except BadPeriod:
            continue
        if found := _YEAR.search(plain):
            suffix = next((code for word, code in _NAMED.items() if code and word in plain), "")
            if "前三季度" in plain:
                return Period.parse(f"{found[1]}-01..{found[1]}-09")
            return Period.parse(found[1] + suffix)
    return None


def read_bulletin(
    sheets: Iterable[Grid], *, catalogue: Catalogue, gazetteer: Gazetteer, root: str, period: Period | None = None,
    file_name: str = "",
) -> Bulletin:  # fmt: skip
    """Every matrix of the workbook. `root` is the place that 全市 means; `period` goes before what titles say."""
    bulletin = Bulletin(period=period)
    vocabulary = Vocabulary(catalogue)
    for sheet in sheets:
        heading = find_heading(sheet.rows, sheet.merged, vocabulary)
        if heading is not None:
            _Matrix(bulletin, sheet, heading, catalogue, gazetteer, root, file_name).read()
    if not bulletin.values and not bulletin.troubles:
        bulletin.troubles.append(
            Trouble("", 0, "", "no-matrix", _("没有找到“区划 × 指标”的表格"),
                    _("表头应有区划一列，其余各列写指标名称；指标名称或别名须与指标库一致"))
        )  # fmt: skip
    return bulletin


@dataclass
class _Matrix:
    """One sheet being read."""

    bulletin: Bulletin
    sheet: Grid
    heading: Heading
    catalogue: Catalogue
    gazetteer: Gazetteer
    root: str
    file_name: str
    averages: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    found: dict[tuple[str, str, str], ValueSpec] = field(default_factory=dict)
    units: dict[int, str] = field(default_factory=dict)

    def read(self) -> None:
        above = [text_of(cell) for row in self.sheet.rows[: self.heading.top] for cell in row if text_of(cell)]
        period = self.bulletin.period or period_in([*above, self.sheet.name, self.file_name])
        if period is None:
            self.trouble(0, "", "no-period", _("看不出数据属于哪个期间"), _("请在导入页选定期间，如 2026-01..2026-10"))
            return
        self.bulletin.period = period
        self.period = period
        self.read_units(above)
        for index, text in self.heading.unknown:
            message = _("“%(text)s”不是指标库中的指标，该列未读取") % {"text": text}
            remedy = _("如需收入，请在指标定义的别名中加上这个写法")
            self.trouble(self.heading.top + 1, letters(index), "unknown-indicator", message, remedy, WARNING)
        for number in range(self.heading.bottom + 1, len(self.sheet.rows)):
            self.read_row(number, self.sheet.rows[number])
        self.finish()

    def read_units(self, above: Iterable[str]) -> None:
        """The unit of each column of values; a column whose unit cannot be told is named once and left out."""
        noted, strange = noted_units(above, self.catalogue)
        for word in strange:
            message = _("表上所注单位“%(unit)s”无法识别") % {"unit": word}
            self.trouble(0, "", "unit-unknown", message, _("请改成常用写法，如“单位：亿元、%、家”"))
        for column in self.heading.columns:
            if column.what == VALUE:
                try:
                    self.units[column.index] = unit_of_column(column, self.catalogue.indicators[column.code], noted)
                except UnitProblem as problem:
                    where = (self.heading.top + 1, letters(column.index))
                    self.trouble(*where, problem.code, problem.message, problem.remedy)

    def read_row(self, number: int, row: Sequence[Any]) -> None:
        label = text_of(row[self.heading.place]) if self.heading.place < len(row) else ""
        if not label or _NOTE_ROW.match(label) or not any(text_of(cell) for cell in row[self.heading.place + 1 :]):
            return
        plain = normalise(label)
        if _AVERAGE.search(plain):
            self.read_average(number, row)
        elif plain in _UPPER:
            return  # an upper place's total is nobody's value here
        else:
            place = self.place(number, label, plain)
            if place:
                self.read_values(number, row, place)

    def place(self, number: int, label: str, plain: str) -> str:
        if plain in _WHOLE:
            return self.whole(number, label)
        codes = self.gazetteer.find(label)
        if len(codes) == 1:
            return codes[0]
        message = _("“%(label)s”不是已登记的区划") if not codes else _("“%(label)s”指哪个区划不明确")
        remedy = _("请改成区划的全称或代码，或在区划的别名中加上这个写法")
        self.trouble(number + 1, letters(self.heading.place), "unknown-place", message % {"label": label}, remedy)
        return ""

    def whole(self, number: int, label: str) -> str:
        """The place that 全市 or 合计 means; a province is no 市, and its figure would be somebody else's."""
        kind = Place.objects.filter(code=self.root).values_list("kind", flat=True).first()
        if kind is not None and not (kind == Place.Kind.PROVINCE and label.startswith(("全市", "全县", "全区"))):
            return self.root
        message = _("“%(label)s”指哪个区划不明确") % {"label": label}
        remedy = _("请在导入页选定“全市”“合计”所指的区划（命令行用 --place），或改成区划的全称")
        self.trouble(number + 1, letters(self.heading.place), "unknown-whole", message, remedy)
        return ""

    def read_average(self, number: int, row: Sequence[Any]) -> None:
        for column in self.heading.columns:
            value = self.number(number, row, column) if column.what == VALUE else None
            if value is not None:
                self.averages[column.code, column.scope] = value

    def read_values(self, number: int, row: Sequence[Any], place: str) -> None:
        for column in self.heading.columns:
            cell = row[column.index] if column.index < len(row) else None
            if is_missing(cell) or (column.what == VALUE and column.index not in self.units):
                continue
            key = (column.code, column.scope, place)
            spec = self.found.get(key) or ValueSpec(column.code, place, self.period, scope=column.scope)
            where = f"{self.sheet.name}!{letters(column.index)}{number + 1}"
            if column.what == RANK:
                spec = self.ranked(spec, number, column, cell)
            elif column.what == GROWTH:
                spec = replace(spec, growth=self.number(number, row, column))
            elif spec.value is not None:
                message = _("“%(heading)s”在该行出现两次") % {"heading": column.heading}
                self.trouble(number + 1, letters(column.index), "twice", message, _("请删去重复的一列或一行"))
            else:
                spec = replace(spec, value=self.number(number, row, column), cell=where)
            self.found[key] = spec if spec.cell else replace(spec, cell=where)

    def ranked(self, spec: ValueSpec, number: int, column: Column, cell: Any) -> ValueSpec:
        text = text_of(cell).removesuffix(".0").replace(" ", "")
        found = _RANK_TEXT.match(text)
        if found is None or int(found[1]) == 0:
            message = _("位次“%(text)s”不是名次") % {"text": text}
            self.trouble(number + 1, letters(column.index), "rank", message, _("请填写整数，如 3"))
            return spec
        return replace(spec, rank=int(found[1]), rank_of=int(found[2]) if found[2] else spec.rank_of)

    def number(self, number: int, row: Sequence[Any], column: Column) -> Decimal | None:
        cell = row[column.index] if column.index < len(row) else None
        unit = "%" if column.what == GROWTH else self.units.get(column.index)
        if unit is None:
            return None
        read = read_number(cell, unit=unit)
        if read.problem is not None:
            problem = read.problem
            self.trouble(number + 1, letters(column.index), problem.code, problem.message, problem.remedy)
        return read.value

    def finish(self) -> None:
        counts: dict[tuple[str, str], int] = {}
        for (code, scope, _place), spec in self.found.items():
            if spec.rank is not None:
                counts[code, scope] = max(counts.get((code, scope), 0), spec.rank, self.ranked_places(code, scope))
        for (code, scope, _place), spec in self.found.items():
            average = self.averages.get((code, scope))
            of = spec.rank_of or (counts.get((code, scope)) if spec.rank is not None else None)
            self.bulletin.values.append(replace(spec, average=average, rank_of=of))
        self.check_ranks()

    def ranked_places(self, code: str, scope: str) -> int:
        return sum(1 for (c, s, _), spec in self.found.items() if (c, s) == (code, scope) and spec.rank is not None)

    def check_ranks(self) -> None:
        """A rank that contradicts the values beside it is named; the bulletin may still be right."""
        series: dict[tuple[str, str], list[ValueSpec]] = {}
        for (code, scope, _place), spec in self.found.items():
            if spec.rank is not None and spec.value is not None:
                series.setdefault((code, scope), []).append(spec)
        for (code, _scope), specs in series.items():
            direction = self.catalogue.indicators[code].direction
            ordered = sorted(specs, key=lambda one: one.rank or 0)
            for better, worse in pairwise(ordered):
                wrong = better.value < worse.value if direction == "higher" else better.value > worse.value
                if direction != "none" and better.rank != worse.rank and wrong:
                    self.contradiction(worse)

    def contradiction(self, spec: ValueSpec) -> None:
        column, row = re.match(r"([A-Z]+)(\d+)$", spec.cell.rpartition("!")[2]).groups()
        name = self.catalogue.indicators[spec.indicator].name
        message = _("“%(name)s”的位次 %(rank)s 与数值大小不符") % {"name": name, "rank": spec.rank}
        self.trouble(int(row), column, "rank-order", message, _("通报可能按增速排位；请核对后再确认"), WARNING)

    def trouble(self, row: int, column: str, code: str, message: str, remedy: str, severity: str = ERROR) -> None:
        self.bulletin.troubles.append(Trouble(self.sheet.name, row, column, code, message, remedy, severity))


def letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text, index = "", index + 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text
