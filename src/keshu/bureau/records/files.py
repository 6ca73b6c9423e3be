"""Stored documents, addressed by their content: written once, before the row that names them."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings

from keshu.bureau.records.models import File
from keshu.bureau.records.services import Writing


def path_of(sha256: str) -> Path:
    return settings.PATHS.files / sha256[:2] / sha256[2:4] / sha256


def keep(content: bytes) -> str:
    """Put the bytes on the disk under their hash, durably; returns the hash. Keeping the same bytes again is free."""
    sha256 = hashlib.sha256(content).hexdigest()
    path = path_of(sha256)
    if path.exists():
        return sha256
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, scratch = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(scratch).replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    os.fsync(directory)
    os.close(directory)
    return sha256


def store(content: bytes, *, name: str, kind: str, mime: str, within: Writing) -> File:
    """Keep a document and name it in the act; the caller has checked type and size (office.filetypes)."""
    sha256 = keep(content)
    within.wrote(bytes.fromhex(sha256), "file")
    return File.objects.create(sha256=sha256, name=name, mime=mime, size=len(content), kind=kind, act=within.act)


def read(file: File) -> bytes:
    """The document's bytes. Raises FileNotFoundError when the data directory lost it."""
    return path_of(file.sha256).read_bytes()


def damaged() -> list[File]:
    """Files whose bytes are missing or no longer match their hash; for the doctor."""
    bad = []
    for file in File.objects.all().iterator():
        path = path_of(file.sha256)
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != file.sha256:
            bad.append(file)
    return bad


def forget(sha256: str) -> None:
    """Take bytes off the disk that no act has named: a draft that somebody deleted. Evidence stays whatever is asked."""
    if not File.objects.filter(sha256=sha256).exists():
        path_of(sha256).unlink(missing_ok=True)
