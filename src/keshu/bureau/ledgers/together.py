"""One verb for many entries of a ledger at once, as one act that can be undone whole."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.problems import EntryProblem, StaleEntry
from keshu.bureau.ledgers.snapshots import Snapshot, compose
from keshu.bureau.ledgers.writer import Change, snapshot_of, write
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, NothingWritten, writing

MOST = 500
Seen = Mapping[int, int]  # entry to the number of the revision that the person had before them


def add_missing(
    ledger_code: str, rows: Iterable[Mapping[str, Any]], *, place_id: int, by: Actor, verb: str, reason: str = "",
    subject: str = "",
) -> Act | None:  # fmt: skip
    """Add the rows whose keys nobody holds yet; None, and no act, where there are none. Rows have no personal fields."""
    ledger = ledger_of(ledger_code)
    composed = [compose(ledger, dict(values), place_id=place_id) for values in rows]
    snapshots = {one.key: one for one in composed}
    try:
        with writing(verb=verb, by=by, reason=reason, subject=subject) as under_way:
            held = Revision.objects.filter(
                ledger=ledger_code, key__in=list(snapshots), known_to__isnull=True, voided=False
            )
            there = set(held.values_list("key", flat=True))
            missing = [Change(snapshot) for key, snapshot in snapshots.items() if key not in there]
            if not missing:
                raise NothingWritten
            write(ledger, missing, origin="form", within=under_way)
    except NothingWritten:
        return None
    return under_way.act


def void_entries(ledger_code: str, seen: Seen, *, by: Actor, reason: str) -> Act:
    """None of these rows holds from now on. All or none: one that changed meanwhile stops the act (StaleEntry)."""
    if not reason.strip():
        raise EntryProblem(_("作废必须填写原因"))
    subject = f"ledger:{ledger_code}"
    with writing(verb="entry.void", by=by, reason=reason, subject=subject, note=_note(seen)) as under_way:
        changes = [Change(snapshot, pk, voided=True) for pk, snapshot in _current(ledger_code, seen).items()]
        write(ledger_of(ledger_code), changes, origin="form", within=under_way)
    return under_way.act


def highlight_entries(ledger_code: str, seen: Seen, *, highlight: bool, by: Actor, reason: str = "") -> Act:
    """Star these rows, or take their stars away; their lines stay."""
    with writing(
        verb="entry.highlight", by=by, reason=reason, subject=f"ledger:{ledger_code}", note=_note(seen)
    ) as under_way:
        changes = [
            Change(Snapshot(old.key, old.columns | {"highlight": highlight}, old.others, old.origin_cell), pk)
            for pk, old in _current(ledger_code, seen).items()
        ]
        write(ledger_of(ledger_code), changes, origin="form", within=under_way)
    return under_way.act


def _note(seen: Seen) -> dict[str, int]:
    return {"entries": len(seen)}


def _current(ledger_code: str, seen: Seen) -> dict[int, Snapshot]:
    """What these entries hold now, if it is what the person saw."""
    if not seen or len(seen) > MOST:
        raise EntryProblem(_("请选择 1 至 %(n)s 个条目") % {"n": MOST})
    rows = Revision.objects.filter(ledger=ledger_code, entry_id__in=list(seen), known_to__isnull=True, voided=False)
    found = {row.entry_id: row for row in rows.select_for_update().prefetch_related("others").order_by("entry_id")}
    if any(pk not in found or found[pk].number_in_entry != number for pk, number in seen.items()):
        raise StaleEntry(_("所选条目中有的刚刚被他人修改或作废，未做任何更改；请刷新列表后重新选择"))
    return {pk: snapshot_of(row, _others(row)) for pk, row in found.items()}


def _others(row: Revision) -> list[tuple[int, str]]:
    return [(other.party_id, other.role) for other in sorted(row.others.all(), key=lambda other: other.order)]
