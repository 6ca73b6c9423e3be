"""Exact numbers: Decimal while it is exact, Fraction where it is not, never a rounding that nobody asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Context, Decimal, DivisionByZero, Inexact, InvalidOperation, Overflow
from fractions import Fraction
from typing import Any, Final

from keshu.kernel.rules.nodes import Number

_EXACT: Final = Context(prec=50, traps=[Inexact, InvalidOperation, DivisionByZero, Overflow])
_BUSY: Final = (Inexact, TypeError, Overflow)
#: for shifting the decimal point only, which loses nothing
WIDE: Final = Context(prec=400)
#: the kind of a fact by its class; what is not listed (float above all) cannot be compared with anything
KINDS: Final[dict[type, str]] = {
    int: "number", Decimal: "number", Fraction: "number", str: "text", date: "date", bool: "truth",
    tuple: "list", list: "list",
}  # fmt: skip


def plus(a: Any, b: Any) -> Number:
    try:
        return _EXACT.add(a, b)
    except _BUSY:
        return Fraction(a) + Fraction(b)


def minus(a: Any, b: Any) -> Number:
    try:
        return _EXACT.subtract(a, b)
    except _BUSY:
        return Fraction(a) - Fraction(b)


def times(a: Any, b: Any) -> Number:
    try:
        return _EXACT.multiply(a, b)
    except _BUSY:
        return Fraction(a) * Fraction(b)


def over(a: Any, b: Any) -> Number | None:
    """``None`` when the divisor is zero: there is no such number, which is not the same as zero."""
    if not b:
        return None
    try:
        return _EXACT.divide(a, b)
    except _BUSY:
        return Fraction(a) / Fraction(b)


OPERATIONS: Final[dict[str, Callable[[Any, Any], Number | None]]] = {"+": plus, "-": minus, "*": times, "/": over}


def is_number(value: object) -> bool:
    return KINDS.get(type(value)) == "number"


def round_half_up(value: Number, places: int = 0) -> Decimal:
    """Rounded away from zero at the half, from the exact value and only once."""
    scaled = Fraction(value) * 10**places
    whole = (abs(scaled.numerator) * 2 + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if scaled >= 0 else -whole).scaleb(-places, WIDE)


def as_decimal(value: Number, places: int = 12) -> Decimal:
    """The number as Decimal: as it is, or a fraction rounded to ``places``."""
    if isinstance(value, Decimal):
        return value
    return Decimal(value) if isinstance(value, int) else round_half_up(value, places)
