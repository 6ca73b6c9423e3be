"""Targets against actuals: the words 完成 and 超额完成, the share of a target, and targets below what is reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from keshu.kernel.measure.arithmetic import share
from keshu.kernel.prose.checking.aims import aims
from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.labels import level_of
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.reckoning import between, judged, softened
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import cut_off, exactly, plain, printed_range
from keshu.kernel.prose.checking.sameness import Mention, in_cell, mentions
from keshu.kernel.prose.figure import Figure, Kind, Role

_TARGET_TAIL = re.compile(r"^(?:以上|左右|以内)?的?(?:[\u4e00-\u9fff]{0,6}?)(?:目标|任务|计划|指标)(?!的?[\d百])")
_REACHED = re.compile(
    r"(?P<over>超额|超|提前超额)?(?:提前|全面|圆满|顺利|如期|已|已经)*(?P<verb>完成|实现|达到|超过|高于|突破)[^，,。；;完成超]{0,24}$"
)
_NOT = re.compile(r"未|没有|不能|难以|尚|力争|确保|争取|预计可|将|差距|低于")
_LOWER_IS_BETTER = re.compile(r"能耗|浓度|排放|死亡|事故|失业|负债|逾期|降幅|下降|减少|控制|PM|压减|投诉|用时|时限")


@check_for("target.reached")
def reached(page: Page, definition: Definition) -> Iterator[Verdict]:
    """达到4件，提前完成5件的目标: the words say reached, the numbers say not."""
    for index in range(1, len(page.figures)):
        figure = page.figures[index]
        if figure.value is None or not _TARGET_TAIL.match(page.after(figure.end, 16)):
            continue
        clause = page.clause(index)
        match = _REACHED.search(clause)
        if not match or _NOT.search(clause):
            continue
        actual = _actual_before(page, index)
        words = page.text[page.sentence_of(index).start : figure.start][-160:] if actual is not None else ""
        if actual is None or _LOWER_IS_BETTER.search(words):
            continue
        yield _reached(
            page, actual, index, bool(match.group("over")) or match.group("verb") in ("超过", "高于", "突破")
        )
    yield from _said_behind(page)


_SAID_BEHIND = re.compile(
    r"^[^，,。；;\n\d未没]{0,8}[，,、](?P<over>超额|提前超额)?(?:提前|全面|圆满|顺利|如期|已|均|全部)*完成了?"
    r"(?:[^，,。；;\n\d率]{0,10}?(?:目标|任务|计划|指标|考核)[^，,。；;\n\d的]{0,4})?(?=[，,。；;\n]|$)"
)


def _said_behind(page: Page) -> Iterator[Verdict]:
    """目标50家，实际43家，超额完成任务."""
    for found in page.once(aims):
        match = _SAID_BEHIND.match(page.after(page.figures[found.last].end, 40))
        start = page.sentence_of(found.aim).start
        if match and not _LOWER_IS_BETTER.search(page.text[start : page.figures[found.last].end][-160:]):
            yield _reached(page, found.actual, found.aim, bool(match.group("over")))


def _actual_before(page: Page, index: int) -> int | None:
    target = page.figures[index]
    sentence = page.sentence_of(index)
    for other in range(index - 1, max(-1, index - 4), -1):
        one = page.figures[other]
        if page.sentence_of(other).full != sentence.full:
            return None
        if one.value is not None and unit_of(one) == unit_of(target) and one.role is Role.ACTUAL:
            return other if one.kind in (Kind.COUNT, Kind.AMOUNT, Kind.RATIO, target.kind) else None
    return None


def _reached(page: Page, actual: int, target: int, over: bool) -> Verdict:
    one, aim = page.figures[actual], page.figures[target]
    spans = (page.span(actual), page.span(target))
    got, wanted = printed_range(one), printed_range(aim)
    if got.high > wanted.low or (not over and got.high >= wanted.low):
        return Verdict(spans, holds=True, statement=f"{one.text}达到目标{aim.text}")
    return Verdict(
        spans,
        statement=f"写的是{'超额完成' if over else '完成'}目标，但{one.text}{'不超过' if over else '小于'}目标{aim.text}",
        certainty=Certainty.LIKELY,
        expected=f"{'大于' if over else '不小于'}{aim.text}",
        actual=one.text,
        arithmetic=f"{one.text} < {aim.text}" if got.high < wanted.low else f"{one.text} ≤ {aim.text}",
    )


_OF_TARGET = re.compile(r"^(?:的)?(?:[\u4e00-\u9fff]{0,6}?(?:目标|任务|计划|指标)(?:任务|数|值)?)?的$")
_OF_TARGET_LEAD = re.compile(r"(?:完成|占|为|达到?)[^，,。；;]{0,16}?(?:目标|任务|计划|指标|预算)[^，,。；;]{0,6}$")


@check_for("target.rate")
def rate(page: Page, definition: Definition) -> Iterator[Verdict]:
    """完成45亿元，占年度目标50亿元的90%."""
    for target in range(1, len(page.figures) - 1):
        claim, aim = target + 1, page.figures[target]
        if not page.is_percent(claim) or not page.is_level(target):
            continue
        named = _OF_TARGET_LEAD.search(page.clause(target)) or re.search("目标|任务|计划|指标", page.gap(target, claim))
        if not named or not _OF_TARGET.match(page.gap(target, claim)):
            continue
        actual = _actual_before(page, target)
        if actual is None:
            continue
        yield _share_of_target(page, actual, target, claim, aim)
    yield from _rate_behind(page)


_DONE_RATE = re.compile(
    r"^[^，,。；;\n\d]{0,6}[，,、（(](?:目标)?(?:完成率|执行率|完成(?:年度|全年|年初)?(?:目标|任务|计划|预算|指标)*(?:数|值|任务)?的?"
    r"|占(?:年度|全年)?(?:目标|任务|计划|预算)(?:任务|数)?的)(?:为|达到?)?$"
)
_OVER_RATE = re.compile(
    r"^[^，,。；;\n\d]{0,6}[，,、（(](?:超额完成|超|超出|超过)(?:年度|全年|年初)?(?:目标|任务|计划|预算)*(?:任务)?(?:的)?$"
)


def _rate_behind(page: Page) -> Iterator[Verdict]:
    """任务12亿元，完成13.8亿元，完成目标任务的115%; 任务60家，完成73家，超任务21.7%."""
    for found in page.once(aims):
        claim = found.last + 1
        if claim >= len(page.figures) or not page.is_percent(claim) or page.is_percent(found.aim):
            continue
        gap = page.gap(found.last, claim)
        aim = page.figures[found.aim]
        if _DONE_RATE.match(gap):
            yield _share_of_target(page, found.actual, found.aim, claim, aim)
        elif _OVER_RATE.match(gap) and page.figures[found.actual].value is not None:
            words = between(page, found.aim, found.actual, claim)
            spans = (page.span(found.actual), page.span(found.aim), page.span(claim))
            if words:
                yield softened(judged(page, spans, claim, *words))


def _share_of_target(page: Page, actual: int, target: int, claim: int, aim: Figure) -> Verdict:
    one, said = page.figures[actual], page.figures[claim]
    spans = (page.span(actual), page.span(target), page.span(claim))
    quotient = printed_range(one) / printed_range(aim)
    exact = share(part=one.value, whole=aim.value)
    if quotient is None or exact is None:
        return Verdict(spans, holds=True)
    true, words = quotient * exactly(100), f"{plain(exact)}%"
    formula = f"{one.text}÷{aim.text}＝{words}"
    if printed_range(said).meets(true):
        return Verdict(spans, holds=True, statement=f"{formula}，与{said.text}相符")
    close = cut_off(said).meets(true)
    return Verdict(
        spans,
        statement=f"按文中数字，完成目标的{words}，写的是{said.text}",
        certainty=Certainty.ASK if close else Certainty.LIKELY,
        expected=words,
        actual=said.text,
        arithmetic=formula,
    )


_PERCENT_DONE = re.compile(r"(?:完成|占)[^，,。；;]{0,20}(?:目标|任务|计划|指标)[^，,。；;\d]{0,8}$")


@check_for("target.over")
def over(page: Page, definition: Definition) -> Iterator[Verdict]:
    """超额完成 beside a completion below 100 %."""
    for index, figure in enumerate(page.figures):
        if not page.is_percent(index) or figure.value is None or not _PERCENT_DONE.search(page.clause(index)):
            continue
        after = re.match(r"^[^。；;\n]{0,3}[，,、][^，,。；;\n]{0,8}超额完成", page.after(figure.end, 24))
        before = re.search(r"超额完成[^，,。；;\n]{0,20}$", page.clause(index))
        if not (after or before):
            continue
        if before and not after and re.search(r"超额完成[^，,。；;\n]{0,12}的$", page.clause(index)) is None:
            continue
        if figure.value > 100:
            yield Verdict((page.span(index),), holds=True, statement="完成率超过100%")
        else:
            yield Verdict(
                (page.span(index),),
                statement=f"完成目标的{figure.text}，不是超额完成",
                expected="大于100%",
                actual=figure.text,
            )


@check_for("target.lower", "vague")
def lower(page: Page, definition: Definition) -> Iterator[Verdict]:
    """A plan for next year below what this year has reached is worth a question."""
    done: dict[tuple[str, str, str], list[Mention]] = {}
    planned: list[Mention] = []
    vague = frozenset(definition.params["vague"])
    for mention in page.once(mentions):
        figure = page.figures[mention.index]
        if figure.kind not in (Kind.COUNT, Kind.AMOUNT, Kind.RATIO) or len(mention.noun) < 4 or mention.noun in vague:
            continue
        if figure.role is Role.TARGET and not in_cell(page, mention):  # a table holds this year's own targets
            planned.append(mention)
        elif figure.role is Role.ACTUAL:
            done.setdefault((mention.noun, unit_of(figure), level_of(page, mention.index)), []).append(mention)
    for mention in planned[:200]:
        aim = page.figures[mention.index]
        key = (mention.noun, unit_of(aim), level_of(page, mention.index))
        actual = next((one for one in done.get(key, ()) if one.acts == mention.acts and not one.entities), None)
        if actual is None or _LOWER_IS_BETTER.search(page.clause(mention.index)):
            continue
        yield from _below(page, actual.index, mention.index)


def _below(page: Page, actual: int, target: int) -> Iterator[Verdict]:
    one, aim = page.figures[actual], page.figures[target]
    if printed_range(aim).high >= printed_range(one).low or (one.value or Decimal(0)) <= 0:
        return
    yield Verdict(
        (page.span(actual), page.span(target)),
        statement=f"“{aim.subject}”的目标{aim.text}低于已实现的{one.text}",
        certainty=Certainty.ASK,
        expected=f"不低于{one.text}",
        actual=aim.text,
        arithmetic=f"{aim.text} < {one.text}",
    )
