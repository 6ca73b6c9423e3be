"""Keeps child processes alive, and takes them along when it goes."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field

PATIENCE = 10.0  # seconds for a child to stop by itself
PR_SET_PDEATHSIG = 1
SUPERVISED = "SUPERVISED_BY_KESHU"  # set for children, whose own children look at it


@dataclass
class Child:
    name: str
    command: list[str]
    process: subprocess.Popen | None = None
    failures: list[float] = field(default_factory=list)

    def start(self) -> None:
        environment = os.environ | {SUPERVISED: "1"}
        self.process = subprocess.Popen(self.command, env=environment, preexec_fn=die_with_parent)  # noqa: PLW1509  the supervisor has no threads


def die_with_parent(by: signal.Signals = signal.SIGTERM) -> None:
    """On Linux a child is sent `by` when its parent is gone, also after kill -9."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, by)


def supervise(children: list[Child]) -> int:
    """Run until SIGINT or SIGTERM. A child that ends is started again, unless it fails five times within a minute."""
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda n, _: stopping.append(n))
    for child in children:
        child.start()
    try:
        while not stopping:
            time.sleep(0.2)
            if any(not _kept_alive(child) for child in children):
                return 1
    finally:
        _stop(children)
    return 0


def _kept_alive(child: Child) -> bool:
    if child.process is not None and child.process.poll() is None:
        return True
    now = time.monotonic()
    child.failures = [t for t in child.failures if now - t < 60] + [now]
    if len(child.failures) >= 5:
        print(f"{child.name} 一分钟内五次退出，已停止；请查看上面的错误", file=sys.stderr)
        return False
    child.start()
    return True


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process is not None and child.process.poll() is None:
            child.process.terminate()
    deadline = time.monotonic() + PATIENCE
    for child in children:
        if child.process is None:
            continue
        try:
            child.process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.process.kill()
