"""Changes as a text tells them: from a to b, level with increase, base with change and result, and the rates behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.figure import Figure, Kind

UP = "增长|增加|发展|拓展|扩展|壮大|延长|提高|上升|提升|扩大|上涨|攀升|跃升|增|扩|涨|升|多"
DOWN = "下降|减少|精简|核减|削减|节约|缩小|压降|下调|降低|回落|下滑|缩减|压减|压缩|收窄|缩短|降|减|缩|少"
_VERB = rf"(?P<up>{UP})|(?P<down>{DOWN})"
_FILL = r"(?:了|达到?|为|近|超过?|约|逾|幅度?|率|出)*"
_FROM = re.compile(r"(?:由|从|自)(?P<noun>[^，,。；;由从]{0,24})$")
_TO = re.compile(
    rf"^[^，,。；;\n]{{0,12}}?(?:(?:{_VERB})(?:到|至|为|成)了?|(?P<neutral>变为|变成|调整为|改为))[^，,。；;\n]{{0,16}}$"
)
_BEHIND = re.compile(
    rf"^[，,、（(\s]*(?P<mode>年均|年平均|累计|平均每年|共|净|同比|整体|总体|实际|名义|实现|五年|三年|比上年|较上年)?(?:{_VERB}){_FILL}$"
)
_BEFORE = r"上年|去年|上月|上季度|同期|上年同期|去年同期|年初|上年末|上年底|[^，,。；;\d]{0,6}\d{4}年[^，,。；;\d]{0,3}"
_BASE_SAME = rf"(?:同比|环比|(?:比|较)(?:{_BEFORE})[^，,。；;\d]{{0,4}}?)"
_LEVEL_THEN_RISE = re.compile(rf"^[^，,。；;\n]{{0,6}}[，,、（(\s]*{_BASE_SAME}净?(?:{_VERB})(?:了)?$")
_RISE_LEAD = re.compile(rf"(?:{_BASE_SAME}净?|净)(?:{_VERB})(?:了)?$")
_RISE_THEN_LEVEL = re.compile(
    r"^[，,、\s]*(?:总数|总量|累计|保有量|存量|总规模|规模)?(?:已)?(?:达到|达|增至|增加到|上升到|升至|扩大到|减至|降至|减少到|下降到)(?:了)?$"
)
#: 比上年多增: a change of a change, which may be larger than either
_MORE_NEW = re.compile(r"多增|少增|多减|少减|增量|增幅")
_NEW_LEAD = re.compile(r"(?:新增|净增|新建|新认定|新培育|新建成|新设)[^，,。；;]{0,20}$")
_NEW_THEN_LEVEL = re.compile(
    r"^[，,、\s]*(?:总数|总量|累计|保有量|存量|总规模|规模|总里程|里程|有效数)(?:量)?(?:已)?(?:达到|达|增至|增加到|为|共)(?:了)?$"
)
_ALL_THEN_LEVEL = re.compile(
    r"^[，,、](?:全[市省县区]|我[市省县区]|目前|累计|使)*[^，,。；;\n]{4,18}?(?:总数|总量|累计|保有量|存量)?(?:已)?(?:达到|达|增至)(?:了)?$"
)
_LEVEL_THEN_NEW = re.compile(r"^[，,、（(](?:其中)?(?:今年|当年|本年|全年|本年度)?(?:新增|新认定|新入[孵驻])(?:了)?$")
#: a count of those who asked, or of one kind of them: what is new behind it is no increase of theirs
_ASKED = re.compile(r"申报|申请|推荐|受理|首次|重新|其中|评审|参评|拟|计划")
_BASE_LEAD = re.compile(r"(?:比|较|在)(?P<noun>[^，,。；;比较在]{0,24})$")
_BASE_THEN_CHANGE = re.compile(rf"^(?:的)?(?:基础上|水平上)?(?:再|又|还|仅|净)?(?:{_VERB})(?:了|约|近)*$")
_CHANGE_THEN_RESULT = re.compile(
    r"^[，,、\s]*(?:到[^，,。；;\n]{0,12}?)?(?:预计|力争|已|将)*(?:达到|达|增至|增加到|实现|降至|减至|减少到|为)(?:了)?$"
)
_RESULT_THEN_BASE = re.compile(r"^[^，,。；;\n]{0,6}[，,、（(\s]*(?:比|较)[^，,。；;\n比较]{0,20}$")

_ENDS_IN_CHANGE = re.compile(rf"(?:{UP}|{DOWN})(?:了|约|近|超过?|逾)*$")


@dataclass(frozen=True, slots=True)
class Move:
    """From one figure to another, `direction` 1, -1 or 0 where the word has none."""

    old: int
    new: int
    direction: int


@dataclass(frozen=True, slots=True)
class Rise:
    """A level and the change that led to it, in the same unit; `tight` where nothing can stand between."""

    level: int
    change: int
    down: bool
    tight: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """A base, its change (absolute, percent or fold) and what came of it."""

    base: int
    change: int
    result: int
    down: bool


def comparable(one: Figure, other: Figure) -> bool:
    """Same unit, where a unit left out at one side counts as the same."""
    units = {unit_of(one), unit_of(other)}
    return len(units - {""}) <= 1


_SIDEWAYS = frozenset(("发展", "拓展", "扩展", "壮大"))


def _way(match: re.Match[str]) -> int:
    groups = match.groupdict()
    if groups.get("up") in _SIDEWAYS:
        return 0
    return 1 if groups.get("up") else -1 if groups.get("down") else 0


def valued(page: Page, index: int) -> bool:
    return 0 <= index < len(page.figures) and page.figures[index].value is not None


def moves(page: Page) -> Iterator[Move]:
    """由A增加到B, of levels, shares, rates and ranks alike."""
    for index in range(len(page.figures) - 1):
        if not (valued(page, index) and valued(page, index + 1)) or not _FROM.search(page.lead(index)):
            continue
        match = _TO.match(page.gap(index, index + 1))
        if match and comparable(page.figures[index], page.figures[index + 1]):
            yield Move(index, index + 1, _way(match))


def behind(page: Page, last: int) -> Iterator[tuple[int, int, str]]:
    """The changes named right behind a statement: (figure, direction, mode), at most three."""
    for index in range(last + 1, min(last + 4, len(page.figures))):
        match = _BEHIND.match(page.gap(index - 1, index))
        if not match or not valued(page, index):
            return
        yield index, _way(match), match.group("mode") or ""


def increases(page: Page) -> Iterator[Rise]:
    """达到346家、比上年增加46家 and 同比增加46家、达到346家."""
    for index in range(len(page.figures) - 1):
        one, other = page.figures[index], page.figures[index + 1]
        if not (page.is_level(index) and page.is_level(index + 1)) or unit_of(one) != unit_of(other):
            continue
        gap = page.gap(index, index + 1)
        if _MORE_NEW.search(gap) or _MORE_NEW.search(page.lead(index)):
            continue
        if match := _LEVEL_THEN_RISE.match(gap):
            if not _RISE_LEAD.search(page.lead(index)):
                yield Rise(index, index + 1, _way(match) < 0)
        elif (match := _RISE_LEAD.search(page.lead(index))) and _RISE_THEN_LEVEL.match(gap):
            yield Rise(index + 1, index, _way(match) < 0)
        elif _NEW_LEAD.search(page.lead(index)) and (_NEW_THEN_LEVEL.match(gap) or _all_of_it(page, index, gap)):
            yield Rise(index + 1, index, down=False, tight=False)
        elif _LEVEL_THEN_NEW.match(gap) and not (_NEW_LEAD.search(page.lead(index)) or _ASKED.search(page.lead(index))):
            yield Rise(index, index + 1, down=False, tight=False)


def _all_of_it(page: Page, index: int, gap: str) -> bool:
    """新认定高新技术企业22家，全市高新技术企业达74家: the level names what was new once more."""
    counted = page.lead(index)[-4:]
    return len(counted) == 4 and counted in gap and bool(_ALL_THEN_LEVEL.match(gap))


def steps(page: Page) -> Iterator[Step]:
    """比原计划13亿元增加4亿元，达到17亿元; 17亿元，比上年的13亿元增加4亿元."""
    for index in range(1, len(page.figures)):
        if not valued(page, index) or not valued(page, index - 1) or not page.is_level(index - 1):
            continue
        match = _BASE_THEN_CHANGE.match(page.gap(index - 1, index))
        if not match or not _BASE_LEAD.search(page.lead(index - 1)):
            continue
        result = _result_of(page, index)
        if result is not None:
            yield Step(index - 1, index, result, _way(match) < 0)


def raised(page: Page) -> Iterator[tuple[int, int, bool]]:
    """比上年的13亿元增加4亿元: (base, change in the same unit, whether it fell), with or without a result."""
    for change in range(1, len(page.figures)):
        base = change - 1
        if not (page.is_level(base) and page.is_level(change)) or unit_of(page.figures[base]) != unit_of(
            page.figures[change]
        ):
            continue
        match = _BASE_THEN_CHANGE.match(page.gap(base, change))
        if match and _BASE_LEAD.search(page.lead(base)) and not _ENDS_IN_CHANGE.search(page.lead(base)):
            yield base, change, _way(match) < 0


def _result_of(page: Page, change: int) -> int | None:
    base = page.figures[change - 1]
    after, before = change + 1, change - 2
    if (
        valued(page, after)
        and page.is_level(after)
        and comparable(page.figures[after], base)
        and _CHANGE_THEN_RESULT.match(page.gap(change, after))
    ):
        return after
    if (
        valued(page, before)
        and page.is_level(before)
        and unit_of(page.figures[before]) == unit_of(base)
        and _RESULT_THEN_BASE.match(page.gap(before, change - 1))
    ):
        return before
    return None


def ends_in_change(words: str) -> bool:
    """Whether the words before a figure make it a change: 比上年增加, 净增."""
    return bool(_ENDS_IN_CHANGE.search(words))


def is_fold(figure: Figure) -> bool:
    return unit_of(figure) == "倍"


def is_points(figure: Figure) -> bool:
    return unit_of(figure) in ("个百分点", "百分点")


def is_rank(figure: Figure) -> bool:
    return figure.kind is Kind.RANK
