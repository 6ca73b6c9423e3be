"""A backup is one zip: a manifest, every table as it stood at one instant, every stored file. Keys are never in it.

The database is read in one snapshot while others go on writing; files are added before rows name them and never
changed, so copying them afterwards can only find more than the rows need. Restoring loads everything in one
transaction: at no moment does anybody see half of it.
"""

import hashlib
import io
import json
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from keshu.site.paths import Paths

CHUNK = 2000


UPLOAD = re.compile(r"batch-\d+")


class BackupProblem(Exception):
    """The backup cannot be read or may not be restored here; the message says why and what to do."""


def tables() -> list[str]:
    """All tables that hold data; sessions are left out, everybody signs in again."""
    names = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    return sorted(names - {"django_session"})


def backup(target: Path, paths: Paths) -> dict[str, Any]:
    """Write the backup beside its place and move it there when it is complete."""
    scratch = target.with_name(target.name + ".part")
    try:
        return _written(scratch, target, paths)
    finally:
        scratch.unlink(missing_ok=True)


def _written(scratch: Path, target: Path, paths: Paths) -> dict[str, Any]:
    with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive, _Snapshot():
        digests = {name: _write_table(archive, name) for name in tables()}
        files = sorted(path for path in paths.files.rglob("*") if path.is_file() and len(path.name) == 64)
        for path in files:
            with suppress(FileNotFoundError):  # swept meanwhile: no row of the snapshot names it
                archive.write(path, f"files/{path.name}")
        for path in sorted(uploads_of(paths).glob("batch-*")):
            if UPLOAD.fullmatch(path.name):
                archive.write(path, f"uploads/{path.name}")
        manifest = {"made_at": datetime.now(UTC).isoformat(), "tables": digests, "migrations": _migrations()}
        archive.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False))
    scratch.replace(target)
    return {"file": str(target), "bytes": target.stat().st_size, "files": len(files), "tables": len(digests)}


