"""What became of targets: completion, pace, the two levels, warnings, the tree; in as many statements as one takes."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from keshu.bureau.records.services import Actor, end_of
from keshu.bureau.statistics.services import SourceSpec, ValueSpec, add_source
from keshu.bureau.targets import services
from keshu.bureau.targets.progress import Concern, aims_of, period_of, progress, tree_of
from keshu.bureau.targets.services import Share, TargetSpec
from keshu.catalogue import Parameter
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.targets import Level

OFFICE = Actor("office", "苏文")
CITY, RIVER, ROCK = "990100", "990102", "990121"
NOVEMBER = datetime(2025, 11, 20, tzinfo=UTC)


@pytest.fixture
def put(places, small):
    def make(code="award.given", place=CITY, kind="at_least", low="10", **more):
        values = {"year": 2025, "issuer": "市政府", "document": "云政〔2025〕1号"} | more
        low = None if low is None else Decimal(low)
        spec = TargetSpec(indicator=code, place=place, kind=kind, low=low, **values)
        return services.set_target(spec, by=OFFICE, known_on=date(2023, 1, 10), catalogue=small)

    return make


@pytest.fixture
def give(add, clock):
    """`give(2025, 3)` gives three awards in March of the year, known since."""

    def make(year, times, place=ROCK):
        with clock(year, 4, 1):
            for day in range(1, times + 1):
                add("award", place, given=date(year, 3, day))

    return make


@pytest.fixture
def standing(small):
    def ask(place=CITY, year=2025, known_at=NOVEMBER):
        return progress(place, year, known_at, catalogue=small)

    return ask


@pytest.mark.parametrize(
    ("year", "day", "period"),
    [
        pytest.param(2024, date(2025, 11, 20), "2024", id="a year that is over"),
        pytest.param(2025, date(2025, 11, 20), "2025-01..2025-10", id="the finished months"),
        pytest.param(2025, date(2025, 10, 31), "2025-01..2025-10", id="a month is finished on its last day"),
        pytest.param(2025, date(2025, 1, 9), "2025-01-01..2025-01-09", id="no month is over yet"),
        pytest.param(2026, date(2025, 11, 20), None, id="a year that has not begun"),
    ],
)
def test_what_a_years_targets_are_held_against(year, day, period):
    assert period_of(year, day) == (period and Period.parse(period))


def test_a_target_is_held_against_the_value_and_the_time(put, give, standing):
    put(low="10")
    give(2025, 3)
    one = standing()[0]
    assert (one.actual, one.rate, one.reached, one.gap, one.last) == (3, 30, False, 7, 0)
    assert round(one.pace, 2) == Decimal("-53.33")
    assert [(w.concern, w.text) for w in one.warnings] == [(Concern.BEHIND, "较序时进度慢 53.3 个百分点")]
    assert one.late


def test_the_limit_of_pace_is_a_parameter_of_the_site(put, give, small):
    put(low="4")
    give(2025, 3)
    assert [one.late for one in progress(CITY, 2025, NOVEMBER, catalogue=small)] == [False]  # 75 % against 83 %
    values = [{"value": 5, "origin": "default"}, {"value": 20, "origin": "default", "place": RIVER}]
    limit = Parameter.model_validate({"code": "target.pace_warning", "name": "界限", "theme": "目标", "values": values})
    strict = replace(small, parameters={limit.code: limit})
    assert [one.late for one in progress(CITY, 2025, NOVEMBER, catalogue=strict)] == [True]


def test_a_missing_actual_is_not_zero(put, standing):
    put("rd.share", kind="exact", low="3")
    one = standing()[0]
    assert (one.actual, one.rate, one.pace, one.reached, one.warnings) == (None, None, None, None, ())


def test_a_finished_year_is_reached_or_missed(put, give, standing):
    put(low="3")
    give(2025, 2)
    one = standing(known_at=datetime(2026, 2, 1, tzinfo=UTC))[0]
    assert (str(one.period), [w.concern for w in one.warnings]) == ("2025", [Concern.MISSED])


def test_both_levels_are_judged(put, give, standing):
    put(tier="strive", low="8")
    put(tier="ensure", low="4")
    give(2025, 5)
    found = standing()
    assert [(one.row.tier, one.reached, one.level) for one in found] == [
        ("ensure", True, Level.ENSURED), ("strive", False, Level.ENSURED),
    ]  # fmt: skip
    assert [(aim.main.row.tier, aim.strive.row.tier) for aim in aims_of(found)] == [("ensure", "strive")]


def test_next_years_target_below_this_years_actual_is_said(put, give, standing):
    put(low="2", year=2026)
    put(kind="range", low="2", high=Decimal(3), year=2026, issuer="省")
    give(2025, 3)
    found = standing(year=2026)
    assert [(one.period, one.actual, one.last) for one in found] == [(None, None, 3), (None, None, 3)]
    assert [[w.text for w in one.warnings] for one in found] == [["目标低于今年实绩"], []]


def test_what_nobody_has_got_is_said(put, give, standing, small):
    row = put(low="10")
    give(2025, 12)
    more = {"by": OFFICE, "issuer": "局", "document": "文", "known_on": date(2025, 2, 1), "catalogue": small}
    services.break_down(row.target_id, [Share(RIVER, Decimal(4)), Share(ROCK, Decimal(3))], **more)
    assert [w.concern for w in standing()[0].warnings] == [Concern.UNALLOCATED]
    tree = tree_of(row.target_id, known_at=NOVEMBER, catalogue=small)
    assert (tree.total, tree.left) == (7, 3)
    assert [(b.progress.row.place.code, b.progress.actual) for b in tree.branches] == [(RIVER, 0), (ROCK, 12)]
    services.break_down(row.target_id, [Share(RIVER, Decimal(7))], **more)
    assert standing()[0].warnings == ()
    assert tree_of(999_999, known_at=NOVEMBER, catalogue=small) is None


def test_a_share_of_a_section_has_no_value_of_its_own(put, give, standing):
    row = put(low="10")
    put(low="4", section="高新科", parent=row.target_id)
    put(low="10", section="成果科", parent=row.target_id)
    give(2025, 9)
    assert {one.row.section: one.actual for one in standing()} == {"": 9, "高新科": None, "成果科": 9}


def test_growth_and_rank_are_held_against_growth_and_rank(put, give, standing, small):
    put(kind="growth", low="10")
    put("rd.share", kind="rank", low="5")
    give(2024, 10)
    give(2025, 12)
    source = SourceSpec(issuer="统计局", title="通报", cut_off=date(2025, 10, 31), obtained_on=date(2025, 11, 1))
    value = ValueSpec("rd.share", CITY, Period.parse("2025-01..2025-10"), Decimal("2.1"), rank=6, rank_of=12)
    add_source(source, values=[value], by=OFFICE, known_on=date(2025, 11, 1), catalogue=small)
    found = {one.row.kind: one for one in standing()}
    assert (found["growth"].actual, found["growth"].reached, found["growth"].pace) == (20, True, None)
    assert (found["rank"].actual, found["rank"].reached, found["rank"].gap) == (6, False, 1)


def test_progress_is_as_it_was_known(put, give, standing, small):
    row = put(low="10")
    give(2025, 6)
    spec = replace(services.spec_of(row), low=Decimal(6))
    services.revise_target(row.target_id, spec, seen=1, by=OFFICE, reason="云政〔2025〕9号", catalogue=small)
    assert standing()[0].rate == 60
    assert standing(known_at=datetime.now(UTC))[0].rate == 100
    assert standing(known_at=end_of(date(2025, 3, 1)))[0].actual == 0  # nothing was known of March then


def test_an_indicator_that_left_the_catalogue_is_left_out(put, standing, small):
    put()
    fewer = replace(small, indicators={k: v for k, v in small.indicators.items() if k != "award.given"})
    assert progress(CITY, 2025, NOVEMBER, catalogue=fewer) == []


@pytest.mark.parametrize("n", [1, 3])
def test_many_targets_cost_the_statements_of_one(put, small, django_assert_num_queries, n):
    for code in ("award.given", "award.money", "award.large")[:n]:
        put(code=code, low="5")
    with translation.override("zh-hans"), django_assert_num_queries(7):
        # targets, their parts; the tree, definitions, received values, the last act, the ledger
        assert len(progress(CITY, 2025, NOVEMBER, catalogue=small)) == n
