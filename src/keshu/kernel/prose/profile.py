"""The acceptance measures of a composed text: share and length of figure sentences, figures each, names, plan."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from keshu.kernel.prose.reading import scan
from keshu.kernel.prose.sentences import Paragraph, Sentence, paragraphs

_NAMED = re.compile(
    r"《[^》]{2,}》|“[^”]{4,}”|[\u4e00-\u9fff]{2,}(?:公司|集团|大学|学院|研究院|研究所|医院|中学|小学|合作社|实验室|博物馆|科技馆"
    r"|孵化器|众创空间|产业园|高新区|研究中心|技术中心|农业园区)"
)
_PLAN = re.compile(
    r"打算|思路|下一步|工作计划|目标任务|工作安排|工作举措|明年|下半年工作|20\d\d年(?:工作)?(?:重点|计划|安排|打算|思路)"
)


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares are in percent; lengths in characters without white space."""

    characters: int
    sentences: int
    figure_sentences: int
    figure_share: float
    median_length: float
    figures_each: float
    name_share: float
    plan_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a text has to measure."""

    figure_share: tuple[float, float] = (25, 40)
    median_length: tuple[float, float] = (40, 65)
    figures_each: tuple[float, float] = (2, 3)
    name_share: float = 20
    plan_share: float = 25


def profile(text: str, *, names: Iterable[str] = ()) -> Profile:
    """Measure a text; `names` are firms, projects and people, also short names, besides what is plainly a name."""
    parts = paragraphs(text)
    every = [sentence for part in parts for sentence in part.sentences]
    counted = [(sentence, len(scan(sentence.text))) for sentence in every]
    figured = [(sentence, figures) for sentence, figures in counted if figures]
    known = tuple(names)
    named = sum(1 for sentence, _ in figured if _is_named(sentence, known))
    return Profile(
        characters=_length(text),
        sentences=len(every),
        figure_sentences=len(figured),
        figure_share=_percent(len(figured), len(every)),
        median_length=median(_length(sentence.text) for sentence, _ in figured) if figured else 0,
        figures_each=sum(figures for _, figures in figured) / len(figured) if figured else 0,
        name_share=_percent(named, len(figured)),
        plan_share=_percent(sum(_length(part.text) for part in plan_of(parts)), _length(text)),
    )


def plan_of(parts: list[Paragraph]) -> list[Paragraph]:
    """The paragraphs of the plan: from a first-level heading that announces it to the next one that does not."""
    found, inside = [], False
    for part in parts:
        if part.level == 1:
            inside = bool(_PLAN.search(part.heading))
        if inside:
            found.append(part)
    return found


def shortfalls(measured: Profile, *, wanted: Wanted | None = None) -> list[str]:
    """What the text misses, in Chinese; empty where it is accepted."""
    goal = wanted or Wanted()
    found = []
    for name, value, (low, high), unit in (
        ("含数字的句子占比", measured.figure_share, goal.figure_share, "%"),
        ("含数字句子的长度中位数", measured.median_length, goal.median_length, "字"),
        ("每个含数字句子的数字个数", measured.figures_each, goal.figures_each, "个"),
    ):
        if not low <= value <= high:
            found.append(f"{name}为{value:.1f}{unit}，应在{low:g}—{high:g}{unit}之间")
    for name, value, least in (
        ("含数字的句子中点到名称的占比", measured.name_share, goal.name_share),
        ("下一年计划所占篇幅", measured.plan_share, goal.plan_share),
    ):
        if value < least:
            found.append(f"{name}为{value:.1f}%，应不低于{least:g}%")
    return found


def _is_named(sentence: Sentence, names: tuple[str, ...]) -> bool:
    return bool(_NAMED.search(sentence.text)) or any(name in sentence.text for name in names)


def _length(text: str) -> int:
    return len(re.sub(r"\s", "", text))


def _percent(part: int, whole: int) -> float:
    return part / whole * 100 if whole else 0.0
