"""A sentence of last year's text rolled forward: its figures become references, its year becomes a variable.

What would be false a year later is not rolled: a figure that nothing stands behind, a date, a first time, the number of
an event. Such a sentence is stale; the reason says why, and somebody has to write it anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from keshu.kernel.prose.reference import Form, Reference

_COMPARED = re.compile(
    r"(?:(?:同比|(?:比|较|与)(?:上|去|前一)年(?:同期|末|底|度)?(?:相比)?|年均)[，,]?)?"
    r"(?:净增|增长|增加|提高|提升|上升|增|下降|减少|降低|回落)(?:了|到)?$"
)
_RANKED = re.compile(r"(?:排名?|位列|位居|居|列)?(?:全[省市国县]|我[省市])?(?:[^，。；、]{0,2})$")
_COMPLETED = re.compile(r"(?:完成|占)(?:全年|年度|省下达|市下达)?(?:目标|任务|计划)(?:数|任务)?的$")
_LEADS = {
    Form.GROWTH: _COMPARED, Form.POINTS: _COMPARED, Form.DIFFERENCE: _COMPARED, Form.NET: _COMPARED,
    Form.RANK: _RANKED, Form.COMPLETION: _COMPLETED,
}  # fmt: skip
_TRAILING = re.compile(r"^(?:以上|左右|多|余|以内)")
_PERIOD = re.compile(
    r"^(?:截[至止]?(?:目前|(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}日|底|末)?|(?:19|20)?\d{0,2}年[底末])|今年以来|"
    r"(?:(?:19|20)\d\d年|今年)?(?:全年|上半年|前三季度|1(?:月)?[-—–－至到]\d{1,2}月份?)?)[，,]"
)
_DAY = re.compile(r"\d{1,2}月(?:\d{1,2}[日号]|[上中下]旬|份)?|\d{1,2}[日号](?!线)")
_ONCE = re.compile(r"首次|首个|首家|首届|第[一二三四五六七八九十\d]+[届次批]|零的突破|历史新高")
_YEARS = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_DEED = re.compile(
    r"获评|获批|入选|荣获|获[^，。]{0,16}(?:奖|称号|认定|批示|肯定)|通过[^，。]{0,8}认定|建成投用|揭牌|开工|竣工|落户|获.{0,4}等奖"
)
_BRACKET = re.compile(r"[）)]的?$")
_AIM = re.compile(r"(?:超额)?完成[^，。；（(]{0,8}(?:目标|任务|计划)(?:数|值|任务)?[（(]$")
_BRACES = str.maketrans({"{": "｛", "}": "｝", "⟨": "〈", "⟩": "〉", "⟪": "《", "⟫": "》", "|": "｜"})


@dataclass(frozen=True, slots=True)
class Put:
    """`text[start:end]` is said by the reference from now on."""

    start: int
    end: int
    reference: Reference


@dataclass(frozen=True, slots=True)
class Rolled:
    """A frame that composes the sentence anew, or the reason why it cannot be rolled."""

    frame: str = ""
    stale: str = ""


def roll(
    sentence: str, puts: Sequence[Put], *, year: int, loose: Iterable[tuple[int, int]] = (), place: str = "",
    whole: str = "",
) -> Rolled:  # fmt: skip
    """The sentence as a frame. Offsets are within the sentence; `loose` are figures that no reference stands for."""
    unknown = next(iter(loose), None)
    if unknown is not None:
        return Rolled(stale=f"“{sentence[slice(*unknown)]}”在台账中没有对应的数")
    reason = _why_stale(_without(sentence, puts), year, counted=bool(puts))
    if reason:
        return Rolled(stale=reason)
    puts = _with_aims(sentence, puts)
    return Rolled(frame=_frame(sentence, puts, year, place, whole))


def _without(sentence: str, puts: Sequence[Put]) -> str:
    parts, at = [], 0
    for put in puts:
        parts.append(sentence[at : put.start])
        at = put.end
    return "".join([*parts, sentence[at:]])


def _with_aims(sentence: str, puts: Sequence[Put]) -> list[Put]:
    """完成年度任务（80家）的101.3% is one thing: the completion says its target too."""
    made: list[Put] = []
    for put in puts:
        aim = made[-1] if made else None
        if (
            aim is not None
            and (aim.reference.form, put.reference.form) == (Form.TARGET, Form.COMPLETION)
            and _BRACKET.fullmatch(sentence[aim.end : put.start])
            and (lead := _AIM.search(sentence[: aim.start]))
        ):
            made[-1] = Put(lead.start(), put.end, put.reference)
        else:
            made.append(put)
    return made


def _why_stale(rest: str, year: int, *, counted: bool) -> str:
    words = _PERIOD.sub("", rest, count=1)
    if found := _DAY.search(words):
        return f"写有当年的日期“{found[0]}”"
    if found := _ONCE.search(words):
        return f"“{found[0]}”只在当年成立"
    if not counted and (found := _DEED.search(words)):
        return f"“{found[0]}”是当年的一件事，应由当年的记录来写"
    others = [one for one in _YEARS.findall(words) if int(one) not in (year - 1, year, year + 1)]
    if others:
        return f"写有年份“{others[0]}年”"
    return ""


def _frame(sentence: str, puts: Sequence[Put], year: int, place: str, whole: str) -> str:
    opening = _PERIOD.match(sentence) if puts and puts[0].reference.form is not Form.TARGET else None
    at = opening.end() if opening else 0
    parts: list[str] = []
    for number, put in enumerate(puts):
        before = sentence[at : put.start]
        lead = _LEADS.get(put.reference.form)
        taken = lead.search(before) if lead else None
        before = before[: taken.start()] if taken else before
        piece = str(put.reference)
        # a comparison that is missing or falls leaves its clause out, not the sentence
        if taken and number and before.endswith(("，", ",", "、")):
            parts += [_words(before[:-1], year, place, whole), f"⟨，{piece}⟩"]
        else:
            parts += [_words(before, year, place, whole), piece]
        tail = _TRAILING.match(sentence[put.end :])
        at = put.end + (tail.end() if tail else 0)
    return "".join([*parts, _words(sentence[at:], year, place, whole)]).strip()


def _words(words: str, year: int, place: str, whole: str) -> str:
    """The words between figures with year and place as variables."""
    plain = words.translate(_BRACES)
    names = {year: "{$year}", year - 1: "{$last_year}", year + 1: "{$next_year}"}
    plain = _YEARS.sub(lambda found: names.get(int(found[1]), found[1]), plain)
    if whole:
        plain = plain.replace(whole, "{$whole}")
    return plain.replace(place, "{$place}") if place else plain
