"""The last hour before a deadline: a crowd applies at once while the server's processes are killed with -9.

    keshu bench deadline --rows 500
    python -m bench.deadline --applicants 500 --kills 25 --every 12

The server is `keshu serve` with its supervisor, granian and the task worker, on a PostgreSQL of its own; a loop starts
it again as a service manager would. Afterwards the database has to show everything that an applicant was told. The peer
is the same server with one applicant after another and nobody killed. Sessions are opened in the database beforehand:
passwords are hashed slowly on purpose, and signing in 500 people would measure that alone.
"""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.deadline_city import Applicant, seed
from bench.deadline_people import Tally, all_at_once, one_by_one
from bench.deadline_proof import faults_of
from bench.deadline_server import Server
from bench.imports import ROOT, _has_postgresql, _installation


def run(rows: int = 500) -> list[dict[str, Any]]:
    """In a process of its own; the verdict goes to the error channel. Without PostgreSQL nothing is measured."""
    if not _has_postgresql():
        return []
    command = [sys.executable, "-m", "bench.deadline", "--applicants", str(rows), "--json"]
    done = subprocess.run(command, check=False, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"bench.deadline ended with {done.returncode}")
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def measure(options: argparse.Namespace) -> dict[str, Any]:
    with _installation("postgresql") as folder:
        people = seed(options.applicants + options.idle)
        alone, crowd = people[: options.idle], people[options.idle :]
        log = folder / "server.log"
        storm = asyncio.run(_both(alone, crowd, Server(log, options.workers, options.threads), options))
        if options.log:
            shutil.copy(log, options.log)
        lost = list(faults_of(people))
    idle, stormy, server = storm
    return _report(options, idle, stormy, server, people, lost)


async def _both(
    alone: list[Applicant], crowd: list[Applicant], server: Server, options: argparse.Namespace
) -> tuple[Tally, Tally, Server]:
    from django.db import connections

    connections.close_all()
    async with server:
        idle = await one_by_one(alone, server.port, time.monotonic() + options.seconds)
        print(f"idle run over: {len(alone)} applicants", file=sys.stderr)
        killing = asyncio.create_task(server.kill(options.kills, options.every, random.Random(options.seed)))
        until = time.monotonic() + options.seconds
        stormy = await all_at_once(crowd, server.port, until, options.pause)
        killing.cancel()
        print(f"storm over: {len(crowd)} applicants, {sum(server.kills.values())} kills", file=sys.stderr)
    return idle, stormy, server


def _report(
    options: argparse.Namespace, idle: Tally, storm: Tally, server: Server, people: list[Applicant], lost: list[str]
) -> dict[str, Any]:
    calm, busy = _figures(idle), _figures(storm)
    return {
        "applicants": options.applicants, "idle": calm, "storm": busy,
        "ratios": {name: round(busy[name] / calm[name], 2) for name in ("rate", "p50", "p95") if calm[name]},
        "kinds": {
            kind: {"idle": _quantiles(idle.answers.get(kind, [])), "storm": _quantiles(storm.answers[kind])}
            for kind in sorted(storm.answers)
        },
        "click_to_receipt": {"idle": _quantiles(idle.waits), "storm": _quantiles(storm.waits)},
        "errors": dict(storm.errors.most_common()), "idle_errors": dict(idle.errors),
        "kills": dict(server.kills), "starts": server.starts, "still_listening": server.orphans(),
        "receipts": sum(1 for who in people if who.receipts), "cells": sum(len(who.kept) for who in people),
        "uploads": sum(who.paper_in for who in people),
        "unfinished": Counter(who.trouble for who in people if who.trouble).most_common(12), "lost": lost,
    }  # fmt: skip


def _figures(tally: Tally) -> dict[str, float]:
    every = [one for answers in tally.answers.values() for one in answers]
    seconds = tally.ended - tally.begun
    return {"seconds": round(seconds, 1), "answers": len(every), "rate": round(len(every) / seconds, 2)} | _quantiles(
        every
    )


def _quantiles(seconds: list[float]) -> dict[str, float]:
    if len(seconds) < 2:
        return {"p50": 0.0, "p95": 0.0}
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return {"p50": round(cuts[9], 3), "p95": round(cuts[18], 3)}


def _rows(found: dict[str, Any]) -> list[dict[str, Any]]:
    """As `keshu bench` prints measurements: seconds, and how many times those of the idle run."""
    told = f"{found['applicants']} applicants, {sum(found['kills'].values())} kills"
    rows = [
        {"bench": "deadline", "what": f"{name} of an answer ({told})", "seconds": found["storm"][name],
         "ratio": found["ratios"].get(name, 0.0)}
        for name in ("p50", "p95")
    ]  # fmt: skip
    rate = {
        "bench": "deadline",
        "what": "seconds for each answered request",
        "ratio": round(1 / found["ratios"]["rate"], 2),
    }
    rows.append(rate | {"seconds": round(1 / found["storm"]["rate"], 4)})
    rows[0] |= {"lost": found["lost"], "found": found}
    return rows


def _verdict(found: dict[str, Any]) -> str:
    if found["lost"]:
        return "LOST: " + "\n      ".join(found["lost"][:40])
    return (
        f"NOTHING LOST: {found['receipts']} receipts, {found['cells']} acknowledged fields, {found['uploads']} files, "
        f"{sum(found['kills'].values())} processes killed; {sum(n for _, n in found['unfinished'])} applicants did not finish"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--applicants", type=int, default=500)
    parser.add_argument("--idle", type=int, default=20, help="applicants of the idle run")
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--every", type=float, default=12.0, help="seconds between two kills, on average")
    parser.add_argument("--seconds", type=float, default=1800.0, help="who has no answer by then gives up")
    parser.add_argument("--pause", type=float, default=2.0, help="seconds at most that an applicant thinks")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--log", type=Path, help="where to leave what the server said")
    parser.add_argument("--json", action="store_true", help="only the rows of `keshu bench`")
    return parser.parse_args()


def main() -> int:
    options = _options()
    found = measure(options)
    print(_verdict(found), file=sys.stderr)
    print(json.dumps(_rows(found) if options.json else found, ensure_ascii=False, indent=None if options.json else 1))
    return int(bool(found["lost"]))


if __name__ == "__main__":
    sys.exit(main())
