"""The answer of every identifier check."""

from __future__ import annotations

import re
from dataclasses import dataclass

from keshu.kernel.width import half_width, no_spaces, plain_dashes

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[eE]\+\d+$")


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an identifier holds. `value` is the normalised spelling; `code` names the fault for machines."""

    ok: bool
    value: str
    code: str = ""
    message: str = ""
    remedy: str = ""
    warnings: tuple[str, ...] = ()


def good(value: str, *warnings: str) -> Verdict:
    return Verdict(ok=True, value=value, warnings=warnings)


def bad(value: str, code: str, message: str, remedy: str) -> Verdict:
    return Verdict(ok=False, value=value, code=code, message=message, remedy=remedy)


def squeeze(text: str) -> str:
    """Half-width capitals without spaces, hyphens and the .0 that a number cell leaves behind."""
    plain = no_spaces(plain_dashes(half_width(text))).replace("-", "").upper()
    return re.sub(r"^(\d+)\.0+$", r"\1", plain)


def lost_digits(text: str, name: str) -> Verdict | None:
    """A long number that a spreadsheet kept as a float has lost its last digits: no normalising brings them back."""
    if not _SCIENTIFIC.search(half_width(text).strip()):
        return None
    return bad(
        text.strip(),
        "lost-digits",
        f"{name}被表格软件改成了科学计数法，末几位已丢失",
        "请将该列设为文本格式后重新录入完整号码",
    )
