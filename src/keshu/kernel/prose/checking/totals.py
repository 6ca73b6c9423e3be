"""Totals that stand behind their parts: 合计, 共计, 总产量, and the gross product behind its three industries."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from keshu.kernel.prose.checking.breakdowns import Breakdown, is_average, listed, same_unit, tight
from keshu.kernel.prose.checking.page import Page, Sentence

_TOTAL = re.compile(r"^[、，,\s]*(?:合计|共计|总计|共)(?:为|达|有)?$")
#: 上半年合计完成投资, 年末常住人口合计, 全年粮食总产量
_NAMED_TOTAL = re.compile(
    r"^[，,][^，,。；;\n\d]{1,10}(?:合计|共计|总计|总产量?(?!值))[^，,。；;\n\d]{0,8}$|^[，,]合计[^，,。；;\n\d]{2,8}$"
)
#: a total of all there is, behind parts that are only the new ones
_STOCK = re.compile(r"全[市县区省国]|累计|目前|现有|拥有|总数|历年|连同|加上")
_NEW = re.compile(r"新增|新建|新认定|新设|新立|增加|增长|下降|减少|比|较")
_INDUSTRIES = re.compile(
    r"第?一、?(?:第?二、?第?三|二、?三)次?产业增加值分别(?:为|达到?|完成)?$|三次产业增加值分别(?:为|达到?|完成)?$"
)
_GROSS = re.compile(r"^[，,](?:全[市省县区])?(?:实现|完成)?(?:地区)?(?:生产总值|GDP)(?:为|达到?|合计)?$")


def breakdowns(page: Page) -> Iterator[Breakdown]:
    """Every whole with parts that the wording of the text ties together."""
    yield from listed(page)
    for sentence in page.whole_sentences:
        yield from _before_total(page, sentence)
        yield from _three_industries(page, sentence)


def _before_total(page: Page, sentence: Sentence) -> Iterator[Breakdown]:
    """一等奖1项、二等奖3项，共4项."""
    for place, index in enumerate(sentence.figures):
        if place < 2 or not page.is_level(index):
            continue
        gap = page.gap(index - 1, index)
        plain_total = _TOTAL.match(gap)
        if not plain_total and not (_NAMED_TOTAL.match(gap) and not _STOCK.search(gap)):
            continue
        parts = _parts_before(page, sentence, place, named=not plain_total)
        if len(parts) >= 2 and (plain_total or _of_that_size(page, index, parts)):
            yield Breakdown(index, tuple(reversed(parts)), True)


def _of_that_size(page: Page, index: int, parts: list[int]) -> bool:
    """Whether the figure is about as large as the parts together: else it is the total of something else."""
    together = sum((page.figures[one].value or Decimal(0) for one in parts), Decimal(0))
    total = page.figures[index].value or Decimal(0)
    return together * 2 < total * 3 and total * 2 < together * 3


def _parts_before(page: Page, sentence: Sentence, place: int, *, named: bool) -> list[int]:
    total = sentence.figures[place]
    parts: list[int] = []
    for other in reversed(sentence.figures[max(0, place - 20) : place]):
        if not page.is_level(other) or not same_unit(page.figures[total], page.figures[other]):
            break
        if parts and (not tight(page.gap(other, parts[-1])) or _NAMED_TOTAL.match(page.gap(other, parts[-1]))):
            break
        if named and (_NEW.search(page.lead(other)) or is_average(page, other) or page.in_brackets(other)):
            return []
        parts.append(other)
    return parts


def _three_industries(page: Page, sentence: Sentence) -> Iterator[Breakdown]:
    """第一、二、三产业增加值分别为A、B、C，地区生产总值D."""
    for index in sentence.figures[:-3]:
        parts = (index, index + 1, index + 2)
        total = index + 3
        if not all(page.is_level(one) and same_unit(page.figures[one], page.figures[total]) for one in (*parts, total)):
            continue
        words = page.text[max(0, page.figures[index].start - 24) : page.figures[index].start]
        if _INDUSTRIES.search(words) and _GROSS.match(page.gap(index + 2, total)):
            yield Breakdown(total, parts, True)
