"""Sums of the trade, worked out by hand: amounts in 万元 unless said otherwise."""

from decimal import Decimal
from fractions import Fraction

import pytest

from keshu.kernel.rules import Band, capped, compile_formula, compile_rule, interest, piecewise, split

D = Decimal
SEGMENTS = [Band(D(0), D("0.05")), Band(D(1000), D("0.04")), Band(D(2000), D("0.02"))]
INDIRECT_OLD = [Band(D(0), D("0.20")), Band(D(500), D("0.15")), Band(D(1000), D("0.13"))]
INDIRECT_NEW = [Band(D(0), D("0.30")), Band(D(500), D("0.25")), Band(D(1000), D("0.20"))]


@pytest.mark.parametrize(
    ("spent", "before", "due"),
    [(800, 600, 52), (1000, 1000, 50), (1500, 1200, 88), (2000, 1800, 102), (5000, 4000, 210)],
)
def test_research_subsidy_by_segments_with_its_increase(spent, before, due):
    increase = compile_formula("max(今年 - 上年, 0) * 6%").value({"今年": spent, "上年": before})
    assert piecewise(SEGMENTS, D(spent)) + increase == due


@pytest.mark.parametrize(("spent", "before", "due"), [(1500, 1200, 18), (20000, 9000, 600)])
def test_research_subsidy_by_increase_alone(spent, before, due):
    increase = compile_formula("max(今年 - 上年, 0) * 6%").value({"今年": spent, "上年": before})
    assert capped(increase, most=D(600)) == due


def test_the_subsidy_is_borne_eight_to_one_to_one():
    assert split(D(18), [8, 1, 1]) == (D("14.40"), D("1.80"), D("1.80"))


@pytest.mark.parametrize(("cost", "total", "province", "local"), [(10, 5, 3, 2), (40, 20, 12, 8), (60, 20, 12, 8)])
def test_vouchers(cost, total, province, local):
    facts = {"费用": D(cost)}
    assert compile_formula("min(费用 * 50%, 20)").value(facts) == total
    assert compile_formula("min(费用 * 30%, 12)").value(facts) == province
    assert compile_formula("min(费用 * 50%, 20) - min(费用 * 30%, 12)").value(facts) == local


@pytest.mark.parametrize(("share", "due"), [("0.2", "2.07"), ("0.5", "5.175")])
def test_interest_of_a_pledged_loan(share, due):
    assert interest(D(300), 360, D("0.0345"), D(share)) == Fraction(due)


@pytest.mark.parametrize(("base", "old", "new"), [(300, 60, 90), (500, 100, 150), (800, 145, 225), (1000, 175, 275), (1500, 240, 375)])  # fmt: skip
def test_indirect_costs_by_cumulative_tiers(base, old, new):
    assert (piecewise(INDIRECT_OLD, D(base)), piecewise(INDIRECT_NEW, D(base))) == (old, new)


def test_entrusted_research_abroad():
    formula = compile_formula("min(境外委托 * 80%, 境内研发费用 * 2 / 3)")
    assert formula.value({"境外委托": D(300), "境内研发费用": D(330)}) == 220


def test_the_verdict_on_a_share_needs_no_rounding():
    rule = compile_rule("高企 / 全部 >= 29.73%")
    assert rule.truth({"高企": 22, "全部": 74}) is False  # 22 of 74 are 29.7297… per cent
