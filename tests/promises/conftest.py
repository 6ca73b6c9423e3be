"""Promises are tried on a database of their own, in processes that may be killed."""

import os
import shutil
import subprocess
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.promises.forks import Child, Forks
from tests.reports.conftest import add, bureau, firms

__all__ = ["add", "bureau", "firms"]  # the bureau of a small county, as the summaries' own tests know it

TEMPLATE = f"promise_template_{os.getpid()}"
CLI = """
import sys
from keshu.site.cli import main
sys.stderr = sys.stdout
sys.exit(main(sys.argv[1:]))
"""


class Installation:
    """A data directory with its keys and, on PostgreSQL, a database of its own."""

    def __init__(self, folder: Path, forks: Forks | None, url: str = "") -> None:
        self.folder = folder
        self.forks = forks
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("KESHU_", "DJANGO_"))}
        self.environment = clean | {
            "KESHU_DATA": str(folder / "data"), "KESHU_KEYS": str(folder / "keys"),
            "DJANGO_SETTINGS_MODULE": "keshu.site.settings", "KESHU_TRACE": "1",
        }  # fmt: skip
        if url:
            self.environment["KESHU_DATABASE_URL"] = url

    def start(self, program: str, *arguments: str) -> Child:
        """Run a Python program on this installation, in a process of its own; Django is set up for it."""
        return self.forks.start(program, arguments, self.environment)

    def run(self, program: str, *arguments: str, text: str = "") -> str:
        process = self.start(program, *arguments)
        out = process.communicate(text)
        assert process.returncode == 0, out
        return out

    def keshu(self, *arguments: str, code: int | None = 0, text: str = "", **more: str) -> str:
        """The command in a process of its own: what it prints on both channels. `code` None takes any."""
        process = self.forks.start(CLI, tuple(str(one) for one in arguments), self.environment | more)
        out = process.communicate(text)
        assert code is None or process.returncode == code, out
        self.code = process.returncode
        return out


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty installation, migrated once; every test gets a copy of it."""
    made = Installation(tmp_path_factory.mktemp("template"), None, _created(TEMPLATE) if _base() else "")
    program = "from keshu.site.commands.answer import start; start()"
    subprocess.run([sys.executable, "-c", program], env=made.environment, check=True, timeout=300)
    yield made
    if _base():
        _execute(f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")


@pytest.fixture(scope="session")
def forks(migrated):
    """Where processes come from. It is started on the template, but nothing in it ever opens that database."""
    made = Forks(migrated.environment)
    yield made
    made.close()


@pytest.fixture
def installation(migrated, forks, tmp_path):
    """An empty installation on the engine of this test run."""
    with _furnished(migrated, forks, tmp_path) as made:
        yield made


@pytest.fixture(scope="module")
def shared(migrated, forks, tmp_path_factory):
    """An installation with a small bureau, for the tests of a file that leave it as it was."""
    with _furnished(migrated, forks, tmp_path_factory.mktemp("shared")) as made:
        made.run("from tests.promises.small_bureau import plant; plant()")
        yield made


@contextmanager
def _furnished(migrated, forks, folder):
    shutil.copytree(migrated.folder, folder, dirs_exist_ok=True)
    if not _base():
        yield Installation(folder, forks)
        return
    name = f"promise_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    yield Installation(folder, forks, _created(name, template=TEMPLATE))
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
