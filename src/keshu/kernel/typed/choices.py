"""Codes and yes or no, by any of their spellings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

from keshu.kernel.typed.read import Read, cell_text, is_missing, wrong
from keshu.kernel.width import half_width, no_spaces, plain_dashes

_YES = frozenset(["是", "有", "√", "✓", "✔", "☑", "对", "y", "yes", "true", "t", "1", "已", "●", "○"])
_NO = frozenset(["否", "无", "没有", "×", "x", "✗", "✘", "☐", "错", "n", "no", "false", "f", "0", "未", "不是", "不"])


def folded(text: str) -> str:
    """The form under which spellings are compared."""
    return no_spaces(plain_dashes(half_width(text))).lower().replace("“", "").replace("”", "")


def read_choice(value: object, *, codes: Mapping[str, Iterable[str]]) -> Read[str]:
    """The code whose own text or one of whose spellings was typed. A spelling may be 无: it goes before missing."""
    typed = folded(cell_text(value))
    spellings: dict[str, str] = {}
    for code, names in codes.items():
        for name in (code, *names):
            spellings.setdefault(folded(name), code)
    if typed in spellings:
        return Read(spellings[typed])
    if is_missing(value):
        return Read()
    near = difflib.get_close_matches(typed, spellings, n=1, cutoff=0.6)
    first = [next(iter(names), code) for code, names in ((code, tuple(names)) for code, names in codes.items())]
    hint = f"，是否为“{_name_of(spellings[near[0]], codes)}”" if near else ""
    listed = "、".join(first[:12]) + ("等" if len(first) > 12 else "")
    return Read(problem=wrong("choice", f"“{cell_text(value)}”不在可选范围内{hint}", f"请改为以下之一：{listed}"))


def _name_of(code: str, codes: Mapping[str, Iterable[str]]) -> str:
    return next(iter(codes[code]), code)


def read_bool(value: object) -> Read[bool]:
    """是 否 √ × 有 无; an empty cell is missing, not 否."""
    if isinstance(value, bool):
        return Read(value)
    typed = folded(cell_text(value))
    if typed in _YES:
        return Read(True)
    if typed in _NO:
        return Read(False)
    if is_missing(value):
        return Read()
    return Read(problem=wrong("bool", f"“{cell_text(value)}”既不是“是”也不是“否”", "请填“是”或“否”"))
