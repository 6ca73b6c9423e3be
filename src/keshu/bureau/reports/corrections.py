"""Why a frozen figure is another one today: the rows and documents that were written, changed or withdrawn since."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.reports.models import Frozen
from keshu.bureau.statistics.models import Heading, ReceivedValue
from keshu.bureau.statistics.queries import Ask, Lineage, ReceivedRef, lineages

DOCUMENT = "source"  # what stands in the place of the ledger where a document was corrected
MOST = 20


@dataclass(frozen=True)
class Correction:
    """A row or a document that was written, changed or voided after the summary was frozen."""

    ledger: str
    entry: int
    title: str
    verb: str
    by: str
    at: datetime
    reason: str


def reasons(frozen: Frozen, asks: Mapping[str, Sequence[Ask]], known_at: datetime) -> dict[str, list[Correction]]:
    """For each reference what has changed below its asks between the freezing and the instant, newest first."""
    every = [ask for group in asks.values() for ask in group]
    if not every:
        return {}
    then, today = lineages(every, known_at=frozen.known_at), lineages(every, known_at=known_at)
    late = set(Revision.objects.filter(_since(frozen)).values_list("pk", flat=True))
    found = {}
    for text, group in asks.items():
        before, after = [then[ask] for ask in group], [today[ask] for ask in group]
        corrections = [*_of_rows(_entries(before, after, late), frozen), *_of_documents(before, after, frozen)]
        found[text] = sorted(corrections, key=lambda one: one.at, reverse=True)[:MOST]
    return found


def _since(frozen: Frozen) -> Q:
    """Known later, or written later although it was back-dated."""
    return Q(known_from__gt=frozen.known_at) | Q(act__at__gt=frozen.act.at)


def _entries(before: Iterable[Lineage], after: Iterable[Lineage], late: set[int]) -> set[int]:
    """Entries that stand below one side only, in another revision, or in one that was written since."""
    then = {(row.id, row.revision) for one in before for row in one.rows}
    today = {(row.id, row.revision) for one in after for row in one.rows}
    return {entry for entry, _revision in then ^ today} | {entry for entry, revision in today if revision in late}


def _of_rows(entries: set[int], frozen: Frozen) -> Iterator[Correction]:
    wanted = Revision.objects.filter(_since(frozen), entry_id__in=sorted(entries)[:500])
    for row in wanted.select_related("act", "party").order_by("-known_from")[:MOST]:
        yield Correction(
            row.ledger, row.entry_id, row.title or (row.party.name if row.party else row.key),
            "void" if row.voided else "create" if row.number_in_entry == 1 else "revise",
            row.act.by_name or row.act.by, row.act.at, row.act.reason,
        )  # fmt: skip


def _of_documents(before: Iterable[Lineage], after: Iterable[Lineage], frozen: Frozen) -> Iterator[Correction]:
    then, today = _documents(before), _documents(after)
    changed = {ref.id: ref for ref in [*then.values(), *today.values()] if ref.id not in then or ref.id not in today}
    changed |= {pk: ref for pk, ref in today.items() if then.get(pk) == ref and _late(ref, frozen)}
    for source in {ref.source for ref in changed.values()}:
        title = next(ref.document for ref in changed.values() if ref.source == source)
        codes = {ref.indicator for ref in changed.values() if ref.source == source}
        values = ReceivedValue.objects.filter(_since(frozen), source_id=source, indicator__in=codes)
        for row in values.select_related("act").order_by("-known_from")[:MOST]:
            verb = "void" if row.voided else "create" if row.number_in_row == 1 else "revise"
            yield _correction(row, source, f"{title} {row.cell}".strip(), verb)
        for heading in Heading.objects.filter(_since(frozen), source_id=source, voided=True).select_related("act"):
            yield _correction(heading, source, title, "void")


def _late(ref: ReceivedRef, frozen: Frozen) -> bool:
    return ReceivedValue.objects.filter(_since(frozen), pk=ref.id).exists()


def _correction(row: ReceivedValue | Heading, source: int, title: str, verb: str) -> Correction:
    return Correction(DOCUMENT, source, title, verb, row.act.by_name or row.act.by, row.act.at, row.act.reason)


def _documents(found: Iterable[Lineage]) -> dict[int, ReceivedRef]:
    """Every received value below these figures, by its id."""
    refs: dict[int, ReceivedRef] = {}
    for one in found:
        if one.received is not None:
            refs[one.received.id] = one.received
        refs |= _documents(one.operands)
    return refs
