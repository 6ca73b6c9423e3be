"""Each row against what the ledger holds: new, changed, unchanged, duplicate or wrong. A few queries for many rows."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from keshu.bureau.ledgers import privacy
from keshu.bureau.ledgers.importing.drafts import Draft, RowReader
from keshu.bureau.ledgers.importing.findings import ERROR, WARNING
from keshu.bureau.ledgers.models import EntryParty, Revision
from keshu.bureau.ledgers.snapshots import AS_TYPED, Snapshot, compose, key_of, values_of
from keshu.bureau.parties.resolving import Resolver
from keshu.bureau.places.queries import Tree
from keshu.catalogue.schema import Ledger
from keshu.kernel.typed import Problem

CHUNK = 1000
NEW, CHANGED, UNCHANGED, DUPLICATE, WRONG = "new", "changed", "unchanged", "duplicate", "wrong"
Current = dict[str, tuple[Revision, list[tuple[int, str]]]]


@dataclass
class Judged:
    """A draft with its verdict; `entry` and `seen` name the entry and the revision that it was compared with."""

    draft: Draft
    key: str
    verdict: str = NEW
    entry: int | None = None
    seen: int | None = None
    twin: tuple[str, int] | None = None  # sheet and row of the first row with this key


@dataclass
class Judge:
    """For one ledger and one file. `place` is where the file is taken in: rows must lie at or below it."""

    ledger: Ledger
    tree: Tree
    place_id: int | None
    resolver: Resolver
    place_names: Mapping[int, str] = field(default_factory=dict)
    sources: Mapping[int, tuple[int, ...]] = field(default_factory=dict)  # parties merged into one, by the one left
    first: dict[str, tuple[str, int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.codes = {pk: code for code, pk in self.tree.ids.items()}
        self.inside = self.tree.ids_below(self.codes[self.place_id]) if self.place_id in self.codes else None

    def judge(self, drafts: Sequence[Draft], reader: RowReader) -> list[Judged]:
        judged = [self._keyed(draft, reader) for draft in drafts]
        held = current_of(self.ledger, [key for j in judged for key in self._spellings(j)])
        opened = privacy.open_values(self.ledger, (values_of(self.ledger, r, o) for r, o in held.values()))
        for one in judged:
            self._verdict(one, held, opened, reader)
        return judged

    def _keyed(self, draft: Draft, reader: RowReader) -> Judged:
        place = draft.values.get(reader.place) or self.place_id
        if place is None and not draft.wrong:
            problem = Problem("place-missing", "没有写明所属区划", "请补填所属区划，或在导入时选定区划")
            draft.findings.append(reader.finding(draft, reader.place, problem))
        elif place is not None and self.inside is not None and place not in self.inside:
            self._outside(draft, place, reader)
        return Judged(draft, key_of(self.ledger, draft.values, place_id=place or 0))

    def _outside(self, draft: Draft, place: int, reader: RowReader) -> None:
        names = self.place_names
        message = f"所属区划“{names.get(place, '')}”不在本次导入的范围“{names.get(self.place_id or 0, '')}”之内"
        problem = Problem("place-outside", message, "请核对所属区划，或由上级单位导入")
        draft.findings.append(reader.finding(draft, reader.place, problem))

    def _spellings(self, judged: Judged) -> list[str]:
        """The key, and the keys under which rows of parties merged into this one were stored."""
        keys = [judged.key]
        for part in judged.key.split("|"):
            if part[:1] == "p" and part[1:].isdigit():
                keys += [judged.key.replace(part, f"p{pk}") for pk in self.sources.get(int(part[1:]), ())]
        return keys

    def _verdict(self, one: Judged, held: Current, opened: Mapping[str, str], reader: RowReader) -> None:
        draft = one.draft
        if draft.wrong and any(code not in draft.values for code in self.ledger.key):
            one.verdict = WRONG  # its key cannot be told, so it is compared with nothing
            return
        one.twin = self.first.get(one.key)
        if one.twin is None:
            self.first[one.key] = (draft.sheet, draft.row)
        else:
            one.verdict = DUPLICATE
            return
        found = next((held[key] for key in self._spellings(one) if key in held), None)
        if found is not None:
            self._against(one, found, opened, reader)
        if draft.wrong:
            one.verdict = WRONG

    def _against(self, one: Judged, found: Any, opened: Mapping[str, str], reader: RowReader) -> None:
        revision, others = found
        one.entry, one.seen = revision.entry_id, revision.number_in_entry
        if self._held_elsewhere(one, revision, reader) or self._held_by_another(one, revision, reader):
            return
        old = values_of(self.ledger, revision, others)
        merged = self.merged(one.draft, old, opened, revision.place_id, reader)
        fresh = compose(self.ledger, merged, place_id=merged.get(reader.place) or revision.place_id)
        one.verdict = UNCHANGED if same(fresh, revision, others) else CHANGED
        if one.verdict == CHANGED:
            self._leaps(one.draft, old, reader)

    def _held_elsewhere(self, one: Judged, revision: Revision, reader: RowReader) -> bool:
        """True when the entry belongs to another place that this file has no say over."""
        mine = one.draft.values.get(reader.place) or self.place_id
        there, here = self.codes.get(revision.place_id, ""), self.codes.get(mine or 0, "")
        if not there or not here or there in self.tree.below(here):
            return False
        over = self.inside is None or revision.place_id in self.inside
        if over and here in self.tree.below(there):
            return False
        name = self.place_names.get(revision.place_id, "")
        problem = Problem(
            "held-elsewhere",
            f"同一条目已由“{name}”登记",
            "如为本地条目，请与对方核实后在原条目修改所属区划；否则从本表删除该行",
        )
        one.draft.findings.append(reader.finding(one.draft, reader.place, problem, WARNING))
        one.verdict = DUPLICATE
        return True

    def _held_by_another(self, one: Judged, revision: Revision, reader: RowReader) -> bool:
        """A number that the ledger holds for another party is a slip in the number, not a change of holder."""
        item, number = self.ledger.mapped("party"), self.ledger.mapped("number")
        if item is None or number is None or item.code in self.ledger.key:
            return False
        value = one.draft.values.get(item.code)
        mine = value[0] if isinstance(value, list) else value
        if mine is None or revision.party_id is None or mine == self._final(revision.party_id):
            return False
        problem = Problem(
            "held-by-another",
            f"{number.name}“{revision.number}”已登记在“{self.resolver.name_of(self._final(revision.party_id))}”名下",
            "请核对编号；确已变更持有单位的，请打开原条目修改",
        )
        one.draft.findings.append(reader.finding(one.draft, number.code, problem, ERROR))
        return True

    def _final(self, party_id: int) -> int:
        return next((pk for pk, sources in self.sources.items() if party_id in sources), party_id)

    def merged(
        self, draft: Draft, old: Mapping[str, Any], opened: Mapping[str, str], place_id: int, reader: RowReader
    ) -> dict[str, Any]:
        """The row as it will stand: what the file says over what is there; empty cells and assumptions do nothing."""
        fresh = {c: v for c, v in draft.values.items() if c not in draft.assumed}
        for code in privacy.personal_codes(self.ledger):
            if code in fresh and opened.get(old.get(code, "")) == fresh[code]:
                fresh[code] = old[code]
        if reader.place:
            fresh[reader.place] = self._finer(draft.values.get(reader.place), place_id)
        return with_typed(dict(old) | fresh, old, fresh, draft.typed_as)

    def _finer(self, mine: int | None, there: int) -> int:
        return finer(self.tree, mine, there)

    def _leaps(self, draft: Draft, old: Mapping[str, Any], reader: RowReader) -> None:
        """A sum that becomes ten thousand times what it was has changed its unit, not its value."""
        for item in self.ledger.fields:
            before, after = old.get(item.code), draft.values.get(item.code)
            if item.type == "money" and before and after and max(before / after, after / before) in (10_000, 1000):
                message = f"{item.name}由{before:,f}元变为{after:,f}元，疑似单位错误"
                problem = Problem("unit-suspected", message, "请核对本列金额的单位")
                draft.findings.append(reader.finding(draft, item.code, problem, WARNING))


def with_typed(
    merged: dict[str, Any], old: Mapping[str, Any], fresh: Mapping[str, Any], typed_as: Mapping[str, str]
) -> dict[str, Any]:
    """The row with the words of its file: new ones, and old ones as long as their value stands."""
    kept = {c: t for c, t in old.get(AS_TYPED, {}).items() if c not in fresh or fresh[c] == old.get(c)}
    merged.pop(AS_TYPED, None)
    if said := kept | dict(typed_as):
        merged[AS_TYPED] = said
    return merged


def finer(tree: Tree, mine: int | None, there: int) -> int:
    """Of two places one of which lies in the other, the smaller; `there` when nothing new is said."""
    codes = {pk: code for code, pk in tree.ids.items()} if mine else {}
    here = codes.get(mine or 0, "")
    return there if not here or codes.get(there, "") in tree.below(here) else mine or there


def current_of(ledger: Ledger, keys: Iterable[str]) -> Current:
    """The living rows with these keys, with their further holders."""
    wanted, found = list(dict.fromkeys(keys)), {}
    for start in range(0, len(wanted), CHUNK):
        rows = Revision.objects.filter(ledger=ledger.code, known_to__isnull=True, voided=False)
        for revision in among(rows, "key", wanted[start : start + CHUNK]):
            found[revision.key] = (revision, [])
    _with_others(found.values())
    return found


def among(rows: QuerySet[Revision], column: str, values: list[str]) -> QuerySet[Revision]:
    """Rows whose column is one of many texts, handed over as one parameter: many parameters cost more than the rows."""
    table = Revision._meta.db_table
    if connection.vendor == "postgresql":
        clause, given = f'"{table}"."{column}" = ANY(%s)', values
    else:
        clause, given = f'"{table}"."{column}" IN (SELECT value FROM json_each(%s))', json.dumps(values)
    return rows.extra(where=[clause], params=[given])  # noqa: S610 - the column is named by this module


def current_by_entry(entries: Iterable[int]) -> dict[int, tuple[Revision, list[tuple[int, str]]]]:
    """The living revisions of these entries, with their further holders."""
    wanted, found = list(entries), {}
    for start in range(0, len(wanted), CHUNK):
        rows = Revision.objects.filter(entry_id__in=wanted[start : start + CHUNK], known_to__isnull=True, voided=False)
        for revision in rows:
            found[revision.entry_id] = (revision, [])
    _with_others(found.values())
    return found


def _with_others(rows: Iterable[tuple[Revision, list[tuple[int, str]]]]) -> None:
    by_pk = {revision.pk: others for revision, others in rows}
    ids = list(by_pk)
    for start in range(0, len(ids), CHUNK):
        held = EntryParty.objects.filter(revision_id__in=ids[start : start + CHUNK]).order_by("order")
        for revision, party, role in held.values_list("revision_id", "party_id", "role"):
            by_pk[revision].append((party, role))


def same(fresh: Snapshot, revision: Revision, others: Sequence[tuple[int, str]]) -> bool:
    """Whether the snapshot says what the revision holds already."""
    columns = all(getattr(revision, name) == value for name, value in fresh.columns.items())
    return columns and tuple(others) == fresh.others and fresh.key == revision.key
