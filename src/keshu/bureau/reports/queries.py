"""What pages read of summaries: lists, one summary with its sections, what changed since it was frozen."""

from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache
from django.db.models import Count, Q, QuerySet
from django.utils.translation import get_language

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.records.audit import last_link
from keshu.bureau.records.services import now
from keshu.bureau.reports.asking import tellings_of
from keshu.bureau.reports.composing.nodes import value_text
from keshu.bureau.reports.corrections import Correction, reasons
from keshu.bureau.reports.models import Frozen, FrozenMark, Section, SectionVersion, Summary
from keshu.bureau.reports.telling import Tellings
from keshu.bureau.statistics.queries import Ask


def summaries_for(viewer: Viewer) -> QuerySet[Summary]:
    """The summaries of the viewer's places, newest first, each with how many sections are unsigned."""
    rows = Summary.objects.select_related("place")
    visible = viewer.place_ids("summaries.view")
    if visible is not None:
        rows = rows.filter(place_id__in=visible)
    unsigned = Count("sections", filter=Q(sections__included=True, sections__state="draft"))
    written = Count("sections", filter=Q(sections__included=True))
    return rows.annotate(unsigned=unsigned, written=written).order_by("-year", "place__order", "-period", "kind")


def last_years(summary: Summary) -> Summary | None:
    """The newest frozen summary of the same place and kind from an earlier year, to compare with."""
    rows = Summary.objects.filter(place=summary.place, year__lt=summary.year, state=Summary.State.FROZEN)
    return (
        rows.order_by("-year", "-period").filter(kind=summary.kind).first() or rows.order_by("-year", "-period").first()
    )


def versions_of(section: Section) -> QuerySet[SectionVersion]:
    return section.versions.select_related("act").order_by("-version")


MOST_REASONS = 6


@dataclass(frozen=True)
class Later:
    """A frozen figure that the records say otherwise by now."""

    mark: FrozenMark
    words: str
    value: str
    because: tuple[Correction, ...]


def later_changes(frozen: Frozen, *, known_at: datetime | None = None) -> list[Later]:
    """Frozen figures beside what they would be now (or at an instant), with the revisions that made the difference.

    What they would be now is worked out once after each act: as long as nobody writes, nothing can differ.
    """
    if known_at is not None:
        return _changes(frozen, known_at)
    key = f"later:{frozen.pk}:{frozen.sha256}:{last_link()}:{get_language()}"
    found = cache.get(key)
    if found is None:
        found = _changes(frozen, known_at or now())
        cache.set(key, found, timeout=None)
    return found


def _changes(frozen: Frozen, at: datetime) -> list[Later]:
    summary = frozen.summary
    present = tellings_of(summary, at)
    marks = [mark for mark in frozen.marks.exclude(kind=FrozenMark.Kind.RECORD) if _moved(mark, present)]
    because = reasons(frozen, {mark.reference: _asks(present, mark.reference) for mark in marks}, at)
    return [
        Later(mark, present.tell(mark.reference).words, _value(mark, present), tuple(because.get(mark.reference, ())))
        for mark in marks
    ]


def _value(mark: FrozenMark, present: Tellings) -> str:
    formed = present.raw(mark.reference)
    return value_text(formed.value)[:60] if formed is not None else ""


def _moved(mark: FrozenMark, present: Tellings) -> bool:
    return present.raw(mark.reference) is not None and _value(mark, present) != mark.value


def _asks(present: Tellings, reference: str) -> list[Ask]:
    formed = present.raw(reference)
    return [one.ask for one in formed.operands[:2]] if formed else []
