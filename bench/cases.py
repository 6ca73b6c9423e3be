"""The lists of 100,000 applications: CPU and bytes of a page, against the same page by Django's own pagination.

The peer is the same view with the same rows, filter and template; only the cut is Django's `Paginator`: COUNT and OFFSET.
Every page is made by the whole site (session, rights, template) in this process; what PostgreSQL spends itself is in
`seconds`, which is the clock on the wall, and not in `cpu`.
"""

import json
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.imports import ROOT, _has_postgresql, _installation

TIMES = 15
DEEP = 1000  # the page of the comparison
PROGRAMMES = ("plan.key_rd", "plan.agri", "plan.social", "plan.soft")
OPEN = (
    "recommending",
    "accepting",
    "checking",
    "mending",
    "reviewing",
    "advising",
    "deciding",
    "announcing",
    "running",
)


def run(rows: int = 100_000) -> list[dict[str, Any]]:
    """One run for each engine at hand, in a process and a data directory of its own."""
    results: list[dict[str, Any]] = []
    for engine in ("sqlite", "postgresql"):
        if engine == "postgresql" and not _has_postgresql():
            continue
        command = [sys.executable, "-m", "bench.cases", engine, str(rows)]
        done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
        results += json.loads(done.stdout.splitlines()[-1])
    return results


def measure(engine: str, count: int) -> list[dict[str, Any]]:
    with _installation(engine):
        client = _client()
        _seed(count)
        _analyse()
        pages = {what: _timed(client, url) for what, url in _pages(count)}
        peer = _peer(lambda: _timed(client, f"/programmes/cases/?number={min(DEEP, count // 50)}"))
        plans = _plans()
    ours = pages["all cases, page 1,000"]
    found = [_result(engine, count, what, one, ours) for what, one in pages.items()]
    found.append(_result(engine, count, "all cases, page 1,000 by COUNT and OFFSET", peer, ours))
    for what, plan in plans.items():
        print(f"{engine} {what}: {plan}", file=sys.stderr)
    return found


def _result(engine: str, count: int, what: str, one: dict[str, Any], ours: dict[str, Any]) -> dict[str, Any]:
    ratio = round(one["seconds"] / ours["seconds"], 2)
    told = f"{what} ({engine}, {count:,} rows; CPU {one['cpu'] * 1000:.1f} ms, {one['bytes']:,} bytes, {one['queries']} queries)"
    return {"bench": "cases", "engine": engine, "rows": count, "what": told, "ratio": ratio, **one}


def _timed(client: Any, url: str) -> dict[str, Any]:
    """Medians of the same page asked for again and again; the first answers are left out."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    for _ in range(3):
        response = client.get(url)
        if response.status_code != 200:
            raise RuntimeError(f"{url}: {response.status_code}")
    seconds, cpu = [], []
    for _ in range(TIMES):
        wall, spent = time.perf_counter(), time.process_time()
        response = client.get(url)
        cpu.append(time.process_time() - spent)
        seconds.append(time.perf_counter() - wall)
    with CaptureQueriesContext(connection) as asked:
        client.get(url)
    found = {"seconds": statistics.median(seconds), "cpu": statistics.median(cpu)}
    return {name: round(value, 4) for name, value in found.items()} | {
        "bytes": len(response.content), "queries": len(asked),
    }  # fmt: skip


def _pages(count: int) -> Iterator[tuple[str, str]]:
    """The pages that people open, each with its address."""
    from keshu.bureau.pages import keyset
    from keshu.bureau.programmes.models import Stage

    depth = min(DEEP, count // 50) * 50 - 50
    row = Stage.objects.filter(left_at__isnull=True).order_by("-application_id")[depth - 1]
    deep = keyset._cursor("a", row, "application_id")
    yield "all cases, page 1", "/programmes/cases/"
    yield "all cases, page 1,000", f"/programmes/cases/?page={deep}"
    yield "all cases by due date", "/programmes/cases/?sort=due"
    yield "all cases of a state", "/programmes/cases/?state=deciding"
    yield "all cases, a number", "/programmes/cases/?q=B000777"
    yield "all cases, words", "/programmes/cases/?q=第42号"
    yield "work list", "/programmes/work/"


def _peer(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Ask while the list is cut by Django's own Paginator."""
    from django.core.paginator import Paginator

    from keshu.bureau.pages.keyset import Page
    from keshu.bureau.programmes.handling import list_views

    def cut(rows: Any, query: Any, *, sorts: Any, default: str) -> Page:
        page = Paginator(rows.order_by("-application_id"), 50).page(int(query["number"]))
        if not page.paginator.count:
            raise RuntimeError("nothing to show")
        return Page(rows=list(page.object_list), next="x", previous="x", sort=default)

    own = list_views.page_of
    list_views.page_of = cut  # type: ignore[assignment]
    try:
        return ask()
    finally:
        list_views.page_of = own


