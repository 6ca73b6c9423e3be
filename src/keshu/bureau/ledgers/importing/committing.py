"""Taking staged rows in: one short act that writes parties, entries and what the file reports about its period."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keshu.bureau.ledgers import privacy
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import holders, staging
from keshu.bureau.ledgers.importing.judging import current_by_entry, current_of, finer, with_typed
from keshu.bureau.ledgers.importing.memory import collected_afterwards
from keshu.bureau.ledgers.models import Batch, Entry, Report, StagedRow
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.snapshots import AS_TYPED, compose, values_of
from keshu.bureau.ledgers.writer import Change, write
from keshu.bureau.parties import personal
from keshu.bureau.parties.queries import Directory, directory
from keshu.bureau.parties.resolving import same_form
from keshu.bureau.parties.services import PartySpec, add_parties, learn_codes, revive_parties
from keshu.bureau.places.queries import Tree, tree_on
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, Writing, writing
from keshu.catalogue.schema import Field, Ledger

CHUNK = 1000
KEPT_PROBLEMS = 2000
NEW = StagedRow.Verdict.NEW
TAKEN = (NEW, StagedRow.Verdict.CHANGED)


class WrongRows(EntryProblem):
    """The file has rows that are wrong, and nobody said to leave them out."""


class StaleBatch(EntryProblem):
    """The ledger changed after the file was read: its verdicts no longer hold."""


def commit(
    batch_id: int, *, skip_wrong: bool = False, known_on: date | None = None, by: Actor, reason: str = ""
) -> Act | None:
    """Write the new and changed rows as one act; None when the file changes nothing. Called again: the same act.

    Raises WrongRows when rows are wrong and `skip_wrong` was not said, StaleBatch when the ledger changed meanwhile.
    """
    batch = Batch.objects.select_related("place", "act").get(pk=batch_id)
    if batch.state == Batch.State.COMMITTED:
        return batch.act
    _refuse_unready(batch, skip_wrong)
    if not batch.rows.filter(verdict__in=TAKEN).exists():
        return _close_unchanged(batch)
    try:
        with collected_afterwards():
            act = _write(batch, known_on=known_on, by=by, reason=reason)
    except IntegrityError as error:  # somebody took the same row in between our look and our writing
        raise StaleBatch(_stale()) from error
    except personal.Erased as error:
        message = _("文件中有人员的个人信息已依法清除，不得再次导入；请从表中删除该人员的证件号码和电话")
        raise EntryProblem(message) from error
    clear_rows(batch)
    return act


def _refuse_unready(batch: Batch, skip_wrong: bool) -> None:
    if batch.state != Batch.State.READY:
        raise EntryProblem(_("该文件当前为“%(state)s”，不能入库") % {"state": batch.get_state_display()})
    wrong = batch.rows.filter(ledger=batch.ledger, verdict=StagedRow.Verdict.WRONG).count()
    if (wrong or blocking(batch)) and not skip_wrong:
        message = _("有 %(n)s 行有误，未写入任何数据；请改正后重新导入，或选择跳过有误的行") % {
            "n": wrong or blocking(batch)
        }
        raise WrongRows(message)


def blocking(batch: Batch) -> int:
    """Errors of the file itself: a sheet that could not be read."""
    return sum(finding.get("severity") == "error" for finding in batch.layout.get("findings", []))


def _write(batch: Batch, *, known_on: date | None, by: Actor, reason: str) -> Act:
    note = {"file": batch.file_name, "sha256": batch.sha256, "batch": batch.pk, "rows": batch.counts}
    with writing(
        verb="ledger.import", by=by, reason=reason, subject=f"ledger:{batch.ledger}",
        place=batch.place.code if batch.place else "", known_on=known_on, note=note,
    ) as under_way:  # fmt: skip
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.READY:
            raise EntryProblem(_("该文件刚刚由他人处理，请刷新页面"))
        taking = _Taking(batch, under_way)
        for code in batch.rows.filter(verdict__in=TAKEN).values_list("ledger", flat=True).distinct().order_by("ledger"):
            taking.ledger(ledger_of(code))
        taking.report(ledger_of(batch.ledger))
        _close(batch, under_way.act)
    return under_way.act


def _close_unchanged(batch: Batch) -> Act | None:
    """Nothing is left to take: the file changes nothing, or a second click comes after the first has taken it all."""
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.READY:
            return locked.act
        _close(batch, None)
    return None


def _close(batch: Batch, act: Act | None) -> None:
    """Keep what was found with the batch: its rows go, but the clerk still has to mend the file."""
    problems = list(islice(staging.problems_of(batch), KEPT_PROBLEMS))
    batch.layout = {key: batch.layout[key] for key in ("sheets", "chosen") if key in batch.layout} | {
        "problems": problems
    }
    batch.state, batch.act = Batch.State.COMMITTED, act
    batch.save(update_fields=["state", "act", "layout"])


def clear_rows(batch: Batch) -> None:
    """The staged rows have done their service; they go in small transactions after the act."""
    while ids := list(batch.rows.order_by("pk").values_list("pk", flat=True)[:5000]):
        StagedRow.objects.filter(pk__in=ids).delete()


class Waiting(NamedTuple):
    """A staged row as the commit needs it."""

    sheet: str
    row: int
    verdict: str
    key: str
    entry_id: int | None
    seen: int | None
    values: dict[str, Any]


@dataclass
class _Taking:
    """One act's work: parties first, then each ledger's rows in pieces."""

    batch: Batch
    within: Writing
    parties: dict[int, int] = field(default_factory=dict)
    tree: Tree = field(default_factory=tree_on)
    fields: list[Field] = field(default_factory=list)

    def ledger(self, ledger: Ledger) -> None:
        self.fields = [item for item in ledger.fields if item.type in ("party", "parties")]
        rows = self.batch.rows.filter(ledger=ledger.code, verdict__in=TAKEN).order_by("pk")
        waiting = rows.values_list("sheet", "row", "verdict", "key", "entry_id", "seen", "values")
        for piece in _pieces(Waiting(*row) for row in waiting.iterator(chunk_size=CHUNK)):
            values = [staging.values_of_staged(ledger, row.values) for row in piece]
            self._bring_parties(values)
            self._name_parties(values)
            privacy.protect(ledger, values, within=self.within)
            write(ledger, self._changes(ledger, piece, values), origin=Entry.Origin.IMPORT, within=self.within)

    def _bring_parties(self, rows: list[dict[str, Any]]) -> None:
        """Make the strangers that these rows mention, unless somebody registered them since the file was read."""
        wanted = {pk for values in rows for pk in holders.mentioned(values, self.fields) if pk < 0} - set(self.parties)
        if not wanted:
            return
        strangers = self.batch.layout.get("strangers", [])
        specs = {pk: strangers[-pk - 1] for pk in sorted(wanted, reverse=True)}
        known = directory(names=[spec[0] for spec in specs.values()])
        missing: dict[int, PartySpec] = {}
        for pk, (name, uscc, place_id, former) in specs.items():
            found = _registered_since(known, name, uscc)
            if found is not None:
                self.parties[pk] = found
            else:
                missing[pk] = PartySpec(name, uscc, place_id, former=tuple(former))
        revived = revive_parties(missing, within=self.within)
        fresh = {pk: spec for pk, spec in missing.items() if pk not in revived}
        made = add_parties(fresh.values(), within=self.within, provisional=True)
        self.parties |= revived | {pk: party.pk for pk, party in zip(fresh, made, strict=True)}

    def _name_parties(self, rows: list[dict[str, Any]]) -> None:
        for values in rows:
            for item in self.fields:
                value = values.get(item.code)
                if item.type == "party" and value is not None and value < 0:
                    values[item.code] = self.parties[value]
                elif item.type == "parties" and value:
                    values[item.code] = list(dict.fromkeys(self.parties.get(pk, pk) for pk in value))
        if learnt := {int(pk): code for pk, code in self.batch.layout.get("learnt", {}).items()}:
            mentioned = {pk for values in rows for pk in holders.mentioned(values, self.fields)}
            learn_codes({pk: code for pk, code in learnt.items() if pk in mentioned}, within=self.within)

    def _changes(self, ledger: Ledger, piece: list["Waiting"], rows: list[dict[str, Any]]) -> list[Change]:
        place = ledger.mapped("place")
        standing = current_by_entry(row.entry_id for row in piece if row.entry_id)
        changes: list[Change] = []
        for row, values in zip(piece, rows, strict=True):
            cell = f"{self.batch.file_name[-80:]}!{row.sheet[:20]}!{row.row}"
            if row.verdict == NEW:
                if AS_TYPED in row.values:
                    values[AS_TYPED] = row.values[AS_TYPED]
                home = values.get(place.code if place else "") or self.batch.place_id or 0
                key = None if "p-" in row.key else row.key
                changes.append(Change(compose(ledger, values, place_id=home, key=key, cell=cell)))
            else:
                changes.append(self._changed(ledger, row, values, standing, cell))
        if current_of(ledger, [change.snapshot.key for change in changes if change.entry_id is None]):
            raise StaleBatch(_stale())
        return changes

    def _changed(
        self, ledger: Ledger, row: "Waiting", values: dict[str, Any], standing: dict[int, Any], cell: str
    ) -> Change:
        revision, others = standing.get(row.entry_id or 0, (None, []))
        if revision is None or revision.number_in_entry != row.seen:
            raise StaleBatch(_stale())
        assumed = set(row.values.get("_assumed", ()))
        old = values_of(ledger, revision, others)
        fresh = {code: value for code, value in values.items() if code not in assumed}
        place = ledger.mapped("place")
        if place is not None:
            fresh[place.code] = finer(self.tree, fresh.get(place.code), revision.place_id)
        merged = old | _without_reopened(ledger, fresh, old)
        merged = with_typed(merged, old, fresh, row.values.get(AS_TYPED, {}))
        place_id = (merged.get(place.code) if place else None) or revision.place_id
        return Change(compose(ledger, merged, place_id=place_id, cell=cell), row.entry_id)

    def report(self, ledger: Ledger) -> None:
        """A file that names its period says that the place has reported it, in a ledger that is reported by periods."""
        place_id = self.batch.place_id
        if ledger.reporting == "continuous" or place_id is None:
            return
        for period in sorted(periods_of(self.batch.layout.get("sheets", []), self.within.act.at.year)):
            standing = Report.objects.filter(
                ledger=ledger.code, place_id=place_id, period=period, known_to__isnull=True
            )
            if standing.filter(zero=False).exists():
                continue
            standing.update(known_to=self.within.known_from)
            Report.objects.create(
                ledger=ledger.code, place_id=place_id, period=period, zero=False,
                known_from=self.within.known_from, act=self.within.act,
            )  # fmt: skip


def periods_of(sheets: Iterable[dict[str, Any]], this_year: int) -> set[str]:
    """What the titles say: up to the cut-off of a year, or the whole of a year that is over."""
    periods: set[str] = set()
    for sheet in sheets:
        year, cut_off = sheet.get("year"), sheet.get("cut_off", "")
        if sheet.get("state") != "read" or not (year or cut_off):
            continue
        if cut_off and not cut_off.endswith("12-31"):
            periods.add(f"{cut_off[:4]}-01..{cut_off[:7]}")
        elif cut_off or year < this_year:
            periods.add(cut_off[:4] or str(year))
    return periods


def _without_reopened(ledger: Ledger, fresh: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """Keep the stored token of a personal field whose text did not change: a new one would look like a change."""
    codes = [code for code in privacy.personal_codes(ledger) if code in fresh and code in old]
    tokens = {code: (fresh[code], old[code]) for code in codes if personal.is_token(old[code])}
    texts = personal.opened([token for pair in tokens.values() for token in pair])
    kept = {code: old_ for code, (new, old_) in tokens.items() if old_ in texts and texts.get(new) == texts[old_]}
    return fresh | kept


def _registered_since(known: Directory, name: str, uscc: str) -> int | None:
    """The party that somebody registered after the file was read, by code, name or the name's equal form."""
    found = known.of_code(uscc) if uscc else None
    if found is not None:
        return found
    form = known.of_form(same_form(name))
    same = known.of_name(name) or ((form,) if form else ())
    return same[0] if len(same) == 1 and (not uscc or not known.codes.get(same[0])) else None


def _pieces(rows: Iterable[Waiting]) -> Iterator[list[Waiting]]:
    piece: list[Waiting] = []
    for row in rows:
        piece.append(row)
        if len(piece) == CHUNK:
            yield piece
            piece = []
    if piece:
        yield piece


def _stale() -> str:
    return _("预览之后台账有变动，部分行的判断已不成立；请重新读取文件再入库")
