"""Full-width to half-width, spaces and dashes: what every reader of typed text does first."""

from __future__ import annotations

import re

_FULL = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x2009: 0x20, 0x202F: 0x20}
_INVISIBLE = dict.fromkeys((0xFEFF, 0x200B, 0x200C, 0x200D, 0x2060, 0x200E, 0x200F))
_TABLE: dict[int, int | None] = {**_FULL, **_INVISIBLE}
_DASHES = re.compile(r"[‐‑‒–—―−－﹣─]")
_SPACES = re.compile(r"\s+")


def half_width(text: str) -> str:
    """Full-width letters, digits, signs and spaces as half-width; invisible marks removed; Chinese marks 、。 kept."""
    return text.translate(_TABLE)


def no_spaces(text: str) -> str:
    return _SPACES.sub("", text)


def plain_dashes(text: str) -> str:
    """Every kind of dash as a hyphen."""
    return _DASHES.sub("-", text)


def tidy(text: str) -> str:
    """Half-width, runs of white space as one space, none at the ends."""
    return _SPACES.sub(" ", half_width(text)).strip()
