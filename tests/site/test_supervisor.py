"""The server's children are kept alive and go when it goes."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from keshu.site.supervisor import SUPERVISED

PROGRAM = """
import sys
from keshu.site.supervisor import Child, supervise
line = "import os, time; open(%r, 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"
sys.exit(supervise([Child("one", [sys.executable, "-c", line % sys.argv[1]])]))
"""


def started(path):
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def until(condition):
    for _ in range(400):
        if condition():
            return True
        time.sleep(0.05)
    return False


def alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    return state != "Z"  # a zombie has been told to go


def test_a_child_that_dies_is_started_again_and_stops_with_its_parent(tmp_path):
    log = tmp_path / "log"
    parent = subprocess.Popen([sys.executable, "-c", PROGRAM, str(log)])
    assert until(lambda: len(started(log)) == 1)
    os.kill(started(log)[0], signal.SIGKILL)
    assert until(lambda: len(started(log)) == 2)
    parent.send_signal(signal.SIGTERM)
    assert parent.wait(10) == 0
    assert not alive(started(log)[1])


def test_a_killed_parent_leaves_no_orphan(tmp_path):
    log = tmp_path / "log"
    parent = subprocess.Popen([sys.executable, "-c", PROGRAM, str(log)])
    assert until(lambda: len(started(log)) == 1)
    parent.kill()
    parent.wait()
    assert until(lambda: not alive(started(log)[0]))


def test_a_killed_granian_leaves_no_worker_that_goes_on_answering(tmp_path):
    """The worker lives in granian's own child process, which nobody else would ever stop."""
    environment = os.environ | {
        SUPERVISED: "1", "KESHU_DATA": str(tmp_path / "data"), "KESHU_KEYS": str(tmp_path / "keys"),
        "DJANGO_SETTINGS_MODULE": "keshu.site.settings",
    }  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "keshu.site.wsgi:application",
        "--interface",
        "wsgi",
        "--port",
        str(port),
    ]
    granian = subprocess.Popen(command, env=environment)
    try:
        assert until(lambda: listening(port))
        workers = [int(pid) for pid in Path(f"/proc/{granian.pid}/task/{granian.pid}/children").read_text().split()]
        assert workers
    finally:
        granian.kill()
        granian.wait()
    assert until(lambda: not any(alive(pid) for pid in workers))


def listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
