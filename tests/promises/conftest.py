"""Promises are tried on a database of their own, in processes that may be killed."""

import os
import shutil
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from tests.reports.conftest import add, bureau, firms

__all__ = ["add", "bureau", "firms"]  # the bureau of a small county, as the summaries' own tests know it


class Installation:
    """A data directory with its keys and, on PostgreSQL, a database of its own."""

    def __init__(self, folder: Path, url: str = "") -> None:
        self.folder = folder
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("KESHU_", "DJANGO_"))}
        self.environment = clean | {
            "KESHU_DATA": str(folder / "data"), "KESHU_KEYS": str(folder / "keys"),
            "DJANGO_SETTINGS_MODULE": "keshu.site.settings", "KESHU_TRACE": "1",
        }  # fmt: skip
        if url:
            self.environment["KESHU_DATABASE_URL"] = url

    def start(self, program: str, *arguments: str) -> subprocess.Popen:
        """Run a Python program on this installation; Django is set up and migrated for it."""
        head = "from keshu.site.commands.answer import start; start()\n"
        command = [sys.executable, "-u", "-c", head + program, *arguments]
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, text=True)

    def run(self, program: str, *arguments: str) -> str:
        process = self.start(program, *arguments)
        out, _ = process.communicate(timeout=120)
        assert process.returncode == 0, out
        return out

    def keshu(self, *arguments: str, code: int = 0) -> str:
        done = subprocess.run(
            [Path(sys.executable).parent / "keshu", *arguments], env=self.environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def migrated(tmp_path_factory) -> Installation:
    """An empty installation, migrated once; every test gets a copy of it."""
    made = Installation(tmp_path_factory.mktemp("template"), _created("promise_template") if _base() else "")
    made.run("")
    return made


@pytest.fixture
def installation(migrated, tmp_path):
    """An empty installation on the engine of this test run."""
    shutil.copytree(migrated.folder, tmp_path, dirs_exist_ok=True)
    if not _base():
        yield Installation(tmp_path)
        return
    name = f"promise_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    yield Installation(tmp_path, _created(name, template="promise_template"))
    _execute(f"DROP DATABASE {name} WITH (FORCE)")


def _base() -> str:
    from keshu.site.settings_test import ENGINE

    return os.environ["KESHU_DATABASE_URL"] if ENGINE == "postgresql" else ""


def _created(name: str, template: str = "template0") -> str:
    _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    head, _, query = _base().partition("?")
    return head.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")


def _execute(statement: str) -> None:
    import psycopg

    with psycopg.connect(_base(), autocommit=True) as connection:
        connection.execute(statement)
