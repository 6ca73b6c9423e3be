"""Places in an order: a better place is a smaller number, and no place is beyond the number of those ranked."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.changing import is_rank
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.figure import Approx

_UP = re.compile(r"上升|跃升|升至|升到|提升|前移|前进|跃居|进居|升居|跃为|升为|进位|跃至|晋升|进到|进至|攀升|提高")
_DOWN = re.compile(r"下降|下滑|后退|退至|退到|退居|退为|跌为|降为|落至|落到|降至|降到|跌至|后移|滑落|跌落|回落")
#: measures of which a high place is nothing good, so that 上升 may be meant either way
_BAD = re.compile(r"能耗|浓度|事故|投诉|倒数|末位|排放|负债|发案|失业")
_FROM = re.compile(r"(?:由|从)[^，,。；;]{0,20}$")
_PLACE_UNITS = ("位", "名", "个位次", "位次", "个")
_STEPS = re.compile(r"^[，,、（(\s]*(?:提升|前移|前进|上升|跃升|晋升|进|进位|提高|下降|后退|下滑|后移|退后|退)(?:了)?$")


@check_for("rank.direction")
def direction(page: Page, definition: Definition) -> Iterator[Verdict]:
    """由第4位上升到第3位 is right, 由第3位上升到第4位 is not."""
    for index in range(len(page.figures) - 1):
        old, new = page.figures[index], page.figures[index + 1]
        gap = page.gap(index, index + 1)
        if not (is_rank(old) and is_rank(new)) or old.value is None or new.value is None:
            continue
        if not _FROM.search(page.lead(index)) or len(gap) > 20 or re.search(r"[。；;\n]", gap):
            continue
        up, down = bool(_UP.search(gap)), bool(_DOWN.search(gap))
        if up == down:
            continue
        spans = (page.span(index), page.span(index + 1))
        if (new.value < old.value) if up else (new.value > old.value):
            yield Verdict(spans, holds=True, statement=f"{old.text}到{new.text}的方向相符")
        else:
            said = "上升" if up else "下降"
            yield Verdict(
                spans,
                statement=f"位次写的是{said}，但{old.text}到{new.text}不是{said}",
                certainty=Certainty.ASK if _BAD.search(page.clause(index)) else Certainty.CERTAIN,
                expected=f"{'小' if up else '大'}于{old.text}的位次",
                actual=new.text,
            )
        yield from _places(page, index)
    yield from _against_last(page)


_AGAINST = re.compile(
    r"^[^，,。；;\n\d]{0,4}[，,、（(](?:比|较)(?:上年|去年|上年度|同期|(?:19|20)\d\d年)[^，,。；;\n\d]{0,8}$"
)
_MOVED = re.compile(
    r"^的?(?:(?P<up>提升|前移|前进|上升|跃升|晋升|提高|进位)|(?P<down>下降|后退|下滑|后移|退后|回落))了?$"
)


def _against_last(page: Page) -> Iterator[Verdict]:
    """第4位，较上年第6位前进2位."""
    for index in range(len(page.figures) - 2):
        new, old, said = page.figures[index : index + 3]
        if not (is_rank(new) and is_rank(old)) or new.value is None or old.value is None or said.value is None:
            continue
        match = _MOVED.match(page.gap(index + 1, index + 2))
        if not match or not _AGAINST.match(page.gap(index, index + 1)) or unit_of(said) not in _PLACE_UNITS:
            continue
        spans = (page.span(index), page.span(index + 1), page.span(index + 2))
        moved = old.value - new.value if match.group("up") else new.value - old.value
        if moved == said.value:
            yield Verdict(spans, holds=True, statement=f"{old.text}到{new.text}相差{said.text}")
            continue
        way = match.group("up") or match.group("down")
        yield Verdict(
            spans,
            statement=f"{old.text}到{new.text}不是{way}{said.text}",
            certainty=Certainty.ASK if _BAD.search(page.clause(index)) else Certainty.CERTAIN,
            expected=f"相差{abs(moved)}位",
            actual=f"{way}{said.text}",
            arithmetic=f"{old.value}－{new.value}＝{old.value - new.value}",
        )


def _places(page: Page, index: int) -> Iterator[Verdict]:
    """…，前移1位."""
    claim = index + 2
    if claim >= len(page.figures) or not _STEPS.match(page.gap(index + 1, claim)):
        return
    old, new, said = (page.figures[place].value for place in (index, index + 1, claim))
    figure = page.figures[claim]
    if old is None or new is None or said is None or figure.unit not in _PLACE_UNITS:
        return
    spans = (page.span(index), page.span(index + 1), page.span(claim))
    if abs(old - new) == said:
        yield Verdict(spans, holds=True, statement=f"相差{said}位")
    elif figure.approx is Approx.EXACT:
        yield Verdict(
            spans,
            statement=f"位次相差{abs(old - new)}位，写的是{figure.text}",
            certainty=Certainty.CERTAIN,
            expected=f"{abs(old - new)}位",
            actual=figure.text,
            arithmetic=f"{old}－{new}＝{old - new}",
        )


_AMONG = re.compile(r"(?:在|全[省市国县区]|共)[^，,。；;]{0,8}$")
_AMONG_TAIL = re.compile(
    r"^[^，,。；;\d]{0,12}?(?:中|里|当中)[，,]?[^，,。；;\d]{0,8}?(?:列|居|排名|排|位列|位居|名列|排在)?$"
)


@check_for("rank.among")
def among(page: Page, definition: Definition) -> Iterator[Verdict]:
    """在12个县区中排第15位 cannot be."""
    for index in range(1, len(page.figures)):
        rank, among_n = page.figures[index], page.figures[index - 1]
        if not is_rank(rank) or rank.value is None or not page.is_level(index - 1) or among_n.value is None:
            continue
        if not _AMONG.search(page.lead(index - 1)) or not _AMONG_TAIL.match(page.gap(index - 1, index)):
            continue
        spans = (page.span(index), page.span(index - 1))
        if rank.value <= among_n.value:
            yield Verdict(spans, holds=True, statement=f"{rank.text}在{among_n.text}之内")
        elif among_n.approx is Approx.EXACT:
            yield Verdict(
                spans,
                statement=f"在{among_n.text}当中不可能排{rank.text}",
                certainty=Certainty.LIKELY if re.search("[，,强]", page.gap(index - 1, index)) else Certainty.CERTAIN,
                expected=f"不大于{among_n.text}",
                actual=rank.text,
            )
