"""What may be done to ledger entries: create, revise, void, undo, report. One verb, one act."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from keshu.bureau.ledgers import privacy
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Entry, EntryParty, Report, Revision
from keshu.bureau.ledgers.problems import EntryProblem, StaleEntry
from keshu.bureau.ledgers.snapshots import Snapshot, compose
from keshu.bureau.ledgers.writer import Change, put, snapshot_of
from keshu.bureau.parties.models import Party
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, NothingWritten, Writing, digest_of, writing
from keshu.catalogue.schema import Ledger

PIECE = 500


def snapshot_for(ledger: Ledger, values: Mapping[str, Any], place_id: int, cell: str = "") -> Snapshot:
    return compose(ledger, dict(values), place_id=place_id, cell=cell)


Settle = Callable[[Mapping[str, Any], Writing], dict[str, Any]]


def unchanged(values: Mapping[str, Any], within: Writing) -> dict[str, Any]:
    return dict(values)


def create_entry(
    ledger_code: str, values: Mapping[str, Any], *, place_id: int, by: Actor, origin: str = "form", reason: str = "",
    settle: Settle = unchanged,
) -> Revision:  # fmt: skip
    """Add one row. Raises EntryProblem when a row with the same key exists.

    `settle` gives the values their last form inside the act: it may register parties that the row brings.
    """
    ledger = ledger_of(ledger_code)
    try:
        with writing(verb="entry.create", by=by, reason=reason, subject=f"ledger:{ledger_code}") as under_way:
            kept = settle(values, under_way)
            privacy.protect(ledger, [kept], within=under_way)
            snapshot = snapshot_for(ledger, kept, place_id)
            _refuse_twin(ledger, snapshot.key)
            return put(ledger, [Change(snapshot)], origin=origin, within=under_way)[0]
    except IntegrityError as error:
        raise explained(error) from error


def _refuse_twin(ledger: Ledger, key: str, besides: int | None = None) -> None:
    twin = Revision.objects.filter(ledger=ledger.code, key=key, known_to__isnull=True, voided=False)
    found = twin.exclude(entry_id=besides).select_related("place").first()
    if found is not None:
        raise EntryProblem(
            _("同一条目已存在：%(title)s(%(place)s 登记)；请打开已有条目修改，不要重复登记")
            % {"title": found.title or found.number or found.key, "place": found.place.name}
        )


def explained(error: IntegrityError) -> EntryProblem:
    """The sentence for a constraint of the database that a row did not meet."""
    text = str(error)
    if "entry_ends_after_it_starts" in text:
        return EntryProblem(_("结束日期早于开始日期，请核对两个日期"))
    if "entry_key_once" in text or "ledgers_revision.ledger" in text:
        return EntryProblem(_("同一条目刚刚由他人登记，请刷新后修改已有条目"))
    return EntryProblem(_("数据不符合登记规则，未写入：%(text)s") % {"text": text})


def revise_entry(
    entry_id: int, values: Mapping[str, Any], *, place_id: int, seen: int, by: Actor, reason: str = "",
    settle: Settle = unchanged,
) -> Revision:  # fmt: skip
    """Give the row new values. `seen` is the revision that the editor had open; raises StaleEntry if it is old."""
    current = current_of(entry_id)
    ledger = ledger_of(current.ledger)
    try:
        with writing(verb="entry.revise", by=by, reason=reason, subject=f"entry:{entry_id}") as under_way:
            _refuse_stale(entry_id, seen)
            kept = settle(values, under_way)
            privacy.protect(ledger, [kept], within=under_way)
            snapshot = snapshot_for(ledger, kept, place_id, current.origin_cell)
            _refuse_twin(ledger, snapshot.key, besides=entry_id)
            return put(ledger, [Change(snapshot, entry_id)], origin="form", within=under_way)[0]
    except IntegrityError as error:
        raise explained(error) from error


def current_of(entry_id: int) -> Revision:
    return Revision.objects.get(entry_id=entry_id, known_to__isnull=True)


def _refuse_stale(entry_id: int, seen: int) -> Revision:
    held = Revision.objects.select_for_update().filter(entry_id=entry_id, known_to__isnull=True).first()
    current = held or current_of(entry_id)  # PostgreSQL: the row that we waited for was closed by whoever held it
    if held is None or current.number_in_entry != seen:
        raise StaleEntry(_("该条目已被 %(by)s 修改，请刷新后在新内容上重做您的修改") % {"by": current.act.by_name})
    return current


def void_entry(entry_id: int, *, seen: int, by: Actor, reason: str) -> Revision:
    """The row no longer holds from now on; it stays readable with the reason."""
    if not reason.strip():
        raise EntryProblem(_("作废必须填写原因"))
    with writing(verb="entry.void", by=by, reason=reason, subject=f"entry:{entry_id}") as under_way:
        current = _refuse_stale(entry_id, seen)
        if current.voided:
            raise EntryProblem(_("该条目已经作废"))
        change = Change(_kept(current), entry_id, voided=True)
        return put(ledger_of(current.ledger), [change], origin="form", within=under_way)[0]


def _kept(revision: Revision) -> Snapshot:
    return snapshot_of(revision, list(revision.others.order_by("order").values_list("party_id", "role")))


@dataclass(frozen=True)
class Undone:
    """What an undo took back, and the entries it left because somebody changed them since."""

    act: Act
    restored: int
    left: tuple[int, ...]


def undo_act(act_id: int, *, by: Actor, reason: str = "") -> Undone:
    """Write revisions that take the act back, for every row that is still at this act's revision; list the others.

    Raises EntryProblem if the act was undone before or wrote no entries.
    """
    act = Act.objects.get(pk=act_id)
    with writing(verb="act.undo", by=by, reason=reason, subject=f"act:{act_id}", undoes=act) as under_way:
        if act.undone_by.exclude(pk=under_way.act.pk).exists():
            raise EntryProblem(_("该操作已经撤销过"))
        mine = list(Revision.objects.filter(act=act).order_by("pk"))
        if not mine:
            raise EntryProblem(_("该操作没有写入台账条目，无可撤销"))
        still = [revision for revision in mine if revision.known_to is None]
        take_back(still, under_way)
        _withdraw_parties(act)
        Report.objects.filter(act=act, known_to__isnull=True).update(known_to=under_way.known_from)
        left = tuple(revision.entry_id for revision in mine if revision.known_to is not None)
    return Undone(under_way.act, len(still), left)


def take_back(revisions: Sequence[Revision], within: Writing) -> None:
    """Write what stood before each of these revisions, as part of an act; the caller has seen that they still stand."""
    by_ledger: dict[str, list[Revision]] = {}
    for revision in revisions:
        by_ledger.setdefault(revision.ledger, []).append(revision)
    for code, mine in by_ledger.items():
        for start in range(0, len(mine), PIECE):
            put(ledger_of(code), _backwards(mine[start : start + PIECE]), origin="form", within=within)


def _backwards(revisions: Sequence[Revision]) -> list[Change]:
    """For each revision what stood before it; a first revision is voided."""
    wanted = {(revision.entry_id, revision.number_in_entry - 1) for revision in revisions}
    earlier = Revision.objects.filter(entry_id__in=[entry for entry, _ in wanted]).exclude(known_to__isnull=True)
    before = {(r.entry_id, r.number_in_entry): r for r in earlier if (r.entry_id, r.number_in_entry) in wanted}
    others = _others_of([*revisions, *before.values()])
    changes = []
    for revision in revisions:
        old = before.get((revision.entry_id, revision.number_in_entry - 1))
        back = old or revision
        snapshot = snapshot_of(back, others.get(back.pk, []))
        changes.append(Change(snapshot, revision.entry_id, old.voided if old else True))
    return changes


def _others_of(revisions: Sequence[Revision]) -> dict[int, list[tuple[int, str]]]:
    found: dict[int, list[tuple[int, str]]] = {}
    held = EntryParty.objects.filter(revision_id__in=[revision.pk for revision in revisions]).order_by("order")
    for pk, party, role in held.values_list("revision_id", "party_id", "role"):
        found.setdefault(pk, []).append((party, role))
    return found


def _withdraw_parties(act: Act) -> None:
    """Provisional parties that the act brought and that no living row mentions any more."""
    used = Revision.objects.filter(known_to__isnull=True, voided=False, party__act=act).values("party_id")
    others = Revision.objects.filter(known_to__isnull=True, voided=False, others__party__act=act).values(
        "others__party_id"
    )
    Party.objects.filter(act=act, provisional=True).exclude(pk__in=used).exclude(pk__in=others).update(withdrawn=True)


def report_ledger(
    ledger_code: str, *, place_id: int, period: str, zero: bool, by: Actor, known_on: date | None = None
) -> Report:
    """A place confirms that its rows of a period are complete, or that there is nothing to report (零报告)."""
    with writing(verb="ledger.report", by=by, subject=f"ledger:{ledger_code}", known_on=known_on) as under_way:
        Report.objects.filter(ledger=ledger_code, place_id=place_id, period=period, known_to__isnull=True).update(
            known_to=under_way.known_from
        )
        made = Report.objects.create(
            ledger=ledger_code, place_id=place_id, period=period, zero=zero,
            known_from=under_way.known_from, act=under_way.act,
        )  # fmt: skip
        under_way.wrote(report_digest(made), "report")
        return made


def report_digest(report: Report) -> bytes:
    return digest_of([report.ledger, report.place_id, report.period, report.zero, str(report.begins_on or "")])


def report_digests() -> Iterator[tuple[int, bytes]]:
    """(act, digest) of every confirmation and beginning in the database, for the audit."""
    for row in Report.objects.order_by("pk").iterator(chunk_size=500):
        yield row.act_id, report_digest(row)


def begin_records(
    ledger_code: str, *, place_id: int, begins_on: date | None, by: Actor, known_on: date | None = None
) -> Report | None:
    """Since when the place keeps this ledger: what lies before is unknown, not zero. None takes the date back.

    Raises NothingWritten where the place says so already, or where there is no date to take back.
    """
    with writing(verb="ledger.begin", by=by, subject=f"ledger:{ledger_code}", known_on=known_on) as under_way:
        standing = Report.objects.filter(
            ledger=ledger_code, place_id=place_id, begins_on__isnull=False, known_to__isnull=True
        )
        before = standing.first()
        if begins_on == (before.begins_on if before else None):
            raise NothingWritten
        standing.update(known_to=under_way.known_from)
        if begins_on is None:
            under_way.wrote(digest_of(["begin", ledger_code, place_id, None]))
            return None
        made = Report.objects.create(
            ledger=ledger_code, place_id=place_id, begins_on=begins_on,
            known_from=under_way.known_from, act=under_way.act,
        )  # fmt: skip
        under_way.wrote(report_digest(made), "report")
        return made


def mark_highlight(entry_id: int, *, highlight: bool, story: str, seen: int, by: Actor) -> Revision:
    """Star a row and give it its one line for the summary."""
    with writing(verb="entry.highlight", by=by, subject=f"entry:{entry_id}") as under_way:
        current = _refuse_stale(entry_id, seen)
        kept = _kept(current)
        columns = kept.columns | {"highlight": highlight, "story": story}
        change = Change(Snapshot(kept.key, columns, kept.others, kept.origin_cell), entry_id, current.voided)
        return put(ledger_of(current.ledger), [change], origin="form", within=under_way)[0]


def entry_exists(entry_id: int) -> bool:
    return Entry.objects.filter(pk=entry_id).exists()
