"""What the page of one text shows: a part of it in pieces, the findings at the side, one figure opened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from keshu.bureau.texts import labels, showing, wording
from keshu.bureau.texts.marking import TONES, Piece, Shown
from keshu.bureau.texts.models import Reading, Text
from keshu.bureau.texts.painting import css_of, painted
from keshu.bureau.texts.passages import quote
from keshu.bureau.texts.queries import judgements_of

LINES = 300  # findings in the list at the side; a text with more of them is mended before it is walked through
FILTERS = ("severity", "certainty", "state")


@dataclass(frozen=True)
class Detail:
    """One figure opened: what was read of it, and what the records say."""

    number: int
    text: str
    said: str
    facts: list[tuple[str, str]]
    sentence: str
    verdict: str
    tone: str
    compared: list[tuple[str, str]]
    link: str
    candidates: list[Mapping[str, Any]]
    findings: list[Mapping[str, Any]]


def detail(reading: Reading, number: int) -> Detail | None:
    if number >= len(reading.figures):
        return None
    one = reading.figures[number]
    held = one.get("verdict") or {}
    unit = held.get("unit") or one.get("canonical") or one.get("unit") or ""
    compared = [
        (_("口径"), held.get("name") or held.get("indicator") or ""),
        (_("台账数"), f"{wording.number(held['ours'])}{unit}" if held.get("ours") is not None else ""),
        (_("相差"), f"{wording.number(held['difference'])}{unit}" if held.get("difference") is not None else ""),
        (_("期间"), held.get("as_of") or held.get("period") or ""),
    ]
    touched = [
        finding for finding in reading.findings
        if any(start < one["end"] and end > one["start"] for start, end in finding["spans"])
    ]  # fmt: skip
    code = held.get("verdict") or ""
    return Detail(
        number, one["text"], wording.said(one), labels.facts(one), quote(reading.content, [(one["start"], one["end"])]),
        labels.verdict(code) if code else "", TONES.get(code, "quiet"), [pair for pair in compared if pair[1]],
        _link(held), [one | {"link": _link(one)} for one in held.get("candidates") or []], touched,
    )  # fmt: skip


def _link(held: Mapping[str, Any]) -> str:
    """The page of our figure, with its rows."""
    return (
        f"{reverse('statistics:figure')}?{urlencode({'ref': held['reference'].strip('{}')})}"
        if held.get("reference")
        else ""
    )


@dataclass(frozen=True)
class Count:
    code: str
    label: str
    n: int
    tone: str


def text_page(text: Text, query: Mapping[str, str], detail: Detail | None) -> dict[str, Any]:
    """The context of the page; `?part=` turns the pages of a long text, a figure that is opened brings its part."""
    reading = text.reading
    judged = judgements_of(text)
    blocks = showing.titled(reading.content, reading.blocks)
    cut = showing.parts(blocks)
    asked = query.get("part", "")
    start = reading.figures[detail.number]["start"] if detail else 0
    number = int(asked) if asked.isdecimal() and len(asked) < 6 else showing.part_at(cut, start) if detail else 1
    part = next((one for one in cut if one.number == number), cut[0] if cut else None)
    marks = showing.marks(reading, judged)
    wish = {name: query.get(name, "") for name in FILTERS}
    shown = showing.shown(reading.content, blocks[part.first : part.last], marks) if part else []
    link = (
        "?" + urlencode({name: value for name, value in wish.items() if value} | {"part": number}) + "&figure={}#detail"
    )
    opened = detail.number if detail else None
    lines = showing.lines(reading, cut, judged, **wish)
    return {
        "reading": reading, "detail": detail, "shown": [_painted(one, link, opened) for one in shown],
        "part": part, "parts": cut if len(cut) > 1 else [],
        "lines": lines[:LINES], "more": max(0, len(lines) - LINES), "wish": wish, "judged_n": len(judged),
        "counts": _counts(reading, judged), "verdicts": _verdicts(reading),
        "outline": showing.outline(reading.content, reading.blocks, cut),
        "certainties": labels.choices(wording.CERTAINTIES), "severities": labels.choices(wording.SEVERITIES),
    }  # fmt: skip


@dataclass(frozen=True)
class Painted:
    """A block of the text as HTML."""

    block: Mapping[str, Any]
    css: str
    html: str
    rows: list[list[str]]


def _painted(one: Shown, link: str, opened: int | None) -> Painted:
    def paint(run: Sequence[Piece]) -> str:
        return mark_safe(painted(run, link=link, opened=opened))  # noqa: S308 - painted escapes every piece

    return Painted(one.block, css_of(one.block), paint(one.pieces), [[paint(cell) for cell in row] for row in one.rows])


def _counts(reading: Reading, judged: Mapping[int, Any]) -> list[Count]:
    tones = {"certain": "bad", "likely": "warn", "ask": "info"}
    found = [one["certainty"] for n, one in enumerate(reading.findings) if n not in judged]
    return [Count(code, labels.certainty(code), found.count(code), tones[code]) for code in wording.CERTAINTIES]


def _verdicts(reading: Reading) -> list[Count]:
    found = [(one.get("verdict") or {}).get("verdict", "") for one in reading.figures]
    return [
        Count(code, labels.verdict(code), found.count(code), TONES[code]) for code in wording.VERDICTS if code in found
    ]
