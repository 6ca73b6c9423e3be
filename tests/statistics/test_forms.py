"""Every form of a reference, over rows whose arithmetic fits on a hand."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.statistics.forms import TargetRef, formed_many, register_targets
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.targets import TargetKind
from keshu.kernel.prose.reference import Form, Reference

CITY, RIVER, ROCK = "990100", "990102", "990121"


@pytest.fixture
def told(small, later, places):
    def ask(text, place=CITY, period="2025"):
        one = Reference.parse("{" + text + "}")
        return formed_many([one], place=place, period=Period.parse(period), known_at=later(), catalogue=small)[one]

    return ask


@pytest.fixture
def years(add, party):
    """Awards given in 青岩县: 1 in 2021, 2 in 2022 … 5 in 2025, each worth 100 元 more than the one before."""
    firms = [party(f"{name}公司") for name in "甲乙丙丁戊"]
    for year in range(2021, 2026):
        for n in range(year - 2020):
            add(
                "award",
                ROCK,
                given=date(year, 3, 1),
                money=Decimal(100 * (n + 1)),
                holder=firms[n],
                level="high",
                kind="a",
            )
    return firms


def test_comparisons_stand_on_the_same_months_a_year_ago(years, told):
    assert told("award.given").value == 5
    assert told("award.given:difference").value == 1
    growth = told("award.given:growth")
    assert (growth.value, growth.before, growth.unit) == (Decimal(25), 4, "%")
    assert told("award.given/2025-01..2025-02:growth").value is None
    assert told("award.given:share(award.valid)").value is None


def test_a_stock_is_compared_with_last_year_end_and_knows_who_entered_and_left(add, party, told):
    stays, goes, comes = party("留公司"), party("走公司"), party("来公司")
    add("award", ROCK, kind="a", holder=stays, start=date(2023, 1, 1))
    add("award", ROCK, kind="a", holder=goes, start=date(2022, 3, 1), until=date(2025, 2, 28))
    add("award", ROCK, kind="a", holder=comes, start=date(2025, 6, 1))
    period = "2025-01..2025-10"
    assert told("award.valid:net", period=period).value == 0
    assert [one.name for one in told("award.valid:entered", period=period).names] == ["来公司"]
    assert [one.name for one in told("award.valid:left", period=period).names] == ["走公司"]
    assert told("award.valid:difference", period="2025-01..2025-03").value == -1
    assert told("award.valid:difference(last)", period="2025-01..2025-06").before == 2


def test_shares_of_another_indicator_and_of_the_place_above(years, add, told):
    add("award", RIVER, given=date(2025, 3, 1))
    assert told("award.large:share(award.given)").value == 0
    assert told("award.given:share", place=RIVER).value == Decimal(1) / Decimal(6) * 100
    assert told("award.given:share(@990100)", place=ROCK).value == Decimal(5) / Decimal(6) * 100
    assert told("award.given:share").reason


def test_rank_is_computed_from_complete_siblings(years, add, told):
    add("award", RIVER, given=date(2025, 3, 1))
    rank = told("award.given:rank", place=RIVER)
    assert (rank.rank, rank.of, rank.rank_reported) == (2, 2, None)
    assert told("award.given:rank", place=CITY).value is None
    for _ in range(9):
        add("award", RIVER, given=date(2024, 3, 1))
    assert told("award.given:rank_moved", place=RIVER).value == -1


def test_runs_of_years(years, told):
    assert told("award.given:streak").value == 5
    over = told("award.given:first_over(5)")
    assert (over.value, over.first) == (5, True)
    assert told("award.given:first_over(3)").first is False
    assert told("award.given:first_over(6)").value is None
    assert told("award.given/2021..2025:sum").value == 15
    compound = told("award.given/2022..2025:compound_growth")
    assert (compound.years, compound.before) == (4, 1)
    assert round(compound.value, 4) == Decimal("49.5349")


def test_amounts_without_the_largest_and_names_by_amount(years, told):
    rest = told("award.money:without_largest")
    assert (rest.value, [one.name for one in rest.names]) == (1000, ["戊公司"])
    assert round(rest.before, 2) == Decimal("33.33")
    assert told("award.money:without_largest(2)").value == 600
    assert [one.name for one in told("award.given:names").names] == [f"{c}公司" for c in "戊丁丙乙甲"]


def test_parts_say_whether_they_make_up_the_whole(years, add, told):
    parts = told("award.given:parts(level)")
    assert [(part.name, part.value) for part in parts.parts] == [("高", 5)]
    assert parts.complete
    add("award", ROCK, given=date(2025, 3, 2))
    assert not told("award.given:parts(level)").complete
    assert told("award.given:parts(number)").parts == ()


def test_targets_completion_and_pace(years, told):
    def find(keys, known_at):
        made = {
            ("award.given", CITY, 2025): [
                TargetRef(
                    1, 1, "award.given", CITY, "", 2025, TargetKind.AT_LEAST, "ensure", Decimal(4), None, "市", "文"
                ),
                TargetRef(
                    2, 2, "award.given", CITY, "", 2025, TargetKind.AT_LEAST, "strive", Decimal(8), None, "市", "文"
                ),
            ],
            ("award.money", CITY, 2025): [
                TargetRef(3, 3, "award.money", CITY, "", 2025, TargetKind.GROWTH, "", Decimal(50), None, "市", "文")
            ],
        }
        return {key: made[key] for key in keys if key in made}

    from keshu.bureau.statistics import forms

    before = list(forms._find_targets)
    register_targets(find)
    try:
        done = told("award.given:completion")
        assert (done.value, done.reached, done.target.tier) == (125, True, "ensure")
        assert told("award.given:completion(strive)").value == Decimal("62.5")
        assert told("award.given:target").value == 4
        assert told("award.given:target(next)").reason
        assert told("award.given:pace", period="2025-01..2025-06").value == 75
        assert told("award.money:completion").value == 100
        assert told("award.large:completion").reason
    finally:
        forms._find_targets[:] = before


def test_a_scope_may_be_named_by_the_last_part_of_the_code(add, party, told):
    add("award", ROCK, kind="a", level="low", holder=party("甲公司"), start=date(2023, 1, 1))
    assert told("award.valid").value == 1
    assert told("award.valid.high").value == 0
    assert told("award.valid.high").figure.says == "高级"


def test_each_form_has_its_handler():
    from keshu.bureau.statistics.forms import HANDLERS

    assert set(HANDLERS) == set(Form)


def test_a_text_of_many_references_costs_as_many_statements_as_one(years, small, later, django_assert_num_queries):
    texts = ["award.given", "award.given:growth", "award.given:rank", "award.money:growth", "award.given:parts(kind)"]
    references = [Reference.parse("{" + text + "}") for text in texts]
    with django_assert_num_queries(5):  # places, definitions, received values, the last act, the ledger
        formed_many(references, place=ROCK, period=Period.parse("2025"), known_at=later(), catalogue=small)


@pytest.mark.parametrize("forms", [1, 5])
def test_many_names_cost_as_many_statements_as_one(years, small, later, django_assert_num_queries, forms):
    texts = ["award.given:names", "award.given:names(title)", "award.money:without_largest", "award.valid:names",
             "award.valid:entered"][:forms]  # fmt: skip
    references = [Reference.parse("{" + text + "}") for text in texts]
    with django_assert_num_queries(9):  # as above; merged parties, the rows, their details, their parties
        many = formed_many(references, place=ROCK, period=Period.parse("2025"), known_at=later(), catalogue=small)
    assert [one.name for one in many[references[0]].names]
