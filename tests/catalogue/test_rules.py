"""Row rules: a whitelist, three-valued, exact."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.catalogue.rules import RuleError, parse_rule

amounts = st.decimals(min_value=0, max_value=10**12, places=2)


@given(amounts, amounts)
def test_a_comparison_is_the_comparison(traded, total):
    assert parse_rule("traded <= total").holds({"traded": traded, "total": total}) is (traded <= total)


@pytest.mark.parametrize("values", [{}, {"traded": Decimal(1)}, {"traded": None, "total": Decimal(1)}])
def test_what_is_missing_raises_no_alarm(values):
    assert parse_rule("traded <= total").holds(values) is None


@pytest.mark.parametrize(
    ("rule", "values", "holds"),
    [
        ("granted >= filed", {"granted": date(2025, 1, 2), "filed": date(2025, 1, 3)}, False),
        ("granted >= filed", {"granted": date(2025, 1, 3), "filed": date(2025, 1, 3)}, True),
        ("class_n <= 45", {"class_n": 46}, False),
        ("class_n >= 1", {"class_n": Decimal(1)}, True),
        ("a + b <= c", {"a": Decimal("0.1"), "b": Decimal("0.2"), "c": Decimal("0.3")}, True),
        ("kind == 'hte'", {"kind": "hte"}, True),
        ("year(filed) == patent_year(number)", {"filed": date(2024, 5, 1), "number": "ZL2024 1 0977336.7"}, True),
        ("year(filed) == patent_year(number)", {"filed": date(2023, 5, 1), "number": "202410977336.7"}, False),
        ("year(filed) == patent_year(number)", {"filed": date(2023, 5, 1), "number": "95115608.X"}, None),
        ("kind == patent_kind(number)", {"kind": "design", "number": "202330789000X"}, True),
        ("kind == patent_kind(number)", {"kind": "utility", "number": "CN202330789000.X"}, False),
        ("certificate_year(number) == year(issued)", {"number": "GR202435000123", "issued": date(2025, 1, 5)}, False),
        ("certificate_year(number) == year(issued)", {"number": "闽科高〔2025〕1", "issued": date(2025, 1, 5)}, None),
        ("total >= 0", {"total": "一百"}, None),
    ],
)
def test_rules_on_rows(rule, values, holds):
    assert parse_rule(rule).holds(values) is holds


def test_uniqueness_names_its_fields_and_judges_no_single_row():
    rule = parse_rule("unique(kind, number)")
    assert (rule.unique, rule.fields, rule.holds({"kind": "a", "number": "1"})) == (True, ("kind", "number"), None)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "traded",
        "1 <= 2",
        "traded <= total <= budget",
        "traded in total",
        "traded <= total and total > 0",
        "traded <= __import__('os').system('ls')",
        "traded <= total.real",
        "traded <= total * 2",
        "traded <= eval(total)",
        "traded <= [1]",
        "unique()",
        "unique('a')",
        "year(filed, 2) == 2024",
        "'%1000000000d' % 1 == a",
    ],
)
def test_nothing_else_is_allowed(text):
    with pytest.raises(RuleError):
        parse_rule(text)


def test_fields_are_named_once_in_order():
    assert parse_rule("year(b) + a >= b").fields == ("b", "a")
