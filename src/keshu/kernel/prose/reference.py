"""References to figures in text: {code[@place][/period][:form][|unit]}.

`hte.valid@990121/2025:growth` is the growth of an indicator in a place and period. Where place and period are left
out, the summary's own are meant. A form may carry one argument in brackets: `without_largest(2)`, `share(hte.valid)`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from keshu.kernel.measure.period import BadPeriod, Period


class Form(StrEnum):
    """What is printed of a figure; each form keeps the figure's lineage."""

    VALUE = "value"
    ROUGH = "rough"
    DIFFERENCE = "difference"
    GROWTH = "growth"
    POINTS = "points"
    SHARE = "share"
    COMPLETION = "completion"
    PACE = "pace"
    TARGET = "target"
    RANK = "rank"
    RANK_MOVED = "rank_moved"
    STREAK = "streak"
    FIRST_OVER = "first_over"
    ENTERED = "entered"
    LEFT = "left"
    NET = "net"
    SUM = "sum"
    COMPOUND_GROWTH = "compound_growth"
    PER_TEN_THOUSAND = "per_ten_thousand"
    AGAINST_AVERAGE = "against_average"
    WITHOUT_LARGEST = "without_largest"
    PARTS = "parts"
    NAMES = "names"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    Form.VALUE: "数值", Form.ROUGH: "概数", Form.DIFFERENCE: "增减量", Form.GROWTH: "增幅",
    Form.POINTS: "百分点变化", Form.SHARE: "占比", Form.COMPLETION: "完成率", Form.PACE: "与序时进度之差",
    Form.TARGET: "目标", Form.RANK: "位次", Form.RANK_MOVED: "位次变化", Form.STREAK: "连续年数",
    Form.FIRST_OVER: "首次突破", Form.ENTERED: "进入数", Form.LEFT: "退出数", Form.NET: "净增",
    Form.SUM: "累计", Form.COMPOUND_GROWTH: "年均增速", Form.PER_TEN_THOUSAND: "每万人口",
    Form.AGAINST_AVERAGE: "与平均之差", Form.WITHOUT_LARGEST: "剔除最大", Form.PARTS: "分项",
    Form.NAMES: "名单",
}  # fmt: skip

_RELATIVE: dict[str, Callable[[Period], Period]] = {
    "now": lambda period: period,
    "last": Period.last_year,
    "previous": Period.previous,
    "year": Period.whole_year,
    "last_year": lambda period: period.whole_year().last_year(),
    "next_year": lambda period: period.whole_year().shift_years(1),
    "five_years": lambda period: Period.of_years(period.year - 4, period.year),
    "last_five_years": lambda period: Period.of_years(period.year - 9, period.year - 5),
}
_CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)*$")
_FORM = re.compile(r"([a-z_]+)(?:\(([^()]+)\))?$")
_FORMS = frozenset(form.value for form in Form)
_BRACES = re.compile(r"[{}]")


