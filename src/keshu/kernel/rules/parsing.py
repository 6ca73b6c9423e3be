"""Words to a tree, by Python's own parser against a whitelist, with the types that can be told beforehand."""

from __future__ import annotations

import ast
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from typing import Final

from keshu.kernel.rules.errors import RuleError
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
    Span,
)  # fmt: skip
from keshu.kernel.rules.tokens import DEEPEST_TREE, Token, tokenise

_ARITHMETIC: Final[dict[type[ast.operator], str]] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/"}
_COMPARISONS: Final[dict[type[ast.cmpop], str]] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=",
}  # fmt: skip


def parse(text: str) -> Node:
    """The tree of a rule or formula; raises ``RuleError`` naming the position of what is not allowed."""
    return _Reader(tokenise(text)).read()


def kind_of(node: Node) -> str:
    """``truth``, ``number``, ``text``, ``date``, ``list``, or ``any`` where only the fact will tell."""
    match node:
        case Compare() | Member() | Both() | Either() | Not() | Literal(value=bool()):
            return "truth"
        case Arithmetic() | Minus():
            return "number"
        case Literal(value=str()):
            return "text"
        case Literal(value=date()):
            return "date"
        case Literal():
            return "number"
        case Call(function=name, arguments=arguments):
            function = FUNCTIONS[name]
            return _branches(arguments) if function.gives == "same" else function.gives
        case _:
            return "any"


def _branches(arguments: tuple[Node, ...]) -> str:
    kinds = {kind_of(one) for one in arguments[1:]} - {"any"}
    return kinds.pop() if len(kinds) == 1 else "any"


