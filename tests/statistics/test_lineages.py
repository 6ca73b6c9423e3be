"""Lineage of many figures: the same rows as one by one, in one statement for each source."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keshu.bureau.parties.services import merge_parties
from keshu.bureau.places.services import PlaceSpec, move_place, plant_places
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.queries import Ask, lineage, lineages
from keshu.kernel.measure.period import Period

CLERK = Actor("clerk", "周经办")
CITY, RIVER, ROCK, TOWN = "990100", "990102", "990121", "990121001"
COUNTED = (
    "award.given",
    "award.valid",
    "award.big",
    "award.money",
    "award.large",
    "award.towns",
    "award.share",
    "award.net",
)


@pytest.fixture
def written(add, party, places):
    """Awards over three years in three places, with a merger, a move, joins, amounts and rows without any of them."""
    firms = [party(f"{name}公司") for name in "甲乙丙丁戊"]
    for n in range(30):
        start = date(2023 + n % 3, 1 + n % 12, 1 + n) if n < 28 else date(2025, 7, n)
        add(
            "award", (TOWN, ROCK, RIVER)[n % 3], kind="ab"[n % 2], level=("high", "low")[n % 2], given=start, start=start,
            until=date(2025, 11, 30) if n % 5 == 0 else None, holder=firms[n % 5] if n % 7 else None,
            money=Decimal(400 * n) if n % 4 else None,
        )  # fmt: skip
    for firm in firms[:3]:
        add("firm", RIVER, holder=firm, year=2025, big=True, revenue=Decimal(7))
    merge_parties(firms[1].pk, firms[0].pk, by=CLERK, reason="同一家")
    plant_places([PlaceSpec("990103", "临湖区", "county", CITY)], by=CLERK, since=date(2000, 1, 1))
    move_place(TOWN, parent="990103", on=date(2025, 3, 1), by=CLERK, reason="区划调整")


def asked():
    periods = [Period.parse(text) for text in ("2025", "2024", "2025-02..2025-07")]
    asks = [Ask(code, place, span) for code in COUNTED for place in (CITY, ROCK, RIVER, "990103") for span in periods]
    moved = [Ask(code, "990103", periods[0], tree_on=date(2025, 12, 31)) for code in COUNTED]
    return [
        *asks,
        *moved,
        Ask("award.valid", CITY, periods[0], "high"),
        Ask("award.given", CITY, periods[0], only=(("kind", "a"),)),
    ]


def test_many_at_once_are_what_each_is_alone(written, small, later):
    at = later()
    together = lineages(asked(), known_at=at, catalogue=small)
    for ask in asked():
        alone = lineage(ask, known_at=at, catalogue=small)
        assert together[ask] == alone, ask
        assert recompute(alone) == alone.figure.value
    assert len({one.rows_hash for one in together.values()}) > 20


@pytest.mark.parametrize("n", [3, 98])
def test_rows_are_read_once_for_each_source(written, small, later, n):
    with CaptureQueriesContext(connection) as captured:
        lineages(asked()[-n:], known_at=later(), catalogue=small)
    assert len([one for one in captured if one["sql"].startswith("SELECT entry_id")]) == 1
