"""`read`: the figures of a text with everything that the text says of them."""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from keshu.kernel.prose.figure import Figure
from keshu.kernel.prose.reading.clauses import places
from keshu.kernel.prose.reading.kinds import Roles, kind_of, plans
from keshu.kernel.prose.reading.scanner import halved, scan_halved
from keshu.kernel.prose.reading.subjects import Subjects
from keshu.kernel.prose.reading.times import Times, base_of, last_before, paragraph_starts, scope_of


def read(text: str, year: int | None = None) -> list[Figure]:
    """All figures of a text with kind, subject, scope, period, base and role; `year` is that of the document.

    The figures, their offsets, values and units are those of `scan`. Time is linear in the text.
    """
    plain = halved(text)
    figures = scan_halved(plain, text)
    times = Times.of(plain, year)
    lines, headings = paragraph_starts(plain), plans(plain)
    opened = [at for at, _ in headings]
    subjects, roles = Subjects(), Roles()
    found: list[Figure] = []
    for place in places(plain, figures):
        figure = place.figure
        part = bisect_right(opened, figure.start) - 1
        role = roles.of(place, part >= 0 and headings[part][1])
        kind = kind_of(place, role, found[-1].kind if found else None)
        found.append(
            Figure(
                figure.start,
                figure.end,
                figure.text,
                figure.value,
                figure.unit,
                figure.approx,
                figure.upper,
                kind,
                figure.canonical,
                subjects.of(place, kind),
                scope_of(place),
                times.at(figure.start, last_before(lines, figure.start)),
                base_of(place),
                role,
            )
        )
    return found


def as_json(figure: Figure) -> dict[str, Any]:
    """The outside form: values are strings in the base unit, a range is "a..b", an unfilled slot null."""
    value = None if figure.value is None else format(figure.value, "f")
    if value is not None and figure.upper is not None:
        value = f"{value}..{figure.upper:f}"
    return {
        "start": figure.start, "end": figure.end, "text": figure.text, "value": value, "unit": figure.unit,
        "canonical": figure.canonical, "approx": figure.approx.value, "kind": figure.kind.value,
        "subject": figure.subject, "scope": figure.scope, "period": figure.period, "base": figure.base,
        "role": figure.role.value,
    }  # fmt: skip