@dataclass
class _Reader:
    tokens: list[Token]

    def read(self) -> Node:
        source, starts = "", []
        for token in self.tokens:
            starts.append(len(source))
            source += token.stand_in + " "
        self.starts = starts
        try:
            tree = ast.parse(source, mode="eval").body
        except SyntaxError as error:
            raise RuleError(
                "写法不对，检查括号、比较符和逗号", self._place((error.offset or len(source.rstrip())) - 1)
            ) from error
        except (RecursionError, MemoryError) as error:
            raise RuleError("规则嵌套太深") from error
        self.by_stand_in = {token.stand_in: token for token in self.tokens if token.kind != "sign"}
        return self._node(tree, 0)

    def _place(self, offset: int) -> int:
        return self.tokens[max(bisect_right(self.starts, offset) - 1, 0)].start

    def _span(self, node: ast.expr) -> Span:
        last = self.tokens[max(bisect_right(self.starts, (node.end_col_offset or 1) - 1) - 1, 0)]
        return Span(self._place(node.col_offset), last.end)

    def _node(self, node: ast.expr, depth: int) -> Node:
        if depth > DEEPEST_TREE:
            raise RuleError(f"规则嵌套超过 {DEEPEST_TREE} 层", self._place(node.col_offset))
        span = self._span(node)
        match node:
            case ast.Name() | ast.Constant():
                return self._leaf(node, span)
            case ast.BoolOp(op=op, values=values):
                parts = tuple(self._truth(one, depth) for one in values)
                return Both(parts, span) if isinstance(op, ast.And) else Either(parts, span)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                return Not(self._truth(inner, depth), span)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                return Minus(self._number(inner, depth), span)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC:
                sign = _ARITHMETIC[type(op)]
                return Arithmetic(sign, self._number(left, depth), self._number(right, depth), span)
            case ast.Compare():
                return self._comparison(node, span, depth)
            case ast.Call(func=ast.Name(id=stand_in), args=arguments, keywords=[]):
                return self._call(self.by_stand_in[stand_in], arguments, span, depth)
            case ast.List():
                raise RuleError("列表只能写在 in 的后面", span.start)
        raise RuleError("这种写法不在允许的范围之内", span.start)

    def _leaf(self, node: ast.Name | ast.Constant, span: Span) -> Node:
        if isinstance(node, ast.Constant):
            return Literal(bool(node.value), span)
        token = self.by_stand_in[node.id]
        if token.kind == "number" and token.number is not None:
            return Literal(token.number, span, token.style)
        if token.kind == "text":
            return Literal(token.text, span)
        if token.kind == "day":
            return Literal(_day(token), span)
        return Name(token.text, span)

    def _truth(self, node: ast.expr, depth: int) -> Node:
        inner = self._node(node, depth + 1)
        if kind_of(inner) not in ("truth", "any"):
            raise RuleError("这里要写一个判断，不能只写一个值", inner.span.start)
        return inner

    def _number(self, node: ast.expr, depth: int) -> Node:
        inner = self._node(node, depth + 1)
        if kind_of(inner) not in ("number", "any"):
            raise RuleError("只有数能加减乘除", inner.span.start)
        return inner

    def _comparison(self, node: ast.Compare, span: Span, depth: int) -> Node:
        sides = [node.left, *node.comparators]
        parts = [self._pair(sides[i], op, sides[i + 1], depth) for i, op in enumerate(node.ops)]
        return parts[0] if len(parts) == 1 else Both(tuple(parts), span)

    def _pair(self, left: ast.expr, op: ast.cmpop, right: ast.expr, depth: int) -> Node:
        first = self._node(left, depth + 1)
        span = Span(first.span.start, self._span(right).end)
        if isinstance(op, (ast.In, ast.NotIn)):
            return self._member(first, right, isinstance(op, ast.NotIn), span, depth)
        second = self._node(right, depth + 1)
        sign = _COMPARISONS.get(type(op))
        if sign is None:
            raise RuleError("不支持这种比较", second.span.start)
        kinds = {kind_of(first), kind_of(second)} - {"any"}
        if len(kinds) > 1:
            raise RuleError("比较的两边不是同一类值", second.span.start)
        return Compare(first, sign, second, span)

    def _member(self, item: Node, right: ast.expr, negated: bool, span: Span, depth: int) -> Node:
        if isinstance(right, ast.List):
            options = tuple(self._node(one, depth + 1) for one in right.elts)
            if not options or not all(isinstance(one, Literal) for one in options):
                raise RuleError("in 后面的列表里只能写常数，至少一个", self._span(right).start)
            return Member(item, options, negated, span)
        named = self._node(right, depth + 1)
        if not isinstance(named, Name):
            raise RuleError("in 的后面要写列表，如 [“企业”, “高校”]", named.span.start)
        return Member(item, named, negated, span)

    def _call(self, token: Token, arguments: list[ast.expr], span: Span, depth: int) -> Node:
        function = FUNCTIONS.get(token.text)
        if function is None:
            raise RuleError(f"没有“{token.text}”这个函数，可用：{'、'.join(FUNCTIONS)}", token.start)
        if not function.least <= len(arguments) <= function.most:
            raise RuleError(f"函数 {token.text} 的参数个数不对，{function.says}", token.start)
        if token.text == "date":
            return Literal(self._date(arguments, span), span)
        parts = tuple(self._node(one, depth + 1) for one in arguments)
        for part in parts[1:] if token.text == "if_" else parts:
            if kind_of(part) not in (*function.takes, "any"):
                raise RuleError(f"函数 {token.text} 的参数类型不对，{function.says}", part.span.start)
        if token.text == "if_" and kind_of(parts[0]) not in ("truth", "any"):
            raise RuleError("if_ 的第一个参数要写一个判断", parts[0].span.start)
        if token.text == "round" and len(parts) == 2 and not _is_small_whole(parts[1]):
            raise RuleError("round 的第二个参数写 0 到 12 之间的整数", parts[1].span.start)
        return Call(token.text, parts, span)

    def _date(self, arguments: list[ast.expr], span: Span) -> date:
        inner = self._node(arguments[0], 0)
        if isinstance(inner, Literal) and isinstance(inner.value, date):
            return inner.value
        if isinstance(inner, Literal) and isinstance(inner.value, str):
            try:
                return date.fromisoformat(inner.value)
            except ValueError:
                pass
        raise RuleError("date 的参数写成 “2025-01-31” 的形式", span.start)


def _is_small_whole(node: Node) -> bool:
    return isinstance(node, Literal) and not isinstance(node.value, (bool, str, date)) and node.value in range(13)


def _day(token: Token) -> date:
    try:
        return date.fromisoformat(token.text)
    except ValueError as error:
        raise RuleError(f"没有“{token.text}”这一天", token.start) from error
