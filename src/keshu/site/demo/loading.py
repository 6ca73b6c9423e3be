"""Writes the demo city into an empty database: the same door as everybody, one act for a ledger and a year."""

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.services import snapshot_for
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.parties import personal
from keshu.bureau.parties.services import add_parties
from keshu.bureau.places.services import plant_places
from keshu.bureau.records.services import Actor, Writing, writing
from keshu.catalogue.schema import Ledger
from keshu.site.demo import city, enterprises, innovation, market, people, projects, work  # noqa: F401  registers the generators
from keshu.site.demo.standing import declare
from keshu.site.demo.world import GENERATORS, LAST_DAY, YEARS, Row, World, build

BY = Actor("demo", "演示数据")
PASSWORD = "Yunling#2026"  # noqa: S105  shown on the sign-in page of the demo


def load_city(data: Path, *, progress: bool = True) -> dict[str, int]:
    """Everything; returns the number of rows by ledger."""
    started = time.monotonic()

    def say(text: str) -> None:
        if progress:
            print(f"{text}，{time.monotonic() - started:.1f} 秒", file=sys.stderr, flush=True)

    world = build()
    places = plant_places(city.places(), by=BY, since=city.SINCE, reason="演示数据", known_on=date(2022, 12, 31))
    ids = {code: place.pk for code, place in places.items()}
    with writing(verb="demo.parties", by=BY, known_on=date(2022, 12, 31)) as act:
        parties = [party.pk for party in add_parties(world.specs(ids), within=act)]
    logins = _accounts()
    counts: dict[str, int] = {}
    keys: dict[str, dict[str, int]] = {code: {} for code in GENERATORS}
    for year in YEARS:
        for code in sorted(GENERATORS):
            counts[code] = counts.get(code, 0) + _load_year(world, code, year, ids, parties, keys[code])
        say(f"{year} 年台账已载入，累计 {sum(counts.values())} 行")
    declare(ids, BY)
    from keshu.site.demo.after import load_rest
    from keshu.site.demo.programmes import load_programmes

    more, cases = load_programmes(world, parties=parties, place_ids=ids, password=PASSWORD, say=say)
    (data / "demo-logins.json").write_text(json.dumps(logins + more, ensure_ascii=False))
    say(f"申报已载入，共 {cases} 件")
    load_rest(world, places=places, parties=parties, say=say)
    return counts


def _load_year(
    world: World, code: str, year: int, places: dict[str, int], parties: list[int], entries: dict[str, int]
) -> int:
    ledger = catalogue().ledgers[code]
    known_on = min(date(year, 12, 31), LAST_DAY)
    with writing(verb="demo.load", by=BY, subject=f"ledger:{code}", known_on=known_on) as act:
        changes = list(_changes(ledger, GENERATORS[code](world, year), places, parties, act, entries))
        revisions = put(ledger, changes, origin="import", within=act)
        entries.update({revision.key: revision.entry_id for revision in revisions})
    return len(changes)


def _changes(
    ledger: Ledger, rows: Iterable[Row], places: dict[str, int], parties: list[int], act: Writing,
    entries: dict[str, int],
) -> Iterator[Change]:  # fmt: skip
    """A key that came in an earlier year is corrected by this one; twice in one year only the first counts."""
    seen: set[str] = set()
    for row in rows:
        snapshot = snapshot_for(ledger, _typed(ledger, row.values, parties, places, act), places[row.place])
        if snapshot.key not in seen:
            seen.add(snapshot.key)
            yield Change(snapshot, entries.get(snapshot.key))


def _typed(
    ledger: Ledger, values: dict[str, Any], parties: list[int], places: dict[str, int], act: Writing
) -> dict[str, Any]:
    from decimal import Decimal

    typed = {}
    for item in ledger.fields:
        value = values.get(item.code)
        if value is None or value == "":
            continue
        if item.type == "party":
            value = parties[value]
        elif item.type == "parties":
            value = [parties[index] for index in value]
        elif item.type == "place":
            value = places[value]
        elif item.type in ("quantity", "integer", "number"):
            value = Decimal(value)
        elif item.personal:
            value = personal.encrypt(personal.person_for(str(value), within=act), str(value))
        typed[item.code] = value
    unknown = set(values) - {item.code for item in ledger.fields}
    if unknown:
        raise KeyError(f"{ledger.code}: {sorted(unknown)}")
    return typed


def _accounts() -> list[dict[str, str]]:
    """The accounts of the bureau; answers the rows of the table that the sign-in page of the demo shows."""
    from keshu.bureau.accounts import services
    from keshu.bureau.accounts.models import Membership

    ids = {spec.code: spec.name for spec in city.places()}
    shown = []
    for username, name, role, place, sections in city.ACCOUNTS:
        user = services.add_user(username, name=name, password=PASSWORD, by=BY, must_change=False)
        services.grant_role(user.pk, role=role, place=place, sections=sections, by=BY)
        label = str(Membership.Role(role).label)
        says = "、".join(sections) or ids[place]
        shown.append({"username": username, "name": name, "role": label, "password": PASSWORD, "says": says})
    return shown
