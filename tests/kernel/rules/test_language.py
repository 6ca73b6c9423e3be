"""The language: what a rule may say, what it answers, and what it refuses."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from keshu.kernel.rules import Domain, RuleError, compile_formula, compile_rule, constant_truth

FIRM = {
    "科技人员数": 18,
    "职工总数": 180,
    "申报单位.类型": "企业",
    "申报单位.注册日期": date(2024, 2, 29),
    "营业收入": Decimal(50_000_000),
    "失信": False,
    "设备.金额": (Decimal("1.5"), Decimal("2.5")),
    "领域": ("新材料", "电子信息"),
}


@pytest.mark.parametrize(
    ("rule", "truth"),
    [
        pytest.param("科技人员数 / 职工总数 >= 10%", True, id="eighteen of a hundred and eighty are exactly a tenth"),
        pytest.param("科技人员数 / 职工总数 > 0.1", False, id="and not more than a tenth"),
        pytest.param("10% <= 科技人员数 / 职工总数 <= 10%", True, id="a chain with the quotient in the middle"),
        pytest.param("营业收入 <= 5000万", True, id="upper bound included"),
        pytest.param("2000万 < 营业收入 < 0.5亿", False, id="upper bound left out"),
        pytest.param("申报单位.类型 in ['企业', '高校']", True, id="one of"),
        pytest.param("申报单位.类型 not in [“机关”]", True, id="none of, with Chinese quotes"),
        pytest.param("“新材料” in 领域", True, id="in a list that is a fact"),
        pytest.param("非 失信 且 职工总数 ≤ 500", True, id="written in Chinese"),
        pytest.param("sum(设备.金额) == 4 and count(设备.金额) == 2", True, id="columns of a table"),
        pytest.param("years_between(申报单位.注册日期, 2025-02-28) == 1", True, id="born on a leap day"),
        pytest.param("days_between(申报单位.注册日期, date('2025-02-28')) >= 365", True, id="365 days"),
        pytest.param("months_between(2025-01-31, 2025-02-28) == 1", True, id="to the last day of a shorter month"),
        pytest.param("max(职工总数, 200) - min(1, 2) == 199", True, id="greatest and least"),
        pytest.param("if_(失信, 1, 2) == 2", True, id="a choice"),
        pytest.param("round(2.345, 2) == 2.35 and round(-2.5) == -3", True, id="half away from zero"),
        pytest.param("(900 / 1000 + 990 / 900) / 2 - 1 == 0", True, id="exactly no growth"),
        pytest.param("1 / 3 + 1 / 3 + 1 / 3 == 1", True, id="thirds add up"),
        pytest.param("-科技人员数 / -职工总数 >= 10%", True, id="below a negative the sign turns"),
    ],
)
def test_what_a_rule_answers(rule, truth):
    assert compile_rule(rule).truth(FIRM) is truth


@pytest.mark.parametrize(
    ("rule", "truth"),
    [
        ("未报 > 1", None),
        ("未报 > 1 or 职工总数 > 1", True),
        ("未报 > 1 and 职工总数 < 1", False),
        ("not (未报 > 1)", None),
        ("科技人员数 / 零 >= 1", None),
        ("申报单位.类型 > 3", None),
        ("空 == '甲'", None),
        ("if_(未报 > 1, 2, 2) == 2", True),
        ("if_(零 == 0, 7, 1 / 零) == 7", True),
        ("sum(有空缺) > 0", None),
        ("'丙' in 有空缺的名单", None),
        ("失信", False),
        ("职工总数", None),
    ],
)
def test_what_is_missing_is_unknown_and_never_no(rule, truth):
    facts = {**FIRM, "零": 0, "空": "", "有空缺": (Decimal(1), None), "有空缺的名单": ("甲", None)}
    assert compile_rule(rule).truth(facts) is truth


@pytest.mark.parametrize("value", [Decimal("NaN"), Decimal("Infinity"), Decimal("1E+999999"), 10**60, 0.5])
def test_a_number_that_is_no_fact_counts_as_unknown(value):
    assert compile_rule("a * a >= 1").truth({"a": value}) is None


@pytest.mark.parametrize(
    ("text", "at", "says"),
    [
        ("__import__('os')", 1, "不能用“_”"),
        ("a.__class__ == 1", 2, "不能用“.”"),
        ("lambda: 1", 1, "不能用“lambda”"),
        ("open('x') == 1", 1, "没有“open”这个函数"),
        ("a.strip() == 1", 1, "没有“a.strip”这个函数"),
        ("(a)(b) == 1", 2, "没有“a”这个函数"),
        ("9 ** 9 > 1", 4, "写法不对"),
        ("a % 2 == 0", 3, "不能用“%”"),
        ("[i for i in a]", 4, "不能用“for”"),
        ("a if b else c", 3, "不能用“if”"),
        ("f'{a}' == 'x'", 2, "写法不对"),
        ("x := 3", 3, "不能用“:”"),
        ("a[0] > 1", 1, "不在允许的范围"),
        ("min(*a) > 1", 5, "不在允许的范围"),
        ("a == None", 6, "不能用“None”"),
        ("a > 1; b", 6, "不能用“;”"),
        ("'a\\x41' == a", 1, "不能用“'”"),
        ("1e9 > a", 2, "不能直接写“e”"),
        ("1" * 30 + " > a", 1, "超过 20 位"),
        ("5 + 3", 1, "要写一个判断"),
        ("a > 'b' and 'c'", 13, "要写一个判断"),
        ("a + 'b' > 1", 5, "只有数能加减乘除"),
        ("5 > '3'", 5, "不是同一类值"),
        ("a in (1)", 7, "要写列表"),
        ("a in [b]", 6, "只能写常数"),
        ("round(a, 99) > 1", 10, "0 到 12"),
        ("date('2025-02-30') > a", 1, "date 的参数"),
        ("a > 2025-02-30", 5, "没有“2025-02-30”这一天"),
        ("(" * 30 + "a", 25, "括号嵌套"),
        ("-" * 200 + "a > 1", 81, "嵌套超过"),
        ("a > 1 and " * 300 + "a > 1", 2001, "太长"),
        ("a+" * 300 + "a > 1", 401, "最多 400 个词"),
        ("a and", 3, "写法不对"),
        ("", 1, "空的"),
    ],
)
def test_what_is_outside_the_language_is_refused_with_its_place(text, at, says):
    with pytest.raises(RuleError) as refused:
        compile_rule(text)
    assert str(refused.value).startswith(f"第 {at} 个字符处：")
    assert says in str(refused.value)


def test_a_formula_gives_exact_values():
    assert compile_formula("营业收入 * 3.45% / 360").value(FIRM) == Fraction(50_000_000 * 345, 3_600_000)
    assert compile_formula("营业收入 * 0.1").value(FIRM) == Decimal(5_000_000)
    assert compile_formula("“企业”").value({}) == "企业"
    assert compile_formula("申报单位.注册日期").value(FIRM) == date(2024, 2, 29)
    assert compile_formula("if_(失信, 0, 营业收入)").names == ("失信", "营业收入")


@pytest.mark.parametrize(
    ("rule", "constant"),
    [
        ("a > 5 and a < 3", False),
        ("a > 5 or a <= 5", True),
        ("人数 >= 0", True),
        ("级别 in ['市级', '县级']", True),
        ("级别 == '国家级'", False),
        ("a / b > 3 or not (a / b > 3)", True),
        ("1 < 2", True),
        ("失信 and not 失信", False),
        ("日 > 2025-01-01 and 日 < 2024-01-01", False),
        ("a > 3 and b < 4", None),
        ("a / b > 3 or a / b < 4", None),
        ("级别 == '市级'", None),
    ],
)
def test_a_rule_that_says_nothing_is_found(rule, constant):
    domains = {"人数": Domain(least=Decimal(0)), "级别": Domain(choices=("市级", "县级"))}
    assert constant_truth(compile_rule(rule), domains) is constant
