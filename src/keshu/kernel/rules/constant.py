"""Whether a rule says the same whatever the facts are: a condition that nobody can fail, or that nobody can meet.

Every comparison of one name with constants is tried on both sides of each of its bounds; any other comparison may turn
out either way. So an answer of "constant" is a proof; "not constant" is none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from itertools import product
from typing import Any, Final

from keshu.kernel.rules.compiling import compile_truth
from keshu.kernel.rules.nodes import Both, Compare, Either, Literal, Member, Name, Node, Not, children, names_in
from keshu.kernel.rules.rule import Rule

_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Domain:
    """What a name can be: one of the ``choices``, or a number not below ``least``."""

    choices: tuple[Any, ...] = ()
    least: Decimal | None = None


@dataclass
class _World:
    """The values worth trying for each name, and the parts that may turn out either way."""

    values: dict[str, dict[Any, None]] = field(default_factory=dict)
    free: dict[str, Node] = field(default_factory=dict)


def constant_truth(rule: Rule, domains: Mapping[str, Domain] | None = None) -> bool | None:
    """True or False if the rule can only ever be that; ``None`` if both may come up, or it is too large to try."""
    world = _World()
    _gather(rule.node, rule.text, world)
    for name, tried in world.values.items():
        domain = (domains or {}).get(name, Domain())
        world.values[name] = dict.fromkeys(_allowed(tried, domain))
    if any(not tried for tried in world.values.values()):
        return None
    outcomes = set()
    for count, answers in enumerate(_outcomes(rule, world)):
        outcomes.add(answers)
        if len(outcomes) > 1 or count > _MOST:
            return None
    return outcomes.pop() if outcomes else None


def _gather(node: Node, text: str, world: _World) -> None:
    if isinstance(node, (Both, Either, Not)):
        for child in children(node):
            _gather(child, text, world)
        return
    name = _only_name(node)
    if name is None:
        world.free[_key(node, text)] = node
        return
    world.values.setdefault(name, {}).update(dict.fromkeys(_around(node)))


def _only_name(node: Node) -> str | None:
    """The name of a part that compares nothing but that name with constants."""
    match node:
        case Name(name=name):
            return name
        case Compare(left=Name(name=name), right=Literal()) | Compare(left=Literal(), right=Name(name=name)):
            return name
        case Member(item=Name(name=name), options=tuple()):
            return name
    return None


def _around(node: Node) -> Iterator[Any]:
    if isinstance(node, Name):
        yield from (True, False)
    for child in children(node):
        if isinstance(child, Literal):
            yield from _beside(child.value)


def _beside(value: Any) -> Sequence[Any]:
    if isinstance(value, bool):
        return (True, False)
    if isinstance(value, str):
        return (value, value + "*")
    if isinstance(value, date):
        return (value - timedelta(days=1), value, value + timedelta(days=1))
    step = Decimal("0.000001")
    return (value - step, value, value + step)


def _allowed(tried: Iterable[Any], domain: Domain) -> Iterator[Any]:
    if domain.choices:
        yield from domain.choices
        return
    for value in tried:
        if not (isinstance(value, Decimal) and domain.least is not None and value < domain.least):
            yield value


def _outcomes(rule: Rule, world: _World) -> Iterator[bool | None]:
    names, keys = list(world.values), list(world.free)
    tests: dict[tuple[int, int], Any] = {}
    for values in product(*(world.values[name] for name in names), *([(True, False)] * len(keys))):
        facts = dict(zip(names, values, strict=False))
        free = dict(zip(keys, values[len(names) :], strict=True))
        yield _judge(rule.node, rule.text, facts, free, tests)


def _judge(node: Node, text: str, facts: dict[str, Any], free: dict[str, bool], tests: dict[Any, Any]) -> bool | None:
    match node:
        case Both(parts=parts) | Either(parts=parts):
            found = [_judge(part, text, facts, free, tests) for part in parts]
            deciding = isinstance(node, Either)
            return deciding if deciding in found else None if None in found else not deciding
        case Not(inner=inner):
            truth = _judge(inner, text, facts, free, tests)
            return None if truth is None else not truth
    if _only_name(node) is None:
        return free[_key(node, text)] if names_in(node) else compile_truth(node)({})
    place = (node.span.start, node.span.end)
    test = tests.get(place) or tests.setdefault(place, compile_truth(node))
    outcome: bool | None = test(facts)
    return outcome


def _key(node: Node, text: str) -> str:
    return "".join(text[node.span.start : node.span.end].split())
