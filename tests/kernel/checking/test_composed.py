"""Paragraphs composed from numbers: right ones at printed rounding are left alone, one changed number is found."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keshu.catalogue.loader import load
from keshu.kernel.prose.checking import Certainty, examine
from keshu.kernel.prose.reading import read

CHECKS = tuple(load().checks.values())
counts = st.integers(min_value=2, max_value=4000)
amounts = st.decimals(min_value="0.5", max_value="900", places=4)
small = settings(max_examples=60, deadline=None)


def rounded(value, places: int) -> str:
    return str(Decimal(value).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP))


def accusations(text: str):
    found = examine(text, read(text, 2025), checks=CHECKS, year=2025).findings
    return [one for one in found if one.certainty is not Certainty.ASK and one.type != "edit"]


@small
@given(parts=st.tuples(counts, counts, counts))
def test_a_sum_of_counts(parts):
    text = "全年共立项{}项，其中省级{}项、市级{}项、县级{}项。"
    assert accusations(text.format(sum(parts), *parts)) == []
    assert accusations(text.format(sum(parts) - 1, *parts))


@small
@given(parts=st.lists(amounts, min_size=2, max_size=4), places=st.integers(1, 2))
def test_a_sum_of_rounded_amounts(parts, places):
    listed = "、".join(f"{level}级{rounded(one, places)}亿元" for level, one in zip("省市县区", parts, strict=False))
    assert accusations(f"投入资金{rounded(sum(parts), places)}亿元，其中{listed}。") == []
    too_little = sum(parts) - Decimal(len(parts) + 2) * Decimal(1).scaleb(-places)
    assume(too_little > max(parts))
    assert accusations(f"投入资金{rounded(too_little, places)}亿元，其中{listed}。")


@small
@given(old=counts, new=counts)
def test_growth_from_one_count_to_another(old, new):
    assume(new > old)
    rate = (Decimal(new) / old - 1) * 100
    text = "高新技术企业由{}家增加到{}家，增长{}%。"
    assert accusations(text.format(old, new, rounded(rate, 1))) == []
    assert accusations(text.format(old, new, rounded(rate + Decimal("0.3"), 1)))


@small
@given(old=amounts, factor=st.decimals(min_value="1.02", max_value=3, places=4))
def test_growth_of_rounded_amounts(old, factor):
    old += 10
    new = old * factor
    rate = (factor - 1) * 100
    text = "技术合同成交额由{}亿元提高到{}亿元，增长{}%。"
    assert accusations(text.format(rounded(old, 1), rounded(new, 1), rounded(rate, 1))) == []


@small
@given(level=counts, more=counts)
def test_a_level_with_its_increase(level, more):
    assume(level > more)
    rate = Decimal(more) / (level - more) * 100
    text = "有效发明专利{}件，比上年增加{}件，增长{}%。"
    assert accusations(text.format(level, more, rounded(rate, 1))) == []
    assert accusations(text.format(level, more, rounded(rate + 1, 1)))
    assert accusations(text.format(more, level, rounded(rate, 1)))


@small
@given(part=counts, rest=counts, places=st.integers(0, 2))
def test_a_share(part, rest, places):
    whole = part + rest
    share = Decimal(part) / whole * 100
    text = "共立项{}项，其中企业牵头{}项，占总数的{}%。"
    assert accusations(text.format(whole, part, rounded(share, places))) == []
    assert accusations(text.format(whole, part, rounded(share + 3, places)))


@small
@given(old=st.decimals(min_value=1, max_value=60, places=2), points=st.decimals(min_value="0.1", max_value=9, places=2))
def test_percentage_points(old, points):
    text = "占比由{}%提高到{}%，提高{}个百分点。"
    assert accusations(text.format(old, old + points, points)) == []
    assert accusations(text.format(old, old + points, points + Decimal("0.5")))


@small
@given(old=st.integers(1, 30), new=st.integers(1, 30))
def test_a_rank(old, new):
    assume(old != new)
    word = "上升" if new < old else "下降"
    wrong = "下降" if new < old else "上升"
    text = "综合排名由全省第{}位{}到第{}位。"
    assert accusations(text.format(old, word, new)) == []
    assert accusations(text.format(old, wrong, new))


@small
@given(names=st.integers(2, 9), number=st.integers(2, 9))
def test_names_and_their_number(names, number):
    listed = "、".join(f"《{'甲乙丙丁戊己庚辛壬'[place]}类管理办法》" for place in range(names))
    assert bool(accusations(f"先后出台{listed}等{number}项制度。")) is (names > number)


@small
@given(actual=counts, target=counts)
def test_a_target_reached(actual, target):
    assume(actual != target)
    text = f"新增高新技术企业{actual}家，超额完成{target}家的目标任务。"
    assert bool(accusations(text)) is (actual < target)


@pytest.mark.parametrize("mark", ["，", ","])
@pytest.mark.parametrize("blank", ["", " "])
def test_marks_and_blanks_change_nothing(mark, blank):
    text = f"全年共立项{blank}46{blank}项{mark}其中省级18项、市级29项。"
    assert {one.code for one in accusations(text)} >= {"sum.within"}
