"""Bases that stand beside a figure: 去年为80亿元, 比上年的38.6%, 是2019年5亿元的3倍, and what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keshu.kernel.prose.checking.breakdowns import is_average, unit_of
from keshu.kernel.prose.checking.changing import DOWN, UP, is_fold, is_points, moves, valued
from keshu.kernel.prose.checking.model import Certainty, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.reckoning import between, judged, nominal, softened
from keshu.kernel.prose.checking.rounding import plain, printed_range

_LAST_YEAR = r"(?:上年度?|去年|上年度?同期|去年同期|同期)"
_YEAR = r"(?:19|20)\d\d年"
_RATE = rf"(?:同比|比上年|较上年|比去年|较去年|净)?(?P<verb>{UP}|{DOWN})(?:了|约|近|为|率|幅度?)*$"
_BASE_BEHIND = re.compile(rf"^[^，,。；;（(\n\d]{{0,4}}[，,、（(]而?{_LAST_YEAR}仅?(?:为|是|达到?|只有|有)?$")
_THEN_RATE = re.compile(rf"^[^，,。；;\n\d]{{0,4}}[）)]?[，,、]{_RATE}")
_BASE_LAST = re.compile(rf"^[，,（(]{_LAST_YEAR}(?:为|是|达到?|只有|有)?$")
_YEAR_BEFORE = re.compile(rf"(?P<year>{_YEAR})度?(?:为|是|达到?|有|实现|完成)?$")
_NEXT_YEAR = re.compile(
    rf"^[，,、](?P<year>{_YEAR})度?(?:为|是|达到?|增至|增加到|提高到|升至|上升到|降至|下降到|减少到|实现|完成)+了?$"
)


def beside(page: Page) -> Iterator[Verdict]:
    """Rates and points whose base stands right before or behind them, told as last year's."""
    for new in range(len(page.figures) - 2):
        second, third = new + 1, new + 2
        if not (_comparable(page, new) and valued(page, second) and valued(page, third)):
            continue
        if _BASE_BEHIND.match(page.gap(new, second)) and (match := _THEN_RATE.match(page.gap(second, third))):
            yield from _change(page, new, second, third, match, sure=True)
        elif (match := _THEN_RATE.match(page.gap(new, second))) and _BASE_LAST.match(page.gap(second, third)):
            if page.after(page.figures[third].end, 1) in ("）", ")", "，", "。", "；", ",", ";"):
                yield from _change(page, new, third, second, match, sure=False)
        elif (match := _THEN_RATE.match(page.gap(second, third))) and _one_year_on(page, new, second, match.group()):
            yield from _change(page, second, new, third, match, sure=False)


def _comparable(page: Page, index: int) -> bool:
    return (page.is_level(index) or page.is_percent(index)) and not is_average(page, index)


def _one_year_on(page: Page, old: int, new: int, rate: str) -> bool:
    """2024年为12亿元，2025年达到15亿元: told of two years; 同比 belongs to them only where one follows the other."""
    first, second = _YEAR_BEFORE.search(page.lead(old)), _NEXT_YEAR.match(page.gap(old, new))
    if not first or not second:
        return False
    apart = int(second.group("year")[:4]) - int(first.group("year")[:4])
    return apart == 1 or (apart > 1 and not re.search("同比|上年|去年", rate))


def _change(page: Page, new: int, old: int, claim: int, match: re.Match[str], *, sure: bool) -> Iterator[Verdict]:
    """The claim against both levels, and its direction against them."""
    one, base, said = (page.figures[index] for index in (new, old, claim))
    if unit_of(one) != unit_of(base) or page.is_percent(new) != is_points(said) or not _comparable(page, old):
        return
    if not (page.is_percent(claim) or is_points(said) or is_fold(said) or unit_of(said) == unit_of(one)):
        return
    found = between(page, old, new, claim)
    if found is None:
        return
    spans = (page.span(new), page.span(old), page.span(claim))
    real = nominal(page, new)
    verdict = judged(page, spans, claim, *found, nominal=real)
    if verdict.holds and not real:
        verdict = _other_way(page, new, old, bool(re.fullmatch(UP, match.group("verb")))) or verdict
    yield verdict if sure else softened(verdict)


