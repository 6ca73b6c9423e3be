"""Figures cost statements by fact source, not by indicator, place or period."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.statistics.queries import Ask, figures
from keshu.kernel.measure.period import Period

CITY, RIVER, ROCK = "990100", "990102", "990121"
ROWS = "ledgers_revision"
FIVE = ["title", "patent", "tech_contract", "project", "platform"]
SEVEN = [*FIVE, "activity", "payout"]


def counted(ledgers):
    """Indicators that are counted from the rows of these ledgers alone."""
    found = (one for one in catalogue().indicators.values() if one.facts is not None)
    return [one.code for one in found if {one.facts.ledger, *(join.ledger for join in one.also)} <= ledgers]


def statements(asks):
    known_at = datetime.now(UTC)
    with CaptureQueriesContext(connection) as captured:
        figures(asks, known_at=known_at)
    rows = [query["sql"] for query in captured if ROWS in query["sql"]]
    return len(rows), len(captured) - len(rows)


@pytest.mark.parametrize(
    ("indicators", "ledgers", "number", "periods"),
    [(5, FIVE, 1, 1), (120, SEVEN, 1, 1), (120, SEVEN, 3, 1), (120, SEVEN, 3, 24)],
    ids=["5 indicators", "120 indicators", "120 in 3 places", "120 in 3 places over 24 months"],
)
def test_one_statement_for_each_source(places, indicators, ledgers, number, periods):
    first = [counted({ledger})[0] for ledger in ledgers]
    codes = list(dict.fromkeys([*first, *counted(set(ledgers))]))[:indicators]
    spans = [Period.of_month(2024 + n // 12, n % 12 + 1) for n in range(periods)]
    asks = [Ask(code, place, span) for code in codes for place in (CITY, RIVER, ROCK)[:number] for span in spans]
    assert len(codes) == indicators
    of_rows, others = statements(asks)
    assert of_rows == len(ledgers)
    assert others <= 6  # places, definitions, received values, the last act, merges, reports
