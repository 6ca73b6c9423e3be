"""Parts known by the meaning of words: 发明 under 全部, 到位 under 签约, 获批 under 申报, an increase under the level."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from keshu.kernel.prose.checking.breakdowns import UNSUMMABLE, is_average, same_unit, unit_of
from keshu.kernel.prose.checking.changing import increases
from keshu.kernel.prose.checking.labels import around, label, level_of, noun, shares_noun
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import printed_range
from keshu.kernel.prose.figure import Approx, Role

#: how many figures back the other side of a pair is looked for
_NEAR = 8


@check_for("part.pair", "pairs")
def pair(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Pairs of terms of which one is never larger than the other, close together in one paragraph."""
    pairs: list[dict[str, Any]] = definition.params["pairs"]
    labels = [label(page, index) for index in range(len(page.figures))]
    for index, words in enumerate(labels):
        if not page.is_level(index):
            continue
        for one in pairs:
            if any(term in words for term in one["part"]) and not any(term in words for term in one.get("not", ())):
                yield from _against_wholes(page, labels, index, one)


def _against_wholes(page: Page, labels: list[str], index: int, one: dict[str, Any]) -> Iterator[Verdict]:
    block = page.block_at(page.figures[index].start)
    for other in (*range(index - 1, max(-1, index - _NEAR), -1), *range(index + 1, min(len(labels), index + 3))):
        if page.block_at(page.figures[other].start) != block or not page.is_level(other):
            continue
        words = labels[other]
        if not any(term in words for term in one["whole"]) or any(term in words for term in one["part"]):
            continue
        if any(term in words for term in one.get("not", ())) or not _comparable(page, index, other):
            continue
        if one.get("alike") and not _of_one_subject(labels, index, other, one):
            continue
        yield _not_above(page, index, other, Certainty.LIKELY)
        return


def _of_one_subject(labels: list[str], part: int, whole: int, one: dict[str, Any]) -> bool:
    """Whether what is left of both labels without the terms of the pair has two characters in common, or is nothing."""
    terms = re.compile("|".join(map(re.escape, sorted([*one["part"], *one["whole"]], key=len, reverse=True))))
    left, right = (noun(terms.sub("", labels[index])) for index in (part, whole))
    if len(left) < 2 or len(right) < 2:
        return True
    return any(left[place : place + 2] in right for place in range(len(left) - 1))


def _comparable(page: Page, part: int, whole: int) -> bool:
    one, other = page.figures[part], page.figures[whole]
    return (
        same_unit(one, other)
        and not is_average(page, part)
        and not is_average(page, whole)
        and one.role == other.role
        and one.period == other.period
        and level_of(page, part) == level_of(page, whole)
    )


def _not_above(page: Page, part: int, whole: int, certainty: Certainty) -> Verdict:
    one, other = page.figures[part], page.figures[whole]
    spans = (page.span(part), page.span(whole))
    if printed_range(one).low <= printed_range(other).high:
        return Verdict(spans, holds=True, statement=f"{one.text}不大于{other.text}")
    return Verdict(
        spans,
        statement=f"{_named(page, part)}{one.text}大于{_named(page, whole)}{other.text}，部分不应大于全部",
        certainty=certainty,
        expected=f"不大于{other.text}",
        actual=one.text,
        arithmetic=f"{one.text} > {other.text}",
    )


def _named(page: Page, index: int) -> str:
    return f"“{page.figures[index].subject}”" if page.figures[index].subject else ""


@check_for("part.passed", "asked", "given", "units")
def passed(page: Page, definition: Definition) -> Iterator[Verdict]:
    """No more are approved, chosen or awarded than applied or took part."""
    asked = re.compile("|".join(definition.params["asked"]))
    given = re.compile("|".join(definition.params["given"]))
    units = set(definition.params["units"])
    stands = _stands(page, asked, given)
    for index, stand in enumerate(stands):
        if stand != "given" or unit_of(page.figures[index]) not in units:
            continue
        rivals = [other for other in _asked_before(page, index, stands) if _fit(page, index, other)]
        if not rivals:
            continue
        best = max(rivals, key=lambda other: printed_range(page.figures[other]).high)
        nearest = rivals[0]
        whole = nearest if level_of(page, index) and level_of(page, nearest) == level_of(page, index) else best
        yield _not_above(page, index, whole, Certainty.LIKELY)


