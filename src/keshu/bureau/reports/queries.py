"""What pages read of summaries: lists, one summary with its sections, what changed since it was frozen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.places.queries import ids_visible
from keshu.bureau.records.services import now
from keshu.bureau.reports.composing.nodes import value_text
from keshu.bureau.reports.freezing import tellings_of
from keshu.bureau.reports.models import Frozen, FrozenMark, Section, SectionVersion, Summary
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.statistics.queries import Ask, lineages


def summaries_for(viewer: Viewer) -> QuerySet[Summary]:
    """The summaries of the viewer's places, newest first, each with how many sections are unsigned."""
    rows = Summary.objects.select_related("place")
    visible = ids_visible(viewer.places("summaries.view"))
    if visible is not None:
        rows = rows.filter(place_id__in=visible)
    unsigned = Count("sections", filter=Q(sections__included=True, sections__state="draft"))
    written = Count("sections", filter=Q(sections__included=True))
    return rows.annotate(unsigned=unsigned, written=written).order_by("-year", "place__order", "-period", "kind")


def last_years(summary: Summary) -> Summary | None:
    """The newest frozen summary of the same place and kind from an earlier year, to compare with."""
    rows = Summary.objects.filter(place=summary.place, year__lt=summary.year, state=Summary.State.FROZEN)
    return rows.order_by("-year", "-period").filter(kind=summary.kind).first() or rows.order_by("-year", "-period").first()


def versions_of(section: Section) -> QuerySet[SectionVersion]:
    return section.versions.select_related("act").order_by("-version")


@dataclass(frozen=True)
class Correction:
    """A row that was written, changed or voided after the summary was frozen."""

    ledger: str
    entry: int
    title: str
    verb: str
    by: str
    at: Any
    reason: str


@dataclass(frozen=True)
class Later:
    """A frozen figure that the records say otherwise by now."""

    mark: FrozenMark
    words: str
    value: str
    because: tuple[Correction, ...]


def later_changes(frozen: Frozen, *, known_at: datetime | None = None) -> list[Later]:
    """Frozen figures beside what they would be now (or at an instant), with the revisions that made the difference."""
    summary, at = frozen.summary, known_at or now()
    present = tellings_of(summary, at)
    marks = [mark for mark in frozen.marks.exclude(kind=FrozenMark.Kind.RECORD) if _moved(mark, present)]
    because = _reasons(frozen, {mark.reference for mark in marks}, present, at)
    return [
        Later(mark, present.tell(mark.reference).words, _value(mark, present), tuple(because.get(mark.reference, ())))
        for mark in marks
    ]


def _value(mark: FrozenMark, present: Tellings) -> str:
    formed = present.raw(mark.reference)
    return value_text(formed.value)[:60] if formed is not None else ""


def _moved(mark: FrozenMark, present: Tellings) -> bool:
    return present.raw(mark.reference) is not None and _value(mark, present) != mark.value


def _reasons(frozen: Frozen, references: set[str], present: Tellings, at: datetime) -> dict[str, list[Correction]]:
    """Rows of the lineage now and then that are not the same revision."""
    asks = {text: _asks(present, text) for text in references}
    every = [ask for group in asks.values() for ask in group]
    if not every:
        return {}
    then, today = lineages(every, known_at=frozen.known_at), lineages(every, known_at=at)
    found: dict[str, list[Correction]] = {}
    for text, group in asks.items():
        before = {(row.id, row.revision) for ask in group for row in then[ask].rows}
        after = {(row.id, row.revision) for ask in group for row in today[ask].rows}
        found[text] = _corrections({entry for entry, _revision in before ^ after}, frozen)
    return found


def _asks(present: Tellings, reference: str) -> list[Ask]:
    formed = present.raw(reference)
    return [one.ask for one in formed.operands[:2]] if formed else []


def _corrections(entries: Iterable[int], frozen: Frozen) -> list[Correction]:
    """What was done to these entries since the summary was frozen, newest first."""
    rows = Revision.objects.filter(entry_id__in=list(entries)[:500], known_from__gt=frozen.known_at).select_related("act", "party")
    return [
        Correction(
            row.ledger, row.entry_id, row.title or (row.party.name if row.party else row.key),
            "void" if row.voided else "create" if row.number_in_entry == 1 else "revise",
            row.act.by_name or row.act.by, row.known_from, row.act.reason,
        )
        for row in rows.order_by("-known_from")[:20]
    ]  # fmt: skip
