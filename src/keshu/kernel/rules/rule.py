"""Rules and formulas: compiled once from their text, judged for any facts, with a reason for each clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from keshu.kernel.rules.compiling import Closure, Facts, compile_truth, compile_value
from keshu.kernel.rules.errors import RuleError
from keshu.kernel.rules.nodes import Both, Node, Value, names_in
from keshu.kernel.rules.parsing import kind_of, parse
from keshu.kernel.rules.saying import Teller


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a rule as judged: what it says, whether it holds, by which values, and which names it lacked."""

    text: str
    truth: bool | None
    values: tuple[tuple[str, Value], ...]
    needs: tuple[str, ...]
    said: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome for one set of facts. Unknown (``None``) is not no."""

    truth: bool | None
    clauses: tuple[Clause, ...]

    @property
    def needs(self) -> tuple[str, ...]:
        """Every name that was missing, unless a clause already fails for certain."""
        if self.truth is not None:
            return ()
        return tuple(dict.fromkeys(name for clause in self.clauses for name in clause.needs))

    @property
    def reasons(self) -> tuple[str, ...]:
        """What is said about the clauses that decided: the failed ones, else the unknown ones, else all."""
        return tuple(clause.said for clause in self.clauses if clause.truth is self.truth)


@dataclass(frozen=True, slots=True)
class _Part:
    node: Node
    text: str
    names: tuple[str, ...]
    test: Closure


@dataclass(frozen=True, slots=True)
class Rule:
    """A judgement over facts by name; make it with ``compile_rule``."""

    text: str
    node: Node
    names: tuple[str, ...]
    _test: Closure = field(repr=False)
    _teller: Teller = field(repr=False)
    _parts: tuple[_Part, ...] = field(repr=False)

    def truth(self, facts: Facts) -> bool | None:
        """Whether it holds; ``None`` where the facts do not tell."""
        result: bool | None = self._test(facts)
        return result

    def verdict(self, facts: Facts, styles: Mapping[str, str] | None = None) -> Verdict:
        """The same with a reason per clause. ``styles`` tells how values are shown: percent, 万, 亿."""
        styles = styles or {}
        clauses = tuple(self._clause(part, facts, styles) for part in self._parts)
        return Verdict(self.truth(facts), clauses)

    def _clause(self, part: _Part, facts: Facts, styles: Mapping[str, str]) -> Clause:
        truth = part.test(facts)
        values = tuple((name, facts.get(name)) for name in part.names)
        needs = self._teller.missing(part.node, facts) if truth is None else ()
        return Clause(part.text, truth, values, needs, self._teller.say(part.node, truth, facts, styles))


@dataclass(frozen=True, slots=True)
class Formula:
    """A value over facts by name; make it with ``compile_formula``. Numbers are exact: Decimal, int or Fraction."""

    text: str
    node: Node
    names: tuple[str, ...]
    kind: str
    _read: Closure = field(repr=False)

    def value(self, facts: Facts) -> Any:
        """The value, or ``None`` where a fact that it needs is missing."""
        return self._read(facts)


@lru_cache(maxsize=4096)
def compile_rule(text: str) -> Rule:
    """Read a judgement; raises ``RuleError`` with the position of what is outside the language."""
    node = parse(text)
    if kind_of(node) not in ("truth", "any"):
        raise RuleError("这里要写一个判断，不能只写一个值", node.span.start)
    parts = tuple(_part(text, one) for one in _clauses(node))
    return Rule(text, node, names_in(node), compile_truth(node), Teller(text), parts)


@lru_cache(maxsize=4096)
def compile_formula(text: str) -> Formula:
    """Read a value: arithmetic, a name, a constant, ``if_``; raises ``RuleError`` like ``compile_rule``."""
    node = parse(text)
    kind = kind_of(node)
    return Formula(text, node, names_in(node), kind, compile_truth(node) if kind == "truth" else compile_value(node))


def _clauses(node: Node) -> tuple[Node, ...]:
    if isinstance(node, Both):
        return tuple(clause for part in node.parts for clause in _clauses(part))
    return (node,)


def _part(text: str, node: Node) -> _Part:
    return _Part(node, text[node.span.start : node.span.end], names_in(node), compile_truth(node))
