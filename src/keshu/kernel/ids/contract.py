"""Registration numbers of technology contracts: year first, then office and serial."""

from __future__ import annotations

import re

from keshu.kernel.ids.verdict import Verdict, bad, good, lost_digits, squeeze

_NAME = "技术合同登记编号"


def normalise(text: str) -> str:
    return squeeze(text)


def check(text: str) -> Verdict:
    """12 to 20 letters and digits that begin with a year; lengths differ between registration systems."""
    if lost := lost_digits(text, _NAME):
        return lost
    number = normalise(text)
    if not re.fullmatch(r"[0-9A-Z]{12,20}", number):
        return bad(
            number,
            "contract-shape",
            f"{_NAME}应为12至20位字母或数字，现为“{number}”",
            "请从登记系统导出的表中复制完整编号",
        )
    if not (number[:4].isdigit() and 1985 <= int(number[:4]) <= 2099):
        return bad(
            number, "contract-year", f"{_NAME}应以4位年份开头，现为“{number[:4]}”", "请从登记系统导出的表中复制完整编号"
        )
    return good(number)
