"""Runs the checks of the catalogue over a text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from keshu.kernel.prose.checking.model import (
    Block,
    Certainty,
    DatedPhrase,
    Definition,
    Examined,
    Finding,
    Severity,
    Span,
    Verdict,
)
from keshu.kernel.prose.checking.page import Page
from keshu.kernel.prose.checking.registry import CHECKS
from keshu.kernel.prose.figure import Figure


def check(
    text: str,
    figures: Sequence[Figure],
    *,
    checks: Iterable[Definition],
    blocks: Sequence[Block] | None = None,
    year: int | None = None,
    phrases: Sequence[DatedPhrase] = (),
) -> list[Finding]:
    """Everything in the text that is to be looked at, in the order of the text."""
    return list(examine(text, figures, checks=checks, blocks=blocks, year=year, phrases=phrases).findings)


def examine(
    text: str,
    figures: Sequence[Figure],
    *,
    checks: Iterable[Definition],
    blocks: Sequence[Block] | None = None,
    year: int | None = None,
    phrases: Sequence[DatedPhrase] = (),
) -> Examined:
    """What is to be looked at, and the relations that were recomputed and are right.

    A definition without a function here is not run; the catalogue refuses such definitions.
    """
    page = Page(text, figures, blocks, year, phrases)
    judged = [
        _finding(definition, verdict)
        for definition in checks
        if definition.code in CHECKS
        for verdict in CHECKS[definition.code](page, definition)
    ]
    wrong = _strongest([finding for finding in judged if not finding.holds])
    held = _once([finding for finding in judged if finding.holds])
    return Examined(tuple(wrong), tuple(held))


def _finding(definition: Definition, verdict: Verdict) -> Finding:
    ceiling = Certainty(definition.certainty)
    certainty = max(ceiling, verdict.certainty, key=lambda one: one.order)
    first = verdict.spans[0]
    return Finding(
        id=f"{definition.code}:{first[0]}-{first[1]}",
        type=definition.type,
        code=definition.code,
        statement=verdict.statement,
        severity=Severity(definition.severity),
        certainty=certainty,
        spans=verdict.spans,
        expected=verdict.expected,
        actual=verdict.actual,
        arithmetic=verdict.arithmetic,
        remedy=definition.remedy,
        holds=verdict.holds,
    )


def _once(findings: list[Finding]) -> list[Finding]:
    unique = {(finding.code, finding.spans): finding for finding in findings}
    return sorted(unique.values(), key=lambda finding: (finding.spans[0], finding.code))


def _strongest(findings: list[Finding]) -> list[Finding]:
    """One finding where two checks of one type say the same of the same figures; ids made unique."""
    kept: list[Finding] = []
    said: dict[tuple[str, frozenset[Span]], int] = {}
    ids: set[str] = set()
    for finding in sorted(findings, key=lambda one: (one.certainty.order, one.spans[0], one.code)):
        key = (finding.type, frozenset(finding.spans))
        if key in said or finding.id in ids:
            continue
        said[key] = 1
        ids.add(finding.id)
        kept.append(finding)
    return sorted(kept, key=lambda one: (one.spans[0], one.code))
