"""What indicators count of cases: values reasoned by hand, as they are known now and as they were known then."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.programmes import counting
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.queries import Ask, figures, lineages
from keshu.kernel.measure.period import Period
from tests.conftest import CLERK
from tests.programmes.known_world import KNOWN, at, plant_cases

PLACES = [
    PlaceSpec("990100", "云岭市", "city", ""), PlaceSpec("C", "丙县", "county", "990100"),
    PlaceSpec("A", "甲镇", "town", "C"), PlaceSpec("B", "乙镇", "town", "C"), PlaceSpec("D", "丁县", "county", "990100"),
]  # fmt: skip


@pytest.fixture
def world(db):
    """The seven cases, written as they would have been on their days."""
    places = plant_places(PLACES, by=CLERK, since=date(2000, 1, 1))
    return plant_cases({code: place.pk for code, place in places.items()})


def _ask(row):
    return Ask(row["code"], str(row["place"]), Period.parse(str(row["period"])), row.get("scope", ""))


def test_known_values_and_their_lineage(world):
    now, asks = datetime.now(UTC), [_ask(row) for row in KNOWN["expect"]]
    found, stand = figures(asks, known_at=now), lineages(asks, known_at=now)
    wrong = [
        (row, str(found[ask].value))
        for row, ask in zip(KNOWN["expect"], asks, strict=True)
        if not _agrees(row, found[ask])
    ]
    assert wrong == []
    assert [ask.code for ask in asks if recompute(stand[ask]) != found[ask].value] == []


def _agrees(row, figure):
    pairs = [("value", figure.value), ("numerator", figure.numerator), ("denominator", figure.denominator)]
    return all(
        name not in row or (value is not None and abs(Decimal(str(row[name])) - value) < Decimal("1e-9"))
        for name, value in pairs
    )


@pytest.mark.parametrize(("day", "value"), [(date(2025, 5, 31), 2), (date(2025, 6, 3), 3), (date(2025, 6, 6), 2)])
def test_what_was_taken_back_was_known_while_it_stood(world, day, value):
    ask = _ask({"code": "case.granted", "place": "990100", "period": 2025})
    assert figures([ask], known_at=at(day, 23))[ask].value == value


def test_who_stayed_was_still_there_before_he_left(world):
    """On 5 August nobody knew yet that case 6 would end on the eighth."""
    ask = _ask({"code": "case.running", "place": "990100", "period": "2025-01..2025-07"})
    assert figures([ask], known_at=at(date(2025, 8, 5)))[ask].value == 3


def test_a_row_opens_its_case(world):
    ask = _ask({"code": "case.submitted", "place": "A", "period": 2025})
    rows = lineages([ask], known_at=datetime.now(UTC))[ask].rows
    source = counting.find("case_event")
    shown = source.rows(row.revision for row in rows)
    assert {one.title for one in shown} == {"项目1", "项目7"}
    assert {source.url(one.entry_id) for one in shown} == {f"/programmes/cases/{world[n].pk}/" for n in (1, 7)}


def test_one_statement_for_each_source(world, django_assert_num_queries):
    """Three sources asked at once cost three statements of rows beside what every figure costs."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    asks = [_ask(row) for row in KNOWN["expect"]]
    with CaptureQueriesContext(
        connection,
    ) as seen:
        figures(asks, known_at=datetime.now(UTC))
    assert sum("facts WHERE" in one["sql"] for one in seen.captured_queries) == 3
