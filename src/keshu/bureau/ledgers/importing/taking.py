"""Staged rows on their way into the ledger: worked out while others write, then put in within one short transaction.

Rows with personal fields are the exception: the keys of new persons are made in the act itself, so these rows are
composed there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django.db.models import Max
from django.utils.translation import gettext as _

from keshu.bureau.ledgers import privacy
from keshu.bureau.ledgers.bulk import reserve_ids
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import holders, staging
from keshu.bureau.ledgers.importing.judging import current_by_entry, current_of, finer, with_typed
from keshu.bureau.ledgers.models import Batch, Entry, StagedRow
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.snapshots import AS_TYPED, compose, values_of
from keshu.bureau.ledgers.writer import Change, Moved, Prepared, close_prepared, prepare, write, write_prepared
from keshu.bureau.parties import personal
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import Directory, directory
from keshu.bureau.parties.resolving import same_form
from keshu.bureau.parties.services import PartySpec, add_parties, learn_codes, revive, withdrawn_among
from keshu.bureau.places.queries import Tree, tree_on
from keshu.bureau.records import definitions
from keshu.bureau.records.models import Head
from keshu.bureau.records.services import Writing
from keshu.catalogue.schema import Field, Ledger

CHUNK = 1000
NEW = StagedRow.Verdict.NEW
TAKEN = (NEW, StagedRow.Verdict.CHANGED)


class StaleBatch(EntryProblem):
    """The ledger changed after the file was read: its verdicts no longer hold."""


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
class Taking:
    """One act's work. `prepare` first, outside any transaction; `write` within the act, after it nothing is left."""

    batch: Batch
    parties: dict[int, int] = field(default_factory=dict)  # the file's number of a stranger to the party's
    fresh: dict[int, PartySpec] = field(default_factory=dict)  # party numbers reserved for strangers
    revived: list[int] = field(default_factory=list)
    learnt: dict[int, str] = field(default_factory=dict)
    prepared: list[Prepared] = field(default_factory=list)
    late: list[tuple[Ledger, list[Waiting], list[dict[str, Any]]]] = field(default_factory=list)
    tree: Tree = field(default_factory=tree_on)
    fields: list[Field] = field(default_factory=list)
    known: Directory | None = None
    head: int = 0
    last: int = 0

    def prepare(self) -> None:
        """Work out every row. Raises StaleBatch where the ledger holds something else than the reading found."""
        self.head, self.last = _head(), self._last()
        taken = self.batch.rows.filter(verdict__in=TAKEN)
        for code in list(taken.values_list("ledger", flat=True).distinct().order_by("ledger")):
            self._prepare(ledger_of(code))

    def write(self, within: Writing) -> None:
        """Put everything in. Raises Moved when somebody got in between, StaleBatch when a row did."""
        if self.head != _head():
            self._look_again()
        add_parties(self.fresh.values(), within=within, provisional=True, ids=list(self.fresh))
        revive(self.revived, within=within)
        learn_codes(self.learnt, within=within)
        try:
            for piece in self.prepared:
                close_prepared(piece, within)
        except Moved as error:
            raise StaleBatch(stale()) from error
        for ledger in {piece.ledger.code: piece.ledger for piece in self.prepared}.values():
            definitions.use("ledger", ledger, at=within.act.at)
        for piece in self.prepared:
            write_prepared(piece, origin=Entry.Origin.IMPORT, within=within)
        for ledger, rows, values in self.late:
            privacy.protect(ledger, values, within=within)
            write(ledger, self._changes(ledger, rows, values), origin=Entry.Origin.IMPORT, within=within)

    def clear(self) -> None:
        """Let go of everything that was prepared."""
        for piece in self.prepared:
            piece.clear()

    def _last(self) -> int:
        return self.batch.rows.aggregate(last=Max("pk"))["last"] or 0

    def _look_again(self) -> None:
        """Another act came first: the file may have been read anew, or one of its parties registered."""
        if self.last != self._last():
            raise StaleBatch(stale())
        if not self.fresh:
            return
        known = directory(names=[spec.name for spec in self.fresh.values()])
        if any(_registered_since(known, spec.name, spec.uscc) is not None for spec in self.fresh.values()):
            raise Moved

    def _prepare(self, ledger: Ledger) -> None:
        self.fields = [item for item in ledger.fields if item.type in ("party", "parties")]
        personal_codes = set(privacy.personal_codes(ledger))
        for piece in self._pieces(ledger):
            values = [staging.values_of_staged(ledger, row.values) for row in piece]
            self._bring_parties(values)
            self._name_parties(values)
            early, late = [], []
            for pair in zip(piece, values, strict=True):
                (early if personal_codes.isdisjoint(pair[1]) else late).append(pair)
            if early:
                self._prepare_piece(ledger, [row for row, _ in early], [one for _, one in early])
            if late:
                self.late.append((ledger, [row for row, _ in late], [privacy.unsealed(one) for _, one in late]))

    def _pieces(self, ledger: Ledger) -> Iterator[list[Waiting]]:
        """Page by page: a statement left open would keep SQLite from reserving numbers in between."""
        last = 0
        rows = self.batch.rows.filter(ledger=ledger.code, verdict__in=TAKEN).order_by("pk")
        names = ("pk", "sheet", "row", "verdict", "key", "entry_id", "seen", "values")
        while page := list(rows.filter(pk__gt=last).values_list(*names)[:CHUNK]):
            yield [Waiting(*row[1:]) for row in page]
            last = page[-1][0]

    def _prepare_piece(self, ledger: Ledger, rows: list[Waiting], values: list[dict[str, Any]]) -> None:
        changes = self._changes(ledger, rows, values)
        seen = [0 if change.entry_id is None else row.seen or 0 for row, change in zip(rows, changes, strict=True)]
        self.prepared.append(prepare(ledger, changes, seen))

    def _bring_parties(self, rows: list[dict[str, Any]]) -> None:
        """Numbers for the strangers that these rows mention, unless somebody registered them since the file was read."""
        wanted = {pk for values in rows for pk in holders.mentioned(values, self.fields) if pk < 0} - set(self.parties)
        if not wanted:
            return
        strangers = self.batch.layout.get("strangers", [])
        specs = {pk: strangers[-pk - 1] for pk in sorted(wanted, reverse=True)}
        if self.known is None:
            self.known = directory()
        missing: dict[int, PartySpec] = {}
        for pk, (name, uscc, place_id, former) in specs.items():
            found = _registered_since(self.known, name, uscc)
            if found is not None:
                self.parties[pk] = found
            else:
                missing[pk] = PartySpec(name, uscc, place_id, former=tuple(former))
        back = withdrawn_among(missing)
        self.revived += back.values()
        new = [pk for pk in missing if pk not in back]
        numbers = dict(zip(new, reserve_ids(Party, len(new)), strict=True))
        self.fresh |= {numbers[pk]: missing[pk] for pk in new}
        self.parties |= back | numbers

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
            self.learnt |= {pk: code for pk, code in learnt.items() if pk in mentioned}

    def _changes(self, ledger: Ledger, piece: list[Waiting], rows: list[dict[str, Any]]) -> list[Change]:
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
            raise StaleBatch(stale())
        return changes

    def _changed(
        self, ledger: Ledger, row: Waiting, values: dict[str, Any], standing: dict[int, Any], cell: str
    ) -> Change:
        revision, others = standing.get(row.entry_id or 0, (None, []))
        if revision is None or revision.number_in_entry != row.seen:
            raise StaleBatch(stale())
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


def _head() -> int:
    return Head.objects.values_list("position", flat=True).get(pk=1)


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


def stale() -> str:
    return _("预览之后台账有变动，部分行的判断已不成立；请重新读取文件再入库")
