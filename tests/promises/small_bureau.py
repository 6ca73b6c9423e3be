"""A bureau of a handful of rows, for the processes that a promise starts and kills."""

from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, add_parties
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor, writing
from tests.reports.conftest import contract, hte

CLERK = Actor("clerk", "周经办")
CITY, COUNTY, OTHER = "990100", "990121", "990102"
PLACES = [
    PlaceSpec(CITY, "云岭市", "city", ""),
    PlaceSpec(OTHER, "江川区", "county", CITY),
    PlaceSpec(COUNTY, "青岩县", "county", CITY),
]


def plant() -> None:
    """Three firms of 青岩县 with titles and contracts of two years."""
    places = plant_places(PLACES, by=CLERK, since=date(2000, 1, 1))
    home = places[COUNTY].pk
    with writing(verb="small.firms", by=CLERK) as act:
        firms = add_parties(
            [PartySpec(name, place_id=home) for name in ("青岩茶业有限公司", "岩前竹木有限公司", "青溪食品有限公司")],
            within=act,
        )

    def add(ledger: str, **values: Any) -> None:
        create_entry(ledger, values, place_id=home, by=CLERK)

    for index, firm in enumerate(firms):
        hte(add, firm, f"GR20250000{index}", date(2025, 9, 1))
        contract(add, firm, f"2025A{index}", date(2025, 3 + index, 10), 300000)
        contract(add, firm, f"2026A{index}", date(2026, 3 + index, 10), 500000)


def one_contract(number: str, total: int, name: str = "技术开发") -> dict[str, Any]:
    """The values of a contract of 青岩县 in July 2026."""
    day = date(2026, 7, 1)
    return {
        "number": number, "name": name, "kind": "development", "flow": "output", "total": Decimal(total),
        "traded": Decimal(total), "registered": day, "signed": day, "status": "registered",
    }  # fmt: skip
