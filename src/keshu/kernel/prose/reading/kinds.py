"""What kind of statement a figure is, and whether the text reports, promises or expects it."""

from __future__ import annotations

import re

from keshu.kernel.prose.figure import Figure, Kind, Role
from keshu.kernel.prose.reading.clauses import Place
from keshu.kernel.prose.reading.measures import MONEY, POINTS

_UP = "增长|增加|增幅|增速|递增|增|提高|提升|上升|上涨|涨幅|回升|反弹|扩大|扩张|加快|高出?|快|上浮|涨|升|放大|翻"
_DOWN = (
    "下降|降低|降幅|回落|减少|递减|下滑|压缩|压减|压降|精简|缩短|缩减|削减|收窄|下跌|跌幅|减幅|下调|减|降|跌|缩小|收缩"
    "|萎缩|减排|节省|节约|负增长|淘汰"
)
CHANGE = re.compile(rf"{_UP}|{_DOWN}")
#: the nearest of these before a rate decides: a change, a level that was reached, a share
_CUE = re.compile(
    rf"(?P<rate>增长率|增长速度|增长幅度|增速|增幅|涨幅|降幅|减幅|跌幅|升幅|上涨幅度|下降幅度|递增率|同比|环比|年均|可比价|两年平均)"
    rf"|(?P<level>(?:提高|提升|增加|增长|上升|升高?|降低?|下降|回落|增|扩大|压缩|压降|压减|下调|上调|减少)(?:至|到)|达到?|为|占|比重|占比|比例|覆盖率|[^增长减]率(?!先|领)"
    rf"|完成|实现|贡献|高于|低于|快于|慢于|多于|少于|优于|领先|相当于|是|超过?|不低于|不少于|控制在|保持在|稳定在|超序时|超时序)"
    rf"|(?P<change>{_UP}|{_DOWN})"
)
_GAP = re.compile(
    r"(?:高于|低于|快于|慢于|高出|优于|超出?|领先|落后|超序时进度|比全[国省市县区][^，]{0,6}[高低快慢])[^，。；,;]{0,24}$"
)
_TARGET = re.compile(
    r"力争|争取|确保|目标|计划|规划|预期|将达|拟|不低于|不少于|要[新实达完建培推力再]|再(?:增|提高|新增|建|造|提升|下降|降|添|认定|培育)|到20\d\d年(?!底?[,，]?已)|到[“\"]?十[四五六]五"
    r"|末达到|明年|下一?年|未来|今后|将[新实达完建培]|至20\d\d年|奋斗|努力(?:实现|完成|做到)|以内|任务(?:是|为)|冲刺|翻番"
)
_FORECAST = re.compile(r"预计|预测|有望|估计|预估|可达|初步测算")
_FORWARD = re.compile(
    r"打算|思路|计划|安排|下一步|下步|目标任务|主要目标|预期目标|发展目标|展望|明年|工作要点|重点任务|总体要求|工作建议"
    r"|工作重点|主要任务|下一年|工作举措"
)
_HEADING = re.compile(
    r"(?m)^[ \t\u3000]{0,8}(?:[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}部分|#{1,6} )[^\n]{2,60}$"
)
_LONG_HEADING = 60


def plans(plain: str) -> list[tuple[int, bool]]:
    """Where the headings of the first level stand, and whether each opens a part about what is to come."""
    return [(found.start(), bool(_FORWARD.search(found[0][:_LONG_HEADING]))) for found in _HEADING.finditer(plain)]


def role_of(place: Place, planned: bool) -> Role:
    """The last word of the sentence that speaks of the future; in a part about plans it is the default."""
    near = place.before[-60:]
    if _FORECAST.search(place.clause):
        return Role.FORECAST
    if _TARGET.search(near):
        return Role.ACTUAL if _reached(near) else Role.TARGET
    return Role.TARGET if planned else Role.ACTUAL


def _reached(near: str) -> bool:
    """完成年度目标的94%, 超额完成目标: a target is named, an actual is reported."""
    return bool(
        re.search(
            r"(?:完成|达到|超过|超出|占|高于|实现|落实)[^，。；]{0,14}(?:目标|计划|任务|预期|规划)[^，。；]{0,10}$",
            near,
        )
    )


def kind_of(place: Place, role: Role) -> Kind:
    figure = place.figure
    if figure.value is None:
        return Kind.PLACEHOLDER
    if figure.kind is Kind.RANK:
        return Kind.RANK
    if figure.canonical in MONEY:
        return Kind.AMOUNT
    if figure.canonical in POINTS:
        return _change(Kind.RATIO if _GAP.search(place.clause) else Kind.GROWTH, role)
    if figure.canonical in ("%", "倍"):
        return _change(_rate(place), role)
    return Kind.RATIO if _is_ratio(figure) else Kind.COUNT


def _is_ratio(figure: Figure) -> bool:
    return not figure.unit and any(mark in figure.text for mark in ":：∶比")


def _change(kind: Kind, role: Role) -> Kind:
    return Kind.TARGET_CHANGE if kind is Kind.GROWTH and role is Role.TARGET else kind


def _rate(place: Place) -> Kind:
    """A percentage or a multiple is a change where the last word before it says so, else a level."""
    text = place.lead if CHANGE.search(place.lead) or "占" in place.lead else place.clause
    last = None
    named = False
    for last in _CUE.finditer(text):
        named = named or last.lastgroup == "rate"
    if last is None:
        return Kind.GROWTH if _rate_follows(place) else Kind.RATIO
    if last.lastgroup == "level":
        return Kind.GROWTH if named and last[0] not in ("占", "占比", "比重") else Kind.RATIO
    return Kind.GROWTH


def _rate_follows(place: Place) -> bool:
    return bool(re.match(r"(?:左右|以上)?(?:的|以上的)(?:速度|增速|增长|增幅)", place.tail))
