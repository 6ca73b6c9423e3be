"""Formulas over indicators: codes, numbers, + - * / and parentheses, nothing else."""

import ast
from collections.abc import Mapping
from decimal import Decimal

from keshu.catalogue.proving.indicators import formula_names

__all__ = ["evaluate", "formula_names"]


def evaluate(formula: str, values: Mapping[str, Decimal | None]) -> Decimal | None:
    """The value of the formula; None where an operand is missing or a divisor is zero."""
    return _value(ast.parse(formula.strip(), mode="eval").body, values)


def _value(node: ast.expr, values: Mapping[str, Decimal | None]) -> Decimal | None:
    match node:
        case ast.Constant(value=int() | float() as number):
            return Decimal(str(number))
        case ast.Name() | ast.Attribute():
            return values[_code(node)]
        case ast.UnaryOp(operand=operand):
            inner = _value(operand, values)
            return None if inner is None else -inner
        case ast.BinOp(left=left, op=op, right=right):
            return _combined(_value(left, values), op, _value(right, values))
    raise ValueError(ast.unparse(node))


def _code(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else f"{_code(node.value)}.{node.attr}"


def _combined(left: Decimal | None, op: ast.operator, right: Decimal | None) -> Decimal | None:
    if left is None or right is None:
        return None
    match op:
        case ast.Add():
            return left + right
        case ast.Sub():
            return left - right
        case ast.Mult():
            return left * right
    return None if right == 0 else left / right
