"""Whether the rules of a programme speak of what is there, compare like with like, and can turn out either way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import TypeAlias

from keshu.catalogue.problems import Flaw
from keshu.catalogue.proving.programmes_names import Known
from keshu.kernel.rules import compile_formula, compile_rule, constant_truth
from keshu.kernel.rules.nodes import Arithmetic, Compare, Literal, Member, Minus, Name, Node, children
from keshu.kernel.rules.parsing import kind_of

Path: TypeAlias = tuple[str | int, ...]


def rule_flaws(text: str, path: Path, known: Mapping[str, Known], *, later: bool = False) -> Iterator[Flaw]:
    """What is wrong with a judgement; ``later`` allows facts that only the decision brings."""
    rule = compile_rule(text)
    flaws = [*_name_flaws(rule.names, path, known, later), *_node_flaws(rule.node, path, known)]
    yield from flaws
    if flaws:
        return
    constant = constant_truth(rule, {name: known[name].domain for name in rule.names})
    if constant is not None:
        outcome = "总是成立" if constant else "总是不成立"
        yield Flaw(path, f"条件“{text}”{outcome}，等于没有写", "核对界限和取值，或删去这个条件")


def formula_flaws(
    text: str, path: Path, known: Mapping[str, Known], *, kind: str = "", later: bool = False
) -> Iterator[Flaw]:
    """What is wrong with a formula; ``kind`` is what it has to give."""
    formula = compile_formula(text)
    flaws = [*_name_flaws(formula.names, path, known, later), *_node_flaws(formula.node, path, known)]
    yield from flaws
    gives = _kind(formula.node, known)
    if not flaws and kind and gives not in (kind, "any"):
        yield Flaw(path, f"“{text}”得到的不是要的那一类值", f"这里要{_KIND_NAMES.get(kind, kind)}")


_KIND_NAMES = {"number": "一个数", "text": "一段文字", "date": "一个日期", "truth": "是或否", "list": "一列值"}


def _name_flaws(names: tuple[str, ...], path: Path, known: Mapping[str, Known], later: bool) -> Iterator[Flaw]:
    for name in names:
        if name not in known:
            close = get_close_matches(name, known, n=1, cutoff=0.6)
            remedy = f"是不是要写“{close[0]}”？" if close else "写申报书的字段、计算项、参数代码或系统提供的事实"
            yield Flaw(path, f"规则用了没有的“{name}”", remedy)
        elif known[name].later and not later:
            yield Flaw(path, f"“{name}”在申报时还没有", "换用申报时就有的事实")


def _kind(node: Node, known: Mapping[str, Known]) -> str:
    if isinstance(node, Name):
        return known[node.name].kind if node.name in known else "any"
    return kind_of(node)


def _node_flaws(node: Node, path: Path, known: Mapping[str, Known]) -> Iterator[Flaw]:
    match node:
        case Compare(left=left, right=right):
            kinds = {_kind(left, known), _kind(right, known)} - {"any"}
            if len(kinds) > 1 or "list" in kinds:
                yield Flaw(path, "比较的两边不是同一类值", "核对字段的类型；表的列要先用 sum、count 等算成一个数")
            yield from _choice_flaws(left, (right,), path, known)
            yield from _choice_flaws(right, (left,), path, known)
        case Member(item=item, options=tuple() as options):
            yield from _choice_flaws(item, options, path, known)
        case Arithmetic(left=left, right=right):
            if {_kind(left, known), _kind(right, known)} - {"any", "number"}:
                yield Flaw(path, "加减乘除用了不是数的值", "核对字段的类型")
        case Minus(inner=inner):
            if _kind(inner, known) not in ("any", "number"):
                yield Flaw(path, "加减乘除用了不是数的值", "核对字段的类型")
    for child in children(node):
        yield from _node_flaws(child, path, known)


def _choice_flaws(node: Node, options: tuple[Node, ...], path: Path, known: Mapping[str, Known]) -> Iterator[Flaw]:
    """A value that a field of choices does not have makes a comparison that never holds."""
    if not isinstance(node, Name) or node.name not in known:
        return
    choices = known[node.name].domain.choices
    for option in options:
        if choices and isinstance(option, Literal) and option.value not in choices:
            yield Flaw(path, f"“{node.name}”没有“{option.value}”这个取值", f"只能写：{'、'.join(map(str, choices))}")
