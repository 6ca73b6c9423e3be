"""Bytes that no row names any more, or never did: taken off the disk once they are old enough.

Somebody keeps bytes first and names them in a row afterwards, so young bytes may still be waited for. Keeping them once
more makes them young under a shared lock; whoever takes them away looks at their age once more, alone.
"""

import fcntl
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.conf import settings

from keshu.bureau.records import files

PORTION = 500  # hashes in one question to the database
DIGITS = 64


def sweep_files(before: datetime) -> int:
    """Remove what is older than `before` and named by no row, and scratch files as old; returns how many files."""
    old, gone = _older(before), 0
    while portion := list(islice(old, PORTION)):
        held = files.held_of([path.name for path in portion if len(path.name) == DIGITS])
        gone += sum(_removed(path, before) for path in portion if path.name not in held)
    return gone


def _older(before: datetime) -> Iterator[Path]:
    for folder in sorted(Path(settings.PATHS.files).glob("??/??")):
        for path in sorted(folder.iterdir()):
            if _is_old(path, before):
                yield path


def _is_old(path: Path, before: datetime) -> bool:
    try:
        return path.stat().st_mtime < before.timestamp()
    except FileNotFoundError:
        return False


def _removed(path: Path, before: datetime) -> bool:
    """Its age is asked again under the lock: whoever kept these bytes meanwhile has made them young."""
    with files.holding(fcntl.LOCK_EX):
        if not _is_old(path, before):
            return False
        path.unlink(missing_ok=True)
    return True
