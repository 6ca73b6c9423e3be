"""A rule as words, before anything else looks at it.

Only words of the language come out of here: what Python's parser sees afterwards are stand-ins (``v1``, ``n2``), so no
attribute, no keyword, no escape and no number of a user's own making ever reaches it.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from keshu.kernel.rules.errors import RuleError

LONGEST: Final = 2000
MOST_TOKENS: Final = 400
DEEPEST: Final = 24
DEEPEST_TREE: Final = 80
_DIGITS: Final = 20

_TOKEN: Final = re.compile(
    r"(?P<space>\s+)"
    r"|(?P<day>\d{4}-\d{2}-\d{2}(?!\d))"
    r"|(?P<number>\d+(?:\.\d+)?)(?P<unit>万亿|[万亿%％])?"
    r"|(?P<text>\"[^\"\\\n]*\"|'[^'\\\n]*'|“[^”\\\n]*”)"
    r"|(?P<word>[A-Za-z\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*(?:\.[A-Za-z0-9\u4e00-\u9fff][A-Za-z0-9_\u4e00-\u9fff]*)*)"
    r"|(?P<sign><=|>=|==|!=|[<>≤≥≠+\-*/×÷()\[\],（），、])"
)
_SIGNS: Final = {"≤": "<=", "≥": ">=", "≠": "!=", "×": "*", "÷": "/", "（": "(", "）": ")", "，": ",", "、": ","}
_UNITS: Final = {"万": Decimal(10**4), "亿": Decimal(10**8), "万亿": Decimal(10**12)}
_WORDS: Final = {
    "and": "and", "or": "or", "not": "not", "in": "in", "且": "and", "或": "or", "非": "not",
    "True": "True", "False": "False", "true": "True", "false": "False", "是": "True", "否": "False",
}  # fmt: skip
_REFUSED: Final = frozenset({*keyword.kwlist} - {*_WORDS})


@dataclass(frozen=True, slots=True)
class Token:
    """One word. ``stand_in`` is what Python's parser gets to see; ``style`` tells how a number was written."""

    kind: str
    text: str
    stand_in: str
    start: int
    end: int
    number: Decimal | None = None
    style: str = ""


def tokenise(text: str) -> list[Token]:
    """The words of a rule; raises ``RuleError`` with the place of the first one that does not belong to the language."""
    if len(text) > LONGEST:
        raise RuleError(f"规则太长，最多 {LONGEST} 个字符", LONGEST)
    tokens: list[Token] = []
    at = depth = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise RuleError(f"不能用“{text[at]}”", at)
        at = found.end()
        if found.lastgroup == "space":
            continue
        token = _token(found, len(tokens), text)
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.stand_in, 0)
        if depth > DEEPEST:
            raise RuleError(f"括号嵌套超过 {DEEPEST} 层", token.start)
        tokens.append(token)
        if len(tokens) > MOST_TOKENS:
            raise RuleError(f"规则太长，最多 {MOST_TOKENS} 个词", token.start)
    if not tokens:
        raise RuleError("规则是空的")
    return tokens


def _token(found: re.Match[str], index: int, text: str) -> Token:
    start, end, written = found.start(), found.end(), found.group()
    if found.group("day"):
        return Token("day", written, f"d{index}", start, end)
    if found.group("number"):
        return _number(found, index, text)
    if found.group("text"):
        return Token("text", written[1:-1], f"s{index}", start, end)
    if found.group("sign"):
        return Token("sign", written, _SIGNS.get(written, written), start, end)
    if written in _WORDS:
        return Token("keyword", written, _WORDS[written], start, end)
    if written in _REFUSED or "__" in written:
        raise RuleError(f"不能用“{written}”", start)
    call = text[end:].lstrip()[:1] in ("(", "（")
    return Token("function" if call else "name", written, f"{'f' if call else 'v'}{index}", start, end)


def _number(found: re.Match[str], index: int, text: str) -> Token:
    written, unit = found.group("number"), found.group("unit") or ""
    if len(written) > _DIGITS:
        raise RuleError(f"数字超过 {_DIGITS} 位", found.start())
    after = text[found.end() : found.end() + 1]
    if after and re.match(r"[A-Za-z0-9_\u4e00-\u9fff.]", after):
        raise RuleError(f"数字“{found.group()}”后面不能直接写“{after}”", found.end())
    number = Decimal(written)
    if unit in _UNITS:
        number *= _UNITS[unit]
    elif unit:
        number /= 100
    style = "percent" if unit in ("%", "％") else unit
    return Token("number", found.group(), f"n{index}", found.start(), found.end(), number, style)
