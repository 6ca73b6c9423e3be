"""Which values a printed figure allows."""

from decimal import Decimal

import pytest

from keshu.kernel.prose.figure import Approx, Figure
from keshu.kernel.prose.printed import allowed, printed_step

D = Decimal


def made(text: str, value: str, unit: str, approx: Approx = Approx.EXACT, upper: str | None = None) -> Figure:
    return Figure(0, len(text), text, D(value), unit, approx, D(upper) if upper else None)


@pytest.mark.parametrize(
    ("figure", "step"),
    [
        (made("96家", "96", "家"), "1"),
        (made("8.46亿元", "846000000", "元"), "1000000"),
        (made("12万件", "120000", "件"), "10000"),
        (made("8.3%", "8.3", "%"), "0.1"),
        (made("1,234.50万元", "12345000", "元"), "100"),
        (made("近六成", "60", "%"), "10"),
    ],
)
def test_the_last_written_place(figure: Figure, step: str) -> None:
    assert printed_step(figure) == D(step)


@pytest.mark.parametrize(
    ("figure", "inside", "outside"),
    [
        (made("96家", "96", "家"), ["96"], ["95", "97", "96.4"]),
        (made("8.46亿元", "846000000", "元"), ["845500000", "846499999"], ["845000000", "847000000"]),
        (made("8.3%", "8.3", "%"), ["8.25", "8.349"], ["8.2", "8.4"]),
        (made("近100家", "100", "家", Approx.ABOUT), ["96", "100"], ["80", "120"]),
        (made("800多家", "800", "家", Approx.OVER), ["800", "880"], ["799", "1000"]),
        (made("不足10家", "10", "家", Approx.UNDER), ["9"], ["11", "5"]),
        (made("3-5家", "3", "家", Approx.RANGE, "5"), ["3", "4", "5"], ["2", "6"]),
    ],
)
def test_what_is_allowed(figure: Figure, inside: list[str], outside: list[str]) -> None:
    room = allowed(figure)
    assert room is not None
    assert all(room.holds(D(value)) for value in inside)
    assert not any(room.holds(D(value)) for value in outside)


def test_a_slot_allows_nothing() -> None:
    assert allowed(Figure(0, 3, "xx家", None, "家")) is None


def test_a_fall_is_printed_as_finely_as_a_rise():
    """A value below zero must not turn the ends round: −1.2% stands for what lies between −1.25% and −1.15%."""
    fall = made("1.2%", "-1.2", "%")
    assert printed_step(fall) == D("0.1")
    assert allowed(fall).holds(D("-1.24"))
    assert not allowed(fall).holds(D("-1.26"))
