"""Uploaded files between reading and committing: sealed on the disk, because they may hold personal fields."""

import hashlib
import os
from pathlib import Path

from cryptography.fernet import InvalidToken
from django.conf import settings

from keshu.bureau.parties import personal

LIMIT = 60 * 1024 * 1024


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def put(content: bytes, name: str) -> str:
    """Keep the bytes sealed; returns the name under which `take` finds them."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    scratch = path.with_suffix(".part")
    with scratch.open("wb") as file:
        file.write(personal.seal_bytes(content))
        file.flush()
        os.fsync(file.fileno())
    scratch.replace(path)
    return name


def take(name: str) -> bytes:
    """The bytes again. Raises FileNotFoundError when they were dropped or cannot be opened any more."""
    try:
        return personal.unseal_bytes((_folder() / name).read_bytes())
    except InvalidToken as error:
        raise FileNotFoundError(name) from error


def drop(name: str) -> None:
    if name:
        (_folder() / name).unlink(missing_ok=True)


def mark_of(name: str) -> Path:
    """Where the reader of this upload leaves its signs of life."""
    return _folder() / f"{name or 'none'}.alive"


def _folder() -> Path:
    return Path(settings.PATHS.data) / "uploads"
