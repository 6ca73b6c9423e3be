"""The server's children are kept alive and go when it goes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

PROGRAM = """
import sys
from keshu.site.supervisor import Child, supervise
line = "import os, time; open(%r, 'a').write(f'{os.getpid()}\\\\n'); time.sleep(60)"
sys.exit(supervise([Child("one", [sys.executable, "-c", line % sys.argv[1]])]))
"""


def started(path):
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def until(condition):
    for _ in range(200):
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
