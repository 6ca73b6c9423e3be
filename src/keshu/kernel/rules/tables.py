"""Point tables, progressive amounts, caps, shares and rounding; every bound says itself whether it is included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from keshu.kernel.rules.arithmetic import minus, plus, round_half_up, times
from keshu.kernel.rules.nodes import Number


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of a point table. ``from_`` and ``to`` belong to it, ``above`` and ``below`` do not; open where left out.

    ``value`` is what it gives; where an expert chooses inside a band, ``lowest`` is the lower end of it.
    """

    value: Decimal
    from_: Decimal | None = None
    above: Decimal | None = None
    to: Decimal | None = None
    below: Decimal | None = None
    lowest: Decimal | None = None
    says: str = ""

    def holds(self, value: Number) -> bool:
        return (
            (self.from_ is None or value >= self.from_)
            and (self.above is None or value > self.above)
            and (self.to is None or value <= self.to)
            and (self.below is None or value < self.below)
        )


@dataclass(frozen=True, slots=True)
class Band:
    """One stretch of a progressive amount: ``rate`` applies to what lies above ``above``, up to the next band."""

    above: Decimal
    rate: Decimal


def tier_of(table: Sequence[Tier], value: Number | None) -> Tier | None:
    """The first row that holds the value; ``None`` for a missing value or one that no row holds."""
    if value is None:
        return None
    return next((tier for tier in table if tier.holds(value)), None)


def tiers(table: Sequence[Tier], value: Number | None) -> Decimal | None:
    """What the table gives for a value; ``None`` for a missing value or one that no row holds."""
    found = tier_of(table, value)
    return None if found is None else found.value


def gaps(table: Sequence[Tier]) -> list[tuple[Decimal, str]]:
    """Bounds at which the table has a hole or two rows, each with 'hole' or 'twice': both are slips of the pen."""
    bounds = {b for tier in table for b in (tier.from_, tier.above, tier.to, tier.below) if b is not None}
    found: list[tuple[Decimal, str]] = []
    for point, near in _probes(sorted(bounds)):
        holding = sum(tier.holds(point) for tier in table)
        if holding != 1:
            found.append((near, "twice" if holding else "hole"))
    return list(dict.fromkeys(found))


def _probes(bounds: list[Decimal]) -> list[tuple[Fraction, Decimal]]:
    """Each bound itself and a point in each stretch between two bounds; outside the outermost nothing is asked."""
    points = [(Fraction(bound), bound) for bound in bounds]
    between = [((Fraction(a) + Fraction(b)) / 2, a) for a, b in pairwise(bounds)]
    return points + between


def piecewise(bands: Sequence[Band], value: Number | None) -> Number | None:
    """The progressive amount: each stretch at its own rate, added up. Below the first band there is nothing."""
    if value is None:
        return None
    total: Number = Decimal(0)
    for index, band in enumerate(bands):
        if value <= band.above:
            break
        upper = min(value, bands[index + 1].above) if index + 1 < len(bands) else value
        total = plus(total, times(minus(upper, band.above), band.rate))
    return total


def capped(value: Number | None, most: Number | None = None, least: Number | None = None) -> Number | None:
    """The value held between a floor and a ceiling, each of which may be missing."""
    if value is None:
        return None
    if most is not None and value > most:
        return most
    return least if least is not None and value < least else value


def split(total: Decimal, shares: Sequence[Number], places: int = 2) -> tuple[Decimal, ...]:
    """The total in proportion to the shares, rounded so that the parts add up: the largest remainders get the rest.

    Raises ``ValueError`` for shares below zero or a sum of zero, and for a total finer than ``places``.
    """
    weights = [Fraction(share) for share in shares]
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("shares must not be negative and must not all be zero")
    units = Fraction(total) * 10**places
    if units.denominator != 1:
        raise ValueError(f"{total} has more than {places} places")
    exact = [units * weight / whole for weight in weights]
    floors = [int(part // 1) for part in exact]
    order = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for index in order[: int(units) - sum(floors)]:
        floors[index] += 1
    return tuple(round_half_up(Fraction(part, 10**places), places) for part in floors)


def interest(principal: Number, days: int, rate: Number, share: Number, basis: int = 360) -> Fraction:
    """Simple interest of a loan for some days, and the share of it that is borne."""
    return Fraction(principal) * days / basis * Fraction(rate) * Fraction(share)
