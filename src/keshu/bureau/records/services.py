"""The one door through which everything is written."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection, transaction

from keshu.bureau.records.models import Act, Head, Link

ZONE = ZoneInfo("Asia/Shanghai")
LOCK = 0x6B657368  # "kesh"; the advisory lock that writers share and freezing takes alone


@dataclass(frozen=True)
class Actor:
    """Who does it: the account's name and the person's. Of a deputy also, without making them another person:

    `on_behalf_of`, the absent colleague whose right is used; `stands_in_for`, all whose rights might be.
    """

    username: str
    name: str = ""
    on_behalf_of: str = field(default="", compare=False)
    stands_in_for: str = field(default="", compare=False)


SYSTEM = Actor("system", "系统")


class NothingWritten(Exception):
    """Raised inside `writing` to leave without a trace."""


@dataclass
class Writing:
    """An act under way: stamp revisions with `known_from`, hand in their digests with `wrote`."""

    act: Act
    known_from: datetime
    digests: dict[str, list[bytes]] = field(default_factory=dict)
    shelf: dict[str, Any] = field(default_factory=dict)  # what writing one row looked up and the next one needs too

    def wrote(self, digest: bytes, kind: str = "other") -> None:
        """Hand in the digest of a row written; `kind` names who can recompute it from the database (records.audit)."""
        self.digests.setdefault(kind, []).append(digest)


def end_of(day: date) -> datetime:
    """The last instant of a day in Shanghai: what `--as-of D` means."""
    return datetime.combine(day, time.max, ZONE)


def digest_of(content: Any) -> bytes:
    """SHA-256 of the canonical JSON of a row's content."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).digest()


def digest_of_all(digests: Iterable[bytes]) -> str:
    """One digest for a set of rows, whatever their order."""
    whole = hashlib.sha256()
    for digest in sorted(digests):
        whole.update(digest)
    return whole.hexdigest()


def link_hash(previous: str, act: Act, parts: dict[str, Any]) -> str:
    """The hash that chains an act to the one before: who, when, what, why, and the digests of its rows by kind."""
    at = act.at.astimezone(UTC).isoformat()
    known_on = act.known_on.isoformat() if act.known_on else ""
    content = [previous, act.pk, act.verb, act.by, act.by_name, at, known_on, act.reason, act.subject, act.place, parts]
    return digest_of(content).hex()


@contextmanager
def writing(
    *,
    verb: str,
    by: Actor,
    reason: str = "",
    subject: str = "",
    place: str = "",
    known_on: date | None = None,
    undoes: Act | None = None,
    note: dict[str, Any] | None = None,
) -> Iterator[Writing]:
    """One transaction, one act: shared lock, clock, the caller's rows, then the link at the end of the chain.

    The lock before the clock keeps a slow writer from slipping under a figure that was frozen meanwhile.
    `known_on` back-dates knowledge to the end of that day (a first import of old ledgers); the act says so.
    """
    with transaction.atomic():
        _lock(shared=True)
        at = now()
        act = Act.objects.create(
            verb=verb, by=by.username, by_name=by.name, at=at, known_on=known_on, reason=reason,
            subject=subject, place=place, undoes=undoes, note=(note or {}) | _deputy(by),
        )  # fmt: skip
        known_from = min(at, end_of(known_on)) if known_on else at
        under_way = Writing(act, known_from)
        _seal_deputy(under_way, by)
        yield under_way
        _link(under_way)


@contextmanager
def freezing(*, verb: str, by: Actor, reason: str = "", subject: str = "", place: str = "") -> Iterator[Writing]:
    """Like `writing`, but alone: every earlier writer has committed, every later one gets a later clock."""
    with transaction.atomic():
        _lock(shared=False)
        at = now()
        act = Act.objects.create(
            verb=verb, by=by.username, by_name=by.name, at=at, reason=reason, subject=subject, place=place,
            note=_deputy(by),
        )  # fmt: skip
        under_way = Writing(act, at)
        _seal_deputy(under_way, by)
        yield under_way
        _link(under_way)


def _deputy(by: Actor) -> dict[str, str]:
    """What an act says of whoever was away; the narrower, where it is known whose right was used."""
    if by.on_behalf_of:
        return {"on_behalf_of": by.on_behalf_of}
    return {"stands_in_for": by.stands_in_for} if by.stands_in_for else {}


def _seal_deputy(under_way: Writing, by: Actor) -> None:
    """Notes are not in the chain's hash; for whom a deputy acted is."""
    if said := _deputy(by):
        under_way.wrote(digest_of([by.username, said]))


def now() -> datetime:
    """The database's clock where there is one for several hosts, else this machine's."""
    if connection.vendor != "postgresql":
        return datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


def _lock(*, shared: bool) -> None:
    if connection.vendor != "postgresql":  # an IMMEDIATE transaction is alone on SQLite anyway
        return
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s)", [LOCK])


def _link(under_way: Writing) -> None:
    head = Head.objects.select_for_update().get(pk=1)
    act = under_way.act
    parts = {kind: [len(rows), digest_of_all(rows)] for kind, rows in sorted(under_way.digests.items())}
    linked = link_hash(head.hash, act, parts)
    Link.objects.create(act=act, position=head.position + 1, parts=parts, previous=head.hash, hash=linked)
    head.position, head.hash = head.position + 1, linked
    head.save(update_fields=["position", "hash"])
