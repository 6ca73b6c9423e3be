"""Why a clause holds or not, in Chinese, with the values that it was judged by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from keshu.kernel.rules.arithmetic import WIDE, is_number, round_half_up
from keshu.kernel.rules.compiling import Closure, Facts, compile_truth, compile_value
from keshu.kernel.rules.nodes import Both, Compare, Either, Literal, Member, Name, Node, Not, Number, names_in

_SHOWN: Final = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠", "<": "<", ">": ">"}
_OPPOSITE: Final = {"<": "≥", "<=": ">", ">": "≤", ">=": "<", "==": "≠", "!=": "="}
_SCALES: Final = {"percent": (-2, "%"), "万": (4, "万"), "亿": (8, "亿"), "万亿": (12, "万亿")}
_MOST_PLACES: Final = 8


def show(value: Any, style: str = "", *, against: Any = None) -> str:
    """A value as people write it: ``percent``, 万, 亿, or plain; with as many places as tell it from ``against``."""
    if value is None:
        return "（未知）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return f"{value.year}年{value.month}月{value.day}日"
    if isinstance(value, (tuple, list)):
        return "、".join(show(one, style) for one in value)
    if not is_number(value):
        return f"“{value}”"
    shift, unit = _SCALES.get(style, (0, ""))
    return _number(_scaled(value, shift), _scaled(against, shift)) + unit


def _scaled(value: Any, shift: int) -> Any:
    """The number in units of ten to the ``shift``, exactly."""
    if isinstance(value, Fraction):
        return value / Fraction(10) ** shift
    return Decimal(value).scaleb(-shift, WIDE) if is_number(value) else None


def _number(value: Number, against: Any) -> str:
    rounded = value
    if not isinstance(value, Decimal) or value.as_tuple().exponent < -2:  # type: ignore[operator]  # finite: a number
        for places in range(2, _MOST_PLACES + 1):
            rounded = round_half_up(value, places)
            if rounded == value or not is_number(against) or rounded != round_half_up(against, places):
                break
    text = f"{rounded:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class Teller:
    """Tells of the parts of one rule; what it needs to read their values is compiled once."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._closures: dict[tuple[int, bool], Closure] = {}

    def say(self, node: Node, truth: bool | None, facts: Facts, styles: Mapping[str, str]) -> str:
        """One clause with its outcome, such as “科技人员占比 9.5% < 10%”."""
        if truth is None:
            return self._unknown(node, facts)
        match node:
            case Compare():
                return self._comparison(node, truth, facts, styles)
            case Member():
                return self._membership(node, truth, facts)
            case Not(inner=inner):
                return self.say(inner, not truth, facts, styles)
            case Name(name=name):
                return f"{name}：{show(truth)}"
            case Both(parts=parts) | Either(parts=parts):
                judged = [(part, self._truth(part, facts)) for part in parts]
                return "，且".join(self.say(part, one, facts, styles) for part, one in judged if one is truth)
            case _:
                return f"“{self._written(node)}”{'成立' if truth else '不成立'}"

    def missing(self, node: Node, facts: Facts) -> tuple[str, ...]:
        """The names without a value that keep this part from being judged; none if something else does."""
        match node:
            case Both(parts=parts) | Either(parts=parts):
                unknown = [part for part in parts if self._truth(part, facts) is None]
                return tuple(dict.fromkeys(name for part in unknown for name in self.missing(part, facts)))
            case Not(inner=inner):
                return self.missing(inner, facts)
            case _:
                return tuple(name for name in names_in(node) if is_missing(facts.get(name)))

    def _unknown(self, node: Node, facts: Facts) -> str:
        missing = self.missing(node, facts)
        named = "”“".join(missing)
        reason = f"缺少“{named}”，不能判断" if missing else "现有数据不能判断"
        return f"{reason}“{self._written(node)}”"

    def _comparison(self, node: Compare, truth: bool, facts: Facts, styles: Mapping[str, str]) -> str:
        style = next((found for side in (node.left, node.right) if (found := _style(side, styles))), "")
        left, right = self._value(node.left, facts), self._value(node.right, facts)
        sign = _SHOWN[node.sign] if truth else _OPPOSITE[node.sign]
        return f"{self._side(node.left, left, style, right)} {sign} {self._side(node.right, right, style, left)}"

    def _side(self, node: Node, value: Any, style: str, against: Any) -> str:
        shown = show(value, style, against=against if is_number(value) and is_number(against) else None)
        return shown if isinstance(node, Literal) else f"{self._written(node)} {shown}"

    def _membership(self, node: Member, truth: bool, facts: Facts) -> str:
        item, inside = self._value(node.item, facts), truth != node.negated
        if isinstance(node.options, Name):
            options = node.options.name
        else:
            options = "、".join(show(self._value(one, facts)).strip("“”") for one in node.options)
        return f"{self._written(node.item)} {show(item)} {'属于' if inside else '不属于'}（{options}）"

    def _written(self, node: Node) -> str:
        return self._text[node.span.start : node.span.end]

    def _value(self, node: Node, facts: Facts) -> Any:
        return self._closure(node, False)(facts)

    def _truth(self, node: Node, facts: Facts) -> bool | None:
        truth: bool | None = self._closure(node, True)(facts)
        return truth

    def _closure(self, node: Node, truth: bool) -> Closure:
        """By identity: the nodes live as long as the rule, and 1 and true are equal but not the same."""
        key = (id(node), truth)
        if key not in self._closures:
            self._closures[key] = compile_truth(node) if truth else compile_value(node)
        return self._closures[key]


def _style(node: Node, styles: Mapping[str, str]) -> str:
    if isinstance(node, Literal):
        return node.style
    return styles.get(node.name, "") if isinstance(node, Name) else ""


def is_missing(value: Any) -> bool:
    """Whether a fact is not there; a list with a hole in it is not there as a whole."""
    if isinstance(value, (tuple, list)):
        return any(one is None for one in value)
    return value is None or value == ""
