"""The arithmetic of figures: tables whose ids are sentences, then laws."""

from decimal import Decimal as D

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from keshu.kernel.measure import arithmetic as a
from keshu.kernel.measure.arithmetic import Direction, FirstOver, Level, Target, TargetKind

numbers = st.decimals(min_value=-(10**9), max_value=10**9, places=4)
positive = st.decimals(min_value="0.0001", max_value=10**9, places=4)


@pytest.mark.parametrize(
    ("value", "precision", "expected"),
    [
        ("2.345", 2, "2.35"),
        ("-2.345", 2, "-2.35"),
        ("0.5", 0, "1"),
        ("1.05", 1, "1.1"),
        ("-0.04", 1, "0.0"),
        ("1534", -2, "1500"),
    ],
)
def test_rounding_is_half_up(value, precision, expected):
    assert a.round_to(D(value), precision) == D(expected)
    assert not a.round_to(D(value), precision).is_signed() or D(expected) < 0


@given(value=numbers, precision=st.integers(0, 4))
def test_rounding_stays_within_half_a_unit_and_is_symmetric(value, precision):
    rounded = a.round_to(value, precision)
    assert abs(rounded - value) <= D("0.5").scaleb(-precision)
    assert a.round_to(-value, precision) == -rounded


def test_growth_of_the_example_paragraph():
    assert a.round_to(a.growth(now=D(96), before=D(78)), 1) == D("23.1")
    assert a.round_to(a.share(part=D(61), whole=D(96)), 1) == D("63.5")
    target = Target(kind=TargetKind.EXACT, value=D("9.00"))
    rate = a.completion(actual=D("8.46"), target=target).rate
    assert rate == 94
    assert a.round_to(a.pace(rate=rate, elapsed=D(10) / 12), 1) == D("10.7")


@pytest.mark.parametrize(("now", "before"), [(None, D(1)), (D(1), None), (D(5), D(0)), (D(5), D(-2))])
def test_growth_without_a_usable_base_is_nothing(now, before):
    assert a.growth(now=now, before=before) is None
    assert a.fold(now=now, before=before) is None


@given(now=positive, before=positive)
def test_growth_and_fold_say_the_same(now, before):
    assert abs(a.growth(now=now, before=before) - (a.fold(now=now, before=before) - 1) * 100) < D("1e-9")


@given(now=numbers, before=numbers)
def test_difference_turns_round(now, before):
    assert a.difference(now=now, before=before) == -a.difference(now=before, before=now)


def test_missing_is_not_zero():
    assert a.difference(now=None, before=D(1)) is None
    assert a.share(part=D(0), whole=D(5)) == 0
    assert a.share(part=D(1), whole=D(0)) is None
    assert a.points(now=D("2.5"), before=D("2.1")) == D("0.4")
    assert a.net(entered=D(24), left=D(6)) == 18
    assert a.per_ten_thousand(value=D(358), population=D(1356000)).quantize(D("0.01")) == D("2.64")
    assert a.against_average(value=D("3.4"), average=D("2.9")) == D("0.5")
    assert a.against_average(value=D(12), average=D(10), by=a.Against.PERCENT) == 20


@given(first=positive, rate=st.decimals(min_value=-50, max_value=100, places=2), years=st.integers(1, 10))
def test_compound_growth_leads_from_the_first_to_the_last(first, rate, years):
    last = first * (1 + rate / 100) ** years
    found = a.compound_growth(first=first, last=last, years=years)
    assert abs(found - rate) < D("1e-6")


def test_compound_growth_needs_two_ends():
    assert a.compound_growth(first=D(0), last=D(5), years=3) is None
    assert a.compound_growth(first=D(5), last=None, years=3) is None
    assert a.compound_growth(first=D(5), last=D(6), years=0) is None