def _other_way(page: Page, new: int, old: int, up: bool) -> Verdict | None:
    """A change of the right size told in the wrong direction."""
    one, base = page.figures[new], page.figures[old]
    if one.value is None or base.value is None or one.value == base.value or up == (one.value > base.value):
        return None
    way = "上升" if up else "下降"
    return Verdict(
        (page.span(new), page.span(old)),
        statement=f"写的是{way}，但{base.text}到{one.text}不是{way}",
        certainty=Certainty.LIKELY,
        expected=f"{'大' if up else '小'}于{base.text}",
        actual=one.text,
    )


_OVER_BASE = re.compile(
    rf"^[^，,。；;\n\d]{{0,4}}[，,、（(](?:比|较)(?:{_LAST_YEAR}|{_YEAR}|年初|上年末)[^，,。；;\n\d]{{0,6}}的?$"
)
_TO_POINTS = re.compile(rf"^的?(?P<verb>{UP}|{DOWN})(?:了|约|近)*$")


def points_over_base(page: Page) -> Iterator[Verdict]:
    """41.3%，比上年的38.6%提高2.7个百分点."""
    for new in range(len(page.figures) - 2):
        old, claim = new + 1, new + 2
        if not (page.is_percent(new) and page.is_percent(old) and valued(page, claim)):
            continue
        if not is_points(page.figures[claim]) or not _OVER_BASE.match(page.gap(new, old)):
            continue
        match = _TO_POINTS.match(page.gap(old, claim))
        if match:
            yield from _change(page, new, old, claim, match, sure=True)


_TIMES_OF_BASE = re.compile(rf"^[，,、]已?(?:是|为|相当于|达到?)(?P<base>原来|原先|此前|上年|去年|{_YEAR})(?:同期)?的$")
_TIMES_OF = re.compile(r"^[^，,。；;\n\d]{0,4}[，,、]?(?:是|为|相当于)[^，,。；;\n]{0,20}$")


def times(page: Page) -> Iterator[Verdict]:
    """由5亿元增加到20亿元，是原来的4倍; 20亿元，是2019年5亿元的4倍."""
    for move in page.once(moves):
        claim = move.new + 1
        if not valued(page, claim) or not is_fold(page.figures[claim]):
            continue
        match = _TIMES_OF_BASE.match(page.gap(move.new, claim))
        if match and (match.group("base") in ("原来", "原先", "此前") or match.group("base") in page.lead(move.old)):
            yield from _fold(page, move.new, move.old, claim)
    for old in range(1, len(page.figures) - 1):
        new, claim = old - 1, old + 1
        if not valued(page, claim) or not is_fold(page.figures[claim]) or page.gap(old, claim) != "的":
            continue
        if page.is_level(new) and page.is_level(old) and _TIMES_OF.match(page.gap(new, old)):
            yield from _fold(page, new, old, claim)


def _fold(page: Page, new: int, old: int, claim: int) -> Iterator[Verdict]:
    one, base, said = (page.figures[index] for index in (new, old, claim))
    quotient = printed_range(one) / printed_range(base)
    if quotient is None or not one.value or not base.value or unit_of(one) != unit_of(base):
        return
    spans = (page.span(new), page.span(old), page.span(claim))
    words = f"{plain(one.value / base.value)}倍"
    formula = f"{one.text}÷{base.text}＝{words}"
    if printed_range(said).meets(quotient):
        yield Verdict(spans, holds=True, statement=f"{formula}，与{said.text}相符")
        return
    yield Verdict(
        spans,
        statement=f"{one.text}是{base.text}的{words}，写的是{said.text}",
        certainty=Certainty.CERTAIN,
        expected=words,
        actual=said.text,
        arithmetic=formula,
    )
