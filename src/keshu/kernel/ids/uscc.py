"""Unified social credit code of organisations, GB 32100—2015, 18 characters."""

from __future__ import annotations

from keshu.kernel.ids.verdict import Verdict, bad, good, lost_digits, squeeze

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_NAME = "统一社会信用代码"
_INNER_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_DEPARTMENTS = "123456789ANY"


def normalise(text: str) -> str:
    return squeeze(text)


def check_character(first17: str) -> str:
    """The 18th character for the first 17."""
    total = sum(ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(first17))
    return ALPHABET[-total % 31]


def inner_check_character(first8: str) -> str:
    """Check character of the organisation code inside (GB 11714)."""
    total = sum(int(character, 36) * weight for character, weight in zip(first8, _INNER_WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def check(text: str) -> Verdict:
    """Refuse on length, alphabet and the outer check character; the inner one of older bodies only warns."""
    if lost := lost_digits(text, _NAME):
        return lost
    code = normalise(text)
    if len(code) != 18:
        return bad(code, "uscc-length", f"{_NAME}应为18位，现有{len(code)}位", "请对照营业执照补全或删去多余字符")
    wrong = sorted({character for character in code if character not in ALPHABET})
    if wrong:
        hint = "（代码中不使用字母I、O、S、V、Z，常与数字1、0、5、2混淆）" if set(wrong) & set("IOSVZ") else ""
        return bad(
            code, "uscc-character", f"{_NAME}中有不允许的字符“{'、'.join(wrong)}”{hint}", "请对照营业执照改正该字符"
        )
    if not code[2:8].isdigit():
        return bad(code, "uscc-region", f"{_NAME}第3至8位应为数字（登记机关行政区划）", "请对照营业执照改正")
    if check_character(code[:17]) != code[17]:
        return bad(code, "uscc-check", f"{_NAME}校验位不符，号码中至少有一位录错", "请对照营业执照逐位核对")
    return good(code, *_warnings(code))


def _warnings(code: str) -> list[str]:
    found = []
    if code[0] not in _DEPARTMENTS:
        found.append(f"首位“{code[0]}”不是已知的登记管理部门代码")
    if inner_check_character(code[8:16]) != code[16]:
        found.append("其中的组织机构代码（第9至17位）校验位不符，早年登记的单位可能如此")
    return found
