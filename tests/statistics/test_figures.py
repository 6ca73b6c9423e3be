"""Figures from rows: what counts, when, where, whose."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.parties.services import merge_parties
from keshu.bureau.places.services import PlaceSpec, move_place, plant_places
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.definitions import UnknownIndicator
from keshu.bureau.statistics.lineage import recompute
from keshu.bureau.statistics.queries import Ask, by_place, figures, lineage, series
from keshu.bureau.statistics.trees import UnknownPlace
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence

CLERK = Actor("clerk", "周经办")
CITY, RIVER, ROCK, TOWN = "990100", "990102", "990121", "990121001"


@pytest.fixture
def figure(small, later, places):
    def ask(code, place=CITY, period="2025", scope="", at=None, **more):
        one = Ask(code, place, Period.parse(period), scope, **more)
        known_at = at or later()
        found = figures([one], known_at=known_at, catalogue=small)[one]
        stands_on = lineage(one, known_at=known_at, catalogue=small)
        assert recompute(stands_on) == found.value
        assert stands_on.row_count == found.row_count
        return found

    return ask


def test_a_flow_counts_rows_dated_inside_the_period_both_ends_included(add, figure):
    for given in ("2024-12-31", "2025-01-01", "2025-10-31", "2025-11-01"):
        add("award", ROCK, given=date.fromisoformat(given))
    assert figure("award.given", period="2025-01..2025-10").value == 2
    assert figure("award.given", period="2025").value == 3
    assert figure("award.given", place=RIVER).presence is Presence.ZERO


def test_a_stock_stands_from_its_first_day_to_its_last(add, party, figure):
    firm = party("甲公司")
    add("award", ROCK, kind="a", holder=firm, start=date(2022, 5, 1), until=date(2025, 4, 30))
    add("award", ROCK, kind="a", holder=party("乙公司"), start=date(2025, 6, 1))
    assert [figure("award.valid", period=p).value for p in ("2022-04", "2022-05", "2025-04", "2025-05", "2025-06")] == [
        0, 1, 1, 0, 1,
    ]  # fmt: skip


def test_two_titles_of_one_party_count_once_and_a_county_adds_its_towns(add, party, figure):
    firm = party("甲公司")
    add("award", TOWN, kind="a", level="high", holder=firm, start=date(2024, 1, 1))
    add("award", ROCK, kind="a", level="low", holder=firm, start=date(2024, 1, 1))
    add("award", RIVER, kind="a", level="low", holder=firm, start=date(2024, 1, 1))
    add("award", RIVER, kind="b", level="low", holder=party("乙公司"), start=date(2024, 1, 1))
    assert (figure("award.valid").value, figure("award.valid", ROCK).value, figure("award.valid", TOWN).value) == (
        1,
        1,
        1,
    )
    assert figure("award.valid", scope="high").value == 1
    assert figure("award.valid", RIVER, scope="high").value == 0
    assert figure("award.standing").value == 4
    assert figure("award.valid").row_count == 3


def test_sums_are_exact_and_amounts_that_nobody_gave_are_missing_not_zero(add, figure):
    add("award", ROCK, given=date(2025, 3, 1), money=Decimal("98765432109876.54"), size=Decimal("0.0001"), level="high")
    add("award", RIVER, given=date(2025, 3, 2), money=Decimal("0.01"))
    add("award", TOWN, given=date(2025, 3, 3))
    assert figure("award.money").value == Decimal("98765432109876.55")
    assert figure("award.money", TOWN).presence is Presence.MISSING
    assert figure("award.money", TOWN).row_count == 1
    assert figure("award.size").value == Decimal("0.0001")
    assert figure("award.large").value == 1
    assert figure("award.towns").value == 3
    assert figure("award.net").value == 2


def test_a_semi_join_takes_parties_that_stand_in_the_other_ledger_at_the_cut_off(add, party, figure):
    big, small_one, gone = party("大公司"), party("小公司"), party("旧大公司")
    for firm in (big, small_one, gone):
        add("award", ROCK, kind="a", holder=firm, start=date(2023, 1, 1))
    add("firm", RIVER, holder=big, year=2025, big=True)
    add("firm", ROCK, holder=small_one, year=2025, big=False)
    add("firm", ROCK, holder=gone, year=2024, big=True)
    assert figure("award.big", period="2025").value == 1
    assert figure("award.big", period="2024").value == 1
    share = figure("award.share")
    assert (share.numerator, share.denominator) == (1, 3)
    assert share.value == Decimal(1) / Decimal(3) * 100


def test_merged_parties_count_once_from_the_merge_on(add, party, figure, later):
    one, other = party("甲公司"), party("甲公司(旧)")
    add("award", ROCK, kind="a", holder=one, start=date(2023, 1, 1))
    add("award", ROCK, kind="a", holder=other, start=date(2023, 1, 1))
    add("firm", ROCK, holder=other, year=2025, big=True)
    before = later()
    assert figure("award.valid").value == 2
    merge_parties(other.pk, one.pk, by=CLERK, reason="同一企业")
    assert figure("award.valid").value == 1
    assert figure("award.big").value == 1
    assert figure("award.valid", at=before).value == 2


def test_as_of_an_earlier_instant_corrections_and_voids_are_not_there_yet(add, figure, later):
    row = add("award", ROCK, given=date(2025, 2, 1), money=Decimal(100))
    first = later()
    add("award", ROCK, entry=row.entry_id, number="N1", given=date(2025, 2, 1), money=Decimal(300))
    second = later()
    add("award", ROCK, entry=row.entry_id, number="N1", given=date(2025, 2, 1), money=Decimal(300), voided=True)
    assert [figure("award.money", at=at).value for at in (first, second)] == [100, 300]
    assert figure("award.money").value == 0
    assert figure("award.money").presence is Presence.ZERO


def test_no_rows_of_a_yearly_ledger_are_missing_until_the_place_reports(add, party, figure, places):
    from keshu.bureau.ledgers.models import Report
    from keshu.bureau.records.services import writing

    assert figure("firm.revenue", ROCK).presence is Presence.MISSING
    with writing(verb="test.report", by=CLERK) as under_way:
        Report.objects.create(
            ledger="firm",
            place=places[ROCK],
            period="2025",
            zero=True,
            known_from=under_way.known_from,
            act=under_way.act,
        )
    assert figure("firm.revenue", ROCK).presence is Presence.ZERO
    assert figure("firm.revenue", ROCK, period="2025-01..2025-10").presence is Presence.ZERO
    assert figure("firm.revenue", ROCK, period="2024").presence is Presence.MISSING
    assert figure("firm.revenue", CITY).presence is Presence.MISSING
    add("firm", RIVER, holder=party("甲公司"), year=2025, revenue=Decimal(5))
    assert figure("firm.revenue", CITY).value == 5


def test_a_flow_is_counted_on_the_tree_of_its_date_and_compared_on_todays(add, figure, places):
    plant_places([PlaceSpec("990103", "临湖区", "county", CITY)], by=CLERK, since=date(2000, 1, 1))
    add("award", TOWN, given=date(2025, 3, 1))
    add("award", TOWN, given=date(2025, 9, 1))
    move_place(TOWN, parent="990103", on=date(2025, 7, 1), by=CLERK, reason="区划调整")
    assert figure("award.given", ROCK).value == 1
    assert figure("award.given", "990103").value == 1
    assert figure("award.given", "990103", tree_on=date(2025, 12, 31)).value == 2
    assert figure("award.given", CITY).value == 2


def test_an_indicator_does_not_apply_before_it_existed(add, figure):
    add("award", ROCK, given=date(2023, 3, 1))
    assert figure("new.thing", period="2023").presence is Presence.NOT_APPLICABLE
    assert figure("new.thing", period="2024").presence is Presence.ZERO


def test_what_nobody_defined_is_named(figure, small, later):
    with pytest.raises(UnknownIndicator, match=r"no\.such"):
        figure("no.such")
    with pytest.raises(UnknownPlace, match="123"):
        figure("award.given", place="123")


def test_by_place_ranks_complete_siblings(add, small, later):
    for place, n in ((ROCK, 2), (RIVER, 3)):
        for _ in range(n):
            add("award", place, given=date(2025, 3, 1))
    found = by_place("award.given", CITY, Period.parse("2025"), known_at=later(), catalogue=small)
    assert [(one.name, one.figure.value, one.rank.position) for one in found] == [("江川区", 3, 1), ("青岩县", 2, 2)]


def test_a_series_costs_one_statement_for_its_source(add, small, later, django_assert_num_queries):
    add("award", ROCK, given=date(2025, 3, 1))
    periods = [Period.of_month(2025, month) for month in range(1, 13)]
    with django_assert_num_queries(5):  # places, definitions, received values, the last act, the ledger
        found = series("award.given", ROCK, periods, known_at=later(), catalogue=small)
    assert [int(figure.value) for figure in found.values()] == [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
