"""Sheets of judgement about one case: the formal check, an expert's scores, the review, the conclusion."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Literal

from keshu.office.word.model import Face
from keshu.office.word.ooxml import Element

from .forms import body, grid, listing
from .parts import Case, Head, Issuer, Item, Listing
from .shapes import Check, CheckReport, Conclusion, Record, ReviewReport, ScoreLine, ScoreSheet
from .words import day_words
from .writer import UPRIGHT, Cell, Paper, line, table, to_docx

_THREE: tuple[Literal["项目", "经费", "绩效"], ...] = ("项目", "经费", "绩效")


def check_report(content: CheckReport) -> bytes:
    """Item by item: verdict, what was found, who judged, and why a person overruled the system."""
    counted = {
        verdict: sum(one.verdict == verdict for one in content.checks)
        for verdict in ("通过", "不通过", "不适用", "待核实")
    }
    summary = "，".join(f"{verdict}{n}项" for verdict, n in counted.items() if n)
    heads = (
        Head("序号", 0.5, "center"), Head("审查内容", 2), Head("结论", 0.8, "center"), Head("情况", 2.4),
        Head("审查人", 0.9, "center"),
    )  # fmt: skip
    rows = tuple(
        (str(n), check.name, check.verdict, _found(check), check.by or "—") for n, check in enumerate(content.checks, 1)
    )
    elements = [
        *_top("形式审查意见", content.case),
        line("审查情况", face=Face.HEI, size=14, before=12, after=4, kept=True),
        *listing(Listing(heads, rows), UPRIGHT),
        line(f"共审查{len(content.checks)}项：{summary}。" if summary else "没有审查项目。", size=12, before=6),
        *_box("审查结论", content.conclusion),
        *_signed(content.issuer, content.day, f"审查人：{content.checker}"),
    ]
    return _sheet("形式审查意见", content.case, content.issuer, elements, content.number)


def _found(check: Check) -> str:
    return check.found + (f"\n人工认定：{check.reason}" if check.reason else "")


def score_sheet(content: ScoreSheet) -> bytes:
    """Items by group with their weights; empty cells where no score was given; the sum only when all are there."""
    missing = [one for one in content.lines if one.score is None]
    total = None if missing else sum((one.score for one in content.lines if one.score is not None), Decimal(0))
    most = sum((one.most for one in content.lines), Decimal(0))
    heads = (
        Head("评价方面", 1.1, "center"), Head("评价内容", 2.8), Head("满分", 0.6, "center"), Head("得分", 0.6, "center"),
        Head("说明", 1.6),
    )  # fmt: skip
    rows = tuple(_score_row(one, content.lines[:place]) for place, one in enumerate(content.lines))
    sums = ("合计", "", _number(most), "" if total is None else _number(total), "")
    expert = content.expert or "　　　　　　　　"
    elements = [
        *_top("专家评分表", content.case),
        line("", size=6, spread=1.0),
        *listing(Listing(heads, rows, total=sums), UPRIGHT),
        *_box("评审意见", content.opinion),
        line(f"评审专家（签字）：{expert}", size=12, align="right", before=20),
        line(day_words(content.day) if content.day else "　　　　年　　月　　日", size=12, align="right"),
    ]
    return _sheet("专家评分表", content.case, content.issuer, elements, content.number)


def _score_row(one: ScoreLine, before: Sequence[ScoreLine]) -> tuple[str, ...]:
    group = "" if before and before[-1].group == one.group else one.group
    name = f"{one.name}\n（{one.hint}）" if one.hint else one.name
    return (group, name, _number(one.most), "" if one.score is None else _number(one.score), one.remark)


def review_report(content: ReviewReport) -> bytes:
    """Every score, which of them count, the mean, the opinion of the panel."""
    heads = (
        Head("序号", 0.5, "center"),
        Head("评审专家", 2),
        Head("评分", 1, "center"),
        Head("是否计入", 1, "center"),
        Head("备注", 2),
    )
    rows = tuple(
        (str(n), one.expert, _number(one.score), "计入" if one.counted else "不计入", one.remark)
        for n, one in enumerate(content.scores, 1)
    )
    result = f"平均得分 {_number(content.average)} 分" + (f"，{content.rank}" if content.rank else "")
    elements = [
        *_top("评审意见书", content.case),
        line("评分情况", face=Face.HEI, size=14, before=12, after=4, kept=True),
        *listing(Listing(heads, rows), UPRIGHT),
        line(f"计分办法：{content.rule.rstrip('。')}。{result}。", size=12, before=6, after=4),
        *_box("评审意见", content.opinion),
        *_box("评审结论", content.conclusion),
        line(f"评审组长（签字）：{content.leader or '　　　　　　　　'}", size=12, before=16),
        line("评审组成员（签字）：" + ("、".join(content.panel) or "　" * 16), size=12, before=8),
        *_signed(content.issuer, content.day, ""),
    ]
    return _sheet("评审意见书", content.case, content.issuer, elements, content.number)


def conclusion_reply(content: Conclusion) -> bytes:
    """Three verdicts side by side, what was promised and delivered, then the outcome. All three must be there."""
    given = {verdict.about: verdict for verdict in content.verdicts}
    lacking = [about for about in _THREE if about not in given]
    if lacking or len(content.verdicts) != len(_THREE):
        raise ValueError(f"an acceptance has one verdict each about {_THREE}, missing: {lacking}")
    elements = [*_top("验收意见书", content.case)]
    if content.delivered is not None:
        elements.append(line("任务完成情况", face=Face.HEI, size=14, before=12, after=4, kept=True))
        elements += listing(content.delivered, UPRIGHT)
    if content.account is not None:
        elements.append(line("经费决算", face=Face.HEI, size=14, before=12, after=4, kept=True))
        elements += listing(content.account, UPRIGHT, size=9.0)
        elements += [line(one.rstrip("。") + "。", size=10.5, before=2, spread=1.3) for one in content.account_notes]
    elements.append(line("三方结论", face=Face.HEI, size=14, before=12, after=4, kept=True))
    heads = [Cell(words, label=True) for words in ("评价内容", "结论", "意见", "评价单位")]
    rows = []
    for about in _THREE:
        one = given[about]
        who = one.office + (f"\n{day_words(one.day)}" if one.day else "")
        rows.append(
            [Cell(about, label=True), Cell(one.result, align="center"), Cell(one.opinion), Cell(who, align="center")]
        )
    elements += [
        table([heads, *rows], (1, 1, 3, 1.8), UPRIGHT, heads=1, height=14),
        *_box("验收意见", content.opinion),
        *_box("验收结论", content.outcome, bold=True),
    ]
    if content.demands:
        elements += _box("后续要求", "\n".join(f"{n}. {one}" for n, one in enumerate(content.demands, 1)))
    if content.panel:
        elements.append(line("验收专家：" + "、".join(content.panel), size=12, before=8))
    elements += _signed(content.issuer, content.day, "")
    return _sheet("验收意见书", content.case, content.issuer, elements, content.number)


def record_sheet(content: Record) -> bytes:
    """What was written down about a case, table by table; no seal, for it is an extract of the records."""
    elements = [
        *_top(content.title, content.case),
        line("", size=6, spread=1.0),
        *body(content.parts, size=9.5),
        line(content.note or "本表按系统登记的记录生成。", size=10.5, before=6),
        line(f"{content.issuer.organ}　{day_words(content.day)}", size=12, align="right", before=10),
    ]
    return _sheet(content.title, content.case, content.issuer, elements, "")


def _top(title: str, case: Case) -> Iterator[Element]:
    yield line(title, face=Face.TITLE, size=22, align="center", after=12)
    yield grid(
        (
            Item("名称", case.title, wide=True),
            Item("申报单位", case.applicant, wide=True),
            Item("类别", case.programme, wide=True),
            Item("编号", case.number),
            Item("负责人", case.leader or None),
        )
    )


def _box(title: str, text: str, *, bold: bool = False) -> Iterator[Element]:
    """Room for a hand where nothing was typed; a gap above, or Word would make one table of two."""
    paragraphs = [part for part in text.splitlines() if part.strip()]
    lines = [line(part, size=12, align="both", indent=True, bold=bold, spread=1.5) for part in paragraphs]
    yield line("", size=6, spread=1.0)
    yield table([[Cell(title, label=True), Cell(text=text, lines=tuple(lines))]], (1, 6), UPRIGHT, height=22)


def _signed(issuer: Issuer, day: date, by: str) -> Iterator[Element]:
    if by:
        yield line(by, size=12, align="right", before=16)
    yield line(f"{issuer.organ}（盖章）", size=14, align="right", before=16, kept=True)
    yield line(day_words(day), size=14, align="right")


def _sheet(title: str, case: Case, issuer: Issuer, elements: Sequence[Element], number: str) -> bytes:
    foot = f"编号：{number or case.number or '—'}"
    return to_docx(Paper(f"{title}（{case.title}）", issuer.organ, UPRIGHT, tuple(elements), (foot,)))


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
