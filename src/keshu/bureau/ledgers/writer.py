"""Putting snapshots into the database, many at once: the only code that inserts revisions."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max

from keshu.bureau.ledgers.bulk import Shelf, insert_rows, ready_rows, reserve_ids, take_ids
from keshu.bureau.ledgers.models import Entry, EntryParty, Revision
from keshu.bureau.ledgers.snapshots import SCALARS, STORED, Snapshot
from keshu.bureau.records import definitions
from keshu.bureau.records.services import Writing, digest_of
from keshu.catalogue.schema import Ledger

CHUNK = 500
PIECE = 5000
COLUMNS = (
    "id", "entry_id", "ledger", "key", "version", "number_in_entry", "voided", "known_from", "act_id", "origin_cell",
    *STORED,
)  # fmt: skip

HOLDERS = ("revision_id", "party_id", "role", "order")
BEFOREHAND = tuple(name for name in COLUMNS if name not in ("known_from", "act_id"))


@dataclass(frozen=True)
class Change:
    """A new state for an entry (None: a new entry); voided says that the entry no longer holds."""

    snapshot: Snapshot
    entry_id: int | None = None
    voided: bool = False


def put(ledger: Ledger, changes: Sequence[Change], *, origin: str, within: Writing) -> list[Revision]:
    """`write`, and the revisions that it wrote, in the order of the changes: for the few that a form brings."""
    numbers = write(ledger, changes, origin=origin, within=within)
    found = Revision.objects.in_bulk(numbers)
    return [found[number] for number in numbers]


def write(ledger: Ledger, changes: Sequence[Change], *, origin: str, within: Writing) -> list[int]:
    """Write one revision for each change and close the ones they replace; their numbers, in the same order."""
    if changes:
        definitions.use("ledger", ledger, at=within.act.at)
    numbers: list[int] = []
    for start in range(0, len(changes), PIECE):
        numbers += _write(ledger, changes[start : start + PIECE], origin, within)
    return numbers


@dataclass(frozen=True)
class Prepared:
    """Changes worked out to the last byte before the transaction that puts them in; only the act is left open."""

    ledger: Ledger
    replaced: dict[int, int]  # entries that change, with the revision that each has
    fresh: Shelf  # new entries
    rows: Shelf
    others: Shelf
    digests: Sequence[bytes]

    def clear(self) -> None:
        """Let go of what was prepared, whether it was put in or not."""
        for shelf in (self.fresh, self.rows, self.others):
            shelf.clear()


class Moved(Exception):
    """What was prepared no longer fits what the database holds."""


def prepare(ledger: Ledger, changes: Sequence[Change], seen: Sequence[int]) -> Prepared:
    """`seen` is the revision that each change replaces, 0 for a new entry. Takes numbers, writes nothing else."""
    fresh = reserve_ids(Entry, sum(change.entry_id is None for change in changes))
    numbers, ids = reserve_ids(Revision, len(changes)), iter(fresh)
    rows, others, digests = [], [], []
    for number, change, before in zip(numbers, changes, seen, strict=True):
        entry_id = next(ids) if change.entry_id is None else change.entry_id
        snapshot = change.snapshot
        fixed = (
            number, entry_id, ledger.code, snapshot.key, ledger.version, before + 1, change.voided, snapshot.origin_cell
        )  # fmt: skip
        rows.append((*fixed, *map(snapshot.columns.__getitem__, STORED)))
        others += [(number, party, role, order) for order, (party, role) in enumerate(snapshot.others, start=1)]
        digests.append(_digest(entry_id, before + 1, change.voided, snapshot))
    replaced = {c.entry_id: n for c, n in zip(changes, seen, strict=True) if c.entry_id is not None}
    return Prepared(
        ledger, replaced, Shelf(Entry, ("id",), [(pk,) for pk in fresh]),
        Shelf(Revision, BEFOREHAND, ready_rows(Revision, BEFOREHAND, rows)), Shelf(EntryParty, HOLDERS, others), digests,
    )  # fmt: skip


def close_prepared(prepared: Prepared, within: Writing) -> None:
    """End the revisions that are replaced. Raises Moved when one of them is not the one that was prepared for."""
    if prepared.replaced and _close(list(prepared.replaced), within) != prepared.replaced:
        raise Moved


def write_prepared(prepared: Prepared, *, origin: str, within: Writing) -> None:
    """Put in what was prepared; every `close_prepared` of the act comes before, for it may set the act's instant.

    The caller has said `definitions.use` for the ledger.
    """
    prepared.fresh.take_over(ledger=prepared.ledger.code, origin=origin, act_id=within.act.pk)
    prepared.rows.take_over(known_from=within.known_from, act_id=within.act.pk)
    prepared.others.take_over()
    for digest in prepared.digests:
        within.wrote(digest, "entry")


def _write(ledger: Ledger, changes: Sequence[Change], origin: str, within: Writing) -> list[int]:
    replaced = _close([c.entry_id for c in changes if c.entry_id is not None], within)
    entries = _entries(ledger, changes, origin, within)
    numbers = list(take_ids(Revision, len(changes)))
    rows = [
        _row(number, change, entry_id, replaced.get(entry_id, 0) + 1, ledger, within)
        for number, change, entry_id in zip(numbers, changes, entries, strict=True)
    ]
    insert_rows(Revision, COLUMNS, rows)
    others = [
        (number, party, role, order)
        for number, change in zip(numbers, changes, strict=True)
        for order, (party, role) in enumerate(change.snapshot.others, start=1)
    ]
    insert_rows(EntryParty, HOLDERS, others)
    return numbers


def _entries(ledger: Ledger, changes: Sequence[Change], origin: str, within: Writing) -> list[int]:
    fresh = take_ids(Entry, sum(change.entry_id is None for change in changes))
    insert_rows(Entry, ("id", "ledger", "origin", "act_id"), [(pk, ledger.code, origin, within.act.pk) for pk in fresh])
    ids = iter(fresh)
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


def _row(number: int, change: Change, entry_id: int, order: int, ledger: Ledger, within: Writing) -> tuple[Any, ...]:
    """The revision in the order of COLUMNS; hands its digest to the act."""
    snapshot = change.snapshot
    within.wrote(_digest(entry_id, order, change.voided, snapshot), "entry")
    fixed = (
        number, entry_id, ledger.code, snapshot.key, ledger.version, order, change.voided, within.known_from,
        within.act.pk, snapshot.origin_cell,
    )  # fmt: skip
    return (*fixed, *map(snapshot.columns.__getitem__, STORED))


def _digest(entry_id: int, order: int, voided: bool, snapshot: Snapshot) -> bytes:
    return digest_of([entry_id, order, voided, *snapshot.content])


def snapshot_of(revision: Revision, others: Sequence[tuple[int, str]]) -> Snapshot:
    """The snapshot that this revision stored."""
    columns: dict[str, Any] = {name: getattr(revision, name) for name in SCALARS}
    columns |= {name: getattr(revision, name) for name in ("party_id", "place_id", "highlight", "story", "data")}
    return Snapshot(revision.key, columns, tuple(others), revision.origin_cell)


def digests_of(revisions: Iterable[Revision]) -> Iterable[tuple[int, bytes]]:
    """(act, digest) recomputed from what the database holds now, for the audit."""
    for revision in revisions:
        others = [(o.party_id, o.role) for o in sorted(revision.others.all(), key=lambda o: o.order)]
        snapshot = snapshot_of(revision, others)
        yield revision.act_id, _digest(revision.entry_id, revision.number_in_entry, revision.voided, snapshot)
