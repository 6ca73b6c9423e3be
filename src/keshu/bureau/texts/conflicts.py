"""The same figure in several texts of a place and year, said differently: two sections' drafts, a draft and its annex."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from keshu.bureau.texts.models import Text
from keshu.bureau.texts.passages import quote
from keshu.kernel.prose.figure import Approx, Figure, Kind, Role
from keshu.kernel.prose.printed import Allowed, allowed

_OTHER = frozenset((Kind.PLACEHOLDER.value,))


@dataclass(frozen=True)
class Mention:
    """One text's word for it; `number` is the figure's place in the reading."""

    text: Text
    number: int
    said: str
    span: tuple[int, int]
    room: Allowed

    @property
    def sentence(self) -> str:
        """Looked for only where the mention is shown."""
        return quote(self.text.reading.content, [self.span])


@dataclass(frozen=True)
class Conflict:
    """What is measured, and the mentions that cannot all be right."""

    name: str
    period: str
    ours: str
    mentions: tuple[Mention, ...]


def conflicts(texts: Iterable[Text]) -> list[Conflict]:
    """Figures that texts of one place and year give different values for, allowing for how each was rounded.

    Figures of one text against each other are the business of the checks, not of this list.
    """
    groups: dict[tuple[Any, ...], list[tuple[Mapping[str, Any], Mention]]] = defaultdict(list)
    for text in texts:
        for number, one in enumerate(text.reading.figures):
            key = _key(text, one)
            if key is not None and (mention := _mention(text, number, one)) is not None:
                groups[key].append((one, mention))
    found = [_conflict(rows) for rows in groups.values() if _disagree([mention for _, mention in rows])]
    return sorted(found, key=lambda one: one.name)


def _key(text: Text, one: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """The indicator's reference where it is known; else the subject with all that tells one figure from another."""
    home = (text.place_id, text.year)
    verdict = one.get("verdict") or {}
    if verdict.get("reference"):
        return (*home, verdict["reference"])
    subject = one.get("subject", "")
    if len(subject) < 4 or one["kind"] in _OTHER:
        return None
    return (
        *home,
        subject,
        one.get("canonical", ""),
        one["kind"],
        one.get("period", ""),
        one.get("scope", ""),
        one["role"],
    )


def _mention(text: Text, number: int, one: Mapping[str, Any]) -> Mention | None:
    room = allowed(figure_of(one))
    if room is None:
        return None
    return Mention(text, number, one["text"], (one["start"], one["end"]), room)


def figure_of(one: Mapping[str, Any]) -> Figure:
    """A stored figure as the kernel knows it."""
    low, _dots, high = (one.get("value") or "").partition("..")
    return Figure(
        one["start"], one["end"], one["text"], Decimal(low) if low else None, one.get("unit", ""),
        Approx(one.get("approx", "exact")), Decimal(high) if high else None, Kind(one["kind"]),
        one.get("canonical", ""), one.get("subject", ""), one.get("scope", ""), one.get("period", ""),
        one.get("base", ""), Role(one.get("role", "actual")),
    )  # fmt: skip


def _disagree(mentions: list[Mention]) -> bool:
    """Two texts whose values have nothing in common."""
    return any(
        first.text.pk != second.text.pk and (first.room.high < second.room.low or second.room.high < first.room.low)
        for at, first in enumerate(mentions)
        for second in mentions[at + 1 :]
    )


def _conflict(rows: list[tuple[Mapping[str, Any], Mention]]) -> Conflict:
    one = rows[0][0]
    verdict = one.get("verdict") or {}
    name = verdict.get("name") or one.get("subject", "")
    return Conflict(name, one.get("period", ""), verdict.get("ours", ""), tuple(mention for _, mention in rows))
