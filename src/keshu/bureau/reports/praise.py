"""Whether a word of praise stands, given what a paragraph tells and what rows there are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from keshu.bureau.reports.composing.told import Told
from keshu.bureau.statistics.forms import Formed
from keshu.kernel.prose.gates import Evidence, gate_of, judge
from keshu.kernel.prose.rules import Rules


@dataclass(frozen=True)
class Witness:
    """Rows that may stand behind a claim, counted for the whole text; asked only when a claim is made."""

    evidence_rows: Callable[[], int]
    approval_rows: Callable[[], int]
    media_rows: Callable[[], int]


def evidence_of(told: Iterable[Told], witness: Witness) -> Evidence:
    """What the paragraph shows: its best growth, a target reached, a rank and how it moved."""
    formed = [one.formed for one in told if isinstance(one.formed, Formed)]
    ranks = [one for one in formed if one.form == "rank" and one.rank is not None]
    moved = [one.value for one in formed if one.form == "rank_moved" and one.value is not None]
    best = min(ranks, key=lambda one: one.rank or 0, default=None)
    return Evidence(
        growth=max((rate for one in formed if (rate := _growth(one)) is not None), default=None),
        target_reached=any(one.reached is True for one in formed),
        rank=best.rank if best else None,
        ranked=best.of if best else None,
        rank_sourced=best is not None and (best.rank_reported is not None or best.rank_computed is not None),
        rank_moved=int(max(moved)) if moved else None,
        series_high=any(one.form == "first_over" and one.first for one in formed),
        evidence_rows=witness.evidence_rows(),
        approval_rows=witness.approval_rows(),
        media_rows=witness.media_rows(),
    )


def _growth(one: Formed) -> Decimal | None:
    """A rate that means something: not on a small base."""
    if one.form not in ("growth", "net") or one.value is None:
        return None
    if one.form == "net":
        return one.value / one.before * 100 if one.before and one.before >= 10 else None
    small = one.reported is None and one.figure.unit not in ("元", "%") and (one.before or 0) < 10
    return None if small or one.figure.direction == "lower" else one.value


def passing(witness: Witness, rules: Rules) -> Callable[[str, list[Told]], bool]:
    """The test that a composer asks: a word that claims nothing passes always."""

    def passes(word: str, told: list[Told]) -> bool:
        return gate_of(word) is None or judge(word, evidence_of(told, witness), rules=rules).allowed

    return passes
