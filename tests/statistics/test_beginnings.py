"""What lies before a ledger was kept is missing, not zero; what straddles it is partial; nothing is compared with it."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.ledgers.services import begin_records, report_ledger
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.statistics.queries import Ask, figures, lineage
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence
from keshu.kernel.prose.reference import Reference

CLERK = Actor("clerk", "周经办")
CITY, RIVER, ROCK, TOWN = "990100", "990102", "990121", "990121001"


@pytest.fixture
def seen(small, later, places):
    """(presence, value) of a figure."""

    def ask(code, place=CITY, period="2025", at=None):
        one = Ask(code, place, Period.parse(period))
        found = figures([one], known_at=at or later(), catalogue=small)[one]
        return found.presence, found.value

    return ask


@pytest.fixture
def told(small, later, places):
    def ask(text, place=CITY, period="2025"):
        one = Reference.parse("{" + text + "}")
        return formed_many([one], place=place, period=Period.parse(period), known_at=later(), catalogue=small)[one]

    return ask


@pytest.fixture
def kept(add, party):
    """One award in 2022 that came along by accident, two in 2023, three in 2024, four in 2025; all in a town."""
    for year, n in ((2022, 1), (2023, 2), (2024, 3), (2025, 4)):
        for month in range(n):
            firm = party(f"{year}年第{month}公司")
            add("award", TOWN, kind="a", holder=firm, given=date(year, 3 + month, 1), start=date(year, 3 + month, 1))


@pytest.fixture
def begin(places):
    def say(ledger, place, day):
        return begin_records(ledger, place_id=places[place].pk, begins_on=day, by=CLERK)

    return say


def test_without_a_declared_beginning_nothing_changes(kept, seen):
    assert seen("award.given", period="2021") == (Presence.ZERO, 0)
    assert seen("award.given", period="2022") == (Presence.VALUE, 1)


def test_before_the_beginning_a_flow_is_missing_across_it_partial_after_it_whole(kept, begin, seen):
    begin("award", CITY, date(2023, 3, 15))
    assert [seen("award.given", period=p) for p in ("2022", "2023", "2024", "2021..2024")] == [
        (Presence.MISSING, None), (Presence.PARTIAL, 2), (Presence.VALUE, 3), (Presence.PARTIAL, 6),
    ]  # fmt: skip
    assert seen("award.given", ROCK, "2022") == (Presence.MISSING, None)  # what the city says holds for its counties
    assert seen("award.net", period="2022") == (Presence.MISSING, None)


def test_a_stock_before_the_beginning_is_missing_and_a_ratio_of_it(kept, begin, seen):
    begin("award", CITY, date(2023, 1, 1))
    assert seen("award.valid", period="2022") == (Presence.MISSING, None)
    assert seen("award.valid", period="2023-01") == (Presence.VALUE, 1)
    assert seen("award.share", period="2022") == (Presence.MISSING, None)


def test_a_join_reaches_no_further_than_what_it_asks(kept, add, party, begin, seen):
    begin("firm", CITY, date(2024, 1, 1))
    assert seen("award.big", period="2023") == (Presence.MISSING, None)
    assert seen("award.valid", period="2023") == (Presence.VALUE, 3)


def test_a_city_whose_counties_begin_on_different_days_is_partial_until_the_last(kept, begin, seen, small, later):
    begin("award", ROCK, date(2024, 1, 1))
    begin("award", RIVER, date(2023, 1, 1))
    expected = {"2022": Presence.MISSING, "2023": Presence.PARTIAL, "2024": Presence.VALUE}
    counties = [place for place in figures_below(small, later) if place not in (ROCK, RIVER)]
    for place in counties:
        begin("award", place, date(2023, 1, 1))
    assert {period: seen("award.given", period=period)[0] for period in expected} == expected
    assert seen("award.given", TOWN, "2023") == (Presence.MISSING, None)
    assert seen("award.given", RIVER, "2023") == (Presence.ZERO, 0)


def figures_below(small, later):
    from keshu.bureau.statistics.queries import engine_at

    return engine_at(later(), small).trees.children(CITY, date(2024, 1, 1))


def test_nothing_is_compared_with_what_is_missing_or_partial(kept, begin, told):
    assert told("award.given/2023:growth").value == 100
    begin("award", CITY, date(2023, 1, 1))
    assert told("award.given/2023:growth").value is None
    assert told("award.given/2024:growth").value == 50
    assert told("award.given/2025:streak").value == 2
    assert told("award.valid/2023:difference").value is None
    begin("award", CITY, date(2023, 3, 15))
    growth = told("award.given/2024:growth")
    assert (growth.value, "不完整" in growth.reason) == (None, True)
    assert told("award.given/2025:streak").value == 1


def test_a_beginning_is_replaced_taken_back_and_known_since_it_was_said(kept, begin, seen, later):
    before = later()
    begin("award", CITY, date(2024, 1, 1))
    first = later()
    begin("award", CITY, date(2023, 1, 1))
    second = later()
    begin("award", CITY, None)
    assert [seen("award.given", period="2023", at=at)[0] for at in (before, first, second, later())] == [
        Presence.VALUE, Presence.MISSING, Presence.VALUE, Presence.VALUE,
    ]  # fmt: skip
    assert seen("award.given", period="2022", at=second) == (Presence.MISSING, None)
    assert seen("award.given", period="2022") == (Presence.VALUE, 1)


def test_what_is_missing_has_no_rows_below_it(kept, begin, small, later):
    begin("award", CITY, date(2023, 1, 1))
    stands_on = lineage(Ask("award.given", CITY, Period.parse("2022")), known_at=later(), catalogue=small)
    assert (stands_on.row_count, stands_on.figure.row_count, stands_on.rows) == (0, 0, ())


def test_a_year_that_is_still_collected_is_partial_and_shows_no_fall(add, party, places, seen, told, later):
    this = later().year
    for year, n in ((this - 1, 3), (this, 1)):
        for firm in range(n):
            add("firm", ROCK, holder=party(f"{year}年第{firm}公司"), year=year, revenue=Decimal(5))
    assert seen("firm.revenue", period=str(this - 1)) == (Presence.VALUE, 15)
    assert seen("firm.revenue", period=str(this)) == (Presence.PARTIAL, 5)
    assert told(f"firm.revenue/{this}:growth").value is None
    report_ledger("firm", place_id=places[CITY].pk, period=str(this), zero=False, by=CLERK)
    assert seen("firm.revenue", period=str(this)) == (Presence.VALUE, 5)
    assert told(f"firm.revenue/{this}:growth").value is not None


def test_where_years_are_confirmed_one_that_is_over_but_not_confirmed_is_partial(add, party, places, seen, later):
    last = later().year - 1
    add("firm", ROCK, holder=party("甲公司"), year=last, revenue=Decimal(5))
    assert seen("firm.revenue", period=str(last)) == (Presence.VALUE, 5)
    report_ledger("firm", place_id=places[ROCK].pk, period=str(last - 1), zero=False, by=CLERK)
    assert seen("firm.revenue", ROCK, str(last)) == (Presence.PARTIAL, 5)
    report_ledger("firm", place_id=places[ROCK].pk, period=str(last), zero=False, by=CLERK)
    assert seen("firm.revenue", ROCK, str(last)) == (Presence.VALUE, 5)
