"""Row rules of a ledger: comparisons of two fields, or of a field and a literal, and nothing else.

``traded <= total``, ``year(filed) == patent_year(number)``, ``unique(number)``. Read through Python's own
parser against a whitelist; evaluated with three-valued logic, so a missing value never raises an alarm.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

Value: TypeAlias = str | Decimal | date | bool | None


class RuleError(ValueError):
    """The text is not one of the allowed comparisons; the message says in Chinese which part is not."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A parsed rule. ``fields`` are the ledger fields it names, ``unique`` is true for ``unique(...)``."""

    text: str
    fields: tuple[str, ...]
    unique: bool
    _left: Callable[[Mapping[str, Value]], Value] | None = None
    _right: Callable[[Mapping[str, Value]], Value] | None = None
    _op: str = ""

    def holds(self, values: Mapping[str, Value]) -> bool | None:
        """Whether the row keeps the rule; ``None`` when a value that it needs is missing or not comparable.

        ``unique`` rules cannot be judged by one row and always answer ``None``.
        """
        if self._left is None or self._right is None:
            return None
        left, right = self._left(values), self._right(values)
        if left is None or right is None or not _comparable(left, right):
            return None
        return _COMPARE[self._op](left, right)


@lru_cache(maxsize=1024)  # a pure function of its text, asked again for every row of an import
def parse_rule(text: str) -> Rule:
    """Read a rule; raises ``RuleError`` for anything outside the whitelist."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except SyntaxError as error:
        raise RuleError(f"规则“{text}”写法不对") from error
    if isinstance(tree, ast.Call) and isinstance(tree.func, ast.Name) and tree.func.id == "unique":
        return _unique(text, tree)
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        raise RuleError(f"规则“{text}”不是一个比较式")
    op = _OPERATORS.get(type(tree.ops[0]))
    if op is None:
        raise RuleError(f"规则“{text}”用了不支持的比较符")
    names: list[str] = []
    left, right = _side(tree.left, names), _side(tree.comparators[0], names)
    if not names:
        raise RuleError(f"规则“{text}”没有用到任何字段")
    return Rule(text, tuple(dict.fromkeys(names)), False, left, right, op)


def _unique(text: str, call: ast.Call) -> Rule:
    if not call.args or call.keywords or not all(isinstance(arg, ast.Name) for arg in call.args):
        raise RuleError(f"规则“{text}”的括号里只能写字段代码")
    return Rule(text, tuple(arg.id for arg in call.args if isinstance(arg, ast.Name)), True)


def _side(node: ast.expr, names: list[str]) -> Callable[[Mapping[str, Value]], Value]:
    match node:
        case ast.Name(id=code):
            names.append(code)
            return lambda values: _exact(values.get(code))
        case ast.Constant(value=bool() | str() as literal):
            return lambda values: literal
        case ast.Constant(value=int() | float() as number):
            exact = Decimal(str(number))
            return lambda values: exact
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]) if name in FUNCTIONS:
            inner, function = _side(argument, names), FUNCTIONS[name]
            return lambda values: function(inner(values))
        case ast.BinOp(left=first, op=ast.Add(), right=second):
            one, other = _side(first, names), _side(second, names)
            return lambda values: _sum(one(values), other(values))
    raise RuleError(f"规则中的“{ast.unparse(node)}”不在允许的写法之内")


def _exact(value: Value | int) -> Value:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _sum(one: Value, other: Value) -> Value:
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one + other
    return None


def _comparable(left: Value, right: Value) -> bool:
    return type(left) is type(right)


def _year(value: Value) -> Value:
    return Decimal(value.year) if isinstance(value, date) else None


def _application(value: Value) -> str | None:
    """The twelve digits of a patent application number after 2003, however it was typed."""
    if not isinstance(value, str):
        return None
    found = re.fullmatch(r"(?:ZL|CN)?(\d{12})[.]?[\dX]?", re.sub(r"[\s.]", "", value.upper()))
    return found.group(1) if found else None


def _patent_year(value: Value) -> Value:
    digits = _application(value)
    return Decimal(digits[:4]) if digits else None


def _patent_kind(value: Value) -> Value:
    digits = _application(value)
    return _PATENT_KINDS.get(digits[4]) if digits else None


def _certificate_year(value: Value) -> Value:
    found = re.match(r"GR(20\d{2})\d{8}$", value.strip().upper()) if isinstance(value, str) else None
    return Decimal(found.group(1)) if found else None


_PATENT_KINDS: Final = {"1": "invention", "2": "utility", "3": "design", "8": "invention", "9": "utility"}
_OPERATORS: Final = {ast.LtE: "<=", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Lt: "<", ast.Gt: ">"}
_COMPARE: Final[dict[str, Callable[..., bool]]] = {
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
}
FUNCTIONS: Final[dict[str, Callable[[Value], Value]]] = {
    "year": _year,
    "patent_year": _patent_year,
    "patent_kind": _patent_kind,
    "certificate_year": _certificate_year,
}
