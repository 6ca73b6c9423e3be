"""What checking takes and gives: blocks, definitions, dated phrases in; findings out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

Span = tuple[int, int]


class Certainty(StrEnum):
    """How much a finding claims: what follows by arithmetic, what looks wrong, what only a person can know."""

    CERTAIN = "certain"
    LIKELY = "likely"
    ASK = "ask"

    @property
    def order(self) -> int:
        """0 for the strongest."""
        return list(Certainty).index(self)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


@dataclass(frozen=True, slots=True)
class Block:
    """A stretch of the text that stands on its own: `kind` is heading, paragraph or cell; headings have a level."""

    kind: str
    level: int
    start: int
    end: int


class Definition(Protocol):
    """What the catalogue says of a check."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def type(self) -> str: ...
    @property
    def severity(self) -> str: ...
    @property
    def certainty(self) -> str: ...
    @property
    def remedy(self) -> str: ...
    @property
    def params(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class DatedPhrase:
    """A wording, a body or a post with the days on which it is right; `instead` is what took its place.

    `since` is the first day on which the wording is right, `until` the first on which it no longer is.
    """

    text: str
    since: date | None = None
    until: date | None = None
    instead: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A relation that was judged: `holds`, or what is wrong with it and by which arithmetic."""

    spans: tuple[Span, ...]
    holds: bool = False
    statement: str = ""
    certainty: Certainty = Certainty.LIKELY
    expected: str = ""
    actual: str = ""
    arithmetic: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at, with its reason, its place and what to do."""

    id: str
    type: str
    code: str
    statement: str
    severity: Severity
    certainty: Certainty
    spans: tuple[Span, ...]
    expected: str
    actual: str
    arithmetic: str
    remedy: str
    holds: bool = False


@dataclass(frozen=True, slots=True)
class Examined:
    """Everything that was judged in a text: what is to be looked at, and the relations that were right."""

    findings: tuple[Finding, ...]
    held: tuple[Finding, ...]
