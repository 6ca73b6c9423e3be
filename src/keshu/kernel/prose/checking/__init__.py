"""A text's figures checked against each other and its wording against the calendar: findings with their arithmetic."""

from keshu.kernel.prose.checking import (
    changes,
    dated,
    directions,
    edits,
    layout,
    naming,
    parts,
    ranks,
    sameness,
    shares,
    sums,
    targets,
    wording,
)
from keshu.kernel.prose.checking.model import (
    Block,
    Certainty,
    DatedPhrase,
    Definition,
    Examined,
    Finding,
    Severity,
    Verdict,
)
from keshu.kernel.prose.checking.page import split_blocks
from keshu.kernel.prose.checking.registry import CHECKS
from keshu.kernel.prose.checking.running import check, examine

#: the modules that fill the registry
FAMILIES = (directions, changes, dated, edits, layout, naming, parts, ranks, sameness, shares, sums, targets, wording)

__all__ = [
    "CHECKS",
    "FAMILIES",
    "Block",
    "Certainty",
    "DatedPhrase",
    "Definition",
    "Examined",
    "Finding",
    "Severity",
    "Verdict",
    "check",
    "examine",
    "split_blocks",
]
