"""云岭市 with its counties and its zone, and a short way to import a workbook into a ledger."""

from datetime import UTC, date, datetime

import pytest

from keshu.bureau.ledgers.importing import services, staging
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor

CLERK = Actor("clerk", "周经办")
NOW = datetime(2026, 11, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def city(db):
    specs = [
        PlaceSpec("990100", "云岭市", "city", ""),
        PlaceSpec("990102", "江川区", "county", "990100"),
        PlaceSpec("990103", "临湖区", "county", "990100"),
        PlaceSpec("990121", "青岩县", "county", "990100"),
        PlaceSpec("990122", "石门县", "county", "990100"),
        PlaceSpec("990171", "云岭高新区", "zone", "990100", short="高新区", aliases=("云岭高新技术产业开发区",)),
        PlaceSpec("990121001", "城关镇", "town", "990121"),
        PlaceSpec("990122001", "城关镇", "town", "990122"),
    ]
    return plant_places(specs, by=CLERK, since=date(2000, 1, 1))


@pytest.fixture
def stage(city):
    """`stage("title", content)` reads a file for the whole city and returns the batch."""

    def read(ledger, content, name="名单.xlsx", place="990100"):
        return services.stage(ledger, content, name=name, place=place, by=CLERK, at=NOW)

    return read


@pytest.fixture
def take(stage):
    """`take("title", content)` reads a file and takes its good rows in; returns (batch, act)."""

    def run(ledger, content, name="名单.xlsx", place="990100", **wishes):
        batch = stage(ledger, content, name, place)
        act = services.commit(batch.pk, skip_wrong=True, by=CLERK, **wishes)
        batch.refresh_from_db()
        return batch, act

    return run


def said(batch):
    """What was found: {(row, code), …}."""
    return {(problem["row"], problem["code"]) for problem in staging.problems_of(batch)}


def rows_of(batch):
    return {verdict: n for verdict, n in batch.counts.items() if verdict != "fed" and n}