class BadReference(ValueError):
    """What is wrong, where in the text (`position`), and the remedy, in Chinese."""

    def __init__(self, message: str, *, position: int, remedy: str) -> None:
        super().__init__(message)
        self.message, self.position, self.remedy = message, position, remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A reference taken apart; empty parts mean the summary's place and period, the value, the own unit."""

    code: str
    place: str = ""
    period: str = ""
    form: Form = Form.VALUE
    argument: str = ""
    unit: str = ""

    @classmethod
    def parse(cls, text: str, *, offset: int = 0) -> Reference:
        """Read one reference with its braces; positions in errors count from `offset`."""
        if not (text.startswith("{") and text.endswith("}")):
            raise BadReference("引用应写在花括号内", position=offset, remedy="请写成{指标代码}，如{hte.valid:growth}")
        rest, unit_at = _cut(text[1:-1], "|")
        rest, form_at = _cut(rest, ":")
        rest, period_at = _cut(rest, "/")
        code, place_at = _cut(rest, "@")
        ends = [len(code) + 2]
        for part in (place_at, period_at, form_at):
            ends.append(ends[-1] + (0 if part is None else len(part) + 1))
        _check_code(code, offset + 1)
        _check_filled(place_at, "区划", offset + ends[0])
        _check_period(period_at, offset + ends[1])
        form, argument = _read_form(form_at, offset + ends[2])
        _check_filled(unit_at, "单位", offset + ends[3])
        return cls(
            code=code, place=place_at or "", period=period_at or "", form=form, argument=argument, unit=unit_at or ""
        )

    def __str__(self) -> str:
        form = "" if self.form is Form.VALUE and not self.argument else f":{self.form.value}"
        argument = f"({self.argument})" if self.argument else ""
        place = f"@{self.place}" if self.place else ""
        period = f"/{self.period}" if self.period else ""
        unit = f"|{self.unit}" if self.unit else ""
        return f"{{{self.code}{place}{period}{form}{argument}{unit}}}"

    def resolve_period(self, base: Period) -> Period:
        """Its period, seen from the summary's."""
        if not self.period:
            return base
        relative = _RELATIVE.get(self.period)
        return relative(base) if relative else Period.parse(self.period)


@dataclass(frozen=True, slots=True)
class Located:
    """A reference and where its braces stand in the text."""

    reference: Reference
    start: int
    end: int


def find_references(text: str) -> tuple[list[Located], list[BadReference]]:
    """All references of a text and all faults, in order; a text with faults still gives its good references."""
    found: list[Located] = []
    faults: list[BadReference] = []
    opened: int | None = None
    for brace in _BRACES.finditer(text):
        place = brace.start()
        if brace[0] == "{":
            if opened is not None:
                faults.append(_unpaired("花括号没有闭合", opened, "请补上}"))
            opened = place
        elif opened is None:
            faults.append(_unpaired("多出一个}", place, "请删去，或补上前面的{"))
        else:
            try:
                found.append(Located(Reference.parse(text[opened : place + 1], offset=opened), opened, place + 1))
            except BadReference as fault:
                faults.append(fault)
            opened = None
    if opened is not None:
        faults.append(_unpaired("花括号没有闭合", opened, "请补上}"))
    return found, faults


def fill(text: str, write: Callable[[Reference], str]) -> str:
    """The text with each reference replaced by what `write` makes of it; the first fault is raised."""
    found, faults = find_references(text)
    if faults:
        raise faults[0]
    parts, at = [], 0
    for located in found:
        parts += [text[at : located.start], write(located.reference)]
        at = located.end
    return "".join([*parts, text[at:]])


def _unpaired(message: str, position: int, remedy: str) -> BadReference:
    return BadReference(message, position=position, remedy=remedy)


def _cut(text: str, sign: str) -> tuple[str, str | None]:
    head, found, tail = text.partition(sign)
    return head, tail if found else None


def _check_code(code: str, position: int) -> None:
    if not _CODE.match(code):
        raise BadReference(
            f"“{code}”不是指标代码", position=position, remedy="代码由小写字母、数字、下划线和点组成，如hte.valid"
        )


def _check_filled(part: str | None, name: str, position: int) -> None:
    if part is not None and not part.strip():
        raise BadReference(f"{name}是空的", position=position, remedy=f"请填写{name}，或删去前面的分隔符")


def _check_period(part: str | None, position: int) -> None:
    _check_filled(part, "期间", position)
    if part is None or part in _RELATIVE:
        return
    try:
        Period.parse(part)
    except BadPeriod as error:
        raise BadReference(str(error), position=position, remedy=f"也可写{'、'.join(_RELATIVE)}") from error


def _read_form(part: str | None, position: int) -> tuple[Form, str]:
    if part is None:
        return Form.VALUE, ""
    found = _FORM.match(part)
    if not found or found[1] not in _FORMS:
        raise BadReference(f"“{part}”不是数的形式", position=position, remedy=f"可用的形式：{'、'.join(Form)}")
    return Form(found[1]), found[2] or ""
