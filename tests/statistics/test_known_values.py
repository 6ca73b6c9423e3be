"""Every computed indicator of the catalogue gives the value that was reasoned by hand, and so does its lineage."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.snapshots import compose
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor, writing
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.queries import Ask, figures, lineages
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.catalogue.reading import read_documents
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
CASES = read_documents(Path(__file__).parent / "fixtures" / "indicators.yaml")[0]
PLACES = [
    PlaceSpec("990100", "云岭市", "city", ""),
    PlaceSpec("C", "丙县", "county", "990100"),
    PlaceSpec("A", "甲镇", "town", "C"),
    PlaceSpec("B", "乙镇", "town", "C"),
    PlaceSpec("D", "丁县", "county", "990100"),
]


def case_id(case):
    return f"{case.get('ledger', 'received')}-{case['expect'][0]['code']}"


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_known_values(case, db):
    places = plant_places(PLACES, by=CLERK, since=date(2000, 1, 1))
    world = _World(places)
    for part in [case, *case.get("other", [])]:
        world.load(part.get("ledger"), part.get("rows", []))
    world.receive(case.get("received", []))
    asks = [Ask(e["code"], e["place"], Period.parse(str(e["period"])), e.get("scope", "")) for e in case["expect"]]
    known_at = datetime.now(UTC)
    found, stand = figures(asks, known_at=known_at), lineages(asks, known_at=known_at)
    wrong = [
        (e["code"], e.get("scope", ""), str(e["period"]), "expected", e["value"], "got", str(found[ask].value))
        for e, ask in zip(case["expect"], asks, strict=True)
        if not _agrees(e, found[ask])
    ]
    assert wrong == []
    assert [ask.code for ask in asks if recompute(stand[ask]) != found[ask].value] == []


def _agrees(expected, figure):
    parts = [("value", figure.value), ("numerator", figure.numerator), ("denominator", figure.denominator)]
    return all(name not in expected or _same(expected[name], value) for name, value in parts)


def _same(text, value):
    if text is None:
        return value is None
    return value is not None and abs(Decimal(str(text)) - value) < Decimal("1e-9")


class _World:
    """Rows, parties and received values of one case."""

    def __init__(self, places):
        self.places, self.parties = places, {}

    def load(self, ledger, rows):
        for row in rows:
            self.row(catalogue().ledgers[ledger], dict(row))

    def row(self, ledger, row):
        row.pop("id", None)
        own = ledger.field("place")
        town = row.pop("town", None)
        place = town or row.get("place") or "C"
        if own is None or own.type == "place":
            row.pop("place", None)
        values = {code: self.typed(ledger.field(code), value) for code, value in row.items()}
        snapshot = compose(ledger, values, place_id=self.places[place].pk)
        with writing(verb="test.row", by=CLERK) as under_way:
            put(ledger, [Change(snapshot)], origin="form", within=under_way)

    def typed(self, field, value):
        match field.type:
            case "party":
                return self.party(value)
            case "parties":
                return [self.party(one) for one in (value if isinstance(value, list) else [value])]
            case "money" | "quantity" | "integer" | "number":
                return Decimal(str(value))
            case "place":
                return self.places[value].pk
        return value

    def party(self, name):
        if name not in self.parties:
            with writing(verb="test.party", by=CLERK) as under_way:
                self.parties[name] = add_parties([PartySpec(str(name))], within=under_way)[0].pk
        return self.parties[name]

    def receive(self, rows):
        values = [
            ValueSpec(row["code"], row["place"], Period.parse(str(row["period"])), Decimal(str(row["value"])),
                      scope=row.get("scope", ""))
            for row in rows
        ]  # fmt: skip
        if values:
            add_source(SourceSpec("统计局", "年报", date(2025, 12, 31), date(2026, 1, 1)), by=CLERK, values=values)
