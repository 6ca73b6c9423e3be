"""Processes by the dozen: one program starts Django once and forks a child for every wish.

A fork is a process like any other: it has its own connection and can be killed at any moment. Starting Python, Django and
the catalogue each time would make the promises too slow to be tried often. Run as a script, this is the program that forks.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
LARGEST = 4_000_000


class Child:
    """A forked process with pipes for its input and output."""

    def __init__(self, forks: "Forks", wish: dict[str, Any]) -> None:
        self._forks = forks
        given, self._write = os.pipe()
        self._read, taken = os.pipe()
        self.pid = forks.ask(wish, [given, taken])
        os.close(given)
        os.close(taken)
        self.stdin = os.fdopen(self._write, "w", buffering=1, encoding="utf-8")
        self.stdout = os.fdopen(self._read, encoding="utf-8")
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def poll(self) -> int | None:
        if self.returncode is None:
            self.returncode = self._forks.ask({"poll": self.pid})
        return self.returncode

    def wait(self, timeout: float = 120) -> int:
        end = time.monotonic() + timeout
        while self.poll() is None:
            assert time.monotonic() < end, "the process did not end"
            time.sleep(0.01)
        return self.returncode

    def communicate(self, text: str = "") -> str:
        """Give it its input, take its output, wait for its end."""
        self.stdin.write(text)
        self.stdin.close()
        out = self.stdout.read()
        self.wait()
        return out


class Forks:
    """The other end: starts the program that forks, and sends it wishes over a socket."""

    def __init__(self, environment: dict[str, str]) -> None:
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        command = [sys.executable, __file__, str(other.fileno())]
        self._process = subprocess.Popen(command, env=environment, pass_fds=[other.fileno()], cwd=ROOT)
        other.close()

    def ask(self, wish: dict[str, Any], files: list[int] | None = None) -> Any:
        socket.send_fds(self._socket, [json.dumps(wish).encode()], files or [])
        answer = self._socket.recv(LARGEST)
        assert answer, "the program that forks has died"
        return json.loads(answer)

    def start(self, program: str, arguments: tuple[str, ...], environment: dict[str, str]) -> Child:
        return Child(self, {"program": program, "arguments": arguments, "environment": environment})

    def close(self) -> None:
        self._socket.close()
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _serve(channel: socket.socket) -> None:
    while True:
        message, files, _flags, _address = socket.recv_fds(channel, LARGEST, 2)
        if not message:
            return
        wish = json.loads(message)
        if "poll" in wish:
            done, status = os.waitpid(wish["poll"], os.WNOHANG)
            channel.send(json.dumps(os.waitstatus_to_exitcode(status) if done else None).encode())
            continue
        pid = os.fork()
        if pid == 0:
            channel.close()
            _be_child(wish, files)
        for file in files:
            os.close(file)
        channel.send(json.dumps(pid).encode())


def _be_child(wish: dict[str, Any], files: list[int]) -> None:
    code = 1
    try:
        for target, file in enumerate(files):
            os.dup2(file, target)
            os.close(file)
        sys.stdin = os.fdopen(0, encoding="utf-8")
        sys.stdout = os.fdopen(1, "w", buffering=1, encoding="utf-8")
        os.environ.clear()
        os.environ.update(wish["environment"])
        _point_at_installation()
        sys.argv = ["-c", *wish["arguments"]]
        exec(compile(wish["program"], "<program>", "exec"), {"__name__": "__main__"})
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it was, the test reads it
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _point_at_installation() -> None:
    """The settings were read for another data directory: put this child's in their place before anything connects."""
    from django.conf import settings
    from django.db import connections

    from keshu.site.databases import database_of
    from keshu.site.paths import paths_of, secret

    settings.PATHS = paths_of()
    settings.SECRET_KEY = secret(settings.PATHS, "django.key")
    connections.settings["default"].update(
        database_of(os.environ.get("KESHU_DATABASE_URL", ""), settings.PATHS.database)
    )
    settings.DATABASES["default"] = connections.settings["default"]


def _start_django() -> None:
    import django

    django.setup()
    from django.core.management import call_command  # noqa: F401 - what every child would import anyway
    from django.db import connections

    from keshu.bureau.ledgers.catalogue import catalogue
    from keshu.bureau.reports import commands  # noqa: F401
    from keshu.site import cli, urls  # noqa: F401

    catalogue()
    assert all(one.connection is None for one in connections.all(initialized_only=True))


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    _start_django()
    _serve(socket.socket(fileno=int(sys.argv[1])))
