"""Which way a change goes: up and down, past a mark, doubled, and falls that are told as they cannot be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.changing import DOWN, is_fold, is_rank, moves
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import plain, printed_range
from keshu.kernel.prose.figure import Approx

_HUNDRED = 100
_PLACES = re.compile(r"位次|排名|名次|位居|排位|等级|级别|时间|用时")


@check_for("change.direction")
def direction(page: Page, definition: Definition) -> Iterator[Verdict]:
    """由A增加到B needs a larger B, 下降到 a smaller one; of ranks it is the other way round."""
    for move in page.once(moves):
        old, new = page.figures[move.old], page.figures[move.new]
        if not move.direction or is_rank(old) or is_rank(new) or unit_of(old) != unit_of(new):
            continue
        if _PLACES.search(page.clause(move.old)):
            continue
        spans = (page.span(move.old), page.span(move.new))
        first, second = printed_range(old), printed_range(new)
        wrong = second.high <= first.low if move.direction > 0 else second.low >= first.high
        if not wrong:
            yield Verdict(spans, holds=True, statement=f"{old.text}到{new.text}的方向相符")
            continue
        said = "上升" if move.direction > 0 else "下降"
        yield Verdict(
            spans,
            statement=f"写的是{said}，但{old.text}到{new.text}不是{said}",
            certainty=Certainty.CERTAIN,
            expected=f"{'大' if move.direction > 0 else '小'}于{old.text}",
            actual=new.text,
            arithmetic=f"{new.text}－{old.text}",
        )


_PASSING = re.compile(r"(?:突破|跨越|迈过|冲破|超过)(?:了)?$")
_THEN_PASSING = re.compile(r"^[^，,。；;\n\d]{0,4}[，,、](?:首次|成功|一举|历史性)*(?:突破|跨越|迈过|冲破)了?$")
_MARK_END = re.compile(r"^(?P<mark>大关|关口|台阶)?[，,。；;]")
_PASSED_TO = re.compile(r"^[^，,。；;\n]{0,4}[，,、]?(?:达到|达)(?:了)?$")


@check_for("change.passed")
def passed(page: Page, definition: Definition) -> Iterator[Verdict]:
    """突破100亿元，达到101.6亿元: what was passed is not above what was reached."""
    for index in range(len(page.figures) - 1):
        mark, reached = page.figures[index], page.figures[index + 1]
        if not (page.is_level(index) and page.is_level(index + 1)) or unit_of(mark) != unit_of(reached):
            continue
        if _THEN_PASSING.match(page.gap(index, index + 1)) and _MARK_END.match(page.after(reached.end, 4)):
            yield from _told_before(page, index)
            continue
        if not _PASSING.search(page.lead(index)) or not _PASSED_TO.match(page.gap(index, index + 1)):
            continue
        spans = (page.span(index), page.span(index + 1))
        if mark.value is not None and printed_range(reached).high >= mark.value:
            yield Verdict(spans, holds=True, statement=f"{reached.text}在{mark.text}以上")
        else:
            yield Verdict(
                spans,
                statement=f"写的是突破{mark.text}，却只达到{reached.text}",
                certainty=Certainty.CERTAIN,
                expected=f"不小于{mark.text}",
                actual=reached.text,
                arithmetic=f"{reached.text} < {mark.text}",
            )


def _told_before(page: Page, index: int) -> Iterator[Verdict]:
    """8.4亿元，突破10亿元大关."""
    reached, mark = page.figures[index], page.figures[index + 1]
    spans = (page.span(index), page.span(index + 1))
    if mark.value is None or printed_range(reached).high >= mark.value:
        yield Verdict(spans, holds=True, statement=f"{reached.text}在{mark.text}以上")
        return
    yield Verdict(
        spans,
        statement=f"只有{reached.text}，却写突破{mark.text}",
        certainty=Certainty.CERTAIN if _MARK_END.match(page.after(mark.end, 4)).group("mark") else Certainty.LIKELY,  # type: ignore[union-attr]
        expected=f"不小于{mark.text}",
        actual=reached.text,
        arithmetic=f"{reached.text} < {mark.text}",
    )


_DOUBLED = re.compile(r"^[^，,。；;\n]{0,6}[，,、]?[^，,。；;\n]{0,8}翻了?(?P<times>[一两二三]?)番")
_TIMES = {"": 2, "一": 2, "两": 4, "二": 4, "三": 8}


@check_for("change.doubled")
def doubled(page: Page, definition: Definition) -> Iterator[Verdict]:
    """由A增加到B，翻了一番: B is about twice A."""
    for move in page.once(moves):
        old, new = page.figures[move.old], page.figures[move.new]
        match = _DOUBLED.match(page.after(new.end, 30))
        if not match or page.is_percent(move.old) or is_rank(old) or unit_of(old) != unit_of(new):
            continue
        times = _TIMES[match.group("times")]
        quotient = printed_range(new) / printed_range(old)
        if quotient is None or old.value is None or new.value is None:
            continue
        spans = (page.span(move.new), page.span(move.old))
        if quotient.high >= times * Decimal("0.95") and quotient.low <= times * Decimal("1.5"):
            yield Verdict(spans, holds=True, statement=f"{new.text}约为{old.text}的{times}倍")
            continue
        true = plain(new.value / old.value)
        yield Verdict(
            spans,
            statement=f"写的是“{match.group()[-3:]}”，但{new.text}是{old.text}的{true}倍",
            certainty=Certainty.LIKELY,
            expected=f"{times}倍",
            actual=f"{true}倍",
            arithmetic=f"{new.text}÷{old.text}＝{true}",
        )


_FALLING = re.compile(rf"(?:{DOWN}|降幅)(?:了|达到?|近|约|超过?)*$")


@check_for("change.fall")
def fall(page: Page, definition: Definition) -> Iterator[Verdict]:
    """A fall is told in %, never in 倍, and never by more than all there was."""
    for index, figure in enumerate(page.figures):
        if figure.value is None or figure.approx is Approx.RANGE or not _FALLING.search(page.lead(index)):
            continue
        if page.lead(index).endswith(("多", "至少")):
            continue
        if is_fold(figure):
            statement, expected = f"减少、下降不用“倍”表示：{figure.text}", "百分之几或几分之几"
        elif page.is_percent(index) and figure.value > _HUNDRED:
            statement, expected = f"下降{figure.text}，降幅超过了百分之百", "不大于100%"
        else:
            continue
        yield Verdict((page.span(index),), statement=statement, expected=expected, actual=figure.text)
