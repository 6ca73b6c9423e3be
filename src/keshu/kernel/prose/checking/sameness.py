"""One indicator, one period, one value: mentions of the same thing in different places are compared."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.changing import moves, steps
from keshu.kernel.prose.checking.labels import level_of
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import printed_range
from keshu.kernel.prose.figure import Approx, Figure, Kind, Role

_ENTITY = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:公司|集团|大学|学院|研究所|研究院|合作社|街道)|(?<![全我本各])[\u4e00-\u9fff]{1,4}(?:县|区|镇|乡|村)(?![级内域]|[\u4e00-\u9fff]{1,2}市)"
)
_TIME = re.compile(
    r"(?:19|20)\d{2}年|[一二][0〇零○九][0-9〇零○一二三四五六七八九]{2}年|上年|去年|前年|明年|\d{1,2}月|上半年|下半年|前三季度|[一二三四]季度|五年|三年|十[一二三四五]五|截至|截止|当前|目前|以来累计|历年"
)
#: words that make another measure of the same noun: a flow, a sum over years, an average
_MEASURE = re.compile(r"新增|新认定|净增|新建|新设|新立|新申报|累计|历年|年均|人均|户均|平均|每万|名义|实际")
#: times of a base, which say nothing of the period of the figure itself
_COMPARED_WITH = re.compile(r"(?:比|较|由|从|与|是)(?:上年|去年|前年|(?:19|20)\d{2}年)")
_DEFAULT_TIME = re.compile(
    r"^(?:今年(?:以来)?|全年|目前|当前|截至目前|本年度?|年内|(?:本|今)?年[底末]|(?:19|20)?[xX×]{1,4}年度?|)$"
)
_ACTS = re.compile(
    r"新增|新认定|新建|认定|申报|申请|推荐|获批|立项|验收|结题|引进|累计|培育|拥有|有效|备案|评价|授权|完成|合格|在研|新立|成交|到位|签约"
)
_LEVELS = re.compile(
    r"国家级|国家|省级|市级|县级|区级|全省|全市|全县|全区|本市级|本级|[××xX]{1,2}(?:市|省|县)级?|我省|我市|我县|各级|以上"
)
_PLAIN = re.compile(r"[^\u4e00-\u9fffA-Za-z]")
_SUFFIX = re.compile(r"(?:总数量|总数|总量|总额|数量|项目数|人数|户数|家数|件数|项目|数|量|额)$")
_VERBS = re.compile(
    r"^(?:择优|精心|认真|积极|新增|新认定|新建|共|累计|组织|实施|完成|拥有|实现|申报|推荐|引进|培育|预计|达|新立|开展|力争|争取|确保|全年|上报)+"
)
_PLACE = re.compile(r"^[\u4e00-\u9fff]{2,3}(?:市|省|县)(?=[\u4e00-\u9fff]{4})")
#: what follows these tells for whom or by what, no longer what is counted
_CUT = re.compile(r"(?<=[\u4e00-\u9fff]{4})[为对与向将把].*$")
_CHANGE = re.compile(r"(?:增长|增加|提高|上升|增|减少|下降|降低|回落|净增|多|少)(?:了|近|超|约)*$")
#: a deed told as a total: with it, a short noun says what is measured (共培训农民)
_ALL_DONE = re.compile(
    r"(?:共|总共|共计)(?P<deed>培训|接待|走访|发放|推广|选派|帮扶|服务|举办|开展|组织)[\u4e00-\u9fff]{2,3}$"
)
_DEED_BEHIND = re.compile(
    r"(?<=[\u4e00-\u9fff]{4})(?:总共|共计|累计|共)(?:举办|开展|组织|召开|实施|完成|培训|发放|引进)?$"
)
#: a heading, or a paragraph that begins as one, may say the year of all that it tells
_OPENING = re.compile(
    r"^\s*(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][一二三四五六七八九十]{1,3}[）)])[^，,。；;\n]{0,16}"
)
_COMPARED = 24


_AIMED = re.compile(r"(?:任务|目标|计划)(?:数|值|任务)?\s*[（(]$")  # 完成年度任务（110家）: what was to be reached
_LAST = frozenset(("去年", "上年同期"))


@dataclass(frozen=True, slots=True)
class Mention:
    """A figure with what decides whether it measures the same as another."""

    index: int
    noun: str
    acts: frozenset[str]
    times: frozenset[str]
    entities: frozenset[str]


@check_for("same.value", "short", "vague", "near")
def value(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Mentions of one indicator compared, the later with the earlier; values far apart are rather two things."""
    short = frozenset(definition.params["short"])
    vague = frozenset(definition.params["vague"])
    near = Decimal(str(definition.params["near"]))
    buckets: dict[tuple[str, ...], list[Mention]] = defaultdict(list)
    for mention in page.once(mentions):
        if not (len(mention.noun) >= 4 or mention.noun in short) or mention.noun in vague:
            continue
        figure = page.figures[mention.index]
        key = (unit_of(figure), figure.kind, figure.role, mention.noun[-2:])
        for other in buckets[key][-_COMPARED:]:
            verdict = _compare(page, other, mention, near)
            if verdict:
                yield verdict
                break
        buckets[key].append(mention)


