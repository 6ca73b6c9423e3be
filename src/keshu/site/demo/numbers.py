"""Identifiers with valid check digits, drawn from a seeded generator."""

from random import Random

from keshu.kernel.ids import idcard, patent, uscc

_SAFE = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(draw: Random, place: str, kind: str = "91") -> str:
    """A unified social credit code of this place; inner and outer check digits hold."""
    body = "MA" + "".join(draw.choice(_SAFE) for _ in range(6))
    inner = body + uscc.inner_check_character(body)
    head = kind + place[:6] + inner
    return head + uscc.check_character(head)


def id_number(draw: Random, place: str) -> str:
    head = f"{place[:6]}{draw.randint(1962, 1998)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}{draw.randint(1, 999):03d}"
    return head + idcard.check_character(head)


def patent_number(draw: Random, year: int, kind: str) -> str:
    """An application number: 1 for inventions, 2 for utility models, 3 for designs."""
    head = f"{year}{({'invention': 1, 'utility': 2, 'design': 3})[kind]}{draw.randint(100000, 9999999):07d}"
    return f"{head}.{patent.check_character(head)}"


def phone(draw: Random) -> str:
    return f"1{draw.choice('3578')}{draw.randint(0, 9)}0000{draw.randint(0, 9999):04d}"


def certificate(draw: Random, year: int, place: str = "99") -> str:
    return f"GR{year}{place[:2]}00{draw.randint(0, 9999):04d}"
