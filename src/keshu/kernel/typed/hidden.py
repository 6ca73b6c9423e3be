"""Signs in typed text that nobody sees: control and direction signs, breaks of other programs, what no font has."""

from __future__ import annotations

import unicodedata

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_LAYOUT = frozenset("\t\n\r")  # people type these, and see what they do


def hidden_sign(text: str) -> str:
    """The first unseen sign as people can look it up, U+200B; "" where every sign is seen.

    A number that two programs show alike must be one number, so such signs are refused, not taken out.
    """
    for sign in text:
        if sign not in _LAYOUT and unicodedata.category(sign) in _UNSEEN:
            return f"U+{ord(sign):04X}"
    return ""