@pytest.mark.parametrize(
    ("target", "actual", "rate", "reached", "gap"),
    [
        pytest.param({"kind": "exact", "value": 95}, 96, "101.05", True, 0, id="a number, exceeded"),
        pytest.param({"kind": "at_least", "value": 200}, 150, "75.00", False, 50, id="以上, not there"),
        pytest.param({"kind": "range", "value": 3, "upper": 5}, 4, "133.33", True, 0, id="inside a range"),
        pytest.param({"kind": "range", "value": 3, "upper": 5}, 7, "233.33", True, 0, id="beyond a range is reached"),
        pytest.param({"kind": "range", "value": 3, "upper": 5}, 2, "66.67", False, 1, id="below a range"),
        pytest.param({"kind": "about", "value": 100}, 96, "96.00", True, 0, id="左右 forgives five percent"),
        pytest.param({"kind": "about", "value": 100}, 94, "94.00", False, 6, id="左右 does not forgive six"),
        pytest.param({"kind": "growth", "value": 10}, 8, "80.00", False, 2, id="a growth target"),
        pytest.param({"kind": "growth", "value": 0}, 1, None, True, 0, id="growth above zero has no rate"),
        pytest.param({"kind": "share", "value": 40}, 41, "102.50", True, 0, id="a share"),
        pytest.param({"kind": "coverage", "value": 100}, 95, "95.00", False, 5, id="a coverage"),
        pytest.param({"kind": "rank", "value": 5}, 3, None, True, 0, id="a better rank"),
        pytest.param({"kind": "rank", "value": 5}, 7, None, False, 2, id="a worse rank"),
        pytest.param({"kind": "zero_break"}, 1, None, True, 0, id="the first one"),
        pytest.param({"kind": "zero_break"}, 0, None, False, 1, id="still none"),
        pytest.param({"kind": "as_handed_down"}, 9, None, None, None, id="handed down without a number"),
        pytest.param({"kind": "as_handed_down", "value": 10}, 9, "90.00", False, 1, id="handed down with one"),
        pytest.param({"kind": "exact", "value": 10, "direction": "lower"}, 8, "120.00", True, 0, id="lower is better"),
        pytest.param({"kind": "exact", "value": 10, "direction": "lower"}, 12, "80.00", False, 2, id="lower, missed"),
    ],
)
def test_completion(target, actual, rate, reached, gap):
    fields = {key: D(value) if isinstance(value, int) else value for key, value in target.items()}
    fields["kind"] = TargetKind(fields["kind"])
    fields["direction"] = Direction(fields.get("direction", "higher"))
    done = a.completion(actual=D(actual), target=Target(**fields))
    assert (done.rate if done.rate is None else a.round_to(done.rate, 2)) == (None if rate is None else D(rate))
    assert done.reached is reached
    assert done.gap == gap


@given(value=positive, actual=positive)
def test_reached_is_one_hundred_percent_in_both_directions(value, actual):
    for direction in Direction:
        done = a.completion(actual=actual, target=Target(kind=TargetKind.EXACT, value=value, direction=direction))
        if abs(done.rate - 100) > D("1e-15"):
            assert done.reached == (done.rate > 100)
        assert (done.gap == 0) == done.reached


def test_a_missing_actual_completes_nothing():
    done = a.completion(actual=None, target=Target(kind=TargetKind.EXACT, value=D(1)))
    assert (done.rate, done.reached, done.gap) == (None, None, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": TargetKind.EXACT},
        {"kind": TargetKind.RANGE, "value": D(5), "upper": D(3)},
        {"kind": TargetKind.ABOUT, "value": D(5), "upper": D(6)},
    ],
)
def test_targets_that_cannot_be_judged(fields):
    with pytest.raises(a.BadTarget):
        Target(**fields)


def test_two_levels_are_judged_each_on_its_own():
    ensure, strive = (Target(kind=TargetKind.EXACT, value=D(value)) for value in (18, 20))
    assert a.two_levels(actual=D(17), ensure=ensure, strive=strive) is Level.NONE
    assert a.two_levels(actual=D(19), ensure=ensure, strive=strive) is Level.ENSURED
    assert a.two_levels(actual=D(20), ensure=ensure, strive=strive) is Level.STRIVEN
    assert a.two_levels(actual=None, ensure=ensure, strive=strive) is None


