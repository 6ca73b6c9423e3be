"""Zero, missing and not applicable stay three things."""

from decimal import Decimal

import pytest

from keshu.kernel.measure.presence import Presence, Status, presence_of, presence_over, status_over

V, Z, M, N, P = Presence.VALUE, Presence.ZERO, Presence.MISSING, Presence.NOT_APPLICABLE, Presence.PARTIAL


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        pytest.param(Decimal(3), {}, V, id="a number"),
        pytest.param(Decimal(0), {}, Z, id="zero is a value of its own"),
        pytest.param(None, {}, M, id="nothing known"),
        pytest.param(Decimal(0), {"reported": False}, M, id="no rows and no report"),
        pytest.param(Decimal(5), {"complete": False}, P, id="a child is missing"),
        pytest.param(None, {"applicable": False}, N, id="not applicable wins"),
    ],
)
def test_presence_of(value, options, expected):
    assert presence_of(value, **options) is expected


@pytest.mark.parametrize(
    ("parts", "expected"),
    [([V, Z], V), ([Z, Z], Z), ([V, M], P), ([M, M], M), ([N, V], V), ([N, N], N), ([], N), ([V, P], P), ([Z, N], Z)],
)
def test_presence_over(parts, expected):
    assert presence_over(parts) is expected


def test_labels_and_order():
    assert [status.label for status in Status] == ["预计", "快报", "年报", "核定"]
    assert status_over([Status.VERIFIED, Status.FLASH]) is Status.FLASH
    assert status_over([]) is None
    assert not M.has_number and Z.has_number
    assert N.label == "不适用"
