"""Words at a number: hedges, measure words, slots left open, and superlatives that want a record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from keshu.kernel.prose.checking.breakdowns import unit_of
from keshu.kernel.prose.checking.model import Certainty, Definition, Span, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import step
from keshu.kernel.prose.figure import Approx, Figure, Kind

_ABOUT = re.compile(r"(?:近|约|大约|接近|将近)$")
_HEDGED = re.compile(r"(?:近|约|大约|接近|将近|超|超过|逾)$")
_INFIX = re.compile(r"[多余几](?=[^\d]|$)")
_TRAILING = re.compile(r"^\s*(?:左右|上下|以上|多|余)")


@check_for("hedge.exact")
def exact(page: Page, definition: Definition) -> Iterator[Verdict]:
    """近774人: a number to the last digit is not near anything."""
    for index, figure in enumerate(page.figures):
        if figure.kind is not Kind.COUNT or figure.value is None or figure.approx is not Approx.ABOUT:
            continue
        leading = _ABOUT.search(page.lead(index))
        if not (leading or page.after(figure.end, 2) == "左右") or _INFIX.search(figure.text):
            continue
        if not _to_the_last_digit(figure):
            continue
        yield Verdict(
            (page.span(index),),
            statement=f"{figure.text}是精确到个位的数，不应再用“{leading.group() if leading else '左右'}”",
            certainty=Certainty.LIKELY if figure.value >= 100 else Certainty.ASK,
            expected=figure.text,
            actual=f"{leading.group() if leading else ''}{figure.text}",
        )


def _to_the_last_digit(figure: Figure) -> bool:
    return figure.value is not None and step(figure) == 1 and figure.value > 20 and figure.value % 5 != 0


@check_for("hedge.doubled")
def doubled(page: Page, definition: Definition) -> Iterator[Verdict]:
    """约5万多, 近80左右: one hedge is enough, and two may contradict each other."""
    for index, figure in enumerate(page.figures):
        leading = _HEDGED.search(page.lead(index))
        if not leading or figure.approx is Approx.RANGE:
            continue
        infix, trailing = _INFIX.search(figure.text), _TRAILING.match(page.after(figure.end, 3))
        if not infix and not trailing:
            continue
        second = infix.group() if infix else trailing.group().strip() if trailing else ""
        if leading.group().startswith(("超", "逾")) and second not in ("左右", "上下"):
            certainty = Certainty.ASK
        else:
            certainty = Certainty.LIKELY
        yield Verdict(
            (page.span(index),),
            statement=f"“{leading.group()}”与“{second}”重复表示约数",
            certainty=certainty,
            expected="只留一个",
            actual=f"{leading.group()}{figure.text}{trailing.group().strip() if trailing else ''}",
        )


_UNITLESS = re.compile(
    r"指数|得分|评分|分值|系数|强度|值|比|基尼|PMI|GDP|次数|均分|学分|评价|序号|编号|代码|版本|温|率|位次|排名|名次"
)
_RATIO_NOUN = re.compile(r"(?:比例|比重|占比|[\u4e00-\u9fff]率)(?:仅|只|达到?|为|仅为|约|近|超过?|提高到|上升到)*$")
_BARE = re.compile(r"[\d０-９,，.．\s]+[十百千万亿]*")
_MARK = re.compile(r"^\s*(?:[，,。；;、\n）)]|$)")
_END = re.compile(r"^\s*(?:[，,。；;\n）)]|$)")


@check_for("unit.missing")
def missing(page: Page, definition: Definition) -> Iterator[Verdict]:
    """报送稿件7，: a number that ends without a measure word."""
    for index, figure in enumerate(page.figures):
        if (
            figure.value is None
            or not _BARE.fullmatch(figure.text)
            or figure.kind is Kind.RANK
            or not _END.match(page.after(figure.end, 2))
        ):
            continue
        lead = page.lead(index)
        if not lead.strip() or "∶" in figure.text or ":" in figure.text:
            continue
        if _RATIO_NOUN.search(lead):
            statement, expected = f"{figure.text}后面没有“%”", "加“%”或单位"
        elif figure.kind is Kind.COUNT and not _UNITLESS.search(page.clause(index)) and len(lead.strip()) >= 2:
            statement, expected = f"{figure.text}后面没有单位", "加量词或单位"
        else:
            continue
        yield Verdict(
            (page.span(index),),
            statement=statement,
            certainty=Certainty.LIKELY if step(figure) <= 1 else Certainty.ASK,
            expected=expected,
            actual=figure.text,
        )


@check_for("unit.wrong", "pairs")
def wrong(page: Page, definition: Definition) -> Iterator[Verdict]:
    """实用新型12家: a measure word that the noun before it does not take."""
    pairs = [
        (re.compile(one["noun"] + r"$"), frozenset(one["not"]), one["use"], re.compile(one.get("unless", r"(?!)")))
        for one in definition.params["pairs"]
    ]
    for index, figure in enumerate(page.figures):
        if not figure.unit or figure.kind not in (Kind.COUNT, Kind.PLACEHOLDER):
            continue
        lead = re.sub(r"(?:共|达到?|为|有|数|量|总数|约|近|超过?|累计|申请|授权|新增)+$", "", page.lead(index).strip())
        for noun, refused, use, unless in pairs:
            if unless.search(lead) or _within_such(page, index):
                continue
            if unit_of(figure) in refused and noun.search(lead) and _MARK.match(page.after(figure.end, 2)):
                yield Verdict(
                    (page.span(index),),
                    statement=f"“{noun.search(lead).group()}”的量词不用“{figure.unit}”",  # type: ignore[union-attr]
                    expected=use,
                    actual=figure.unit,
                )
                break


def _within_such(page: Page, index: int) -> bool:
    """有效发明专利900件，其中企业720件: the measure word is that of the whole."""
    figure, start = page.figures[index], page.sentence_of(index).start
    at = page.text.rfind("其中", max(start, figure.start - 160), figure.start)
    whole = page.first_at(at) - 1 if at >= 0 else -1
    return whole >= 0 and page.figures[whole].start >= start and unit_of(page.figures[whole]) == unit_of(figure)


_SLOTS = re.compile(
    r"_{2,}|＿{2,}|[【\[（(]\s*(?:待[^】\]）)\n]{0,8}|此处[^】\]）)\n]{0,12}|略)\s*[】\]）)]|[xX×]{2,}|某某|\?{2,}|？{2,}"
)


@check_for("slot.left")
def left(page: Page, definition: Definition) -> Iterator[Verdict]:
    """xx家, ____, （待补充）: one finding for each paragraph."""
    found: dict[int, set[Span]] = defaultdict(set)
    masked: list[Span] = []
    for figure in page.figures:
        if figure.kind is Kind.PLACEHOLDER:
            found[page.block_at(figure.start)].add((figure.start, figure.end))
    for match in _SLOTS.finditer(page.text):
        block = page.block_at(match.start())
        if any(start <= match.start() < end for start, end in found[block]):
            continue
        if match.group()[0] in "xX×某":
            masked.append(match.span())
        else:
            found[block].add(match.span())
    if masked:
        yield Verdict(
            tuple(masked[:20]),
            statement=f"有{len(masked)}处名称或年份是空位：{page.text[masked[0][0] : masked[0][1] + 6].splitlines()[0]}",
            expected="填入名称或年份",
            actual=page.text[masked[0][0] : masked[0][1]],
        )
    for spans in found.values():
        if not spans:
            continue
        ordered = tuple(sorted(spans))
        texts = "、".join(page.text[start:end] for start, end in ordered[:5])
        yield Verdict(
            ordered,
            statement=f"留有未填的空位{len(ordered)}处：{texts}",
            certainty=Certainty.LIKELY,
            expected="填入数字或名称",
            actual=texts,
        )


@check_for("claim.evidence", "words")
def evidence(page: Page, definition: Definition) -> Iterator[Verdict]:
    """首次, 唯一, 居全省第一: true only if somebody can show the record."""
    words = re.compile("|".join(definition.params["words"]))
    for match in words.finditer(page.text):
        yield Verdict(
            (match.span(),),
            statement=f"“{match.group()}”需要有依据",
            certainty=Certainty.ASK,
            expected="注明依据（文件、榜单或历年数据）",
            actual=match.group(),
        )
