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
    rf"(?P<rate>(?<!自然)增长率|增长速度|增长幅度|增速|增幅|涨幅|降幅|减幅|跌幅|升幅|上涨幅度|下降幅度|递增率|同比|环比|年均)"
    rf"|(?P<level>(?:提高|提升|增加|增长|上升|升高?|降低?|下降|回落|增|扩大|压缩|压降|压减|下调|上调|减少)(?:至|到)|达到?|为|占|比重|占比|比例|覆盖率|自然增长率|[^增长减]率(?!先|领)|(?:增长|亏损|下降|减少|覆盖|受益|盈利)面"
    rf"|完成|实现|贡献|高于|低于|快于|慢于|多于|少于|优于|领先|相当于|是|超过?|不低于|不少于|控制在|保持在|稳定在|超序时|超时序)"
    rf"|(?P<change>{_UP}|{_DOWN})"
)
#: 生物医药增速最快，达(78.4%)
_RATE_NAMED = re.compile(r"(?:增速|增幅|涨幅|降幅|增长|下降|回落)[^，。；0-9]{0,8}[，,](?:高?达到?|为)?$")
_GROWTH_RATE = re.compile(
    "(?<!自然)增长率|增长速度|增长幅度|增速|增幅|涨幅|降幅|减幅|跌幅|升幅|上涨幅度|下降幅度|递增率"
)
_GAP = re.compile(
    r"(?:(?:高于|低于|快于|慢于|高出|低出|优于|超出?|领先|落后|相差)[^，。；,;]{0,24}|超序时进度|(?:^|[^误偏温落反价])差(?:距)?(?:约|近)?$|(?:比|较)(?:一般|行业|市场|基准|序时|时序|全[国省市县区州]|平均|同类)[^，。；]{0,10}[高低快慢多少]出?)$"
)
_TARGET = re.compile(
    r"力争|争取(?=在|到(?:20|年|明|[“\"]?十)|20|实现|完成|达|新增|突破|年内|认定|用)|确保(?!了)|(?:预期|发展|主要|工作|年度|总体|奋斗)目标|目标[是为：:]|预期(?=增|在|为|达)"
    r"|计划(?=[到在用新实完达投培建引举组开推认])|将达|(?<![模虚比草])拟(?![上态人])|要[新实达完建培推力再]"
    r"|再(?:增|提高|新增|建|造|提升|下降|降|添|认定|培育|为)|到20\d\d年(?!底?[,，]?已|底?的)|到[“\"]?十[四五六]五|末达到|展望(?:20\d\d|未来)|明年|下一年"
    r"|未来[一二三四五]|今后[一二三四五]|将[新实达完建培]|(?<![截增降升减缩])至20\d\d年(?!底?的)|努力(?:实现|完成|做到|使)|冲刺"
)
_LEVEL_REACHED = re.compile(r"[，、]?(?:[增降升]?[至到]|达到?|提高到|下降到)(?:了)?")
_AIM = re.compile(r"(?:目标|指标)(?:任务)?(?:是|为|：|:|如下)|预期目标|今年(?:要|将|重点)|要(?:重点|着力|全力)抓")
_FORECAST = re.compile(r"预计|预测|有望|估计|预估|可达|初步测算")
_FORWARD = re.compile(
    r"打算|(?:工作|发展|总体|[年步期度])(?:思路|安排)|(?:思路|安排)(?:[和与及]|$)|(?:工作|发展|行动|[年步期度和与及])计划(?!完成|执行|管理|项目|任务完成)|下一步|下步|目标任务|主要目标|预期目标|发展目标|展望|明年|工作要点|重点任务|总体要求|工作建议"
    r"|工作重点|主要任务|下一年|工作举措"
)
_HEADING = re.compile(
    r"(?m)^[ \t\u3000]{0,8}(?:(?P<first>[一二三四五六七八九十]{1,3}、|第[一二三四五六七八九十]{1,3}部分|#{1,2} )"
    r"|[（(][一二三四五六七八九十]{1,3}[）)]|#{3,6} )(?P<name>[^\n。]{2,60})(?P<run_in>。|$)?"
)
#: a heading that runs into its paragraph names the part in its first words
_RUN_IN = 14
#: 2023年工作总结及2024年工作要点: the title tells the year of the plan
_TWO_YEARS = re.compile(
    r"总结[^\n]{0,4}?(?P<year>[12二一][\d0〇○零一二三四五六七八九]{3}年)[^\n]{0,10}(?:要点|计划|打算|安排|思路)"
)
_PLAN_TITLE = re.compile(
    r"^\s*[^\n。]{0,40}(?<!总结和)(?<!总结及)(?<!总结暨)(?:工作要点|工作计划|工作安排|行动计划|实施方案|发展规划|工作思路)[^\n，。]{0,8}\n"
)
_HEAD = 300


