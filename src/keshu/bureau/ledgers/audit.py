"""Recounting the digests of all revisions, for the audit of the chain."""

from collections.abc import Iterator

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.writer import digests_of

PAGE = 2000


def entry_digests() -> Iterator[tuple[int, bytes]]:
    """(act, digest) of every revision in the database, a page at a time."""
    last = 0
    while page := list(Revision.objects.filter(pk__gt=last).order_by("pk").prefetch_related("others")[:PAGE]):
        yield from digests_of(page)
        last = page[-1].pk
