"""A file or a pasted text to its figures and findings, as the plain data that is kept, answered and shown.

No Django here: the command line reads and checks without a database.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any

from keshu.kernel.prose.checking.model import Block, DatedPhrase
from keshu.kernel.prose.figure import Figure
from keshu.office.soffice import OfficeProblem

CHARACTERS, BLOCKS = 3_000_000, 100_000  # about two thousand pages: what one wants to read and keep as one text
OPENED, FIGURES, CHECKED = 1, 2, 3


class Unreadable(Exception):
    """The file cannot be read; the message says why and what to do."""


@dataclass(frozen=True)
class Rules:
    """What a text is checked by: definitions of checks, and phrases with the days on which they are right."""

    checks: tuple[Any, ...]
    phrases: tuple[DatedPhrase, ...] = ()


@dataclass(frozen=True)
class Found:
    """What a text says. Offsets of blocks, figures and findings are those of `text`."""

    text: str
    blocks: list[dict[str, Any]]
    figures: list[dict[str, Any]]
    findings: list[dict[str, Any]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    read: tuple[Figure, ...] = ()  # the figures before they became plain data
    file: Any = None  # keshu.office.texts.Text


def opened(source: bytes, name: str) -> Any:
    """The file as `keshu.office.texts.Text`. Raises Unreadable with a sentence."""
    from keshu.office.texts import Limits, read_text

    try:
        return read_text(source, name, limits=Limits(characters=CHARACTERS, blocks=BLOCKS))
    except OfficeProblem as problem:
        raise Unreadable(f"{problem.message}{problem.remedy}") from problem


def figures_of(file: Any, *, year: int | None = None) -> list[dict[str, Any]]:
    """Every figure of an opened file as JSON: numbers are strings in the base unit, a range is "a..b"."""
    from keshu.kernel.prose.reading import as_json

    return [as_json(one) for one in read_figures(file, year)]


def read_figures(file: Any, year: int | None) -> list[Figure]:
    """Figures of the running text, and those of tables with what their headings say."""
    from keshu.kernel.prose.cells import Cell, read_cells
    from keshu.kernel.prose.reading import read as read_running

    cells = [Cell(one.start, one.end, *one.cell) for one in file.blocks if one.cell is not None]
    return read_cells(file.text, read_running(file.text, year=year), cells)


def read(
    source: bytes, name: str, *, year: int | None = None, rules: Rules | None = None,
    told: Callable[[int], Any] = lambda _step: None,
) -> Found:  # fmt: skip
    """Read a file and check it. `told` hears how far it has come. Raises Unreadable with a sentence."""
    from keshu.kernel.prose.checking import check
    from keshu.kernel.prose.reading import as_json

    file = opened(source, name)
    told(OPENED)
    figures = read_figures(file, year)
    told(FIGURES)
    rules = rules or shipped()
    blocks = _for_checks(file.blocks)
    findings = check(file.text, figures, blocks=blocks, year=year, checks=rules.checks, phrases=rules.phrases)
    told(CHECKED)
    return Found(
        file.text, [_plain(asdict(one)) for one in file.blocks], [as_json(one) for one in figures],
        [_finding(one) for one in findings], list(file.notes), tuple(figures), file,
    )  # fmt: skip


@cache
def shipped() -> Rules:
    """The checks of the catalogue, with the overlay that the environment names; no database, so no phrases of a site."""
    from keshu.catalogue import load

    overlay = os.environ.get("KESHU_CATALOGUE")
    catalogue = load(Path(overlay) if overlay else None)
    return Rules(tuple(catalogue.checks.values()), dated(catalogue.phrases.values()))


def dated(phrases: Iterable[Any]) -> tuple[DatedPhrase, ...]:
    """The phrases of a catalogue as checking takes them; `to` is their last day, `until` the first without them."""
    return tuple(
        DatedPhrase(words, one.from_, one.to + timedelta(days=1) if one.to else None)
        for one in phrases
        for words in (one.text, *one.aliases)
    )


def _for_checks(blocks: Iterable[Any]) -> list[Any]:
    """What is set off by the file counts as its own stretch; page numbers and tables of contents are left out."""
    kinds = {"heading": "heading", "cell": "cell"}
    return [Block(kinds.get(one.kind, "paragraph"), one.level, one.start, one.end) for one in blocks if not one.debris]


def _finding(one: Any) -> dict[str, Any]:
    return {key: value for key, value in _plain(asdict(one)).items() if key != "holds"}


def _plain(value: Any) -> Any:
    """JSON of a dataclass as a dictionary: Decimal and dates as text, spans as lists."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    return value if value is None or isinstance(value, str | int | bool) else str(value)
