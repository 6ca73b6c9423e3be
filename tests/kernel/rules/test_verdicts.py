"""The reason per clause, and facts computed from facts."""

from decimal import Decimal
from fractions import Fraction

import pytest

from keshu.kernel.rules import Circular, Computed, Sheet, compile_formula, compile_rule, show


def said(rule, facts, styles=None):
    return [clause.said for clause in compile_rule(rule).verdict(facts, styles).clauses]


def test_each_clause_says_its_values():
    rule = "科技人员占比 >= 10% and 营业收入 <= 2亿 and 类型 in ['企业', '高校'] and not 失信"
    facts = {"科技人员占比": Decimal("0.095"), "营业收入": Decimal(150_000_000), "类型": "机关", "失信": False}
    assert said(rule, facts) == [
        "科技人员占比 9.5% < 10%",
        "营业收入 1.5亿 ≤ 2亿",
        "类型 “机关” 不属于（企业、高校）",
        "失信：否",
    ]


def test_a_verdict_names_what_is_missing_until_something_fails():
    rule = compile_rule("a > 1 and b / c > 2 and d > 3")
    unknown = rule.verdict({"a": 2, "c": 0})
    assert (unknown.truth, unknown.needs) == (None, ("b", "d"))
    assert unknown.reasons == ("缺少“b”，不能判断“b / c > 2”", "缺少“d”，不能判断“d > 3”")
    failed = rule.verdict({"a": 1, "c": 0})
    assert (failed.truth, failed.needs, failed.reasons) == (False, (), ("a 1 ≤ 1",))


def test_dividing_by_zero_is_said_as_such():
    assert said("a / b > 2", {"a": 1, "b": 0}) == ["现有数据不能判断“a / b > 2”"]


def test_a_failed_choice_names_both_ways_and_a_met_one_only_what_met_it():
    assert said("a > 1 or b > 1", {"a": 0, "b": 1}) == ["a 0 ≤ 1，且b 1 ≤ 1"]
    assert said("a > 1 or b > 1", {"a": 5, "b": 1}) == ["a 5 > 1"]


def test_values_are_told_apart_from_the_bound_they_miss():
    assert said("占比 >= 10%", {"占比": Fraction(99999, 1_000_000)}) == ["占比 9.9999% < 10%"]


def test_styles_say_how_a_fact_is_shown():
    assert said("占比 >= 下限", {"占比": Decimal("0.08"), "下限": Decimal("0.1")}, {"下限": "percent"}) == [
        "占比 8% < 下限 10%"
    ]
    assert show(Decimal(12345678), "万") == "1234.57万"
    assert show(None) == "（未知）"


def computed(name, formula):
    read = compile_formula(formula)
    return Computed(name, read.names, read.value)


def test_computed_facts_find_their_order_and_what_they_lack():
    sheet = Sheet([computed("得分", "占比 * 100"), computed("占比", "甲 / 乙")])
    assert sheet.filled({"甲": 1, "乙": 4})["得分"] == 25
    assert sheet.filled({"甲": 1})["得分"] is None
    assert sheet.missing(["得分", "丙"], {"甲": 1}) == ("乙", "丙")


def test_facts_that_need_each_other_are_refused():
    with pytest.raises(Circular) as circle:
        Sheet([computed("甲", "乙 + 1"), computed("乙", "甲 + 1")])
    assert circle.value.names == ("甲", "乙", "甲")
