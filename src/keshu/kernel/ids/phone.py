"""Telephone numbers: mobile, fixed line with area code, 400 and 800."""

from __future__ import annotations

import re

from keshu.kernel.ids.verdict import Verdict, bad, good, lost_digits
from keshu.kernel.width import half_width, no_spaces, plain_dashes

_MOBILE = re.compile(r"1[3-9]\d{9}")
_FIXED = re.compile(r"(0(?:10|2\d|[3-9]\d{2}))(\d{7,8})(?:转?(?:EXT\.?)?-?(\d{1,6}))?")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SERVICE = re.compile(r"([48]00)(\d{3})(\d{4})")


def normalise(text: str) -> str:
    """13800138000, 0598-1234567, 0598-1234567转801 or 400-123-4567; other text comes back without spaces."""
    plain = no_spaces(plain_dashes(half_width(text))).upper()
    plain = re.sub(r"^(\d+)\.0+$", r"\1", plain)
    plain = re.sub(r"^(?:\+|00)?\(?\+?86\)?-?(?=0?[1-9]\d{8,})", "", plain)
    if _MOBILE.fullmatch(bare := plain.replace("-", "")):
        return bare
    plain = re.sub(r"^\((0\d{2,3})\)", r"\1", plain)
    area, _, rest = plain.partition("-")
    if found := _FIXED.fullmatch(area + rest):
        return f"{found[1]}-{found[2]}" + (f"转{found[3]}" if found[3] else "")
    if found := _SERVICE.fullmatch(bare):
        return "-".join(found.groups())
    return plain


def check(text: str) -> Verdict:
    if lost := lost_digits(text, "电话号码"):
        return lost
    number = normalise(text)
    digits = number.replace("-", "")
    if _MOBILE.fullmatch(digits) or _FIXED.fullmatch(digits) or _SERVICE.fullmatch(digits):
        return good(number)
    if _LOCAL.fullmatch(digits):
        return good(number, "固定电话缺区号，建议补上")
    if re.fullmatch(r"1\d*", digits):
        return bad(number, "phone-mobile", f"手机号码应为11位，现有{len(digits)}位", "请核对位数和号段")
    return bad(
        number, "phone-shape", f"“{number}”不是可识别的电话号码", "请填写11位手机号，或带区号的固定电话，如0598-1234567"
    )


def check_several(text: str) -> Verdict:
    """One number, or several with a separator between them; each has to be sound."""
    parts = [part for part in re.split(r"[、,，;；/\n]+|\s{1,}(?=1[3-9]\d{9}(?!\d)|0\d{2,3}-)", text) if part.strip()]
    if len(parts) < 2 or not all(re.search(r"\d{7}", part) for part in parts):
        return check(text)
    verdicts = [check(part) for part in parts]
    wrong = next((verdict for verdict in verdicts if not verdict.ok), None)
    return wrong or good("、".join(verdict.value for verdict in verdicts))


def mask(number: str) -> str:
    """138****8000; fixed lines lose the middle of the local number; of several each is masked."""
    if "、" in number:
        return "、".join(map(mask, number.split("、")))
    return f"{number[:-8]}****{number[-4:]}" if len(number) > 8 else "*" * len(number)
