"""A small catalogue and the quickest way to put rows under it."""

from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from keshu.bureau.records.services import Actor, writing
from keshu.catalogue import Catalogue, Indicator, Ledger
from keshu.catalogue.reading import read_documents
from keshu.catalogue.standard import with_standard_fields

CLERK = Actor("clerk", "周经办")
HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def small():
    """The catalogue of small.yaml."""
    content = read_documents(HERE / "small.yaml")[0]
    ledgers = [with_standard_fields(Ledger.model_validate(item)) for item in content["ledgers"]]
    indicators = [Indicator.model_validate(item) for item in content["indicators"]]
    return Catalogue(
        ledgers={ledger.code: ledger for ledger in ledgers}, indicators={one.code: one for one in indicators}
    )


@pytest.fixture
def later():
    """An instant after everything that a test writes."""
    return lambda: datetime.now(UTC)


@pytest.fixture
def party(places):
    """`party("甲公司")` is a new organisation."""
    from keshu.bureau.parties.services import PartySpec, add_parties

    def make(name):
        with writing(verb="test.party", by=CLERK) as under_way:
            return add_parties([PartySpec(name)], within=under_way)[0]

    return make


@pytest.fixture
def add(places, small):
    """`add("award", "990121", holder=party, given=date(...))` writes one row of the small catalogue."""
    from keshu.bureau.ledgers.snapshots import compose
    from keshu.bureau.ledgers.writer import Change, put

    numbers = count(1)

    def write(ledger, place, *, entry=None, voided=False, **values):
        definition = small.ledgers[ledger]
        if ledger == "award":
            values.setdefault("number", f"N{next(numbers)}")
        typed = {code: getattr(value, "pk", value) for code, value in values.items()}
        snapshot = compose(definition, typed, place_id=places[place].pk)
        with writing(verb="test.row", by=CLERK) as under_way:
            return put(definition, [Change(snapshot, entry, voided)], origin="form", within=under_way)[0]

    return write


def day(text):
    return date.fromisoformat(text)


def number(text):
    return Decimal(text)
