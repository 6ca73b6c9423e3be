"""What may be shifted between the heads of a budget without asking anybody."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keshu.kernel.measure.budget import Excess, Head, excesses

yuan = st.decimals(min_value=0, max_value=10**9, places=2)


def heads(equipment, business, labour, indirect):
    """Of 10, 20, 10 and 5 approved this was taken."""
    taken = zip(
        ("设备费", "业务费", "劳务费", "间接费用"),
        (10, 20, 10, 5),
        (equipment, business, labour, indirect),
        strict=True,
    )
    return [Head(name, Decimal(was), Decimal(str(now)), name == "间接费用") for name, was, now in taken]


@pytest.mark.parametrize(
    ("taken", "direct", "indirect", "found"),
    [
        pytest.param((10, 20, 10, 5), "0", "0", [], id="as approved, nothing is shifted"),
        pytest.param((14, 16, 10, 5), "0.1", "0", [], id="four of forty direct is exactly a tenth"),
        pytest.param(("14.01", 16, 10, 5), "0.1", "0", [("设备费", "4.01", "4")], id="a 分 more than a tenth"),
        pytest.param((30, 10, 0, 5), "1", "0", [], id="direct costs are the unit's own"),
        pytest.param((10, 19, 10, 6), "1", "0", [("间接费用", "1", "0")], id="indirect costs are not raised"),
        pytest.param((10, 20, 10, 6), "1", "0.2", [], id="where a place allows a fifth"),
        pytest.param((0, 0, 0, 0), "0", "0", [], id="less is never too much"),
        pytest.param((99, 0, 0, 9), None, None, [], id="no rule, no limit"),
    ],
)
def test_heads_beyond_the_units_own_room_are_named(taken, direct, indirect, found):
    shares = [None if one is None else Decimal(one) for one in (direct, indirect)]
    expected = [Excess(name, Decimal(over), Decimal(free)) for name, over, free in found]
    assert excesses(heads(*taken), direct_share=shares[0], indirect_share=shares[1]) == expected


@given(approved=st.lists(yuan, min_size=1, max_size=6), taken=st.lists(yuan, min_size=6, max_size=6))
def test_what_is_left_adds_up_to_the_last_cent(approved, taken):
    made = [Head(str(n), was, now) for n, (was, now) in enumerate(zip(approved, taken, strict=False))]
    assert sum(one.left for one in made) == sum(approved) - sum(taken[: len(approved)])


@given(approved=st.lists(yuan, min_size=1, max_size=6), taken=st.lists(yuan, min_size=6, max_size=6))
def test_moving_within_the_direct_total_is_free_where_all_of_it_is(approved, taken):
    """With the whole of direct costs free, only a head that alone exceeds twice their sum can be too much."""
    made = [Head(str(n), was, now) for n, (was, now) in enumerate(zip(approved, taken, strict=False))]
    if sum(taken[: len(approved)]) <= sum(approved):
        assert excesses(made, direct_share=Decimal(1), indirect_share=Decimal(0)) == []
