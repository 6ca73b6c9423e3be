"""Two texts side by side: which paragraph became which, and what became of the figures in it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

DIGITS = re.compile(r"[\d０-９.,%％]+")
ALIKE = 0.35  # of the pairs of characters; below that two paragraphs speak of different things
WORDS = 4_000_000  # pairs of letters; beyond that two paragraphs are shown whole, one after the other
COMMON = 60  # a pair of characters in more paragraphs than this says nothing


@dataclass(frozen=True)
class Change:
    """A figure of the newer paragraph with the one of the older that says the same thing."""

    number: int
    figure: Mapping[str, Any]
    before: Mapping[str, Any] | None
    state: str  # same, moved, new

    @property
    def stale(self) -> bool:
        """Copied from the older text although the records say something else by now."""
        verdict = (self.figure.get("verdict") or {}).get("verdict")
        return self.state == "same" and verdict in ("differs", "agrees_other_date")


@dataclass(frozen=True)
class Pair:
    """`state`: same (word for word), figures (only its figures moved), changed, new, gone."""

    state: str
    before: str
    after: str
    words: tuple[tuple[str, str], ...] = ()  # (equal | removed | added, words)
    figures: tuple[Change, ...] = ()


@dataclass(frozen=True)
class Paragraph:
    text: str
    start: int
    end: int
    figures: tuple[tuple[int, Mapping[str, Any]], ...]

    @property
    def plain(self) -> str:
        return "".join(self.text.split())

    @property
    def masked(self) -> str:
        return DIGITS.sub("#", self.plain)


def paragraphs(
    content: str, blocks: Sequence[Mapping[str, Any]], figures: Sequence[Mapping[str, Any]]
) -> list[Paragraph]:
    """The blocks that say something, with their figures."""
    found, at = [], 0
    numbered = list(enumerate(figures))
    for block in blocks:
        start, end = block["start"], block["end"]
        while at < len(numbered) and numbered[at][1]["start"] < start:
            at += 1
        own = []
        while at < len(numbered) and numbered[at][1]["start"] < end:
            own.append(numbered[at])
            at += 1
        if content[start:end].strip() and not block.get("debris"):
            found.append(Paragraph(content[start:end], start, end, tuple(own)))
    return found


def pair(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> list[Pair]:
    """The newer text in its order; what is gone stands where it stood in the older one."""
    matched = _matched(before, after)
    taken = set(matched.values())
    found: list[Pair] = []
    last = -1
    for n, one in enumerate(after):
        old = matched.get(n)
        if old is not None and old > last:
            found += [Pair("gone", before[k].text, "") for k in range(last + 1, old) if k not in taken]
            last = old
        found.append(_pair(before[old] if old is not None else None, one))
    found += [Pair("gone", before[k].text, "") for k in range(last + 1, len(before)) if k not in taken]
    return found


def _matched(before: Sequence[Paragraph], after: Sequence[Paragraph]) -> dict[int, int]:
    """Of each newer paragraph the older one that it is most like; each older one is taken once, the best first."""
    grams = [_grams(one.masked) for one in before]
    holders: dict[str, list[int]] = {}
    for n, one in enumerate(grams):
        for gram in one:
            holders.setdefault(gram, []).append(n)
    scores: list[tuple[float, int, int]] = []
    for n, one in enumerate(after):
        own = _grams(one.masked)
        shared: Counter[int] = Counter()
        for gram in own:
            if len(holders.get(gram, ())) <= COMMON:
                shared.update(holders.get(gram, ()))
        for k, common in shared.most_common(5):
            likeness = 2 * common / (len(own) + len(grams[k]) or 1)
            if likeness >= ALIKE:
                scores.append((likeness, n, k))
    found: dict[int, int] = {}
    taken: set[int] = set()
    for _likeness, n, k in sorted(scores, key=lambda one: (-one[0], abs(one[1] - one[2]))):
        if n not in found and k not in taken:
            found[n] = k
            taken.add(k)
    return found


def _grams(text: str) -> set[str]:
    return {text[n : n + 2] for n in range(len(text) - 1)} or {text}


def _pair(before: Paragraph | None, after: Paragraph) -> Pair:
    if before is None:
        return Pair("new", "", after.text, figures=tuple(Change(n, one, None, "new") for n, one in after.figures))
    changes = tuple(_changes(before, after))
    if before.plain == after.plain:
        return Pair("same", before.text, after.text, figures=changes)
    state = "figures" if before.masked == after.masked else "changed"
    return Pair(state, before.text, after.text, _words(before.text, after.text), changes)


def _changes(before: Paragraph, after: Paragraph) -> list[Change]:
    """By what is measured, the first of each in its order; a figure that nothing answers to is new."""
    held: dict[tuple[str, str, str], list[Mapping[str, Any]]] = {}
    for _n, one in before.figures:
        held.setdefault(_key(one), []).append(one)
    found = []
    for n, one in after.figures:
        old = held[_key(one)].pop(0) if held.get(_key(one)) else None
        state = "new" if old is None else "same" if old["value"] == one["value"] else "moved"
        found.append(Change(n, one, old, state))
    return found


def _key(figure: Mapping[str, Any]) -> tuple[str, str, str]:
    return figure.get("subject", ""), figure.get("kind", ""), figure.get("canonical") or figure.get("unit") or ""


def _words(before: str, after: str) -> tuple[tuple[str, str], ...]:
    """The newer paragraph with what went and what came, a number never cut in two."""
    old, new = re.findall(r"[\d０-９.,]+|.", before, re.DOTALL), re.findall(r"[\d０-９.,]+|.", after, re.DOTALL)
    if len(old) * len(new) > WORDS:
        return ("removed", before), ("added", after)
    found: list[tuple[str, str]] = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(("equal", "".join(new[c:d])))
            continue
        found += [("removed", "".join(old[a:b]))] if b > a else []
        found += [("added", "".join(new[c:d]))] if d > c else []
    return tuple(found)
