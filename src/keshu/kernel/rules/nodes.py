"""The tree of a rule: what Python's parser found, with the place of each part in the text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

Number: TypeAlias = int | Decimal | Fraction
Value: TypeAlias = "bool | Number | str | date | tuple[Value, ...] | list[Value] | None"


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal:
    value: bool | Decimal | str | date
    span: Span
    style: str = ""


@dataclass(frozen=True, slots=True)
class Name:
    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Arithmetic:
    sign: str
    left: Node
    right: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Minus:
    inner: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; a chain ``a < b < c`` is read as both its comparisons together."""

    left: Node
    sign: str
    right: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Member:
    """``item in [..]``, or in a fact that is a list."""

    item: Node
    options: tuple[Node, ...] | Name
    negated: bool
    span: Span


@dataclass(frozen=True, slots=True)
class Both:
    parts: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Either:
    parts: tuple[Node, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Not:
    inner: Node
    span: Span


Node: TypeAlias = Literal | Name | Call | Arithmetic | Minus | Compare | Member | Both | Either | Not


def children(node: Node) -> tuple[Node, ...]:
    """The parts right under a node, in the order of the text."""
    match node:
        case Call(arguments=parts) | Both(parts=parts) | Either(parts=parts):
            return parts
        case Arithmetic(left=left, right=right) | Compare(left=left, right=right):
            return (left, right)
        case Minus(inner=inner) | Not(inner=inner):
            return (inner,)
        case Member(item=item, options=options):
            return (item, options) if isinstance(options, Name) else (item, *options)
        case _:
            return ()


def names_in(node: Node) -> tuple[str, ...]:
    """Every name that the rule asks for, once each, in the order of the text."""
    found: dict[str, None] = {}
    _collect(node, found)
    return tuple(found)


def _collect(node: Node, found: dict[str, None]) -> None:
    if isinstance(node, Name):
        found[node.name] = None
    for child in children(node):
        _collect(child, found)
