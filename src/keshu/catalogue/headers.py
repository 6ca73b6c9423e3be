"""Spellings: how headers and choices are compared, so that aliases and cells meet on the same text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORDS: Final = (
    "元 百元 千元 万元 亿元 平方米 万平方米 ㎡ m2 万㎡ 万m2 亩 万亩 公顷 家 家次 项 件 万件 个 人 万人 人次 万人次 "
    "人年 名 位 场 次 场次 期 批 批次 篇 条 份 册 部 户 % 天 日 小时 吨 台 套 台套 处 所 个月 年 分"
)
_UNITS: Final = "|".join(sorted((re.escape(word) for word in _WORDS.split()), key=len, reverse=True))
_UNIT_TAIL: Final = re.compile(rf"[(\[【]\s*(?:单位[::]?)?\s*(?:人民币)?({_UNITS})\s*[)\]】]\s*$")
_UNIT_SPACE: Final = re.compile(rf"[/,]\s*({_UNITS})\s*$")
_LEAD: Final = re.compile(r"^(?:其中[::]?|#|\*+|\d+[.、](?!\d))")
_DROP: Final = re.compile(r"[\s*#:,。;、·.\-—_“”\"'‘’《》<>?!()\[\]【】/]+")


def split_header(text: str) -> tuple[str, str | None]:
    """A header cell as (comparable text, unit or None): ``其中:技术交易额(万元)`` gives ``("技术交易额", "万元")``."""
    plain = unicodedata.normalize("NFKC", text).strip()
    unit = None
    for pattern in (_UNIT_TAIL, _UNIT_SPACE):
        found = pattern.search(plain)
        if found and found.start() > 0:
            unit, plain = found.group(1), plain[: found.start()]
            break
    return normalise(plain), unit


def normalise(text: str) -> str:
    """The text without width, case, spaces, punctuation and a leading 其中, brackets made plain."""
    plain = unicodedata.normalize("NFKC", text).strip().lower()
    plain = _LEAD.sub("", plain)
    return _DROP.sub("", plain)


def normalise_header(text: str) -> str:
    """The comparable part of a header cell, without its unit."""
    return split_header(text)[0]