class _Snapshot(transaction.Atomic):
    """A transaction that sees one instant: deferred on SQLite (writers go on), repeatable read on PostgreSQL."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=False, durable=False)

    def __enter__(self) -> None:
        if connection.vendor == "sqlite":
            connection.ensure_connection()
            connection.transaction_mode, self._mode = "DEFERRED", connection.transaction_mode
        super().__enter__()
        if connection.vendor == "postgresql":
            connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")

    def __exit__(self, *error: Any) -> None:
        super().__exit__(*error)
        if connection.vendor == "sqlite":
            connection.transaction_mode = self._mode


def _migrations() -> list[list[str]]:
    return sorted([list(name) for name in MigrationRecorder(connection).applied_migrations()])


def _write_table(archive: zipfile.ZipFile, name: str) -> dict[str, Any]:
    digest, count = hashlib.sha256(), 0
    with archive.open(f"tables/{name}.jsonl", "w", force_zip64=True) as out:
        for line in _lines(name):
            out.write(line)
            digest.update(line)
            count += 1
    return {"rows": count - 1, "sha256": digest.hexdigest()}


def _lines(name: str) -> Iterator[bytes]:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{name}"')
        yield _line([column[0] for column in cursor.description])
        while rows := cursor.fetchmany(CHUNK):
            for row in rows:
                yield _line([_plain(value) for value in row])


def _line(values: list[Any]) -> bytes:
    return (json.dumps(values, ensure_ascii=False, separators=(",", ":")) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview):
        return {"hex": bytes(value).hex()}
    if isinstance(value, dict | list):
        return {"json": value}
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def _back(value: Any) -> Any:
    if isinstance(value, dict):
        return bytes.fromhex(value["hex"]) if "hex" in value else json.dumps(value["json"], ensure_ascii=False)
    return value


def restore(source: Path, paths: Paths, *, replace: bool) -> dict[str, Any]:
    """Load a backup into this installation. Refuses to replace records unless told so, and anything damaged."""
    from keshu.bureau.records.models import Act

    if Act.objects.exists() and not replace:
        raise BackupProblem("此处已有数据；确认要以备份替换全部现有数据，请加 --replace")
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _checked(archive)
            files = _restore_files(archive, paths)
            _restore_uploads(archive, paths)
            rows = _restore_tables(archive, manifest)
    except (zipfile.BadZipFile, KeyError) as error:
        raise BackupProblem(f"{source} 不是完整的备份文件") from error
    return {"rows": rows, "files": files, "made_at": manifest["made_at"]}


def _checked(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest = json.loads(archive.read("manifest.json"))
    if manifest["migrations"] != _migrations():
        raise BackupProblem("备份由另一版本的程序生成；请先安装与备份相同的版本恢复，再升级")
    for name, expected in manifest["tables"].items():
        digest = hashlib.sha256()
        with archive.open(f"tables/{name}.jsonl") as lines:
            for chunk in iter(lambda: lines.read(1 << 20), b""):
                digest.update(chunk)
        if digest.hexdigest() != expected["sha256"]:
            raise BackupProblem(f"备份中的数据表 {name} 已损坏，未作任何改动")
    return manifest


def _restore_files(archive: zipfile.ZipFile, paths: Paths) -> int:
    from keshu.bureau.records.files import keep

    names = [name for name in archive.namelist() if name.startswith("files/")]
    for name in names:
        content = archive.read(name)
        if hashlib.sha256(content).hexdigest() != Path(name).name:
            raise BackupProblem(f"备份中的附件 {Path(name).name[:12]}… 已损坏，未作任何改动")
        keep(content)
    return len(names)


def _restore_uploads(archive: zipfile.ZipFile, paths: Paths) -> None:
    """The files that were imported, sealed as they are: they open with the keys of the installation that made them."""
    for name in archive.namelist():
        folder, _slash, upload = name.partition("/")
        if folder == "uploads" and UPLOAD.fullmatch(upload):
            uploads_of(paths).mkdir(parents=True, exist_ok=True)
            (uploads_of(paths) / upload).write_bytes(archive.read(name))


def uploads_of(paths: Paths) -> Path:
    return Path(paths.data) / "uploads"


def _restore_tables(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> int:
    total = 0
    with _WithoutGuards(list(manifest["tables"])):
        for name in manifest["tables"]:
            with archive.open(f"tables/{name}.jsonl") as lines:
                total += _load(name, io.TextIOWrapper(lines, encoding="utf-8"))
    return total


class _WithoutGuards:
    """One transaction in which the append-only triggers are set aside, every table emptied, and the guards put back."""

    def __init__(self, names: list[str]) -> None:
        self.names = names
        self.atomic = transaction.atomic()
        self.triggers: list[str] = []

    def __enter__(self) -> None:
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA foreign_keys = OFF")  # only possible outside a transaction
        self.atomic.__enter__()
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
                found = cursor.fetchall()
                self.triggers = [sql for _, sql in found]
                for name, _ in found:
                    cursor.execute(f'DROP TRIGGER "{name}"')
                for table in self.names:
                    cursor.execute(f'DELETE FROM "{table}"')
            else:
                cursor.execute("SET CONSTRAINTS ALL DEFERRED")
                cursor.execute("TRUNCATE " + ", ".join(f'"{name}"' for name in self.names) + " CASCADE")

    def __exit__(self, *error: Any) -> None:
        with connection.cursor() as cursor:
            if error[0] is None:
                for sql in self.triggers:
                    cursor.execute(sql)
                if connection.vendor == "postgresql":
                    _renumber(cursor, self.names)
        self.atomic.__exit__(*error)
        if connection.vendor == "sqlite":
            connection.cursor().execute("PRAGMA foreign_keys = ON")


IDENTITIES = """
SELECT pg_get_serial_sequence(%s, a.attname), a.attname FROM pg_attribute a
WHERE a.attrelid = %s::regclass AND a.attidentity <> ''
"""


def _renumber(cursor: Any, names: list[str]) -> None:
    """Let every sequence go on after the largest id that was loaded."""
    for name in names:
        cursor.execute(IDENTITIES, [f'"{name}"', f'"{name}"'])
        for sequence, column in cursor.fetchall():
            cursor.execute(
                f'SELECT setval(%s, COALESCE((SELECT max("{column}") FROM "{name}"), 0) + 1, false)', [sequence]
            )


def _load(name: str, lines: Iterator[str]) -> int:
    columns = json.loads(next(iter(lines)))
    marks = ", ".join(["%s"] * len(columns))
    listed = ", ".join(f'"{column}"' for column in columns)
    statement = f'INSERT INTO "{name}" ({listed}) VALUES ({marks})'
    count, rows = 0, []
    with connection.cursor() as cursor:
        for line in lines:
            rows.append([_back(value) for value in json.loads(line)])
            if len(rows) == CHUNK:
                cursor.executemany(statement, rows)
                count, rows = count + len(rows), []
        cursor.executemany(statement, rows)
    return count + len(rows)
