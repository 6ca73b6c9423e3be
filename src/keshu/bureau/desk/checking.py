"""How far a verification of the chain has come, left in a file, so that the page can tell while the worker works."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings

EVERY = 0.5  # seconds between two reports
SILENCE = 60  # seconds without a report after which the worker is taken for dead
PATIENCE = 600  # seconds that a check may wait for the worker to begin


@dataclass(frozen=True)
class Progress:
    """Links and rows gone through, and how many there are; 0 of 0 while the check waits for the worker."""

    done: int
    of: int


class Counter:
    """Counts what a check goes through and reports it now and then."""

    def __init__(self, of: int) -> None:
        self.done, self.of, self._told = 0, of, 0.0

    def step(self) -> None:
        self.done += 1
        if time.monotonic() - self._told >= EVERY:
            self._told = time.monotonic()
            _tell(Progress(self.done, self.of))


def await_worker() -> None:
    _tell(Progress(0, 0))


@contextmanager
def counted(of: int) -> Iterator[Counter]:
    """While the block runs, `under_way` answers; afterwards it does not."""
    try:
        yield Counter(of)
    finally:
        _path().unlink(missing_ok=True)


def under_way(at: datetime) -> Progress | None:
    """How far the running check is at the instant; None where none runs or its worker died."""
    try:
        told = json.loads(_path().read_text())
        age = at.timestamp() - _path().stat().st_mtime
    except (FileNotFoundError, ValueError):
        return None
    progress = Progress(told["done"], told["of"])
    return progress if age < (SILENCE if progress.of else PATIENCE) else None


def _tell(progress: Progress) -> None:
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"done": progress.done, "of": progress.of}))
    fresh.replace(path)


def _path() -> Path:
    return Path(settings.PATHS.data) / "running" / "audit-check.json"
