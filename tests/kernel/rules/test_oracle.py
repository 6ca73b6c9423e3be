"""Laws that no example can fake: rules against a naive reading of the same trees, tables against sums."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.rules import Band, RuleError, Tier, compile_rule, gaps, piecewise, split, tiers

NAMES = ("甲", "乙", "丙.一", "d")
numbers = st.decimals(min_value=-1000, max_value=1000, places=2, allow_nan=False, allow_infinity=False)
literals = st.decimals(min_value=0, max_value=100, places=2, allow_nan=False, allow_infinity=False)
facts = st.dictionaries(st.sampled_from(NAMES), numbers | st.none())

values = st.recursive(
    st.sampled_from(NAMES).map(lambda name: ("name", name)) | literals.map(lambda n: ("number", n)),
    lambda inner: st.tuples(st.sampled_from("+-*/"), inner, inner),
    max_leaves=4,
)
rules = st.recursive(
    st.tuples(st.sampled_from(("<", "<=", ">", ">=", "==", "!=")), values, values),
    lambda inner: st.tuples(st.sampled_from(("and", "or")), inner, inner) | st.tuples(st.just("not"), inner),
    max_leaves=6,
)


def written(node):
    match node:
        case ("name", name):
            return name
        case ("number", number):
            return f"{number:f}"
        case ("not", inner):
            return f"(not {written(inner)})"
        case (sign, left, right):
            return f"({written(left)} {sign} {written(right)})"


def naive_value(node, facts):
    if node[0] == "name":
        found = facts.get(node[1])
        return None if found is None else Fraction(found)
    if node[0] == "number":
        return Fraction(node[1])
    a, b = naive_value(node[1], facts), naive_value(node[2], facts)
    if a is None or b is None or (node[0] == "/" and b == 0):
        return None
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[node[0]]()


def naive(node, facts):
    """Kleene's tables with false 0, unknown 1/2, true 1."""
    match node:
        case ("and", left, right):
            return min(naive(left, facts), naive(right, facts))
        case ("or", left, right):
            return max(naive(left, facts), naive(right, facts))
        case ("not", inner):
            return 1 - naive(inner, facts)
        case (sign, left, right):
            a, b = naive_value(left, facts), naive_value(right, facts)
            if a is None or b is None:
                return Fraction(1, 2)
            return int({"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b, "==": a == b, "!=": a != b}[sign])


@given(rules, facts)
def test_a_rule_says_what_its_tree_says(tree, known):
    expected = {0: False, 1: True}.get(naive(tree, known))
    rule = compile_rule(written(tree))
    assert rule.truth(known) is expected
    verdict = rule.verdict(known)
    assert verdict.truth is expected
    assert all(clause.said for clause in verdict.clauses)


@given(rules, facts, facts)
def test_more_facts_never_overturn_an_answer(tree, known, more):
    """What is certain with some facts missing stays so whatever the missing ones turn out to be."""
    rule = compile_rule(written(tree))
    known = {name: value for name, value in known.items() if value is not None}
    before = rule.truth(known)
    if before is not None:
        assert rule.truth({**more, **known}) is before


@given(st.text(max_size=60) | st.text("()[]andornt .<>=+-*/%万亿'\"甲1_,", max_size=60))
def test_any_text_is_a_rule_or_a_refusal(text):
    try:
        rule = compile_rule(text)
    except RuleError as refusal:
        place = refusal.at
    else:
        place = 0
        assert rule.verdict({}).truth in (True, False, None)
    assert 0 <= place <= len(text)


bands = st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 30)), min_size=1, max_size=5, unique_by=lambda b: b[0])


@given(bands, st.decimals(min_value=-100, max_value=20000, places=2))
def test_a_progressive_amount_is_the_sum_over_every_fen(rows, value):
    table = [Band(Decimal(above), Decimal(rate) / 100) for above, rate in sorted(rows)]
    expected = Fraction(0)
    for index, band in enumerate(table):
        top = table[index + 1].above if index + 1 < len(table) else max(value, band.above)
        expected += max(Fraction(0), Fraction(min(value, top)) - Fraction(band.above)) * Fraction(band.rate)
    assert piecewise(table, value) == expected


@given(
    st.decimals(min_value=0, max_value=10**9, places=2),
    st.lists(st.integers(0, 20), min_size=1, max_size=5).filter(any),
)
def test_shares_add_up_to_the_total_and_miss_their_due_by_less_than_a_fen(total, shares):
    parts = split(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(Fraction(part) - Fraction(total) * share / sum(shares)) < Fraction(1, 100)


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True), numbers)
def test_neighbouring_tiers_leave_no_hole_and_hold_each_value_once(bounds, value):
    edges = sorted(bounds)
    table = [Tier(Decimal(0), below=Decimal(edges[0]))]
    table += [Tier(Decimal(i), from_=Decimal(a), below=Decimal(b)) for i, (a, b) in enumerate(pairwise(edges))]
    table += [Tier(Decimal(99), from_=Decimal(edges[-1]))]
    assert gaps(table) == []
    assert sum(tier.holds(value) for tier in table) == 1
    assert tiers(table, value) is not None


def test_holes_and_overlaps_are_found():
    table = [Tier(Decimal(1), above=Decimal(1), to=Decimal(5)), Tier(Decimal(2), above=Decimal(5), below=Decimal(8)),
             Tier(Decimal(3), from_=Decimal(7))]  # fmt: skip
    assert gaps(table) == [(Decimal(1), "hole"), (Decimal(7), "twice")]
