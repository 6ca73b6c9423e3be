"""Stored documents, addressed by their content: written once, before the row that names them.

Between the two they belong to nobody, and so does what a request left behind that was killed there. Keeping bytes once
more makes them young again, and only old ones are swept (`records.sweeping`).
"""

import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from keshu.bureau.records.models import File
from keshu.bureau.records.services import Writing

Holder = Callable[[Collection[str]], Iterable[str]]
_holders: list[Holder] = []


def register_holder(holder: Holder) -> None:
    """An app that names bytes by their hash in rows of its own, without a File, says which of some hashes it names."""
    _holders.append(holder)


def held_of(hashes: Collection[str]) -> set[str]:
    """Those of the hashes that any row names."""
    found = set(File.objects.filter(sha256__in=hashes).values_list("sha256", flat=True))
    for holder in _holders:
        found.update(holder(hashes))
    return found & set(hashes)


def path_of(sha256: str) -> Path:
    return settings.PATHS.files / sha256[:2] / sha256[2:4] / sha256


def keep(content: bytes) -> str:
    """Put the bytes on the disk under their hash, durably; returns the hash. Keeping the same bytes again is free."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if kept_again(sha256):
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, scratch = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).replace(path)
    sync(path.parent)
    return sha256


def keep_file(source: Path) -> str:
    """Like `keep`, for a file of any size that nobody writes to any more; reads it in pieces and leaves it where it is.

    Where the disk allows it the bytes get a second name instead of a copy: 500 MB are kept without being written again.
    """
    sha256 = digest_of_file(source)
    path = path_of(sha256)
    if kept_again(sha256):
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    os.utime(source)  # a second name shares its time with the first, and what is kept now is young
    sync(source)
    try:
        os.link(source, path)
    except FileExistsError:
        pass  # somebody kept the same bytes this moment
    except OSError:
        _copy(source, path)
    sync(path.parent)
    return sha256


def kept_again(sha256: str) -> bool:
    """True if the bytes are on the disk; they are young from now on, so that no sweep takes them before a row comes."""
    with holding(fcntl.LOCK_SH):
        try:
            os.utime(path_of(sha256))
        except FileNotFoundError:
            return False
    return True


@contextmanager
def holding(how: int) -> Iterator[None]:
    """Keep bytes (shared) or take bytes away (alone); the lock is the kernel's and ends with the process."""
    folder = Path(settings.PATHS.files)
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, how)
        yield
    finally:
        os.close(descriptor)


def _copy(source: Path, path: Path) -> None:
    descriptor, scratch = tempfile.mkstemp(dir=path.parent)
    with source.open("rb") as read_from, os.fdopen(descriptor, "wb") as written:
        shutil.copyfileobj(read_from, written, 2**20)
        written.flush()
        os.fsync(written.fileno())
    Path(scratch).replace(path)


def sync(path: Path) -> None:
    """Bring a file, or the names in a folder, to the disk: a new name survives a power cut only with its folder."""
    descriptor = os.open(path, os.O_RDONLY)
    os.fsync(descriptor)
    os.close(descriptor)


def store(content: bytes, *, name: str, kind: str, mime: str, within: Writing) -> File:
    """Keep a document and name it in the act; the caller has checked type and size (office.filetypes)."""
    return name_kept(keep(content), name=name, size=len(content), kind=kind, mime=mime, within=within)


def name_kept(sha256: str, *, name: str, size: int, kind: str, mime: str, within: Writing) -> File:
    """Name in the act what `keep` or `keep_file` has put on the disk."""
    within.wrote(bytes.fromhex(sha256), "file")
    return File.objects.create(sha256=sha256, name=name, mime=mime, size=size, kind=kind, act=within.act)


def read(file: File) -> bytes:
    """The document's bytes. Raises FileNotFoundError when the data directory lost it."""
    return path_of(file.sha256).read_bytes()


def damaged() -> list[File]:
    """Files whose bytes are missing or no longer match their hash; for the doctor."""
    bad = []
    for file in File.objects.all().iterator():
        path = path_of(file.sha256)
        if not path.exists() or digest_of_file(path) != file.sha256:
            bad.append(file)
    return bad


def digest_of_file(path: Path) -> str:
    """SHA-256 of a file of any size."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget(sha256: str) -> None:
    """Take bytes off the disk that no row names: a draft that somebody deleted. Evidence stays whatever is asked."""
    with holding(fcntl.LOCK_EX):
        if not held_of([sha256]):
            path_of(sha256).unlink(missing_ok=True)
