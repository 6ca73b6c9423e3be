"""Putting snapshots into the database, many at once: the only code that inserts revisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from keshu.bureau.ledgers.models import Entry, EntryParty, Revision
from keshu.bureau.ledgers.snapshots import SCALARS, Snapshot
from keshu.bureau.records import definitions
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue.schema import Ledger

CHUNK = 500


@dataclass(frozen=True)
class Change:
    """A new state for an entry (None: a new entry); voided says that the entry no longer holds."""

    snapshot: Snapshot
    entry_id: int | None = None
    voided: bool = False


def put(ledger: Ledger, changes: Sequence[Change], *, origin: str, within: Writing) -> list[Revision]:
    """Write one revision for each change and close the ones they replace; order is kept."""
    if changes:
        definitions.use("ledger", ledger, at=within.act.at)
    revisions: list[Revision] = []
    for start in range(0, len(changes), 5000):
        revisions += _put(ledger, changes[start : start + 5000], origin, within)
    return revisions


def _put(ledger: Ledger, changes: Sequence[Change], origin: str, within: Writing) -> list[Revision]:
    entries = _entries(ledger, changes, origin, within)
    replaced = _close([c.entry_id for c in changes if c.entry_id is not None], within)
    rows = [
        _revision(ledger, change, entry_id, replaced.get(entry_id, 0) + 1, within)
        for change, entry_id in zip(changes, entries, strict=True)
    ]
    revisions = Revision.objects.bulk_create(rows, batch_size=CHUNK)
    EntryParty.objects.bulk_create(_others(revisions, changes), batch_size=CHUNK)
    return revisions


def _entries(ledger: Ledger, changes: Sequence[Change], origin: str, within: Writing) -> list[int]:
    fresh = [Entry(ledger=ledger.code, origin=origin, act=within.act) for c in changes if c.entry_id is None]
    ids = iter([entry.pk for entry in Entry.objects.bulk_create(fresh, batch_size=CHUNK)])
    return [next(ids) if change.entry_id is None else change.entry_id for change in changes]


def _close(entry_ids: Sequence[int], within: Writing) -> dict[int, int]:
    """End the current revisions of these entries; returns the number each had."""
    numbers: dict[int, int] = {}
    for start in range(0, len(entry_ids), CHUNK):
        part = entry_ids[start : start + CHUNK]
        current = Revision.objects.filter(entry_id__in=part, known_to__isnull=True).select_for_update()
        numbers |= dict(current.values_list("entry_id", "number_in_entry"))
        latest = current.aggregate(Max("known_from"))["known_from__max"]
        if latest is not None and latest > within.known_from:
            within.known_from = latest
        Revision.objects.filter(entry_id__in=part, known_to__isnull=True).update(known_to=within.known_from)
    return numbers


def _revision(ledger: Ledger, change: Change, entry_id: int, number: int, within: Writing) -> Revision:
    row = Revision(
        entry_id=entry_id, ledger=ledger.code, key=change.snapshot.key, version=ledger.version, voided=change.voided,
        number_in_entry=number, known_from=within.known_from, act=within.act, origin_cell=change.snapshot.origin_cell,
        **change.snapshot.columns,
    )  # fmt: skip
    within.wrote(digest_of([entry_id, number, change.voided, change.snapshot.digest.hex()]), "entry")
    return row


def _others(revisions: Iterable[Revision], changes: Sequence[Change]) -> list[EntryParty]:
    return [
        EntryParty(revision=revision, party_id=pk, role=role, order=order)
        for revision, change in zip(revisions, changes, strict=True)
        for order, (pk, role) in enumerate(change.snapshot.others, start=1)
    ]


def snapshot_of(revision: Revision, others: Sequence[tuple[int, str]]) -> Snapshot:
    """The snapshot that this revision stored."""
    columns: dict[str, Any] = {name: getattr(revision, name) for name in SCALARS}
    columns |= {name: getattr(revision, name) for name in ("party_id", "place_id", "highlight", "story", "data")}
    return Snapshot(revision.key, columns, tuple(others), revision.origin_cell)


def digests_of(revisions: Iterable[Revision]) -> Iterable[tuple[int, bytes]]:
    """(act, digest) recomputed from what the database holds now, for the audit."""
    for revision in revisions:
        others = [(o.party_id, o.role) for o in sorted(revision.others.all(), key=lambda o: o.order)]
        digest = snapshot_of(revision, others).digest.hex()
        yield revision.act_id, digest_of([revision.entry_id, revision.number_in_entry, revision.voided, digest])
