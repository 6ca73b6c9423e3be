"""The demo city for the tests: built by the real command, once for all legs of a run that stand on the same sources.

What is kept is named by a hash of everything that the city is made of, and by the day; a change of either builds anew.
"""

import datetime as dt
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[1]
KESHU = Path(sys.executable).parent / "keshu"
KEPT = ROOT / "var" / "test-cities"
MADE_OF = (".py", ".yaml", ".toml", ".lock", ".txt")


def environment(folder: Path) -> dict[str, str]:
    """The environment of a command on the demo city in this folder, whatever the test run itself uses."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("KESHU_", "DJANGO_"))}
    own = {"KESHU_DATA": str(folder / "data"), "KESHU_KEYS": str(folder / "keys"), "KESHU_DEMO": "1"}
    return clean | own | {"DJANGO_SETTINGS_MODULE": "keshu.site.settings"}


def demo_city(folder: Path) -> Path:
    """A city of one's own in this folder (`data`, `keys`). Who comes while it is being built waits for it."""
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        kept = KEPT / _name()
        if not kept.exists():
            _build(kept)
        shutil.copytree(kept, folder, dirs_exist_ok=True)
    return folder


def _build(kept: Path) -> None:
    """Build aside, put in its place at once, and throw away what stood on other sources."""
    aside = Path(tempfile.mkdtemp(prefix="test-city-", dir=KEPT.parent))
    subprocess.run([KESHU, "demo", "--no-serve"], env=environment(aside), check=True, stdout=subprocess.DEVNULL)
    for old in KEPT.glob("*-*"):
        shutil.rmtree(old)
    aside.rename(kept)


def _name() -> str:
    digest = hashlib.sha256()
    for path in sorted((*(ROOT / "src").rglob("*"), ROOT / "uv.lock")):
        if path.suffix in MADE_OF and "static" not in path.parts:
            digest.update(f"{path.relative_to(ROOT)}\0".encode())
            digest.update(path.read_bytes())
    today = dt.datetime.now(dt.timezone(dt.timedelta(hours=8))).date()
    return f"{today.isoformat()}-{digest.hexdigest()[:16]}"
