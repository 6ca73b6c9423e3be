"""Which figures stand as parts under a whole: after 其中 or in brackets behind it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from keshu.kernel.prose.checking.page import Page, Sentence
from keshu.kernel.prose.figure import Figure, Kind

_WITHIN = re.compile(r"其中|(?<=[，,：:])(?:分别)?包括|(?<=[，,])由(?=[^，,。；;由]{2,90}(?:组成|构成))")
#: words that open a new statement, so that the list before them has ended
_BREAK = re.compile(
    r"其中|全年|全市|全省|全县|全区|全国|累计|同时|此外|另外|另有|还有|目前|新增|总计|合计|共计|共有|共|截至|今年|去年|上年|同期"
    r"|完成(?=率)|每|平均|人均|预计|力争|确保|带动|撬动|自筹|社会资本|吸引|拉动|涉及|覆盖|(?<!技术)服务(?!业|类)|培训|参与|参加|超过|不含|减少|扣除|相当于|成为|使"
)
#: a change against something is no part
_CHANGE = re.compile(
    r"(?:增长|增加|提高|上升|提升|增|减少|下降|降低|回落|净增|多|少|比[^，。；]{0,14}|较[^，。；]{0,14})(?:了|近|超|约)*$"
)
#: after a comma these no longer list parts but tell what became of them, or begin another count
_TAIL = re.compile(
    r"^[，,](?:目前|当年|今年|已|均|全部)*(?P<word>到位|实有|实存|实际|空编|空缺|缺编|超编|通过|在岗|在编|在职|现有|结余|结转|下达|拨付|支出|验收|达标|投用|投产|开工|新认定|新增|新入|首次|申报|获|立项|入选|中标|签约|竣工)"
)
#: wholes whose parts may be larger than they: averages, differences, prices, densities
UNSUMMABLE = re.compile(
    r"人均|户均|平均|均|每|率|比重|比例|强度|密度|指数|单产|亩产|单价|价格|净|差额|顺差|逆差|利润|盈亏|温|增减|至多|最高|最长|最大|最低|以上的"
)
#: a figure for each one of many, or the largest of them, is no whole of anything
_AVERAGE = re.compile(
    r"人均|户均|亩均|件均|地均|平均|均(?=为|达|$)|每[万百千十亿]|每[个户人项家亩名件]|万人(?!次)[^，,。；;]{0,6}(?:拥有|发明|专利|有)|密度|单[日价笔产项]|最[高大多低小长]"
)
_LIST_MARKS = re.compile(r"^[、，,；;：:和及与以并\s]*")
GENERIC = frozenset(
    [
        "个",
        "项",
        "家",
        "人",
        "名",
        "件",
        "位",
        "篇",
        "类",
        "种",
        "场",
        "次",
        "期",
        "处",
        "所",
        "户",
        "人次",
        "项(人)",
        "项（人）",
        "人(次)",
        "人（次）",
        "只",
        "支",
    ]
)


@dataclass(frozen=True, slots=True)
class Breakdown:
    """Numbers of the figures: a whole, its parts; `exhaustive` where the wording promises all parts."""

    whole: int
    parts: tuple[int, ...]
    exhaustive: bool
    rivals: tuple[int, ...] = ()


def unit_of(figure: Figure) -> str:
    return figure.canonical or figure.unit


def same_unit(one: Figure, other: Figure) -> bool:
    return unit_of(one) == unit_of(other) and (one.kind is Kind.AMOUNT) == (other.kind is Kind.AMOUNT)


def generic(figure: Figure) -> bool:
    return unit_of(figure) in GENERIC


def listed(page: Page) -> Iterator[Breakdown]:
    """Every whole with parts behind it: after 其中, 包括, 由…组成, or in brackets."""
    for number, sentence in enumerate(page.whole_sentences):
        piece = page.text[sentence.start : sentence.end]
        if not sentence.figures:
            continue
        for match in list(_WITHIN.finditer(piece))[:50]:
            found = _under_within(page, number, sentence, sentence.start + match.start())
            if found and (match.group() == "其中" or len(found.parts) > 1):
                yield replace(found, exhaustive=match.group() == "由" or _counted_up(page, found))
        yield from _in_brackets(page, sentence)


_KINDS = re.compile(r"^(?:等)?(?P<number>[两二三四五六七八九])(?:大)?(?:类|种|部分|块)")
_COUNTING = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}


def _counted_up(page: Page, found: Breakdown) -> bool:
    """甲5项、乙3项、丙2项三类: as many parts as there are kinds, so that none is left out."""
    match = _KINDS.match(page.after(page.figures[found.parts[-1]].end, 8))
    return bool(match) and len(found.parts) == _COUNTING[match.group("number")]  # type: ignore[union-attr]


def _under_within(page: Page, number: int, sentence: Sentence, at: int) -> Breakdown | None:
    parts = _parts_from(page, sentence, at + 2)
    if not parts:
        return None
    before = [index for index in sentence.figures if page.figures[index].start < at]
    opening = not page.text[sentence.start : at].strip()
    if opening and number:
        previous = page.whole_sentences[number - 1]
        if page.block_at(previous.start) == page.block_at(at) or previous.end >= sentence.start:
            before = list(previous.figures)
    wholes = [index for index in before if _may_be_whole(page, index)]
    first = page.figures[parts[0]]
    fitting = [index for index in wholes if same_unit(page.figures[index], first)]
    if not fitting and generic(first):
        fitting = [index for index in wholes[-1:] if generic(page.figures[index])]
    if not fitting:
        return None
    whole = fitting[-1]
    apart = page.text[sentence.start : at].rstrip().endswith(("；", ";"))
    first_rival = sentence.figures[0] if apart else page.sentence_of(whole).figures[0]
    rivals = tuple(index for index in fitting[:-1] if index >= first_rival)
    return Breakdown(whole, parts, False, rivals)


def is_average(page: Page, index: int) -> bool:
    """Whether a figure is told for each of many (人均, 每万人, 平均每项) or as their extreme."""
    return bool(_AVERAGE.search(page.lead(index)) or _AVERAGE.search(page.figures[index].subject))


def _may_be_whole(page: Page, index: int) -> bool:
    if is_average(page, index):
        return False
    return page.is_level(index) and not _CHANGE.search(page.lead(index)) and not page.in_brackets(index)


def _parts_from(page: Page, sentence: Sentence, at: int) -> tuple[int, ...]:
    """The list that starts at `at`: figures of one unit (or of generic counters) with short labels between."""
    parts: list[int] = []
    listed = False
    position = at
    for index in sentence.figures:
        figure = page.figures[index]
        if figure.start < at:
            continue
        between = page.text[position : figure.start]
        if len(between) > 45 or "其中" in between or (parts and _leaves(page, parts, between)):
            break
        if ("；" in between or ";" in between) and not _same_pattern(page, parts, index):
            break
        if parts and "、" in between[:8]:
            listed = True
        elif listed and re.search("[，,]", between):
            break  # 本科1200人、专科2000人，女生1700人: behind the comma comes another division
        if not page.is_level(index) or page.in_brackets(index) or _CHANGE.search(page.lead(index)):
            position = figure.end
            continue
        if parts and not _goes_with(page.figures[parts[0]], figure):
            break
        parts.append(index)
        position = figure.end
        if len(parts) >= 40:
            break
    return tuple(parts)


def _leaves(page: Page, parts: list[int], between: str) -> bool:
    """Whether the words leave the list: …，实有40人. A list that itself began with such a word goes on."""
    match = _TAIL.match(between.strip())
    return bool(_BREAK.search(between) or (match and match.group("word") not in page.lead(parts[-1])))


def _goes_with(first: Figure, other: Figure) -> bool:
    return same_unit(first, other) or (generic(first) and generic(other))


def _same_pattern(page: Page, parts: list[int], index: int) -> bool:
    """Whether a list goes on behind a semicolon: its label ends as the label before it did."""
    if not parts:
        return False
    before, here = page.lead(parts[-1]).strip(), page.lead(index).strip()
    return len(before) > 1 and before[-2:] == here[-2:]


def _in_brackets(page: Page, sentence: Sentence) -> Iterator[Breakdown]:
    """16个（省级6个、市级10个）."""
    for place, index in enumerate(sentence.figures):
        figure = page.figures[index]
        if not page.is_level(index) or page.after(figure.end, 1) not in ("（", "("):
            continue
        closing = re.search(r"[）)]", page.text[figure.end : figure.end + 200])
        if not closing:
            continue
        inside = page.text[figure.end : figure.end + closing.start()]
        end = figure.end + closing.start()
        parts = [other for other in sentence.figures[place + 1 :] if page.figures[other].end <= end]
        if len(parts) < 2 or re.search(r"其中|含|等(?![奖级次])|主要|包括|比|较|增|减|占|约|超|目标|不", inside):
            continue
        if all(page.is_level(other) and same_unit(figure, page.figures[other]) for other in parts):
            yield Breakdown(index, tuple(parts), True)


def tight(gap: str) -> bool:
    """Whether nothing but a short label stands between two parts of one list."""
    return bool(_LIST_MARKS.match(gap)) and len(gap) <= 20 and not _BREAK.search(gap) and "。" not in gap
