"""Growth, differences, folds and percentage points against the figures that they were worked out from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from keshu.kernel.measure.arithmetic import share
from keshu.kernel.prose.checking.bases import beside, points_over_base, times
from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.changing import (
    DOWN,
    UP,
    Move,
    Step,
    behind,
    comparable,
    ends_in_change,
    increases,
    is_fold,
    is_points,
    is_rank,
    moves,
    raised,
    steps,
    valued,
)
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.reckoning import HUNDRED, absolute, between, judged, nominal, rate_of, softened
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import Range, exactly, in_words, plain, printed_range
from keshu.kernel.prose.figure import Kind

_DIFFERENT_BASE = frozenset(("比上年", "较上年", "同比", "实际", "名义", "总体", "整体", "年均", "年平均", "平均每年"))
_LAST_YEAR = frozenset(("比上年", "较上年", "同比"))
_YEARS = re.compile(r"(20\d\d|19\d\d)年?")


@check_for("change.rate")
def rate(page: Page, definition: Definition) -> Iterator[Verdict]:
    """The rate, fold or difference behind 由A增加到B, behind a level with its increase, and from a base to a result."""
    for move in page.once(moves):
        if not is_rank(page.figures[move.old]):
            yield from _behind_move(page, move)
    yield from _behind_rise(page)
    for one in page.once(steps):
        verdict = _of_step(page, one)
        if verdict:
            yield softened(verdict)
    yield from _against_base(page)
    yield from _behind_raised(page)
    yield from beside(page)
    yield from times(page)


def _behind_move(page: Page, move: Move) -> Iterator[Verdict]:
    for claim, way, mode in behind(page, move.new):
        of_last_year = _from_last_year(page, move) if mode in _LAST_YEAR else False
        if (mode in _DIFFERENT_BASE and of_last_year is False) or way * move.direction < 0:
            if mode in ("年均", "年平均") and page.is_percent(claim):
                yield from _yearly(page, move, claim)
            continue
        if page.is_percent(move.new) and (page.is_percent(claim) or is_points(page.figures[claim])):
            continue  # change.points
        found = between(page, move.old, move.new, claim)
        if found is None:
            continue
        spans = (page.span(move.new), page.span(move.old), page.span(claim))
        verdict = judged(page, spans, claim, *found, nominal=nominal(page, move.new))
        yield _mistaken_fold(page, move, claim, verdict if of_last_year is not None else softened(verdict))


def _from_last_year(page: Page, move: Move) -> bool | None:
    """Whether a move tells of one year, so that 同比 means it too; None where the words leave it open."""
    old, new = page.figures[move.old], page.figures[move.new]
    words = page.text[max(page.sentence_of(move.old).start, old.start - 80) : new.start]
    years = [int(match.group(1)) for match in _YEARS.finditer(words)]
    if re.search("年均|年平均|每年", page.after(new.end, 40)):
        return False
    if len(years) == 2:
        return years[1] - years[0] == 1
    if (
        len(years) > 2
        or _YEARS.search(page.lead(move.old))
        or re.search("[五三十]年|期间|以来|年来|年初|年末|“", words)
    ):
        return False
    return True if re.search("上年|去年", page.lead(move.old)) else None


def _mistaken_fold(page: Page, move: Move, claim: int, verdict: Verdict) -> Verdict:
    """增长3倍 where the new figure is three times the old one: 增长 and 增长到 taken for each other."""
    old, new, said = page.figures[move.old], page.figures[move.new], page.figures[claim]
    quotient = printed_range(new) / printed_range(old)
    if verdict.holds or not is_fold(said) or quotient is None or not printed_range(said).meets(quotient):
        return verdict
    return replace(
        verdict,
        statement=f"{new.text}是{old.text}的{said.text}，只增长了{verdict.expected}：“增长{said.text}”应为“增长到{said.text}”",
        certainty=Certainty.LIKELY,
    )


def _yearly(page: Page, move: Move, claim: int) -> Iterator[Verdict]:
    """年均 over a number of years that the sentence tells; a yearly rate is rounded on, so it is never accused hard."""
    old, new = page.figures[move.old], page.figures[move.new]
    start = max(page.sentence_of(move.old).start, old.start - 80)
    years = [int(match.group(1)) for match in _YEARS.finditer(page.text[start : new.start])]
    if len(years) < 2 or years[-1] <= years[-2] or old.value is None or old.value <= 0 or new.value is None:
        return
    steps_n = years[-1] - years[-2]
    quotient = printed_range(new) / printed_range(old)
    if quotient is None or quotient.low <= 0:
        return
    power = Decimal(1) / steps_n
    true = Range((quotient.low**power - 1) * HUNDRED, (quotient.high**power - 1) * HUNDRED)
    exact = ((new.value / old.value) ** power - 1) * HUNDRED
    spans = (page.span(move.new), page.span(move.old), page.span(claim))
    words = f"{plain(abs(exact))}%"
    verdict = judged(page, spans, claim, absolute(true), f"({new.text}÷{old.text})开{steps_n}次方－1＝{words}", words)
    if verdict.holds or not nominal(page, move.new):
        yield softened(verdict)


#: a change since then and a rate against the same time of last year often stand side by side
_SINCE = re.compile(r"年初|年末|年底|上月|上季|环比|\d{4}年")
_RATE_BEHIND = re.compile(
    rf"^[，,、\s]*(?:增长率|增幅|增速|同比|比上年|较上年)?(?P<verb>{UP}|{DOWN})?(?:了|达到?|为|率|幅度?|约|近)*$"
)


def _behind_rise(page: Page) -> Iterator[Verdict]:
    """达到346家、比上年增加46家，增长15.3%."""
    for rise in page.once(increases):
        if not rise.tight:
            continue
        last = max(rise.level, rise.change)
        claim = last + 1
        if not valued(page, claim) or not page.is_percent(claim) or page.is_percent(rise.level):
            continue
        match = _RATE_BEHIND.match(page.gap(last, claim))
        if not match or not (match.group(0).strip("，,、 ")):
            continue
        level, change = printed_range(page.figures[rise.level]), printed_range(page.figures[rise.change])
        base = level + change if rise.down else level - change
        quotient = change / base if base.low > 0 else None
        one, other = page.figures[rise.level], page.figures[rise.change]
        if quotient is None or one.value is None or other.value is None:
            continue
        before = one.value + other.value if rise.down else one.value - other.value
        words = f"{plain(other.value / before * HUNDRED)}%"
        sign = "＋" if rise.down else "－"
        formula = f"{other.text}÷({one.text}{sign}{other.text})＝{words}"
        spans = (page.span(rise.level), page.span(rise.change), page.span(claim))
        real = nominal(page, rise.level)
        told = page.text[max(0, page.figures[min(rise.level, rise.change)].start - 16) : page.figures[last].start]
        since_new_year = bool(_SINCE.search(told))
        if since_new_year and re.search("同比|上年", match.group()):
            continue
        verdict = judged(page, spans, claim, quotient * exactly(HUNDRED), formula, words, nominal=real)
        yield softened(verdict) if since_new_year else verdict


def _of_step(page: Page, one: Step) -> Verdict | None:
    base, change, result = (page.figures[index] for index in (one.base, one.change, one.result))
    if base.value is None or change.value is None:
        return None
    sign = -1 if one.down else 1
    start = printed_range(base)
    moved = exactly(change.value) if change.kind is Kind.TARGET_CHANGE else printed_range(change)
    if page.is_percent(one.change) or is_fold(change):
        if page.is_percent(one.base):
            return None
        share = Decimal("0.01") if page.is_percent(one.change) else Decimal(1)
        true = start * (exactly(1) + moved * exactly(sign * share))
        value = base.value * (1 + sign * share * change.value)
        symbol = f"{base.text}×(1{'－' if one.down else '＋'}{change.text})"
    elif comparable(change, base):
        true = start - moved if one.down else start + moved
        value = base.value + sign * change.value
        symbol = f"{base.text}{'－' if one.down else '＋'}{change.text}"
    else:
        return None
    spans = (page.span(one.result), page.span(one.base), page.span(one.change))
    words = in_words(value, result)
    return judged(page, spans, one.result, true, f"{symbol}＝{words}", words, nominal=nominal(page, one.base))


def _behind_raised(page: Page) -> Iterator[Verdict]:
    """比上年的13亿元增加4亿元，增长30.8%."""
    for base, change, _fell in raised(page):
        claim = change + 1
        if not valued(page, claim) or not page.is_percent(claim) or page.is_percent(base):
            continue
        match = _RATE_BEHIND.match(page.gap(change, claim))
        if not match or not match.group().strip("，,、"):
            continue
        one, other = page.figures[change], page.figures[base]
        quotient = printed_range(one) / printed_range(other)
        exact = share(part=one.value, whole=other.value)
        if quotient is None or exact is None:
            continue
        words = f"{plain(exact)}%"
        spans = (page.span(change), page.span(base), page.span(claim))
        true = quotient * exactly(HUNDRED)
        formula = f"{one.text}÷{other.text}＝{words}"
        yield softened(judged(page, spans, claim, true, formula, words, nominal=nominal(page, base)))


_OLD = re.compile(r"(?:比|较|去年|上年|同期|\d{4}年|年初|上年末)[^，,。；;\d]{0,16}$")
_OLD_TO_RATE = re.compile(rf"^[）)]?(?:的)?[，,]?(?:同比)?(?P<verb>{UP}|{DOWN})(?:了|约)?$")
_NEW_TO_OLD = re.compile(
    r"^[^，,。；;\n]{0,4}[，,（(]?(?:比|较)[^，,。；;\n]{0,24}$|^[（(](?:上年|去年|同期|上年同期|去年同期)[^，,。；;\n]{0,4}$"
)


def _against_base(page: Page) -> Iterator[Verdict]:
    """346家，比上年的300家增长15.3%."""
    for old in range(1, len(page.figures) - 1):
        new, claim = old - 1, old + 1
        if not (page.is_level(new) and page.is_level(old) and valued(page, claim)):
            continue
        if not (page.is_percent(claim) or is_fold(page.figures[claim])):
            continue
        if unit_of(page.figures[new]) != unit_of(page.figures[old]) or not _OLD.search(page.lead(old)):
            continue
        match = _OLD_TO_RATE.match(page.gap(old, claim))
        if not match or not _NEW_TO_OLD.match(page.gap(new, old)) or ends_in_change(page.lead(old)):
            continue
        found = between(page, old, new, claim)
        if found:
            spans = (page.span(new), page.span(old), page.span(claim))
            yield judged(page, spans, claim, *found, nominal=nominal(page, new))


@check_for("change.points")
def points(page: Page, definition: Definition) -> Iterator[Verdict]:
    """The change of a percentage: in 个百分点 it is the difference; in % it is something else."""
    yield from points_over_base(page)
    for move in page.once(moves):
        if not (page.is_percent(move.old) and page.is_percent(move.new)):
            continue
        for claim, way, mode in behind(page, move.new):
            if mode in _DIFFERENT_BASE or way * move.direction < 0:
                continue
            found = between(page, move.old, move.new, claim)
            if found is None:
                continue
            spans = (page.span(move.new), page.span(move.old), page.span(claim))
            yield (
                judged(page, spans, claim, *found)
                if is_points(page.figures[claim])
                else _percent_of_percent(page, move, claim, found[0])
            )


def _percent_of_percent(page: Page, move: Move, claim: int, difference: Range) -> Verdict:
    old, new, said = page.figures[move.old], page.figures[move.new], page.figures[claim]
    spans = (page.span(move.new), page.span(move.old), page.span(claim))
    relative = rate_of(printed_range(new), printed_range(old))
    if relative and printed_range(said).meets(absolute(relative)):
        return Verdict(spans, holds=True, statement="百分数之间的相对变化")
    shown = f"{plain(abs((new.value or Decimal(0)) - (old.value or Decimal(0))))}个百分点"
    fits = printed_range(said).meets(difference)
    return Verdict(
        spans,
        statement="百分数相减的差应写“个百分点”，写成了“%”" if fits else f"两个百分数相差{shown}，写的是{said.text}",
        certainty=Certainty.LIKELY,
        expected=shown,
        actual=said.text,
        arithmetic=f"{new.text}－{old.text}＝{shown}",
    )


_AHEAD = re.compile(r"^[）)]?(?:平均水平|平均|水平)?[）)]?(?P<way>高出|高|低|快|慢)(?:出|于|了)?$")
_BENCHMARK = re.compile(r"(?:全国|全省|全市|平均|同期|上年|去年|预期|目标|规模以上|面上)[^，,。；;\d]{0,10}$")


@check_for("change.benchmark")
def benchmark(page: Page, definition: Definition) -> Iterator[Verdict]:
    """增长8.3%，比全国平均5.2%高3.1个百分点."""
    yield from _above_average(page)
    for other in range(1, len(page.figures) - 1):
        own, claim = other - 1, other + 1
        if not (page.is_percent(own) and page.is_percent(other) and is_points(page.figures[claim])):
            continue
        match = _AHEAD.match(page.gap(other, claim))
        if not match or not _BENCHMARK.search(page.clause(other).rstrip("（(")) or not valued(page, claim):
            continue
        if len(page.gap(own, other)) > 20 or re.search(r"[。；;]", page.gap(own, other)):
            continue
        found = between(page, other, own, claim)
        one, two = page.figures[own].value, page.figures[other].value
        if found is None or one is None or two is None:
            continue
        spans = (page.span(own), page.span(other), page.span(claim))
        higher = match.group("way") in ("高出", "高", "快")
        verdict = judged(page, spans, claim, *found)
        if verdict.holds and one != two and higher != (one > two):
            said = "高" if higher else "低"
            yield Verdict(
                spans,
                statement=f"{page.figures[own].text}并不比{page.figures[other].text}{said}",
                certainty=Certainty.LIKELY,
                expected="低" if higher else "高",
                actual=said,
            )
        else:
            yield verdict


_ABOVE = re.compile(
    r"^[，,、]?(?:明显|略|远)?高于(?:全国|全省|全市|全县|全区)(?:的)?(?:平均|平均水平|平均数|均值)(?:的)?[（(]?$"
)
_AVERAGE_END = re.compile(r"^[）)]?(?:的?(?:平均)?水平)?[，,。；;、]")


def _above_average(page: Page) -> Iterator[Verdict]:
    """2.86%，高于全省平均水平3.12%: said to be above a figure that is larger."""
    for own in range(len(page.figures) - 1):
        other = own + 1
        one, average = page.figures[own], page.figures[other]
        if not valued(page, own) or not valued(page, other) or unit_of(one) != unit_of(average) or is_rank(one):
            continue
        if not _ABOVE.match(page.gap(own, other)) or not _AVERAGE_END.match(page.after(average.end, 6)):
            continue
        spans = (page.span(own), page.span(other))
        if printed_range(one).high >= printed_range(average).low:
            yield Verdict(spans, holds=True, statement=f"{one.text}高于{average.text}")
            continue
        yield Verdict(
            spans,
            statement=f"写的是高于平均水平，但{one.text}小于{average.text}",
            certainty=Certainty.LIKELY,
            expected=f"大于{average.text}",
            actual=one.text,
            arithmetic=f"{one.text} < {average.text}",
        )


_RISING = re.compile(r"(?:同比|比上年|较上年|比去年|较去年)(?:增长|增加|提高|上升)(?:了)?$")
_RATED = re.compile(r"率|占|比重|比例|强度|度|份额|增速|增幅|指数|满意|贡献|水平|覆盖|浓度|均")


@check_for("change.unit")
def unit(page: Page, definition: Definition) -> Iterator[Verdict]:
    """The growth of an amount or a number is told in %, not in 个百分点."""
    for index, figure in enumerate(page.figures):
        if not index or not is_points(figure) or figure.value is None or not _RISING.search(page.lead(index)):
            continue
        gap = page.gap(index - 1, index)
        if not page.is_level(index - 1) or len(gap) > 14 or re.search(r"[。；;\n]", gap):
            continue
        words = gap + page.clause(index - 1) + page.figures[index - 1].subject + figure.subject
        if _RATED.search(words):
            continue
        yield Verdict(
            (page.span(index), page.span(index - 1)),
            statement=f"{page.figures[index - 1].text}是总量，其增长应写“%”，写成了{figure.text}",
            expected="%",
            actual=figure.text,
        )
