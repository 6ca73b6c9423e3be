"""Sums and parts: what stands under a whole may not be larger than it, and all parts together make it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Any

from keshu.kernel.prose.checking.breakdowns import UNSUMMABLE, Breakdown, generic, same_unit
from keshu.kernel.prose.checking.model import Certainty, Definition, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for
from keshu.kernel.prose.checking.rounding import Range, in_words, plain, printed_range
from keshu.kernel.prose.checking.totals import breakdowns
from keshu.kernel.prose.figure import Kind


@check_for("sum.within", "classes", "cuts", "levels")
def within(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Parts after 其中 or in brackets, added up, against their whole."""
    for found in page.once(breakdowns):
        if len(found.parts) > 1 and not _averaged(page, found):
            verdict = _sum(page, found, definition.params)
            if verdict:
                yield verdict


@check_for("part.within")
def part_within(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Each single part after 其中 against its whole."""
    for found in page.once(breakdowns):
        if found.exhaustive or _averaged(page, found):
            continue
        whole = page.figures[found.whole]
        for part in found.parts:
            if same_unit(page.figures[part], whole):
                verdict = _part(page, part, found)
                if verdict:
                    yield verdict


def _averaged(page: Page, found: Breakdown) -> bool:
    words = page.clause(found.whole) + page.figures[found.whole].subject
    return bool(UNSUMMABLE.search(words) or any(UNSUMMABLE.search(page.lead(part)) for part in found.parts))


def _part(page: Page, part: int, found: Breakdown) -> Verdict | None:
    figure, whole = page.figures[part], page.figures[found.whole]
    spans = (page.span(part), page.span(found.whole))
    if printed_range(figure).low <= printed_range(whole).high:
        return Verdict(spans, holds=True, statement=f"{figure.text}不大于{whole.text}")
    together = reduce(add, (printed_range(page.figures[one]) for one in (found.whole, *found.rivals)))
    if found.rivals and printed_range(figure).low <= together.high:
        return None  # 省级20家、市级30家，其中企业牵头35家: a part of both
    return Verdict(
        spans,
        statement=f"“其中”所列的{figure.text}大于前面的总数{whole.text}",
        certainty=Certainty.CERTAIN if not found.rivals and _surely_listed(page, part, found) else Certainty.LIKELY,
        expected=f"不大于{whole.text}",
        actual=figure.text,
        arithmetic=f"{figure.text} > {whole.text}",
    )


def _surely_listed(page: Page, part: int, found: Breakdown) -> bool:
    """The first part, and those joined by 、: behind a comma something else may already be told."""
    return part == found.parts[0] or page.gap(part - 1, part).startswith("、")


def _sum(page: Page, found: Breakdown, params: Mapping[str, Any]) -> Verdict | None:
    whole = page.figures[found.whole]
    parts = [page.figures[part] for part in found.parts]
    total = reduce(add, (printed_range(part) for part in parts))
    target = printed_range(whole)
    spans = tuple(page.span(index) for index in (found.whole, *found.parts))
    written = "＋".join(part.text for part in parts)
    if total.meets(target):
        return Verdict(spans, holds=True, statement=f"{written}＝{whole.text}")
    value = sum((part.value or Decimal(0) for part in parts), Decimal(0))
    alike = all(same_unit(part, whole) for part in parts)
    certainty = _certainty(page, found, total, target, params, alike)
    if certainty is None or _cut_twice(page, found, params["cuts"]):
        return None
    more = total.low > target.high
    shown = _shown(page, found, total, value)
    return Verdict(
        spans,
        statement=f"各分项合计{shown}，{'大于' if more else '与'}总数{whole.text}{'' if more else '不符'}",
        certainty=certainty,
        expected=shown,
        actual=whole.text,
        arithmetic=f"{written}＝{shown}，{'大于' if more else '不等于'}{whole.text}",
    )


def _shown(page: Page, found: Breakdown, total: Range, value: Decimal) -> str:
    whole = page.figures[found.whole]
    if any(page.figures[part].upper is not None for part in found.parts):
        return f"{plain(total.low)}至{plain(total.high)}{whole.unit}"
    return in_words(value, whole)


def _certainty(
    page: Page, found: Breakdown, total: Range, target: Range, params: Mapping[str, Any], alike: bool
) -> Certainty | None:
    """How sure a sum that misses its whole is wrong; None where the wording allows it."""
    families = list(params["classes"])
    if page.figures[found.whole].kind is Kind.AMOUNT:
        families += params["levels"]  # an enterprise may be of two levels, a sum of money comes from one
    disjoint = _disjoint(page, found, families)
    if not alike:
        near = generic(page.figures[found.whole]) and target.high < total.low <= target.high * Decimal("1.6")
        return Certainty.LIKELY if near and len(found.parts) >= 3 else None
    if total.low > target.high:
        if found.rivals:
            return Certainty.ASK
        return Certainty.CERTAIN if disjoint else Certainty.LIKELY
    if found.exhaustive:
        near = total.high * Decimal("1.5") >= target.low
        return Certainty.LIKELY if near else Certainty.ASK
    return None


def _cut_twice(page: Page, found: Breakdown, cuts: list[str]) -> bool:
    """Whether the parts divide the whole in more ways than one: by sex and by age, by place and by size."""
    leads = [page.lead(part) for part in found.parts]
    ways = {place for lead in leads for place, words in enumerate(cuts) if re.search(words, lead)}
    thresholds = [lead for lead in leads if re.search("以上|以下|超过|不足", lead)]
    return len(ways) > 1 or len(thresholds) > 1 or _nested(leads)


def _nested(leads: list[str]) -> bool:
    """企业40亿元，规上企业36亿元: one part is a part of another."""
    words = {lead.removeprefix("其中").strip("，,、 ") for lead in leads}
    return any(len(one) > 1 and one != other and other.endswith(one) for one in words for other in words)


def _disjoint(page: Page, found: Breakdown, classes: list[list[str]]) -> bool:
    """Whether each part names another class of one family: 国家级, 省级, 市级; 一等奖, 二等奖."""
    leads = [page.lead(part) for part in found.parts]
    for family in classes:
        named = [max((word for word in family if word in lead), key=len, default="") for lead in leads]
        if all(named) and len(set(named)) == len(named):
            return True
    return False
