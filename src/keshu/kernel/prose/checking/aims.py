"""A target and what came of it, told side by side without repeating the target: 目标50家，实际43家，超额完成."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from keshu.kernel.prose.checking.breakdowns import GENERIC, is_average, unit_of
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.figure import Figure

#: words before a figure, or right behind it, that make it a target
_AIM = re.compile(r"目标|任务|计划|预算|指标|下达|确定|预期|要求")
_AIM_BEHIND = re.compile(r"^(?:以上|左右)?的?(?:年度|全年|预期|工作)*(?:目标|任务|计划|指标)")
_DONE = re.compile(r"实际|已|完成|执行|实现|达到|达|新增|认定|累计")
#: 预算执行912万元，全年预算960万元: the target stands last
_EXECUTED = re.compile(r"预算执行|实际|完成|执行")
_DONE_BEHIND = re.compile(r"完成|执行|超|达到")
_NO_AIM = re.compile(r"力争|确保|明年|下年|未来|其中|分别|占|比上年|增长|每|计划单列")


@dataclass(frozen=True, slots=True)
class Aim:
    """Numbers of two figures next to each other: what was aimed at and what was reached."""

    aim: int
    actual: int

    @property
    def last(self) -> int:
        return max(self.aim, self.actual)


def aims(page: Page) -> Iterator[Aim]:
    """Targets and actuals that stand next to each other in one part of a sentence."""
    for index in range(len(page.figures) - 1):
        one, other = page.figures[index], page.figures[index + 1]
        if not (_measured(page, index) and _measured(page, index + 1)) or not _alike(one, other):
            continue
        gap = page.gap(index, index + 1)
        if (
            re.search(r"[。；;\n]|其中|力争|分别", gap)
            or _NO_AIM.search(page.lead(index))
            or "，" not in gap.replace(",", "，")
        ):
            continue
        first = bool(_AIM.search(page.lead(index)) or _AIM_BEHIND.match(page.after(one.end, 12)))
        second = bool(_AIM.search(page.lead(index + 1)) or _AIM_BEHIND.match(page.after(other.end, 12)))
        if first and not second and _DONE.search(page.lead(index + 1)):
            yield Aim(index, index + 1)
        elif second and _EXECUTED.search(page.lead(index)) and not _DONE_BEHIND.search(page.lead(index + 1)):
            yield Aim(index + 1, index)


def _measured(page: Page, index: int) -> bool:
    return (page.is_level(index) and not is_average(page, index)) or page.is_percent(index)


def _alike(one: Figure, other: Figure) -> bool:
    units = {unit_of(one), unit_of(other)}
    return len(units) == 1 or units <= GENERIC