def test_score_and_warning():
    assert a.score(weight=D(5), rate=D(80)) == 4
    assert a.score(weight=D(5), rate=D(180)) == 5
    assert a.score(weight=D(5), rate=D(-20)) == 0
    assert a.score(weight=D(5), rate=None) is None
    assert a.is_late(pace_points=D("-10.1")) and not a.is_late(pace_points=D(-10)) and not a.is_late(pace_points=None)
    assert a.unallocated(total=D(20), parts=[D(12), D(9)]) == -1
    parts = [Target(kind=TargetKind.RANGE, value=D(3), upper=D(5)), Target(kind=TargetKind.EXACT, value=D(4))]
    assert a.range_of_sum(parts) == (7, 9)


def test_rank_shares_positions_and_refuses_incomplete_lists():
    values = {"甲": D(9), "乙": D(7), "丙": D(7), "丁": D(1)}
    assert a.rank(values, who="乙") == a.Rank(2, 4, True)
    assert a.rank(values, who="丁") == a.Rank(4, 4, False)
    assert a.rank(values, who="丁", direction=Direction.LOWER) == a.Rank(1, 4, False)
    assert a.rank(values | {"丁": None}, who="甲") is None
    assert a.rank(values, who="戊") is None
    assert a.rank_moved(now=3, before=5) == 2
    assert a.rank_moved(now=3, before=None) is None


@given(st.dictionaries(st.text(max_size=3), numbers, min_size=1, max_size=8))
def test_rank_counts_who_is_better(values):
    ranks = {who: a.rank(values, who=who).position for who in values}
    for who, position in ranks.items():
        assert position == 1 + sum(1 for other in values if values[other] > values[who])


def test_streak_ends_at_a_gap():
    assert a.streak({2021: True, 2022: True, 2023: True}, at=2023) == 3
    assert a.streak({2020: True, 2022: True, 2023: True}, at=2023) == 2
    assert a.streak({2021: True, 2022: None, 2023: True}, at=2023) == 1
    assert a.streak({2023: False}, at=2023) == 0
    assert a.month_index(2025, 1) - a.month_index(2024, 12) == 1


def test_first_over_needs_every_earlier_year():
    series = {2021: D(6), 2022: D(8), 2023: D(9), 2024: D(11)}
    assert a.first_over(series, at=2024, threshold=D(10), since=2021) is FirstOver.FIRST
    assert a.first_over(series, at=2024, threshold=D(9), since=2021) is FirstOver.OVER_BEFORE
    assert a.first_over(series, at=2023, threshold=D(10), since=2021) is FirstOver.NOT_OVER
    assert a.first_over(series, at=2024, threshold=D(10), since=2020) is FirstOver.OVER_UNKNOWN
    assert a.is_highest(series, at=2024)
    assert not a.is_highest({2024: D(3)}, at=2024)
    assert a.is_highest({2023: D(5), 2024: D(3)}, at=2024, direction=Direction.LOWER)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        ("8.9", "10.3", "10"),
        ("470", "512", "500"),
        ("96", "98", "98"),
        ("1980", "2100", "2000"),
        ("5", "5", None),
        ("98", "160", "100"),
    ],
)
def test_threshold_crossed(before, now, expected):
    assert a.threshold_crossed(now=D(now), before=D(before)) == (None if expected is None else D(expected))


@given(positive, positive)
def test_a_crossed_threshold_lies_between(x, y):
    assume(x != y)
    before, now = min(x, y), max(x, y)
    crossed = a.threshold_crossed(now=now, before=before)
    assert before < crossed <= now


def test_sum_over_names_what_is_missing():
    assert a.sum_over({2021: D(1), 2022: None, 2023: D(4)}) == a.Total(D(5), ("2022",))
    assert a.sum_over({2021: None}) == a.Total(None, ("2021",))
    assert a.sum_over({2021: D(0)}) == a.Total(D(0), ())


def test_without_largest_names_who_left():
    rest = a.without_largest({"甲": D(60), "乙": D(30), "丙": D(10)})
    assert (rest.value, rest.without, rest.share_removed) == (40, ("甲",), 60)
    assert a.without_largest({"甲": D(60), "乙": D(30)}, k=5).value == 0
    assert a.without_largest({}).share_removed is None
    assert a.is_small_base(before=D(9)) and not a.is_small_base(before=D(10))