def mentions(page: Page) -> Iterator[Mention]:
    """Figures that say what they measure: exact, in no brackets, no change against anything."""
    bases = {move.old for move in page.once(moves)} | {step.base for step in page.once(steps)}
    for index, figure in enumerate(page.figures):
        if (
            index in bases
            or figure.value is None
            or figure.kind not in (Kind.COUNT, Kind.AMOUNT, Kind.RATIO, Kind.GROWTH)
        ):
            continue
        if _AIMED.search(page.text[max(0, figure.start - 8) : figure.start]):
            continue
        if figure.approx is Approx.RANGE or (figure.kind is not Kind.GROWTH and _CHANGE.search(page.lead(index))):
            continue
        noun = noun_of(figure.subject)
        if 2 <= len(noun) < 4 and (match := _ALL_DONE.search(page.lead(index))) and page.lead(index).endswith(noun):
            noun = match.group("deed") + noun
        if noun:
            yield _mention(page, index, noun)


def noun_of(subject: str) -> str:
    """The subject without levels, verbs before it and 数, 量, 项目 behind it."""
    words = _PLAIN.sub("", _LEVELS.sub("", re.sub(r"[（(][^（）()]*[）)]", "", subject)))
    words = _PLACE.sub("", _VERBS.sub("", words))
    words = _CUT.sub("", _VERBS.sub("", _DEED_BEHIND.sub("", words)))
    return _SUFFIX.sub("", words) if len(words) > 4 else words


def _mention(page: Page, index: int, noun: str) -> Mention:
    sentence = page.sentence_of(index)
    figure = page.figures[index]
    start = max(sentence.start, figure.start - 80)
    words = _COMPARED_WITH.sub("", page.text[start : figure.start])
    close = page.clause(index)[-24:] + page.tail(index)[:8] + figure.subject
    told = [*_MEASURE.findall(close), *_TIME.findall(words), *_period(page, figure)]
    told += page.once(_years_of_blocks)[page.block_at(figure.start)] if page.blocks else ()
    times = {time for time in told if not _is_default(time, page.year)}
    return Mention(
        index,
        noun,
        frozenset(_ACTS.findall(close)),
        frozenset(times),
        frozenset(_ENTITY.findall(page.text[start : figure.start])),
    )


def _period(page: Page, figure: Figure) -> list[str]:
    """The figure's own period where the text says it, or the column of a table does."""
    return [figure.period] if figure.period in _LAST or page.says(figure.period) else []


def in_cell(page: Page, mention: Mention) -> bool:
    """Whether the figure stands in a table."""
    return bool(page.blocks) and page.blocks[page.block_at(page.figures[mention.index].start)].kind == "cell"


def _years_of_blocks(page: Page) -> Iterator[tuple[str, ...]]:
    """For each block the years that it opens with as a heading does, or that the heading over it names."""
    over: tuple[str, ...] = ()
    for block in page.blocks:
        opening = _OPENING.match(page.text[block.start : block.end][:40])
        years = tuple(time for time in _TIME.findall(opening.group()) if "年" in time) if opening else ()
        if block.kind == "heading":
            over = years
        yield years or over


def _is_default(time: str, year: int | None) -> bool:
    """Whether the words mean the period that the whole text is about."""
    return bool(_DEFAULT_TIME.match(time)) or time in (f"{year}年", f"{year}年度", "截至", "截止")


