"""Chinese patent (application) numbers, ZC 0006—2003, in every spelling that people type.

Canonical: 202110960806.5 (since October 2003) or 95115608.X (before).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from keshu.kernel.ids.verdict import Verdict, bad, good, lost_digits
from keshu.kernel.width import half_width, no_spaces, plain_dashes

_NAME = "专利号"
_LABEL = re.compile(r"^(?:专利申请号|专利号|申请号|NO\.?)?[:：]?(?:ZL|CN)?[:：.]?")
_SHAPE = re.compile(r"(\d{12}|\d{8})(?:[.．·。,](?=[\dX]$))?([\dX])?")
_PUBLICATION = re.compile(r"CN\d{7,9}[ABCUSY]\d?")
_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


class PatentKind(StrEnum):
    INVENTION = "invention"
    UTILITY = "utility"
    DESIGN = "design"

    @property
    def label(self) -> str:
        return {"invention": "发明", "utility": "实用新型", "design": "外观设计"}[self.value]


_KINDS = {
    "1": PatentKind.INVENTION, "8": PatentKind.INVENTION, "2": PatentKind.UTILITY, "9": PatentKind.UTILITY,
    "3": PatentKind.DESIGN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PatentNumber:
    """A number taken apart; `pct` marks a national phase of an international application."""

    body: str
    check: str
    year: int
    kind: PatentKind
    pct: bool

    def __str__(self) -> str:
        return f"{self.body}.{self.check}"


def normalise(text: str) -> str:
    """The canonical spelling; text that is no patent number comes back tidied and upper-case."""
    found = _SHAPE.fullmatch(_bare(text))
    if not found:
        return no_spaces(half_width(text)).upper()
    return f"{found[1]}.{found[2] or check_character(found[1])}"


def check_character(body: str) -> str:
    """Check character of 12 or (old form) 8 digits."""
    return "0123456789X"[sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=False)) % 11]


def parse(text: str) -> PatentNumber | None:
    """Take a number apart; None unless `check` accepts it."""
    verdict = check(text)
    if not verdict.ok:
        return None
    body, _, last = verdict.value.partition(".")
    digit = body[4] if len(body) == 12 else body[2]
    return PatentNumber(body, last, _year(body), _KINDS[digit], digit in "89")


def check(text: str) -> Verdict:
    """Shape, year, type digit and check character. Without its check character it gets one, with a warning."""
    if lost := lost_digits(text, _NAME):
        return lost
    compact = no_spaces(half_width(text)).upper()
    if _PUBLICATION.fullmatch(compact):
        return bad(
            compact,
            "patent-publication",
            f"“{compact}”是公开（公告）号，不是{_NAME}",
            "请改填以ZL或年份开头的申请号、专利号",
        )
    found = _SHAPE.fullmatch(_bare(text))
    if not found:
        digits = sum(character.isdigit() or character == "X" for character in _bare(text))
        return bad(
            compact,
            "patent-shape",
            f"{_NAME}应为12位数字加校验位，现有{digits}位",
            "请对照专利证书核对，形如ZL202310000123.4",
        )
    body, value = found[1], normalise(text)
    year = _year(body)
    if not (2003 <= year <= 2099 if len(body) == 12 else 1985 <= year <= 2003):
        return bad(value, "patent-year", f"{_NAME}中的申请年份“{year}”不合理", "请对照专利证书核对前几位")
    digit = body[4] if len(body) == 12 else body[2]
    if digit not in _KINDS:
        return bad(
            value,
            "patent-kind",
            f"{_NAME}中的专利种类号“{digit}”不存在",
            "种类号应为1（发明）、2（实用新型）或3（外观设计）等，请核对",
        )
    if found[2] is None:
        return good(value, "未填校验位，已按规则补上，请核对")
    if check_character(body) != found[2]:
        return bad(value, "patent-check", f"{_NAME}校验位不符，号码中至少有一位录错", "请对照专利证书逐位核对")
    return good(value)


def kind_of(text: str) -> PatentKind | None:
    """Kind that the type digit says; None unless the number holds."""
    number = parse(text)
    return number.kind if number else None


def _bare(text: str) -> str:
    compact = no_spaces(plain_dashes(half_width(text))).upper().replace("-", "").replace("×", "X")
    compact = re.sub(r"\((?:发明|实用新型|外观设计?)\)$", "", compact)
    return _LABEL.sub("", re.sub(r"^(\d{13})\.0$", r"\1", compact))


def _year(body: str) -> int:
    if len(body) == 12:
        return int(body[:4])
    short = int(body[:2])
    return 1900 + short if short >= 85 else 2000 + short