def _stands(page: Page, asked: re.Pattern[str], given: re.Pattern[str]) -> list[str]:
    """For each figure whether it counts who asked or who was given; a list carries its verb on."""
    stands: list[str] = []
    for index in range(len(page.figures)):
        words = around(page, index)
        stand = ""
        if not page.is_level(index) or page.figures[index].role is not Role.ACTUAL:
            stand = ""
        elif given.search(words):
            stand = "given"
        elif asked.search(words):
            stand = "asked"
        elif index and stands[-1] and len(page.gap(index - 1, index)) <= 14 and "。" not in page.gap(index - 1, index):
            stand = stands[-1]
        stands.append(stand)
    return stands


def _asked_before(page: Page, index: int, stands: list[str]) -> list[int]:
    block = page.block_at(page.figures[index].start)
    found = []
    for other in range(index - 1, max(-1, index - _NEAR), -1):
        if page.block_at(page.figures[other].start) != block:
            break
        if stands[other] == "asked":
            found.append(other)
    return found


def _fit(page: Page, index: int, other: int) -> bool:
    one, asked = page.figures[index], page.figures[other]
    levels = {level_of(page, index), level_of(page, other)}
    if not same_unit(one, asked) or asked.approx not in (Approx.EXACT, Approx.OVER):
        return False
    if level_of(page, other) and not level_of(page, index):
        return False  # asked of one level, given of all
    return len(levels) == 1 or (
        ("" in levels and shares_noun(page, index, other, strict=True)) and shares_noun(page, index, other)
    )


_AMONG = re.compile(
    r"^[^，,。；;\n\d]{0,12}(?:当中|之中|中|里)[，,]?(?:已经|已|有|共有|目前)*(?:完成|建成|开工|实现|达标|投产)?(?:了)?$"
)


@check_for("part.among")
def among(page: Page, definition: Definition) -> Iterator[Verdict]:
    """42项任务中，已完成38项."""
    for index in range(len(page.figures) - 1):
        whole, part = page.figures[index], page.figures[index + 1]
        if not (page.is_level(index) and page.is_level(index + 1)) or not same_unit(whole, part):
            continue
        gap, counted = page.gap(index, index + 1), page.tail(index + 1).strip()
        if _AMONG.match(gap) and (not counted or counted[:2] in gap):
            yield _not_above(page, index + 1, index, Certainty.LIKELY)


_GRANT_IN_FILING = re.compile(
    r"(?P<whole>(?:申请|受理)[^，,。；;\n授其]{0,24})[，,]其中[：:]?(?P<part>[^，,。；;\n申]{0,8}授权[^，,。；;\n申]{0,12})"
)


@check_for("part.kind")
def kind(page: Page, definition: Definition) -> Iterator[Verdict]:
    """授权 is no part of 申请: grants of a year answer filings of earlier years."""
    for match in _GRANT_IN_FILING.finditer(page.text):
        yield Verdict(
            (match.span("whole"), match.span("part")),
            statement="把授权数列在申请数的“其中”之下，授权不是申请的一部分",
            certainty=Certainty.LIKELY,
            expected="申请数与授权数分开表述",
            actual=match.group(),
        )


@check_for("part.increase")
def increase(page: Page, definition: Definition) -> Iterator[Verdict]:
    """An increase is never larger than the level that it led to."""
    for rise in page.once(increases):
        words = page.clause(rise.level) + page.figures[rise.level].subject
        if rise.down or UNSUMMABLE.search(words) or unit_of(page.figures[rise.change]) in ("℃", "度", "%"):
            continue
        spans = (page.span(rise.change), page.span(rise.level))
        change, level = page.figures[rise.change], page.figures[rise.level]
        if printed_range(change).low <= printed_range(level).high:
            yield Verdict(spans, holds=True, statement=f"增量{change.text}不大于总量{level.text}")
            continue
        yield Verdict(
            spans,
            statement=f"增加了{change.text}，却只有{level.text}，增量大于总量",
            certainty=Certainty.CERTAIN if rise.tight else Certainty.LIKELY,
            expected=f"不大于{level.text}",
            actual=change.text,
            arithmetic=f"{change.text} > {level.text}",
        )