def plans(plain: str) -> list[tuple[int, bool]]:
    """Where a heading opens a part, and whether the part is about what is to come; a plan is so from its title on.

    A heading of the second level inside such a part stays in it.
    """
    title = plain[:_HEAD]
    two = _TWO_YEARS.search(title)
    whole = bool(_PLAN_TITLE.match(title)) and "总结" not in title.strip().partition("\n")[0]
    parts, outer = [(0, whole)], whole
    for found in _HEADING.finditer(plain):
        name = found["name"] if found["run_in"] != "。" else found["name"][:_RUN_IN]
        ahead = whole or bool(_FORWARD.search(name)) or bool(two and two["year"] in name[:_RUN_IN])
        if found["first"]:
            outer = ahead
        parts.append((found.start(), ahead or outer))
    return parts


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


def kind_of(place: Place, role: Role, last: Kind | None = None) -> Kind:
    """`last` is the kind of the figure before: a rate with nothing but a comma in between goes on about the same."""
    figure = place.figure
    if figure.value is None:
        return Kind.PLACEHOLDER
    if figure.kind is Kind.RANK:
        return Kind.RANK
    if figure.canonical.partition("/")[0] in MONEY or (not figure.unit and _is_money(place)):
        return Kind.AMOUNT
    if figure.canonical in POINTS or (figure.canonical == "个点" and CHANGE.search(place.lead)):
        return _change(Kind.RATIO if _GAP.search(place.clause.rstrip()) else Kind.GROWTH, role)
    if figure.canonical in ("%", "‰", "倍"):
        if last in _CHANGES and not place.lead.strip() and not place.opens_sentence:
            return last or Kind.GROWTH
        return _change(_rate(place), role)
    return Kind.RATIO if _is_ratio(place) else Kind.COUNT


_CHANGES = (Kind.GROWTH, Kind.TARGET_CHANGE)
_OF_MONEY = re.compile(
    r"(?P<money>元|资金|经费|费用|产值|利税|税收|收入|支出|投资|引资|金额|总额|销售|营收|利润|贷款|融资|补助|补贴|奖励|资助|价值|约合|折合|预算"
    r"|余额|资本|捐款|募资|授信|债|成交|资产|净值|原值|估值|薪)"
    r"|(?P<other>人|户|群众|读者|粉丝|量|次数|对象|面积|亩|粮|资料|材料|企业|机构|学生|网民|职工|居民|数据|用户)"
)
_COUNTED = re.compile(r"[^，。；、,;\n]{1,12}")


def _is_money(place: Place) -> bool:
    """(到位资金)1420万, 发放(25.6万)资助金: 元 left out; the nearest noun says whether it is money that is counted."""
    if not place.figure.text.endswith(("万", "亿")):
        return False
    behind = _COUNTED.match(place.tail)
    for words in (behind[0] if behind else "", place.clause, place.before):
        named = [found.lastgroup for found in _OF_MONEY.finditer(words)]
        if named:
            return named[-1] == "money"
    return False


_NAMED_RATIO = re.compile(
    r"(?:收入比|[产出]比|比例|系数|率|强度|比重)[^，。；]{0,8}$|(?:收入比|[产出]比|比例)由[^，。；]{0,16}$"
)


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
    if place.lead.endswith(("+", "＋", "↑", "↓")) or (
        place.lead.endswith(("(", "（")) and place.figure.text[0] in "-−－"
    ):
        return Kind.GROWTH
    if place.clause == place.lead and _LEVEL_REACHED.fullmatch(place.lead.strip()) and _RATE_NAMED.search(place.before):
        return Kind.GROWTH
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
