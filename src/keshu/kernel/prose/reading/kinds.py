"""What kind of statement a figure is, and whether the text reports, promises or expects it."""

from __future__ import annotations

import re

from keshu.kernel.prose.figure import Kind, Role
from keshu.kernel.prose.reading.clauses import Place
from keshu.kernel.prose.reading.measures import MONEY, POINTS

_UP = "增长|增加|增幅|增速|递增|(?<!新)增|改善|提高|提升|上升|上涨|涨幅|回升|反弹|扩大|扩张|加快|高出?|快|上浮|涨|升|放大|翻"
_DOWN = (
    "多增|少增|翻一番|翻两番|翻番|下降|降低|降幅|回落|减少|递减|下滑|压缩|压减|压降|精简|缩短|缩减|削减|收窄|下跌|跌幅|减幅|下调|减|降|跌|缩小|收缩"
    "|萎缩|减排|节省|节约|负增长|淘汰"
)
CHANGE = re.compile(rf"{_UP}|{_DOWN}")
CHANGE_WORDS = f"(?:{'|'.join(word for word in f'{_UP}|{_DOWN}'.split('|') if len(word) > 1 and '?' not in word)})"
#: the nearest of these before a rate decides: a change, a level that was reached, a share
_CUE = re.compile(
    rf"(?P<rate>增长率|增长速度|增长幅度|增速|增幅|涨幅|降幅|减幅|跌幅|升幅|上涨幅度|下降幅度|递增率|同比|环比|年均)"
    rf"|(?P<level>(?:提高|提升|增加|增长|上升|升高?|降低?|下降|回落|增|扩大|压缩|压降|压减|下调|上调|减少)(?:至|到)|达到?|为|占|比重|占比|比例|覆盖率|[^增长减]率(?!先|领)"
    rf"|完成|实现|贡献|高于|低于|快于|慢于|多于|少于|优于|领先|相当于|是|超过?|不低于|不少于|控制在|保持在|稳定在|超序时|超时序)"
    rf"|(?P<change>{_UP}|{_DOWN})"
)
_GROWTH_RATE = re.compile("增长率|增长速度|增长幅度|增速|增幅|涨幅|降幅|减幅|跌幅|升幅|上涨幅度|下降幅度|递增率")
_GAP = re.compile(
    r"(?:(?:高于|低于|快于|慢于|高出|低出|优于|超出?|领先|落后|相差)[^，。；,;]{0,24}|超序时进度|(?:比|较)(?:序时|时序|全[国省市县区州]|平均|同类)[^，。；]{0,10}[高低快慢多少]出?)$"
)
_TARGET = re.compile(
    r"力争|争取(?=在|到|20|实现|完成|达|新增|突破|年内|认定|用)|确保(?!了)|(?:预期|发展|主要|工作|年度|总体|奋斗)目标|目标[是为：:]|预期(?=增|在|为|达)"
    r"|计划(?=[到在用新实完达投培建引举组开推认])|将达|(?<![模虚比草])拟(?![上态人])|要[新实达完建培推力再]"
    r"|再(?:增|提高|新增|建|造|提升|下降|降|添|认定|培育|为)|到20\d\d年(?!底?[,，]?已)|到[“\"]?十[四五六]五|末达到|明年|下一年"
    r"|未来[一二三四五]|今后[一二三四五]|将[新实达完建培]|(?<!截)至20\d\d年|努力(?:实现|完成|做到|使)|冲刺"
)
_LEVEL_REACHED = re.compile(r"[，、]?(?:[增降升]?[至到]|达到?|提高到|下降到)(?:了)?")
_AIM = re.compile(r"(?:目标|指标)(?:任务)?(?:是|为|：|:|如下)|预期目标|今年(?:要|将|重点)|要(?:重点|着力|全力)抓")
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


_BY_NOW = re.compile(r"目前|现已|已[达有完建经]|截[至止]|去年|上年|(?:今年|本年)以来")


class Roles:
    """Carries an aim to the end of its statement: 到2030年, …达100亿元；年均增长18%."""

    def __init__(self) -> None:
        self.aimed = False

    def of(self, place: Place, planned: bool) -> Role:
        if place.opens_statement or _BY_NOW.search(place.lead):
            self.aimed = False
        role = _said(place)
        if role is Role.TARGET:
            self.aimed = True
        elif role is None:
            role = Role.TARGET if self.aimed or planned else Role.ACTUAL
        return role


def _said(place: Place) -> Role | None:
    """What the words near the figure say, the last 60 characters of its sentence; None where they say nothing."""
    near = place.before[-60:]
    if _FORECAST.search(near):
        return Role.FORECAST
    if _TARGET.search(near) or _AIM.search(place.line):
        return Role.ACTUAL if _reached(near) else Role.TARGET
    return None


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
    return Kind.RATIO if _is_ratio(place) else Kind.COUNT


_NAMED_RATIO = re.compile(r"(?:收入比|[产出]比|比例|系数|率)[^，。；]{0,8}$|(?:收入比|[产出]比|比例)由[^，。；]{0,16}$")


def _is_ratio(place: Place) -> bool:
    """5∶1, and a bare number of what is called a ratio (城乡居民收入比缩小到2.3)."""
    figure = place.figure
    if figure.unit:
        return False
    return any(mark in figure.text for mark in ":：∶比") or bool(_NAMED_RATIO.search(place.clause))


def _change(kind: Kind, role: Role) -> Kind:
    return Kind.TARGET_CHANGE if kind is Kind.GROWTH and role is Role.TARGET else kind


def _rate(place: Place) -> Kind:
    """A percentage or a multiple is a change where the last word before it says so, else a level."""
    if _LEVEL_REACHED.fullmatch(place.lead.strip()):
        return Kind.GROWTH if _speaks_of_growth(place.clause, place.lead) else Kind.RATIO
    if place.lead.rstrip().endswith("的"):
        return Kind.GROWTH if _speaks_of_growth(place.clause, "") else Kind.RATIO
    text = place.lead if CHANGE.search(place.lead) or "占" in place.lead else place.clause
    last = None
    for cue in _CUE.finditer(text):
        last = cue
    if last is None:
        return Kind.GROWTH if _rate_follows(place) else Kind.RATIO
    if last.lastgroup == "level":
        return Kind.GROWTH if _speaks_of_growth(place.clause, last[0]) else Kind.RATIO
    return Kind.GROWTH


def _speaks_of_growth(clause: str, level: str) -> bool:
    """固定资产投资增速由12%回落到8%: a level, but of a growth rate."""
    named = _GROWTH_RATE.search(clause)
    return bool(named) and not level.startswith(("占", "比重", "比例")) and "率" not in level[-1:]


def _rate_follows(place: Place) -> bool:
    return bool(re.match(r"(?:左右|以上)?(?:的|以上的)(?:速度|增速|增长|增幅)", place.tail))
