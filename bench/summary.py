"""A year's summary of a whole city: composed, frozen and written to .docx, against computing its figures alone.

All on the demo city's thirty thousand rows. "Figures alone" are the same references that the text prints, told once
more from the records by the same engine, without choosing words, checking gates, or finding rows for the freeze.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]


def run(rows: int = 0) -> list[dict[str, Any]]:
    """Loads the demo city (its size is given, `rows` is not used) and measures in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="keshu-bench-") as scratch:
        environment = os.environ | {
            "KESHU_DATA": f"{scratch}/data", "KESHU_KEYS": f"{scratch}/keys", "KESHU_DEMO": "1",
            "DJANGO_SETTINGS_MODULE": "keshu.site.settings",
        }  # fmt: skip
        keshu = Path(sys.executable).parent / "keshu"
        subprocess.run([keshu, "demo", "--no-serve"], env=environment, check=True, capture_output=True)
        command = [sys.executable, "-m", "bench.summary", scratch]
        done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
        return json.loads(done.stdout.splitlines()[-1])


def best(what: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        what()
        taken.append(time.perf_counter() - begun)
    return min(taken)


def measure(folder: Path) -> list[dict[str, Any]]:
    import django

    django.setup()
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.accounts.models import User
    from keshu.bureau.records.services import Actor
    from keshu.bureau.reports import commands
    from keshu.bureau.reports.asking import tellings_of
    from keshu.bureau.reports.handing_on import sign_off
    from keshu.bureau.reports.models import Summary
    from keshu.bureau.reports.services import compose_summary
    from keshu.kernel.measure.period import Period
    from keshu.site.demo.summaries import sign_all

    by, period, out = Actor("office"), Period.parse("2024"), folder / "s.docx"
    begun = time.perf_counter()
    summary = compose_summary("990100", period, "city", by=by)
    seconds = {"composed and stored": time.perf_counter() - begun}
    seconds["figures alone"] = best(lambda: tellings_of(Summary.objects.get(pk=summary.pk)))
    sign_all(summary)
    rights = viewer_of(User.objects.get(username="office")).rights
    begun = time.perf_counter()
    sign_off(summary.pk, by=by, rights=rights)
    seconds["frozen"] = time.perf_counter() - begun
    built = best(lambda: commands.build(place="990100", period="2024", kind="city", out=out))
    seconds["composed and written to .docx"] = built
    return [_row(name, taken, seconds["figures alone"]) for name, taken in seconds.items()]


def _row(name: str, seconds: float, base: float) -> dict[str, Any]:
    return {
        "bench": "summary",
        "what": name,
        "seconds": round(seconds, 3),
        "ratio": round(seconds / base, 2),
        "goal": None,
    }


if __name__ == "__main__":
    print(json.dumps(measure(Path(sys.argv[1])), ensure_ascii=False))
