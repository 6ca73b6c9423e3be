"""Signs of life of whoever reads a file, so that a page can tell a long read from a reader that died."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Event, Thread

from keshu.bureau.ledgers.importing import files

EVERY = 5  # seconds


@contextmanager
def alive(stored: str) -> Iterator[None]:
    """While the block runs, the file beside the upload grows no older than some seconds; afterwards it is gone."""
    mark, done = files.mark_of(stored), Event()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.touch()

    def beat() -> None:
        while not done.wait(EVERY):
            mark.touch()

    thread = Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()
        mark.unlink(missing_ok=True)


def last(stored: str) -> datetime | None:
    """The last sign of life, None when nobody has begun or the reading has ended."""
    try:
        return datetime.fromtimestamp(files.mark_of(stored).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
