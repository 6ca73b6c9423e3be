"""`keshu serve` kept alive by a loop, as a service manager does, while somebody kills its processes with -9."""

import asyncio
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any, Self

from bench.imports import ROOT

OFTEN = {"web worker": 4, "web master": 2, "task worker": 2, "supervisor": 1}  # how often each is chosen


class Server:
    """The real thing: its own supervisor, granian with its processes, the task worker."""

    def __init__(self, log: Path, workers: int, threads: int) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.command = [
            sys.executable, "-m", "keshu.site.cli", "serve", "--port", str(self.port),
            "--workers", str(workers), "--threads", str(threads),
        ]  # fmt: skip
        self.log = log
        self.kills: Counter[str] = Counter()
        self.starts = 0

    def start(self) -> None:
        self.starts += 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(self.command, cwd=ROOT, stdout=log, stderr=log)

    async def __aenter__(self) -> Self:
        self.start()
        self.keeping = asyncio.create_task(self._keep())
        await self.answering()
        return self

    async def __aexit__(self, *_error: Any) -> None:
        self.keeping.cancel()
        self.process.terminate()
        await asyncio.to_thread(self.process.wait)

    async def answering(self) -> None:
        """Wait until somebody listens. Raises TimeoutError."""
        until = time.monotonic() + 120
        while time.monotonic() < until:
            try:
                _reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            except OSError:
                await asyncio.sleep(0.2)
            else:
                writer.close()
                return
        raise TimeoutError(self.log.read_text(encoding="utf-8", errors="replace")[-2000:])

    async def _keep(self) -> None:
        while True:
            await asyncio.sleep(0.5)
            if self.process.poll() is not None:
                self.start()

    async def kill(self, times: int, every: float, chance: random.Random) -> None:
        """At random moments, `every` seconds apart on average, one process of the tree that is up."""
        while self.kills.total() < times:
            await asyncio.sleep(chance.uniform(0.3, 1.7) * every)
            tree = self.tree()
            if "web worker" not in tree.values():
                continue  # still coming up after the last one
            kinds = sorted(set(tree.values()))
            kind = chance.choices(kinds, [OFTEN[one] for one in kinds])[0]
            pid = chance.choice([one for one, other in tree.items() if other == kind])
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            self.kills[kind] += 1

    def tree(self) -> dict[int, str]:
        """Every process that `keshu serve` has brought forth, with what it is."""
        parents, found = _parents(), {self.process.pid: "supervisor"}
        if self.process.poll() is not None:
            return {}
        for pid in sorted(parents):
            above = parents[pid]
            if above in found:
                found[pid] = _kind(pid, found[above])
        return {pid: kind for pid, kind in found.items() if kind != "other"}

    def orphans(self) -> list[int]:
        """Processes that still listen on the port after everything was stopped."""
        return [pid for pid in _parents() if f"--port {self.port} " in _line(pid) or _listens(pid, self.port)]


def _parents() -> dict[int, int]:
    found = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                stat = (path / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            found[int(path.name)] = int(stat.rpartition(")")[2].split()[1])
    return found


def _line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    except OSError:
        return ""


def _kind(pid: int, above: str) -> str:
    line = _line(pid)
    if above == "supervisor":
        return "web master" if " granian " in line else "task worker" if line.rstrip().endswith(" worker") else "other"
    if above == "web master":
        return "other" if "resource_tracker" in line else "web worker"
    return "other"


def _listens(pid: int, port: int) -> bool:
    """Whether a process holds a listening socket of the port."""
    inodes = set()
    for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]:
        columns = line.split()
        if columns[3] == "0A" and int(columns[1].rpartition(":")[2], 16) == port:
            inodes.add(f"socket:[{columns[9]}]")
    try:
        return any(str(one.readlink()) in inodes for one in Path(f"/proc/{pid}/fd").iterdir())
    except OSError:
        return False
