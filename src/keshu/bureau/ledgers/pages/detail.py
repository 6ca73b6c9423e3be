"""One entry with everything it holds and everything that happened to it."""

from dataclasses import dataclass, field
from typing import Any

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.pages.listing import KINDS, MEASURED, measured, named
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.personal import is_token
from keshu.bureau.places.models import Place
from keshu.catalogue.schema import Field, Ledger


@dataclass(frozen=True)
class Shown:
    """One field as the page shows it; `sealed` fields can be asked for, with a reason that is logged."""

    item: Field
    kind: str
    value: Any
    parties: tuple[Party, ...] = ()
    sealed: bool = False


@dataclass(frozen=True)
class Step:
    """A revision in the history: who made it, and which fields it changed from what to what."""

    revision: Revision
    changes: tuple[tuple[str, Any, Any], ...] = field(default_factory=tuple)


def history(entry_id: int) -> list[Revision]:
    """All revisions, the current one first, with their acts and further holders."""
    rows = Revision.objects.filter(entry_id=entry_id).select_related("act", "party", "place")
    return list(rows.prefetch_related("others").order_by("-number_in_entry"))


def shown(ledger: Ledger, revision: Revision) -> list[Shown]:
    """Every field that has a value, in the order of the definition."""
    return [one for one in _all(ledger, revision, _names([revision])) if one.value is not None or one.parties]


def _all(ledger: Ledger, revision: Revision, known: dict[int, Any]) -> list[Shown]:
    values = values_of(ledger, revision, _others(revision))
    return [_shown(item, values.get(item.code), known) for item in ledger.fields]


def _others(revision: Revision) -> list[tuple[int, str]]:
    return [(o.party_id, o.role) for o in sorted(revision.others.all(), key=lambda o: o.order)]


def _names(revisions: list[Revision]) -> dict[int, Party]:
    wanted = {o.party_id for r in revisions for o in r.others.all()} | {r.party_id for r in revisions if r.party_id}
    return Party.objects.in_bulk(wanted)


def _shown(item: Field, value: Any, known: dict[int, Party]) -> Shown:
    kind = KINDS.get(item.type, "text")
    if item.type in ("party", "parties"):
        held = value if isinstance(value, list) else [value] if value else []
        return Shown(item, kind, None, tuple(known[pk] for pk in held))
    if item.type == "place" and value:
        return Shown(item, kind, Place.objects.get(pk=value).name)
    if item.type in MEASURED and value is not None:
        return Shown(item, "text", measured(item, value))
    sealed = is_token(value)
    return Shown(item, kind, named(item, value), sealed=sealed)


def steps(ledger: Ledger, revisions: list[Revision]) -> list[Step]:
    """Each revision with what it changed against the one before."""
    known = _names(revisions)
    texts = [{s.item.name: _text(s) for s in _all(ledger, revision, known)} for revision in revisions]
    found = []
    for n, revision in enumerate(revisions):
        before = texts[n + 1] if n + 1 < len(revisions) else None
        changed = [(k, before.get(k), v) for k, v in texts[n].items() if before.get(k) != v] if before else []
        found.append(Step(revision, tuple(changed)))
    return found


def _text(one: Shown) -> str:
    return (
        "、".join(party.name for party in one.parties) if one.parties else "" if one.value is None else str(one.value)
    )
