"""All cases of known values in one small bureau: each case in a county of its own, so that none disturbs another."""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.snapshots import compose
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.statistics.queries import Ask
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.catalogue.reading import read_documents
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
CITY = "990100"
FIXTURE = Path(__file__).parents[1] / "statistics" / "fixtures" / "indicators.yaml"


@dataclass
class World:
    """What was planted: ids of places by code, and every question that a case asks."""

    places: dict[str, int]
    asks: list[Ask]
    parties: dict[str, int]


def plant_world() -> World:
    """Places, parties, rows and received values of all cases, in a handful of acts."""
    cases = read_documents(FIXTURE)[0]
    world = World(_places(len(cases)), [], {})
    with writing(verb="world.rows", by=CLERK) as act:
        for number, case in enumerate(cases):
            for part in [case, *case.get("other", [])]:
                _load(world, number, part, act)
    values = [_received(number, row) for number, case in enumerate(cases) for row in case.get("received", [])]
    add_source(SourceSpec("统计局", "年报", date(2025, 12, 31), date(2026, 1, 1)), by=CLERK, values=values)
    world.asks = [
        Ask(e["code"], _place(number, e["place"]), Period.parse(str(e["period"])), e.get("scope", ""))
        for number, case in enumerate(cases)
        for e in case["expect"]
    ]
    return world


def _place(number: int, letter: str) -> str:
    return letter if letter == CITY else f"{letter}{number}"


def _places(cases: int) -> dict[str, int]:
    specs = [PlaceSpec(CITY, "云岭市", "city", "")]
    for n in range(cases):
        specs += [
            PlaceSpec(f"C{n}", f"丙{n}县", "county", CITY), PlaceSpec(f"A{n}", f"甲{n}镇", "town", f"C{n}"),
            PlaceSpec(f"B{n}", f"乙{n}镇", "town", f"C{n}"), PlaceSpec(f"D{n}", f"丁{n}县", "county", CITY),
        ]  # fmt: skip
    return {code: place.pk for code, place in plant_places(specs, by=CLERK, since=date(2000, 1, 1)).items()}


def _load(world, number, part, act):
    if not part.get("rows"):
        return
    ledger = catalogue().ledgers[part["ledger"]]
    snapshots = [_snapshot(world, number, ledger, dict(row), act) for row in part["rows"]]
    put(ledger, [Change(replace(one, key=f"{number}|{one.key}")) for one in snapshots], origin="form", within=act)


def _snapshot(world, number, ledger, row, act):
    row.pop("id", None)
    town = row.pop("town", None)
    place = _place(number, town or row.get("place") or "C")
    own = ledger.field("place")
    if own is None or own.type == "place":
        row.pop("place", None)
    values = {code: _typed(world, number, ledger.field(code), value, act) for code, value in row.items()}
    return compose(ledger, values, place_id=world.places[place])


def _typed(world, number, field, value, act):
    match field.type:
        case "party":
            return _party(world, f"{value}({number})", act)
        case "parties":
            return [_party(world, f"{one}({number})", act) for one in (value if isinstance(value, list) else [value])]
        case "money" | "quantity" | "integer" | "number":
            return Decimal(str(value))
        case "place":
            return world.places[_place(number, value)]
    return value


def _party(world, name, act):
    if name not in world.parties:
        world.parties[name] = add_parties([PartySpec(name)], within=act)[0].pk
    return world.parties[name]


def _received(number, row):
    period = Period.parse(str(row["period"]))
    place = _place(number, row["place"])
    return ValueSpec(
        row["code"], place, period, Decimal(str(row["value"])), scope=row.get("scope", ""), cell=f"B{number}"
    )
