"""Shares and rates against the part and the whole that the text names, at the precision printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from keshu.kernel.measure.arithmetic import share
from keshu.kernel.prose.checking.breakdowns import Breakdown, breakdowns, same_unit
from keshu.kernel.prose.checking.labels import label
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import Range, cut_off, exactly, plain, printed_range

_SHARE = re.compile(
    r"占(?P<of>[^占，,。；;]{0,26}?)(?:的)?(?:比重|比例|比)?(?:达到|达|为|近|约|超过|超|仅|提高到|上升到|升至|只)*$"
)
_GENERIC = re.compile(r"^(?:其|全部|总|总数|总量|总额|总体|总规模|比|到|总计|整体|合计|全体|整个|总人数|总户数|了)?$")
_ELSEWHERE = re.compile(r"全国|全省|全市|全县|全区|全球|世界|我国|我省|我市|同期|同类|GDP|gdp|生产总值")
#: a noun before 占 that makes it the share of something else than the figure before
_OTHER_MEASURE = re.compile(r"资金|金额|产值|收入|面积|投资|投入|人数|人员|数量|贡献|用地|产量|税收|利润|额")
_LIST_GAP = re.compile(r"^[、，,和及以\s]*$")
_HUNDRED = Decimal(100)
_BACK = 8


@check_for("share.stated")
def stated(page: Page, definition: Definition) -> Iterator[Verdict]:
    """占总数的41.2% against the part before it and the whole that it names."""
    under = _by_part(page)
    index = 0
    while index < len(page.figures):
        match = _share_words(page, index)
        if not match:
            index += 1
            continue
        run = _percent_run(page, index)
        start = page.figures[index].start - len(match.group())
        named = _named_inside(page, start, index)
        for offset, part in enumerate(_parts(page, named or index, len(run))):
            if named is not None:
                if same_unit(page.figures[part], page.figures[named]):
                    yield _share(page, part, named, run[offset], sure=False)
                continue
            verdict = _judge(page, part, run[offset], match.group("of"), under)
            if verdict:
                yield verdict
        index = run[-1] + 1


def _share_words(page: Page, index: int) -> re.Match[str] | None:
    if not page.is_percent(index):
        return None
    match = _SHARE.search(page.clause(index))
    return match if match and not re.search("增长|增幅|增速", match.group("of")) else None


def _named_inside(page: Page, start: int, index: int) -> int | None:
    """The whole where it stands between 占 and the share: 占全市74家的29.73%."""
    first = page.first_at(start)
    return first if first < index and page.is_level(first) and first == index - 1 else None


def _percent_run(page: Page, index: int) -> list[int]:
    run = [index]
    while run[-1] + 1 < len(page.figures) and page.is_percent(run[-1] + 1):
        if not _LIST_GAP.match(page.gap(run[-1], run[-1] + 1)) or len(run) >= 20:
            break
        run.append(run[-1] + 1)
    return run


def _parts(page: Page, index: int, count: int) -> list[int]:
    """The figures that the shares are of: the last `count` levels of one unit before them in the sentence."""
    first = max(page.sentence_of(index).figures[0], index - count - _BACK)
    levels = [other for other in range(first, index) if page.is_level(other)][-count:]
    if len(levels) < count or (
        count > 1 and not all(same_unit(page.figures[levels[0]], page.figures[one]) for one in levels)
    ):
        return []
    if count == 1:
        between = page.text[page.figures[levels[0]].end : page.figures[index].start]
        if len(between) > 60:
            return []
    return levels


def _by_part(page: Page) -> dict[int, Breakdown]:
    return {part: found for found in page.once(breakdowns) for part in found.parts}


def _judge(page: Page, part: int, claim: int, of: str, under: dict[int, Breakdown]) -> Verdict | None:
    if _OTHER_MEASURE.search(page.text[page.figures[part].end : page.figures[claim].start].rpartition("占")[0]):
        return None
    of = of.strip("“”的 ")
    bare = bool(_GENERIC.match(of))
    if not bare and _ELSEWHERE.search(of):
        return None
    whole = under[part].whole if part in under else None
    if bare and whole is not None and same_unit(page.figures[part], page.figures[whole]):
        candidates, sure = [whole], not under[part].rivals
    else:
        candidates, sure = _candidates(page, part, of if not bare else ""), False
    verdicts = [_share(page, part, one, claim, sure=sure and len(candidates) == 1) for one in candidates]
    right = next((verdict for verdict in verdicts if verdict.holds), None)
    return right or (verdicts[0] if len(verdicts) == 1 else None)


def _candidates(page: Page, part: int, named: str) -> list[int]:
    """Figures that may be the whole: the same unit, larger, near, and bearing the name where there is one."""
    figure = page.figures[part]
    block = page.block_at(figure.start)
    found = []
    for other in range(part - 1, max(-1, part - 1 - _BACK), -1):
        one = page.figures[other]
        if page.block_at(one.start) != block:
            break
        if not page.is_level(other) or not same_unit(one, figure) or one.role is not figure.role:
            continue
        if named and not _bears(page, other, named):
            continue
        if not named and page.sentence_of(other).full != page.sentence_of(part).full:
            continue
        if (one.value or 0) >= (figure.value or 0):
            found.append(other)
    return found


def _bears(page: Page, index: int, named: str) -> bool:
    words = label(page, index)
    core = re.sub(r"(?:总数|总量|总额|数量|数|量|总)$", "", named)
    return len(core) >= 2 and core in words


def _share(page: Page, part: int, whole: int, claim: int, *, sure: bool) -> Verdict:
    one, all_, said = page.figures[part], page.figures[whole], page.figures[claim]
    spans = (page.span(part), page.span(whole), page.span(claim))
    quotient = printed_range(one) / printed_range(all_)
    exact = share(part=one.value, whole=all_.value)
    if quotient is None or exact is None:
        return Verdict(spans, holds=True)
    true, stated_range = quotient * exactly(_HUNDRED), printed_range(said)
    words = f"{plain(exact)}%"
    formula = f"{one.text}÷{all_.text}＝{words}"
    if stated_range.meets(true):
        return Verdict(spans, holds=True, statement=f"{formula}，与{said.text}相符")
    close = cut_off(said).meets(true)
    return Verdict(
        spans,
        statement=f"{one.text}占{all_.text}的{words}，写的是{said.text}",
        certainty=Certainty.ASK if close else Certainty.CERTAIN if sure else Certainty.LIKELY,
        expected=words,
        actual=said.text,
        arithmetic=formula,
    )


@check_for("share.rate", "rates")
def rate(page: Page, definition: Definition) -> Iterator[Verdict]:
    """立项率40% against 申报50项 and 立项20项."""
    rates = {one["rate"]: one for one in definition.params["rates"]}
    for index in range(2, len(page.figures)):
        if not page.is_percent(index):
            continue
        lead = page.lead(index)
        words = next((one for name, one in rates.items() if name in lead[-12:]), None)
        if words is None:
            continue
        near = [
            other for other in page.sentence_of(index).figures if index - 4 <= other < index and page.is_level(other)
        ]
        part = _last_with(page, near, words["part"])
        whole = _last_with(page, [one for one in near if one != part], words["whole"])
        if part is None or whole is None or not same_unit(page.figures[part], page.figures[whole]):
            continue
        yield _share(page, part, whole, index, sure=False)


def _last_with(page: Page, candidates: list[int], words: list[str]) -> int | None:
    found = [one for one in candidates if any(word in label(page, one) for word in words)]
    return found[-1] if found else None


_PORTION = re.compile(r"(?:占比|占[^，,。；;]{0,20}(?:比重|比例))(?:达到|达|为|近|约|超过|提高到)*$")


@check_for("share.over")
def over(page: Page, definition: Definition) -> Iterator[Verdict]:
    """No share is more than the whole, and shares named together are not more than 100 %."""
    for index, figure in enumerate(page.figures):
        if not page.is_percent(index) or figure.value is None:
            continue
        clause = page.clause(index)
        if figure.value > _HUNDRED and _PORTION.search(clause) and not re.search(r"目标|任务|计划", clause):
            yield Verdict(
                (page.span(index),), statement=f"占比{figure.text}超过了100%", expected="不大于100%", actual=figure.text
            )
        if "分别占" in clause[-30:] and len(run := _percent_run(page, index)) > 1:
            yield from _together(page, run)


def _together(page: Page, run: list[int]) -> Iterator[Verdict]:
    total = sum((printed_range(page.figures[one]).low for one in run), Decimal(0))
    spans = tuple(page.span(one) for one in run)
    if total <= _HUNDRED:
        yield Verdict(spans, holds=True, statement="各占比之和不超过100%")
        return
    written = "＋".join(page.figures[one].text for one in run)
    yield Verdict(
        spans,
        statement="各占比之和超过了100%",
        expected="合计不大于100%",
        actual=written,
        arithmetic=f"{written} > 100%",
    )


@check_for("share.implied")
def implied(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Two shares of one whole that the text does not state: the wholes worked out from them should agree."""
    wholes: dict[tuple[str, str, str], list[tuple[int, int, Range]]] = defaultdict(list)
    for index in range(1, len(page.figures)):
        match = _share_words(page, index)
        if not match:
            continue
        of = match.group("of").strip("“”的 ")
        parts = _parts(page, index, 1)
        if len(of) < 4 or not parts or page.figures[parts[0]].role is not page.figures[index].role:
            continue
        figure = page.figures[parts[0]]
        percent = printed_range(page.figures[index])
        if percent.low > 0 and (whole := printed_range(figure) / percent):
            key = (of, figure.canonical or figure.unit, figure.period + str(figure.role))
            wholes[key].append((parts[0], index, whole * exactly(_HUNDRED)))
    for (of, _unit, _period), found in wholes.items():
        first = found[0]
        for other in found[1:20]:
            spans = tuple(page.span(one) for one in (first[0], first[1], other[0], other[1]))
            if first[2].meets(other[2]):
                yield Verdict(spans, holds=True, statement=f"两处推算的“{of}”一致")
            else:
                yield Verdict(
                    spans,
                    statement=f"由两处占比推算的“{of}”不一致，请核对口径",
                    certainty=Certainty.ASK,
                    expected="两处占比的分母一致",
                    actual=f"{page.figures[first[1]].text}与{page.figures[other[1]].text}",
                )
