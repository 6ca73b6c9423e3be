"""Checks that the past is still what it was: every link of the chain, every row behind it.

Apps register a recounter for each kind of row that they hand to `Writing.wrote`; what nobody can recompute is still
held by the chain itself.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from keshu.bureau.records.models import Act, Head, Link
from keshu.bureau.records.services import digest_of_all, link_hash

Recount = Callable[[], Iterable[tuple[int, bytes]]]  # (act, digest) of every row that the database holds now
_recounts: dict[str, Recount] = {}


def register_recount(kind: str, recount: Recount) -> None:
    _recounts[kind] = recount


@dataclass(frozen=True)
class Fault:
    """One place where the past no longer matches its seal."""

    act: int
    kind: str
    message: str


def last_link() -> str:
    """The hash of the newest act: as long as it is the same, nobody has written anything."""
    return Head.objects.values_list("hash", flat=True).first() or ""


def rows_sealed() -> int:
    """How many links and rows a check has to go through, by what the chain says."""
    links = 0
    rows = 0
    for parts in Link.objects.values_list("parts", flat=True).iterator(chunk_size=2000):
        links += 1
        rows += sum(count for kind, (count, _digest) in parts.items() if kind in _recounts)
    return links + rows


Step = Callable[[], None]  # called for every link and every row gone through


def faults(step: Step = lambda: None) -> Iterator[Fault]:
    """Walk the chain from its beginning, then recount the rows of every registered kind."""
    yield from chain_faults(step)
    for kind in sorted(_recounts):
        yield from _row_faults(kind, step)


def chain_faults(step: Step = lambda: None) -> Iterator[Fault]:
    previous, position = "0" * 64, 0
    for link in Link.objects.select_related("act").order_by("position").iterator(chunk_size=2000):
        step()
        position += 1
        if link.position != position or link.previous != previous:
            yield Fault(link.act_id, "chain", _("操作链在此处断开：序号或前一环的哈希不符"))
        elif link.hash != link_hash(previous, link.act, link.parts):
            yield Fault(link.act_id, "chain", _("操作记录的内容与其哈希不符"))
        previous = link.hash
    head = Head.objects.get(pk=1)
    if (head.position, head.hash) != (position, previous):
        yield Fault(0, "chain", _("链尾与最后一环不符：末尾的操作可能被删除"))
    for act in Act.objects.filter(link__isnull=True).values_list("pk", flat=True):
        yield Fault(act, "chain", _("操作没有链入操作链"))


def holds(act: int, kind: str, digests: Iterable[bytes]) -> bool:
    """Whether the act is linked as it was written and sealed exactly these rows of the kind; for one row, not the chain."""
    link = Link.objects.select_related("act").filter(act_id=act).first()
    if link is None or link.hash != link_hash(link.previous, link.act, link.parts):
        return False
    rows = list(digests)
    return link.parts.get(kind) == [len(rows), digest_of_all(rows)]


def _row_faults(kind: str, step: Step) -> Iterator[Fault]:
    found: dict[int, list[bytes]] = {}
    for act, digest in _recounts[kind]():
        step()
        found.setdefault(act, []).append(digest)
    for act, parts in Link.objects.values_list("act_id", "parts").iterator(chunk_size=2000):
        sealed = parts.get(kind)
        rows = found.pop(act, [])
        if [len(rows), digest_of_all(rows)] != (sealed or [0, digest_of_all([])]):
            yield Fault(act, kind, _("该操作写入的记录被改动、增加或删除"))
    for act in found:
        yield Fault(act, kind, _("记录指向不在链中的操作"))
