"""Spellings: how headers and choices are compared, so that aliases and cells meet on the same text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_UNITS: Final = r"(?:人民币)?(?:万元|亿元|千元|百元|元|万平方米|平方米|㎡|m2|亩|万亩|公顷|家|项|件|个|人|人次|万人次|人年|名|场|次|场次|期|篇|份|户|%|百分比|天|小时|吨|台|套|台套)"
_UNIT_TAIL: Final = re.compile(rf"[(\[【/]?\s*(?:单位[::])?\s*({_UNITS})\s*[)\]】]\s*$")
_UNIT_SPACE: Final = re.compile(rf"[/,]\s*({_UNITS})\s*$")
_LEAD: Final = re.compile(r"^(?:其中[::]?|#|\*+|\d+[.、](?!\d))")
_DROP: Final = re.compile(r"[\s*#::,,。;;、·.\-—_“”\"'‘’《》<>?!]+")


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
