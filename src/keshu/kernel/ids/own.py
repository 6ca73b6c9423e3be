"""Our own numbers: prefix, year, serial and a check character (ISO 7064 MOD 11-2).

The check character lets a reference that somebody typed be verified before it is looked up.
"""

from __future__ import annotations

import re

from keshu.kernel.ids.verdict import Verdict, bad, good, squeeze

_SHAPE = re.compile(r"([A-Z]{2,4})(\d{4})(\d{5,8})([\dX])")


def make(*, prefix: str, year: int, serial: int, width: int = 5) -> str:
    """XM + 2026 + 00017 + check character."""
    if not re.fullmatch(r"[A-Z]{2,4}", prefix) or not 1000 <= year <= 9999 or not 5 <= width <= 8:
        raise ValueError("编号由2至4个大写字母、4位年份和5至8位流水号组成")
    if not 0 <= serial < 10**width:
        raise ValueError(f"流水号超出{width}位")
    body = f"{prefix}{year}{serial:0{width}d}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """Letters count as their two-digit value (A is 10), then the pure MOD 11-2 of the digits."""
    carry = 0
    for digit in "".join(str(int(character, 36)) for character in body):
        carry = (carry + int(digit)) * 2 % 11
    return "0123456789X"[(12 - carry) % 11]


def normalise(text: str) -> str:
    return squeeze(text)


def check(text: str) -> Verdict:
    number = normalise(text)
    if not _SHAPE.fullmatch(number):
        return bad(number, "own-shape", f"“{number}”不是本系统的编号", "请核对编号，形如XM2026000179")
    if check_character(number[:-1]) != number[-1]:
        return bad(number, "own-check", "编号校验位不符，至少有一位录错", "请对照原件逐位核对编号")
    return good(number)
