"""What a stored summary asks of the records: the wish behind it, and every reference of its text computed."""

from collections.abc import Sequence
from datetime import datetime

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.reports.compose import Wish, above_of, definition_of, whole_of
from keshu.bureau.reports.composing.nodes import Figure, Names, marks_in
from keshu.bureau.reports.models import Summary
from keshu.bureau.reports.standing import standing_for
from keshu.bureau.reports.stored import annex_of, content_of, shown_content
from keshu.bureau.reports.telling import Tellings, tellings
from keshu.bureau.reports.thresholds import rules_for
from keshu.bureau.reports.wording import Setting
from keshu.kernel.measure.period import Period


def wish_of(summary: Summary, known_at: datetime) -> Wish:
    """What the stored summary asks to be composed."""
    period = Period.parse(summary.period)
    return Wish(
        summary.place, period, definition_of(summary.kind), known_at, summary.audience == "public", summary.outline,
        standing_for(summary.place.code, period, summary.kind),
    )  # fmt: skip


def tellings_of(summary: Summary, known_at: datetime | None = None) -> Tellings:
    """Every reference of the stored text, computed at the instant that the text stands for (or another)."""
    return told_for(summary, sorted(references_in(summary)), known_at or summary.known_at)


def told_for(summary: Summary, references: Sequence[str], known_at: datetime) -> Tellings:
    """These references, seen from the summary's place and period."""
    wish = wish_of(summary, known_at)
    catalogue = site_catalogue()
    rules = rules_for(catalogue, wish.place.code, wish.period.cut_off)
    setting = Setting(wish.period, whole_of(wish.place), above_of(wish), rules)
    return tellings(references, place=wish.place.code, setting=setting, known_at=known_at, catalogue=catalogue)


def references_in(summary: Summary) -> set[str]:
    parts = shown_content(content_of(summary))
    inside = {
        node.reference for part in parts for _b, _s, node in marks_in(part.blocks) if isinstance(node, Figure | Names)
    }
    return inside | {reference for row in annex_of(summary.lists) for reference in row.references.values()}
