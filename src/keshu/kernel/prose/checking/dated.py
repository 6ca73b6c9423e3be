"""Wordings, bodies and posts by their days: expired, renamed, not yet there, and named in the wrong order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from keshu.kernel.prose.checking.model import Certainty, DatedPhrase, Definition, Span, Verdict
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import check_for

_YEAR = re.compile(r"(?<!\d)(20\d\d)年")
#: words before or behind a wording that tell of the past
_PAST_BEFORE = re.compile(
    r"(?:原|原来的|前身|时任|曾任|较|比|同|与|自|以来|曾|过去|当时|撤销|不再保留|改为|更名|历任|前)[“《]?$"
)
_PAST_BEHIND = re.compile(
    r"^[”》]?(?:规划)?(?:期间|时期|以来|期末|末|收官|结束|圆满|成果|成效|胜利|目标全面|战全面|更名|改|撤|并入|时|任上|（原|\(原)"
)
#: a name that ends in these is another word where these follow: 农业部门, 文化部分
_OTHER_WORD = re.compile(r"^[门分署队位件长委]")


@check_for("phrase.dated", "phrases")
def dated(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Wordings that were no longer, or not yet, right in the year of the text."""
    year = page.year or _latest_year(page.text)
    known = [*page.phrases, *(_phrase(one) for one in definition.params["phrases"])]
    if year is None or not known:
        return
    by_text = {phrase.text: phrase for phrase in reversed(known)}
    words = sorted(by_text, key=len, reverse=True)
    pattern = re.compile("|".join(re.escape(word) for word in words))
    for match in pattern.finditer(page.text):
        verdict = _judged(page, match.span(), by_text[match.group()], year)
        if verdict:
            yield verdict


def _phrase(one: dict[str, Any]) -> DatedPhrase:
    since, until = (date.fromisoformat(str(one[key])) if one.get(key) else None for key in ("since", "until"))
    return DatedPhrase(str(one["text"]), since, until, str(one.get("instead", "")), str(one.get("note", "")))


def _latest_year(text: str) -> int | None:
    years = [int(match.group(1)) for match in _YEAR.finditer(text[:200_000])]
    return max(set(years), key=lambda one: (years.count(one), one)) if years else None


def _judged(page: Page, span: Span, phrase: DatedPhrase, year: int) -> Verdict | None:
    before, behind = page.before(span[0], 12), page.after(span[1], 12)
    if phrase.text[-1] in "部局办委会署" and _OTHER_WORD.match(behind):
        return None
    if phrase.until and phrase.until <= date(year, 12, 31):
        if _PAST_BEFORE.search(before) or _PAST_BEHIND.match(behind) or _tells_new_name(page, span, phrase):
            return None
        sure = phrase.until <= date(year, 1, 1)
        instead = f"，现为“{phrase.instead}”" if phrase.instead else ""
        return Verdict(
            (span,),
            statement=f"“{phrase.text}”自{_day(phrase.until)}起不再使用{instead}{'。' + phrase.note if phrase.note else ''}",
            certainty=Certainty.LIKELY if sure else Certainty.ASK,
            expected=phrase.instead or "改用现行提法",
            actual=phrase.text,
        )
    if phrase.since and phrase.since > date(year, 12, 31):
        return Verdict(
            (span,),
            statement=f"“{phrase.text}”自{_day(phrase.since)}起才使用，早于它的年份不应出现",
            certainty=Certainty.LIKELY,
            expected="改用当时的提法",
            actual=phrase.text,
        )
    return None


def _tells_new_name(page: Page, span: Span, phrase: DatedPhrase) -> bool:
    return bool(phrase.instead) and phrase.instead in page.text[max(0, span[0] - 40) : span[1] + 40]


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


@check_for("phrase.order", "orders")
def order(page: Page, definition: Definition) -> Iterator[Verdict]:
    """Bodies that are named in a fixed order, where the text joins them with 、 in another."""
    for names in definition.params["orders"]:
        yield from _disordered(page, names["names"], names["certainty"])


def _disordered(page: Page, names: Sequence[str], certainty: str) -> Iterator[Verdict]:
    place = {name: number for number, name in enumerate(names)}
    one = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    for match in re.finditer(rf"(?:{one})(?:[、和及](?:{one})){{1,12}}", page.text):
        found = re.findall(one, match.group())
        numbers = [place[name] for name in found]
        if numbers != sorted(numbers):
            right = "、".join(sorted(set(found), key=lambda name: place[name]))
            yield Verdict(
                (match.span(),),
                statement=f"“{match.group()}”的排列顺序不合惯例",
                certainty=Certainty(certainty),
                expected=right,
                actual=match.group(),
            )
