"""Targets: set once, adjusted with a reason, handed on, held against what is."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from keshu.bureau.records.audit import faults
from keshu.bureau.records.services import Actor
from keshu.bureau.statistics.forms import formed_many
from keshu.bureau.targets import services
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.queries import allocation, standings, targets_of
from keshu.bureau.targets.services import Share, StaleTarget, TargetProblem, TargetSpec
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import Reference

CLERK = Actor("office", "周主任")
CITY, RIVER, ROCK = "990100", "990102", "990121"
OCTOBER = Period.parse("2025-01..2025-10")


@pytest.fixture
def put(places, small):
    def make(code="award.given", place=CITY, kind="at_least", low=10, **more):
        values = {"year": 2025, "issuer": "市政府", "document": "云政〔2025〕1号"} | more
        parent = values.pop("parent", None)
        low = None if low is None else Decimal(low)
        spec = TargetSpec(indicator=code, place=place, kind=kind, low=low, **values)
        return services.set_target(spec, by=CLERK, parent=parent, catalogue=small)

    return make


@pytest.fixture
def standing(small, later):
    def ask(place=CITY, period=OCTOBER):
        found = targets_of(place, 2025, catalogue=small)
        return standings(found, period=period, known_at=later(), catalogue=small)

    return ask


def test_a_target_is_held_against_the_value_and_the_time(put, standing, add):
    put(low=10)
    for month in (2, 3, 4):
        add("award", ROCK, given=date(2025, month, 1))
    one = standing()[0]
    assert (one.rate, one.reached, one.last) == (30, False, 0)
    assert round(one.pace, 2) == Decimal("-53.33")
    assert one.late
    assert one.warnings == ("慢于序时进度 53.3 个百分点",)


def test_a_target_below_last_year_is_named(put, standing, add):
    put(low=2)
    for day in (1, 2, 3):
        add("award", ROCK, given=date(2024, 5, day))
        add("award", ROCK, given=date(2025, 5, day))
    assert standing()[0].warnings == ("目标低于上年实绩",)


def test_two_tiers_are_two_targets_the_ensured_first(put, standing, add):
    put(low=8, tier="strive")
    put(low=4, tier="ensure")
    for day in range(1, 5):
        add("award", ROCK, given=date(2025, 5, day))
    assert [(one.target.tier, one.reached) for one in standing()] == [("ensure", True), ("strive", False)]


def test_references_find_their_targets(put, add, small, later):
    put(low=4)
    add("award", ROCK, given=date(2025, 5, 1))
    one = Reference.parse("{award.given:completion}")
    told = formed_many([one], place=CITY, period=OCTOBER, known_at=later(), catalogue=small)[one]
    assert (told.value, told.target.issuer, told.target.document) == (25, "市政府", "云政〔2025〕1号")


def test_the_same_target_twice_and_unfit_values_are_refused(put):
    put()
    with pytest.raises(TargetProblem, match="已经设定"):
        put()
    for wrong, words in (
        ({"kind": "exact", "low": None}, "数值"),
        ({"kind": "range", "low": 5}, "区间"),
        ({"kind": "rank", "low": 0}, "位次"),
        ({"issuer": " "}, "下达单位"),
        ({"place": "123"}, "区划"),
        ({"code": "no.such"}, "指标库"),
    ):
        with pytest.raises(TargetProblem, match=words):
            put(**({"year": 2026} | wrong))
    assert TargetRevision.objects.count() == 1


def test_adjusting_wants_a_reason_and_the_newest_state(put, small, later):
    row = put(low=10)
    before = later()
    spec = services.spec_of(row)
    with pytest.raises(TargetProblem, match="依据"):
        services.revise_target(row.target_id, spec, seen=1, by=CLERK, reason="", catalogue=small)
    new = TargetSpec(**{**spec.__dict__, "low": Decimal(12)})
    services.revise_target(row.target_id, new, seen=1, by=CLERK, reason="云政〔2025〕9号", catalogue=small)
    with pytest.raises(StaleTarget):
        services.revise_target(row.target_id, new, seen=1, by=CLERK, reason="云政〔2025〕9号", catalogue=small)
    assert targets_of(CITY, 2025, catalogue=small)[0].low == 12
    assert targets_of(CITY, 2025, known_at=before, catalogue=small)[0].low == 10
    services.withdraw_target(row.target_id, seen=2, by=CLERK, reason="上级取消")
    assert targets_of(CITY, 2025, catalogue=small) == []
    assert list(faults()) == []


def test_handing_on_says_what_nobody_has_got(put, small):
    row = put(low=10)
    hand_on = {"by": CLERK, "issuer": "市科技局", "document": "云科〔2025〕3号", "catalogue": small}
    services.break_down(row.target_id, [Share(RIVER, Decimal(4)), Share(ROCK, Decimal(3))], **hand_on)
    found = allocation(row.target_id, catalogue=small)
    assert (found.total, found.open, found.short) == (7, 3, True)
    services.break_down(row.target_id, [Share(RIVER, Decimal(6)), Share(ROCK, Decimal(5))], **hand_on)
    found = allocation(row.target_id, catalogue=small)
    assert (found.total, found.open, found.short, len(found.shares)) == (11, -1, False, 2)
    assert [one.low for one in targets_of(ROCK, 2025, catalogue=small)] == [5]


def test_the_database_refuses_what_must_never_be(put):
    row = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        TargetRevision.objects.create(
            target=services.Target.objects.create(act=row.act), indicator="award.given", place=row.place, year=2025,
            kind="exact", issuer="别的", document="文", known_from=row.known_from, act=row.act,
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        TargetRevision.objects.filter(pk=row.pk).update(low=Decimal(1))


def test_many_targets_cost_the_statements_of_one(put, standing, small, later, django_assert_num_queries):
    for code in ("award.given", "award.money", "award.large"):
        put(code=code, low=5)
    found = targets_of(CITY, 2025, catalogue=small)
    with django_assert_num_queries(4):  # places, definitions, received values, the ledger
        standings(found, period=OCTOBER, known_at=later(), catalogue=small)
