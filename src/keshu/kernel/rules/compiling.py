"""A tree to closures: each part of the text becomes one function of the facts, made once."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, TypeAlias

from keshu.kernel.rules.arithmetic import KINDS, OPERATIONS, is_number, minus, times
from keshu.kernel.rules.functions import FUNCTIONS
from keshu.kernel.rules.nodes import (
    Arithmetic,
    Both,
    Call,
    Compare,
    Either,
    Literal,
    Member,
    Minus,
    Name,
    Node,
    Not,
)  # fmt: skip

Facts: TypeAlias = Mapping[str, Any]
Closure: TypeAlias = Callable[[Facts], Any]

_TESTS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq, "!=": operator.ne,
}  # fmt: skip
FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}
#: numbers beyond this are no facts of a bureau but an attempt on its memory; they count as unknown
_MOST_DIGITS: Final = 40
_MOST_BITS: Final = 130


def compile_value(node: Node) -> Closure:
    """The value of a part; ``None`` where a fact that it needs is missing."""
    match node:
        case Literal(value=literal):
            return lambda facts: literal
        case Name(name=name):
            return _fact(name)
        case Arithmetic():
            return _arithmetic(node)
        case Minus(inner=inner):
            read = compile_value(inner)
            return lambda facts: minus(0, value) if is_number(value := read(facts)) else None
        case Call(function="if_"):
            return _choice(node)
        case Call():
            return _call(node)
        case _:
            return compile_truth(node)


def compile_truth(node: Node) -> Closure:
    """True, False, or ``None`` for unknown, by Kleene's strong logic."""
    match node:
        case Both(parts=parts):
            return _joined([compile_truth(part) for part in parts], deciding=False)
        case Either(parts=parts):
            return _joined([compile_truth(part) for part in parts], deciding=True)
        case Not(inner=inner):
            test = compile_truth(inner)
            return lambda facts: None if (truth := test(facts)) is None else not truth
        case Compare():
            return _comparison(node)
        case Member():
            return _membership(node)
        case _:
            read = compile_value(node)
            return lambda facts: value if isinstance(value := read(facts), bool) else None


def _fact(name: str) -> Closure:
    def read(facts: Facts) -> Any:
        value: Any = facts.get(name)
        kind = type(value)
        if kind is Decimal:
            return value if value.is_finite() and -_MOST_DIGITS < value.adjusted() < _MOST_DIGITS else None
        if kind is int:
            return value if value.bit_length() < _MOST_BITS else None
        return None if value == "" else value

    return read


def _arithmetic(node: Arithmetic) -> Closure:
    left, right, operation = compile_value(node.left), compile_value(node.right), OPERATIONS[node.sign]

    def compute(facts: Facts) -> Any:
        a, b = left(facts), right(facts)
        if KINDS.get(type(a)) != "number" or KINDS.get(type(b)) != "number":
            return None
        return operation(a, b)

    return compute


def _choice(node: Call) -> Closure:
    """The branch that is not taken is not computed: it may divide by the zero that the test has found."""
    test, (first, second) = compile_truth(node.arguments[0]), map(compile_value, node.arguments[1:])

    def choose(facts: Facts) -> Any:
        truth = test(facts)
        if truth is None:
            one, other = first(facts), second(facts)
            return one if type(one) is type(other) and one == other else None
        return first(facts) if truth else second(facts)

    return choose


def _call(node: Call) -> Closure:
    call, reads = FUNCTIONS[node.function].call, [compile_value(one) for one in node.arguments]
    if len(reads) == 1:
        (only,) = reads
        return lambda facts: call(only(facts))
    if len(reads) == 2:
        first, second = reads
        return lambda facts: call(first(facts), second(facts))
    return lambda facts: call(*[read(facts) for read in reads])


def _joined(tests: list[Closure], *, deciding: bool) -> Closure:
    """One part that decides is enough, whatever is unknown beside it."""

    def join(facts: Facts) -> bool | None:
        unknown = False
        for test in tests:
            truth: bool | None = test(facts)
            if truth is deciding:
                return truth
            unknown = unknown or truth is None
        return None if unknown else not deciding

    return join


def _comparison(node: Compare) -> Closure:
    if isinstance(node.left, Arithmetic) and node.left.sign == "/":
        return _ratio(node.left, node.sign, node.right)
    if isinstance(node.right, Arithmetic) and node.right.sign == "/":
        return _ratio(node.right, FLIPPED[node.sign], node.left)
    left, right, test = compile_value(node.left), compile_value(node.right), _TESTS[node.sign]
    ordered = node.sign not in ("==", "!=")

    def compare(facts: Facts) -> bool | None:
        a, b = left(facts), right(facts)
        kind = KINDS.get(type(a))
        if kind is None or kind != KINDS.get(type(b)) or kind == "list" or (ordered and kind in ("truth", "text")):
            return None
        return bool(test(a, b))

    return compare


def _ratio(quotient: Arithmetic, sign: str, bound: Node) -> Closure:
    """``a / b >= c`` as ``a >= c * b``: exact without dividing, turned round where b is negative."""
    above, below, limit = compile_value(quotient.left), compile_value(quotient.right), compile_value(bound)
    test, turned = _TESTS[sign], _TESTS[FLIPPED[sign]]

    def compare(facts: Facts) -> bool | None:
        a, b, c = above(facts), below(facts), limit(facts)
        if not (is_number(a) and is_number(b) and is_number(c)) or b == 0:
            return None
        return bool((test if b > 0 else turned)(a, times(c, b)))

    return compare


def _membership(node: Member) -> Closure:
    read, negated = compile_value(node.item), node.negated
    if isinstance(node.options, Name):
        options = _fact(node.options.name)
    else:
        fixed = tuple(compile_value(one)({}) for one in node.options)

        def options(facts: Facts) -> Any:
            return fixed

    def test(facts: Facts) -> bool | None:
        item, listed = read(facts), options(facts)
        if item is None or not isinstance(listed, (tuple, list)):
            return None
        kind = KINDS.get(type(item))
        if any(item == one for one in listed if KINDS.get(type(one)) == kind):
            return not negated
        return None if any(one is None for one in listed) else negated

    return test
