"""Whether a number measures something where it stands, or names it: a label, a model, a stretch of time; and its sign."""

from __future__ import annotations

from dataclasses import replace

from keshu.kernel.prose.figure import Figure
from keshu.kernel.prose.reading import patterns as p
from keshu.kernel.prose.reading.measures import MONEY, RATES

_STRONG = RATES | MONEY
_SIGNED = frozenset(["%", "‰", "个百分点", "百分点", "℃", "摄氏度"])
#: 附件1, 图2, 编号7: the number names
_LABELS = (*"图表录号型版第期级栏注篇章节卷届题页编码话线路楼双", "附件", "文件")
#: 代表5, 国家级2、市级12 count
_UNLABELLED = frozenset(
    ["代表", *(f"{one}级" for one in "家省市县区部厅州旗校院"), *(f"{one}型" for one in "大中小微")]
)

#: 为期3年 is measured, 近3年 and 3年来 say when
_SINCE = (
    "来",
    "间",
    "内",
    "以来",
    "期",
    "时间",
    "行动",
    "计划",
    "规划",
    "前",
    "后",
    "以后",
    "之后",
    "期间",
    "级",
    "累计",
    "平均",
    "共",
)
_EVER_SINCE = ("开放", "成立", "建立", "建国", "建党", "建省", "建市", "建县", "创办", "诞辰")
_SPAN_BEFORE = frozenset("近前去来后每这该第满上下头")
#: 京沪高铁2期 names a stage, 培训班2期 counts
_STAGED = (
    "项目",
    "工程",
    "园区",
    "铁路",
    "高铁",
    "地铁",
    "号线",
    "厂房",
    "基地",
    "电站",
    "机场",
    "校区",
    "中心",
    "水库",
    "大厦",
)


def measures(plain: str, at: int, end: int, unit: str, number: str, scale: str | None) -> bool:
    """Whether the word behind the number measures it here: 3年来, 65岁以上, 1类创新药, 2等奖 and 15分钟生活圈 do not."""
    if unit == "年":
        return not scale and _lasting(plain, at, end + 1)
    behind = end + len(unit)
    if unit == "岁":
        return not plain.startswith(("以上", "以下", "及", "至", "—", "-"), behind)
    if unit in ("小时", "分钟"):
        return "圈" not in plain[behind : behind + 8].split("，", maxsplit=1)[0]
    if unit == "期":
        return bool(scale) or not plain.endswith(_STAGED, max(0, at - 2), at)
    if unit == "类":
        return not plain.startswith(("水", "标准", "创新药", "新药", "医疗器械", "断面", "地区", "以上"), behind)
    return not (unit == "度" and not scale and number[:2] in ("19", "20") and len(number) == 4)


def _lasting(plain: str, at: int, behind: int) -> bool:
    if plain[at - 1 : at] in _SPAN_BEFORE and not plain.startswith(("连续", "持续"), max(0, at - 2)):
        return False
    if plain.endswith(_EVER_SINCE, max(0, at - 2), at):
        return False
    return not plain.startswith(_SINCE, behind) or plain.startswith(("连续", "持续"), max(0, at - 2))


def named(plain: str, at: int, unit: str, scale: str | None) -> bool:
    """AES100 and COVID-19 are names, 占GDP2.6% is a figure."""
    before = plain[at - 1 : at]
    if not before or not (p.LETTERS.match(before) or (before in "-—" and p.LETTERS.match(plain[max(0, at - 2) : at]))):
        return False
    if unit in ("台", "套", "台套", "辆", "部") and p.DEVICE.search(plain[max(0, at - 6) : at]):
        return False
    return unit not in _STRONG and not scale


def labelled(plain: str, at: int) -> bool:
    before = plain[max(0, at - 2) : at]
    return before.endswith(_LABELS) and before not in _UNLABELLED


def cjk(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def signed(plain: str, text: str, found: Figure) -> Figure:
    """(增速为)-3.8%: a minus stands behind a word or a bracket and before a rate, or before money that is told outright."""
    before = plain[found.start - 2 : found.start - 1] if found.start > 1 else ""
    told = found.unit in MONEY and before in tuple("为是达至到")
    if found.value is None or found.upper is not None or not (told or found.unit in _SIGNED):
        return found
    if not (cjk(before) or before in tuple("(（:：") or found.unit in ("℃", "摄氏度")):
        return found
    start = found.start - 1
    return replace(found, start=start, text=text[start : found.end], value=-found.value)
