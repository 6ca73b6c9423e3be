"""Shares and rates against the part and the whole that the text names, at the precision printed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum

from keshu.kernel.measure.arithmetic import share
from keshu.kernel.prose.checking.breakdowns import Breakdown, is_average, same_unit
from keshu.kernel.prose.checking.labels import label
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import Range, cut_off, exactly, plain, printed_range
from keshu.kernel.prose.checking.totals import breakdowns

_SHARE = re.compile(
    r"占(?P<of>[^占，,。；;]{0,26}?)(?:的)?(?:比重|比例|比)?(?:达到|达|为|近|约|超过|超|仅|提高到|上升到|升至|只)*$"
)
_GENERIC = re.compile(r"^(?:其|全部|总|总数|总量|总额|总体|总规模|比|到|总计|整体|合计|全体|整个|总人数|总户数|了)?$")
_ELSEWHERE = re.compile(r"全国|全省|全市|全县|全区|全球|世界|我国|我省|我市|同期|同类|GDP|gdp|生产总值")
#: growth told between a part and its share
_GROWTH_BETWEEN = re.compile(
    r"[，,、（(](?:同比|比上年|较上年|比去年|较去年)?(?:净)?(?:增长|增加|下降|减少|提高|增|降)[^，,。；;占]{0,14}(?=[，,、）)])[）)]?"
)
#: what may stand between a part and 占 without naming another numerator
_BARE_SHARE = re.compile(r"[，,、（(]?(?:分别|约|大约|仅|只|均|各|则|也|已|其|共|所)*")
_SEVERAL = re.compile(r"合计|共|总计|累计|两者|二者|三者|一并|加上")
_LIST_GAP = re.compile(r"^[、，,和及以\s]*$")
_HUNDRED = Decimal(100)
#: shares above this come from figures that do not belong together
_FAR_ABOVE = Decimal(150)
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
                verdict = (
                    _share(page, part, named, run[offset], sure=False)
                    if same_unit(page.figures[part], page.figures[named])
                    else None
                )
                if verdict:
                    yield verdict
                continue
            verdict = _judge(page, part, run[offset], match.group("of"), under, alone=len(run) == 1)
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


def _judge(page: Page, part: int, claim: int, of: str, under: dict[int, Breakdown], *, alone: bool) -> Verdict | None:
    stands = _stands_before(page, part, claim)
    if stands is Standing.ELSEWHERE:
        return None
    of = of.strip("“”的 ")
    bare = bool(_GENERIC.match(of))
    if not bare and _ELSEWHERE.search(of):
        return None
    found = under.get(part)
    if bare and found and same_unit(page.figures[part], page.figures[found.whole]):
        earlier = [one for one in found.parts if one < part and same_unit(page.figures[one], page.figures[part])]
        candidates = [found.whole, *(one for one in earlier if _larger(page, one, part))]
        sure = not earlier and stands is Standing.CLOSE
    else:
        candidates, sure = _candidates(page, part, of if not bare else ""), False
    if alone and any(_together_fits(page, part, whole, claim) for whole in candidates):
        return None
    verdicts = {one: _share(page, part, one, claim, sure=sure) for one in candidates}
    right = next((verdict for verdict in verdicts.values() if verdict and verdict.holds), None)
    if right or (found and found.rivals):
        return right
    left = [one for one in candidates if not (bare and _has_own_share(page, one))]
    return verdicts[left[0]] if len(left) == 1 or (found and left) else None


class Standing(Enum):
    """Where the part of a share stands: right before it, behind a growth rate, or the share names another part."""

    CLOSE = 1
    APART = 2
    ELSEWHERE = 3


def _stands_before(page: Page, part: int, claim: int) -> Standing:
    """Whether the share is that of the figure before it: what stands before 占 names nothing else."""
    between = page.between(part, claim)
    words, mark, _behind = between.rpartition("占")
    if not mark:
        return Standing.ELSEWHERE
    shorter = _GROWTH_BETWEEN.sub("", words)
    standing = Standing.CLOSE if shorter == words else Standing.APART
    counted, comma, named = shorter.rpartition("，") if "，" in shorter else shorter.rpartition(",")
    if _BARE_SHARE.fullmatch(shorter) or (
        comma and _BARE_SHARE.fullmatch(named) and not re.search(r"[，,；;\d]", counted)
    ):
        return standing
    if re.search(r"[，,；;\d]", counted) or _SEVERAL.search(shorter):
        return Standing.ELSEWHERE
    return Standing.APART if comma and _repeats(page, part, named) else Standing.ELSEWHERE


def _repeats(page: Page, part: int, named: str) -> bool:
    """Whether the noun before 占 says again what the part counts: every character of it, in order."""
    words, position = page.clause(part) + page.tail(part), -1
    for character in named:
        position = words.find(character, position + 1)
        if position < 0:
            return False
    return len(named) >= 2


def _larger(page: Page, one: int, other: int) -> bool:
    return (page.figures[one].value or 0) >= (page.figures[other].value or 0)


def _together_fits(page: Page, part: int, whole: int, claim: int) -> bool:
    """高校15项、企业13项，占80%: the share of both together."""
    total = printed_range(page.figures[part])
    for other in range(part - 1, max(-1, part - _BACK), -1):
        joined = page.gap(other, other + 1)
        if not (page.is_level(other) and same_unit(page.figures[other], page.figures[part])) or other == whole:
            return False
        if not re.match(r"[、和及]", joined) or re.search(r"[，,。；;\n]", joined):
            return False
        total = total + printed_range(page.figures[other])
        quotient = total / printed_range(page.figures[whole])
        if quotient and printed_range(page.figures[claim]).meets(quotient * exactly(_HUNDRED)):
            return True
    return False


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
        if _larger(page, other, part) and not is_average(page, other):
            found.append(other)
    return found


def _has_own_share(page: Page, index: int) -> bool:
    """Whether the figure is itself told as a share of something: then it is no whole of its neighbours."""
    return bool(re.match(r"^[^，,。；;\n\d]{0,6}[，,、（(]?(?:约|仅)?占", page.after(page.figures[index].end, 16)))


def _bears(page: Page, index: int, named: str) -> bool:
    words = label(page, index)
    core = re.sub(r"(?:总数|总量|总额|数量|数|量|总)$", "", named)
    return len(core) >= 2 and core in words


def _share(page: Page, part: int, whole: int, claim: int, *, sure: bool) -> Verdict | None:
    """The share worked out and compared; nothing where it would be far above the whole."""
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
    if exact > _FAR_ABOVE:
        return None
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
        yield from _rate_among(page, index, lead)
        words = next((one for name, one in rates.items() if name in lead[-12:]), None)
        if words is None:
            continue
        near = [
            other for other in page.sentence_of(index).figures if index - 4 <= other < index and page.is_level(other)
        ]
        part = next(iter(_bearing(page, near, words["part"])), None)
        if part is None:
            continue
        wholes = _bearing(page, [one for one in near if one != part], words["whole"])
        if near[-1] not in (part, *wholes):
            continue  # the rate is that of a figure told in between
        verdict = _best_of(page, part, wholes, index, above=bool(words.get("above")))
        if verdict:
            yield verdict


_RATE_NAME = re.compile(r"(?P<name>[\u4e00-\u9fff]{2})率(?:达到?|为|约|仅)*$")
_AMONG = re.compile(r"^[^，,。；;\n\d]{0,12}(?:当中|之中|中|里)")


def _rate_among(page: Page, claim: int, lead: str) -> Iterator[Verdict]:
    """60个村中，优秀21个，优秀率35%: the rate bears the name of the part."""
    match, part, whole = _RATE_NAME.search(lead), claim - 1, claim - 2
    if not match or not (page.is_level(part) and page.is_level(whole)) or is_average(page, whole):
        return
    if not same_unit(page.figures[part], page.figures[whole]) or not _AMONG.match(page.gap(whole, part)):
        return
    behind = page.gap(part, claim).count("，") + page.gap(part, claim).count(",")
    name = match.group("name")
    if behind == 1 and any(one in page.gap(whole, part) + page.tail(part) for one in (name, name[0])):
        verdict = _share(page, part, whole, claim, sure=False)
        if verdict:
            yield verdict


def _best_of(page: Page, part: int, wholes: list[int], claim: int, *, above: bool) -> Verdict | None:
    """Against the whole that fits; where none does, against the nearest, no smaller than the part unless `above`."""
    verdicts = []
    for whole in wholes:
        if not same_unit(page.figures[part], page.figures[whole]) or is_average(page, whole):
            continue
        if above or printed_range(page.figures[part]).low <= printed_range(page.figures[whole]).high:
            verdicts.append(_share(page, part, whole, claim, sure=False))
    right = next((verdict for verdict in verdicts if verdict and verdict.holds), None)
    return right or (verdicts[0] if verdicts else None)


def _bearing(page: Page, candidates: list[int], words: list[str]) -> list[int]:
    """Those labelled with one of the words, the nearest first."""
    return [one for one in reversed(candidates) if any(word in label(page, one) for word in words)]


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
    yield from _structures(page)


_STRUCTURE = re.compile(r"三次产业(?:结构|比例?)[^，,。；;\n\d]{0,8}(?P<ratio>\d+(?:\.\d+)?(?:[∶:：]\d+(?:\.\d+)?){2})")


def _structures(page: Page) -> Iterator[Verdict]:
    """三次产业结构为10.4∶38.2∶51.4: the three make a hundred, but for what rounding takes or gives."""
    for match in _STRUCTURE.finditer(page.text):
        written = re.split("[∶:：]", match.group("ratio"))
        total = sum((Decimal(one) for one in written), Decimal(0))
        room = Decimal("1.5").scaleb(-max(len(one.partition(".")[2]) for one in written))
        if not Decimal(80) <= total <= Decimal(120):
            continue  # told against one another, not in hundredths
        formula = f"{'＋'.join(written)}＝{plain(total)}"
        spans = (match.span("ratio"),)
        if abs(total - _HUNDRED) <= room:
            yield Verdict(spans, holds=True, statement=formula)
            continue
        yield Verdict(
            spans,
            statement=f"三次产业的比重相加是{plain(total)}，不等于100",
            expected="合计为100",
            actual=match.group("ratio"),
            arithmetic=formula,
        )


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
