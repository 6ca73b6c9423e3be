"""Resident identity numbers, GB 11643—1999: 18 digits, or 15 of the old form.

No table of birthplaces: codes of places change, and old cards keep theirs.
"""

from __future__ import annotations

import re
from datetime import date

from keshu.kernel.ids.verdict import Verdict, bad, good, lost_digits, squeeze

_NAME = "身份证号码"


def normalise(text: str) -> str:
    """Upper-case without spaces; a 15-digit number becomes its 18-digit form."""
    number = squeeze(text)
    if re.fullmatch(r"\d{15}", number):
        longer = number[:6] + "19" + number[6:]
        return longer + check_character(longer)
    return number


def check_character(first17: str) -> str:
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(first17))
    return "10X98765432"[total % 11]


def check(text: str, *, today: date | None = None) -> Verdict:
    """Length, digits, a real date of birth (not after `today` where given) and the check character."""
    if lost := lost_digits(text, _NAME):
        return lost
    number = normalise(text)
    if len(number) != 18:
        return bad(number, "idcard-length", f"{_NAME}应为18位，现有{len(number)}位", "请对照身份证核对位数")
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return bad(number, "idcard-character", f"{_NAME}只能由数字组成，末位可为X", "请删去号码中的其他字符")
    born = birth_date(number)
    if born is None:
        return bad(number, "idcard-birth", f"{_NAME}中的出生日期“{number[6:14]}”不存在", "请对照身份证核对第7至14位")
    if today is not None and born > today:
        return bad(number, "idcard-birth", f"{_NAME}中的出生日期“{number[6:14]}”晚于今天", "请对照身份证核对第7至14位")
    if check_character(number[:17]) != number[17]:
        return bad(number, "idcard-check", f"{_NAME}校验位不符，号码中至少有一位录错", "请对照身份证逐位核对")
    if len(squeeze(text)) == 15:
        return good(number, "15位旧号码已换算为18位，请核对")
    return good(number)


def birth_date(number: str) -> date | None:
    """Date of birth of an 18-digit number, None where there is no such day."""
    try:
        return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_male(number: str) -> bool:
    return int(number[16]) % 2 == 1


def mask(number: str) -> str:
    """What a screen may show: 350423********3024."""
    return f"{number[:6]}{'*' * max(len(number) - 10, 0)}{number[-4:]}" if len(number) > 10 else "*" * len(number)
