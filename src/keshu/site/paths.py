"""Where an installation keeps its data and, elsewhere, its keys.

Keys never lie inside the data directory: a backup of the data alone must not open personal fields.
"""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Paths:
    data: Path
    keys: Path

    @property
    def database(self) -> Path:
        return self.data / "keshu.sqlite3"

    @property
    def files(self) -> Path:
        return self.data / "files"

    @property
    def uploads(self) -> Path:
        """What is on its way in: files of imports and parts of large uploads. Nothing here is evidence yet."""
        return self.data / "uploads"

    def secret(self, name: str) -> str:
        return secret(self, name)


def paths_of(environ: dict[str, str] | None = None) -> Paths:
    """Read KESHU_DATA and KESHU_KEYS; by default `var` and, beside it, `var-keys`."""
    environ = dict(os.environ) if environ is None else environ
    data = Path(environ.get("KESHU_DATA") or "var").resolve()
    keys = Path(environ.get("KESHU_KEYS") or data.with_name(data.name + "-keys")).resolve()
    return Paths(data=data, keys=keys)


def secret(paths: Paths, name: str) -> str:
    """The secret called `name`, made on first use and readable by its owner only."""
    path = paths.keys / name
    if not path.exists():
        paths.keys.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()