def _client() -> Any:
    """A clerk of the city who is signed in."""
    from django.conf import settings
    from django.test import Client

    from keshu.bureau.accounts.models import Membership, User
    from keshu.bureau.places.models import Place
    from keshu.bureau.records.services import SYSTEM, writing

    settings.ALLOWED_HOSTS.append("testserver")
    at = datetime.now(UTC)
    user = User.objects.create(username="bench", name="测量", created_at=at, password_changed_at=at)
    with writing(verb="bench", by=SYSTEM) as act:
        Membership.objects.create(user=user, role="head", place=Place.objects.get(), act=act.act)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _seed(count: int) -> None:
    """Cases of three years: nine in ten have ended, the others lie in every stage, some over their day."""
    from keshu.bureau.places.models import Place
    from keshu.bureau.programmes.models import Application, FormVersion, Stage
    from keshu.bureau.records.services import SYSTEM, writing

    chance, at, city = random.Random(7), datetime.now(UTC), Place.objects.get()
    with writing(verb="bench", by=SYSTEM) as act:
        calls, parties = _calls(act.act, city), _parties(act.act, city)
    for start in range(0, count, 5000):
        with writing(verb="bench", by=SYSTEM) as act:
            numbers = range(start, min(start + 5000, count))
            drafts = [
                Application(
                    call_id=chance.choice(calls), party_id=chance.choice(parties), place=city, state="draft",
                    title=f"第{n % 977}号关键技术研究与应用", leader="林远", created_by="x", created_at=at, act=act.act,
                )
                for n in numbers
            ]  # fmt: skip
            cases = Application.objects.bulk_create(drafts)
            versions = FormVersion.objects.bulk_create(
                FormVersion(
                    application=one, number=1, values={}, papers=[], sha256="0" * 64, event="submit", by="x", at=at,
                    act=act.act,
                )
                for one in cases
            )  # fmt: skip
            stages = []
            for n, one, version in zip(numbers, cases, versions, strict=True):
                one.number, one.version, one.submitted_at = f"B{n:06d}", version, at - timedelta(minutes=count - n)
                one.state = chance.choice(OPEN) if n % 10 == 0 else "archived"
                one.end, one.ended_at = ("", None) if n % 10 == 0 else ("completed", at)
                due = at.date() + timedelta(chance.randint(-20, 40)) if n % 10 == 0 else None
                stages += [
                    Stage(
                        application=one, state=state, order=order, entered_at=at, left_at=None if order == 3 else at,
                        due_on=due, act=act.act,
                    )
                    for order, state in enumerate(("draft", "recommending", one.state), start=1)
                ]  # fmt: skip
            Application.objects.bulk_update(
                cases, ["number", "version", "submitted_at", "state", "end", "ended_at"], batch_size=500
            )
            Stage.objects.bulk_create(stages, batch_size=2000)


def _calls(act: Any, city: Any) -> list[int]:
    from keshu.bureau.programmes.definitions import pin, programme_of
    from keshu.bureau.programmes.models import Call

    found, at = [], datetime.now(UTC)
    for year in (2024, 2025, 2026):
        for code in PROGRAMMES:
            programme = programme_of(code)
            pin(programme, at=act.at)
            call = Call.objects.create(
                programme=code, version=programme.version, year=year, name=f"{year}年度{programme.name}", place=city,
                section=programme.owner, opens_at=at - timedelta(days=9), closes_at=at, contact="x", phone="x",
                state="published", published_at=at, act=act,
            )  # fmt: skip
            found.append(call.pk)
    return found


def _parties(act: Any, city: Any) -> list[int]:
    from keshu.bureau.parties.models import Party

    names = [f"云岭第{n}号技术有限公司" for n in range(5000)]
    made = Party.objects.bulk_create(Party(name=name, normal_name=name, place=city, act=act) for name in names)
    return [one.pk for one in made]


def _analyse() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _plans() -> dict[str, str]:
    """By which indexes the databases find the rows of the two lists."""
    from keshu.bureau.accounts.access import viewer_of
    from keshu.bureau.accounts.models import User
    from keshu.bureau.pages.keyset import page_of
    from keshu.bureau.programmes.handling import work
    from keshu.bureau.programmes.handling.list_views import SORTS

    viewer = viewer_of(User.objects.get())
    rows = {
        "new": work.all_cases(viewer),
        "due": work.all_cases(viewer),
        "work": work.work_of(viewer, datetime.now(UTC).date()),
    }
    found = {}
    for what, default in (("new", "-new"), ("due", "due"), ("work", "due")):
        asked: list[Any] = []
        _explained(rows[what], asked, lambda one, default=default: page_of(one, {}, sorts=SORTS, default=default))
        found[what] = " | ".join(
            line.strip() for line in asked[0].splitlines() if "ndex" in line or "SCAN" in line or "Scan" in line
        )
    return found


def _explained(rows: Any, asked: list[Any], ask: Callable[[Any], Any]) -> None:
    """The plan of the statement that `ask` makes of the rows."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as statements:
        ask(rows)
    sql = statements.captured_queries[-1]["sql"]
    word = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        cursor.execute(word + sql.replace("%", "%%"))
        asked.append("\n".join(str(row[-1]) for row in cursor.fetchall()))


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2])), ensure_ascii=False))