def _compare(page: Page, one: Mention, other: Mention, near: Decimal) -> Verdict | None:
    first, second = page.figures[one.index], page.figures[other.index]
    strong = one.noun == other.noun
    if not (strong or abbreviates(one.noun, other.noun) or abbreviates(other.noun, one.noun)):
        return None
    if not strong and in_cell(page, one) and in_cell(page, other):  # rows of a table are named in full
        return None
    if page.sentence_of(one.index).full == page.sentence_of(other.index).full or not _same_setting(one, other):
        return None
    if first.base != second.base or _scopes_differ(first, second) or not _levels_agree(page, one, other):
        return None
    spans = (page.span(one.index), page.span(other.index))
    if printed_range(first).meets(printed_range(second)):
        return Verdict(spans, holds=True, statement=f"“{first.subject}”两处均为{second.text}") if strong else None
    if not _is_near(first, second, near) or Approx.EXACT not in (first.approx, second.approx):
        return None
    sure = strong and first.role is Role.ACTUAL and first.approx is second.approx is Approx.EXACT
    return Verdict(
        spans,
        statement=f"“{first.subject or second.subject}”前面写{first.text}，后面写{second.text}，两处不一致",
        certainty=Certainty.LIKELY if sure or first.role is Role.ACTUAL else Certainty.ASK,
        expected=first.text,
        actual=second.text,
        arithmetic=f"{first.text} ≠ {second.text}",
    )


def abbreviates(short: str, long: str) -> bool:
    """Whether the characters of one name stand in order in the other, the first and the last of each the same.

    A name of two characters (授权) must be the end of the longer one.
    """
    if len(short) < 2 or len(short) >= len(long) or short[-1] != long[-1]:
        return False
    if long.endswith(short):
        return len(long) - len(short) <= 4
    if len(short) < 4 or short[0] != long[0]:
        return False
    position = -1
    for character in short:
        position = long.find(character, position + 1)
        if position < 0:
            return False
    return True


_SPAN_OF_YEARS = re.compile(r"五年|三年|十[一二三四五]五|历年")
_PLANS = {"十一五": 2006, "十二五": 2011, "十三五": 2016, "十四五": 2021, "十五五": 2026}


@check_for("part.period")
def within_period(page: Page, definition: Definition) -> Iterator[Verdict]:
    """What one year brought is no more than what several years with it brought together."""
    years: dict[tuple[str, str, str], Mention] = {}
    spans: list[Mention] = []
    for mention in page.once(mentions):
        figure = page.figures[mention.index]
        if figure.kind is not Kind.COUNT or figure.role is not Role.ACTUAL or len(mention.noun) < 4:
            continue
        if any(_covers(page, time) for time in mention.times):
            spans.append(mention)
        elif not mention.entities and all(_ends_with(page, time) for time in mention.times):
            years.setdefault((mention.noun, unit_of(figure), level_of(page, mention.index)), mention)
    for mention in spans[:200]:
        whole = page.figures[mention.index]
        one = years.get((mention.noun, unit_of(whole), level_of(page, mention.index)))
        if one is None or mention.entities or one.acts != mention.acts:
            continue
        yield _year_in_years(page, one.index, mention.index)


def _covers(page: Page, time: str) -> bool:
    """Whether the words mean a stretch of years up to the year of the text."""
    if not _SPAN_OF_YEARS.search(time):
        return False
    first = next((year for plan, year in _PLANS.items() if plan in time), None)
    return first is None or (page.year is not None and first <= page.year <= first + 4)


def _ends_with(page: Page, time: str) -> bool:
    """Whether the words name one of the five years that end with the year of the text."""
    match = re.fullmatch(r"(20\d\d)年度?", time)
    return bool(match) and (page.year is None or page.year - 4 <= int(match.group(1)) <= page.year)  # type: ignore[union-attr]


def _year_in_years(page: Page, part: int, whole: int) -> Verdict:
    one, all_ = page.figures[part], page.figures[whole]
    spans = (page.span(part), page.span(whole))
    if printed_range(one).low <= printed_range(all_).high:
        return Verdict(spans, holds=True, statement=f"{one.text}不大于{all_.text}")
    return Verdict(
        spans,
        statement=f"“{one.subject}”一年{one.text}，几年累计只有{all_.text}",
        certainty=Certainty.LIKELY,
        expected=f"不大于{all_.text}",
        actual=one.text,
        arithmetic=f"{one.text} > {all_.text}",
    )


def _levels_agree(page: Page, one: Mention, other: Mention) -> bool:
    """省级 and 市级 are two things; where one place names no level, the other is the same only by its whole name."""
    levels = {level_of(page, one.index), level_of(page, other.index)}
    return len(levels) == 1 or "" in levels


def _same_setting(one: Mention, other: Mention) -> bool:
    if one.times != other.times or one.entities != other.entities:
        return False
    return not one.acts or not other.acts or one.acts <= other.acts or other.acts <= one.acts


def _scopes_differ(one: Figure, other: Figure) -> bool:
    return bool(one.scope and other.scope and one.scope != other.scope)


def _is_near(one: Figure, other: Figure, near: Decimal) -> bool:
    if one.value is None or other.value is None or one.value <= 0 or other.value <= 0:
        return False
    small, large = sorted((one.value, other.value))
    return large / small <= near
