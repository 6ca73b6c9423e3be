"""Whether an indicator names ledgers, fields, values and indicators that exist, and never itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import reduce
from typing import TYPE_CHECKING

from keshu.catalogue.problems import Flaw
from keshu.catalogue.proving.where import where_flaws
from keshu.catalogue.schema import Facts, Indicator, SemiJoin

if TYPE_CHECKING:
    from keshu.catalogue.loader import Catalogue

_SUMMABLE = frozenset({"money", "quantity", "integer", "number"})
_DATES = frozenset({"date", "month", "year"})


def formula_names(formula: str) -> tuple[str, ...] | None:
    """The indicator codes of a formula in order, or ``None`` if it holds more than codes, numbers, + - * / ( )."""
    try:
        tree = ast.parse(formula.strip(), mode="eval")
    except SyntaxError:
        return None
    names = _names(tree.body)
    return None if names is None else tuple(dict.fromkeys(names))


def _names(node: ast.expr) -> list[str] | None:
    match node:
        case ast.Name(id=name):
            return [name]
        case ast.Attribute(value=value, attr=attr):
            inner = _names(value) if isinstance(value, (ast.Name, ast.Attribute)) else None
            return None if inner is None else [f"{inner[0]}.{attr}"]
        case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
            return []
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _names(operand)
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub() | ast.Mult() | ast.Div(), right=right):
            first, second = _names(left), _names(right)
            return None if first is None or second is None else [*first, *second]
    return None


def references(indicator: Indicator) -> tuple[str, ...]:
    """The indicators that this one is made of."""
    parts = [code for code in (indicator.numerator, indicator.denominator) if code]
    return (*parts, *(formula_names(indicator.formula) or () if indicator.formula else ()))


def indicator_flaws(indicator: Indicator, catalogue: Catalogue) -> Iterator[Flaw]:
    if indicator.facts:
        yield from _facts(indicator, indicator.facts, catalogue)
    for index, join in enumerate(indicator.also):
        yield from _join(join, ("also", index), catalogue)
    for name, scope in indicator.scopes.items():
        here = ("scopes", name)
        ledger = catalogue.countable.get(indicator.facts.ledger) if indicator.facts else None
        if ledger is not None:
            yield from where_flaws(ledger, scope.where, (*here, "where"), mapped=True)
        for index, join in enumerate(scope.also):
            yield from _join(join, (*here, "also", index), catalogue)
    yield from _references(indicator, catalogue)


def _facts(indicator: Indicator, facts: Facts, catalogue: Catalogue) -> Iterator[Flaw]:
    ledger = catalogue.countable.get(facts.ledger)
    if ledger is None:
        yield Flaw(
            ("facts", "ledger"),
            f"没有“{facts.ledger}”这个台账",
            f"可用台账：{'、'.join(catalogue.countable)}",
            facts.ledger,
        )
        return
    yield from where_flaws(ledger, facts.where, ("facts", "where"), mapped=True)
    for path, code, types, use in (
        (("facts", "on"), facts.on, _DATES, "计时"),
        (("facts", "count"), facts.summed, _SUMMABLE, "求和"),
    ):
        if code is None:
            continue
        field = ledger.field(code)
        if field is None or field.type not in types:
            fit = "、".join(one.code for one in ledger.fields if one.type in types and one.columns)
            yield Flaw(path, f"“{code}”不是台账“{ledger.name}”中可以{use}的字段", f"可用字段：{fit}")
        elif not field.columns:
            yield Flaw(path, f"字段“{field.name}”没有映射到事实列", f"在台账 {ledger.code} 中给它写上 maps")
    if facts.count in ("party", "place") and ledger.mapped(facts.count) is None:
        yield Flaw(("facts", "count"), f"台账“{ledger.name}”没有映射到 {facts.count} 的字段", "改用 entry")
    if indicator.kind == "stock" and ledger.mapped("started_on") is None:
        message = f"台账“{ledger.name}”没有起始日期，不能算存量"
        yield Flaw(("facts", "ledger"), message, "给该台账映射 started_on，或把指标改为 flow")


def _join(join: SemiJoin, path: tuple[str | int, ...], catalogue: Catalogue) -> Iterator[Flaw]:
    ledger = catalogue.countable.get(join.ledger)
    if ledger is None:
        yield Flaw(
            (*path, "ledger"),
            f"没有“{join.ledger}”这个台账",
            f"可用台账：{'、'.join(catalogue.countable)}",
            join.ledger,
        )
        return
    if ledger.mapped("party") is None:
        yield Flaw((*path, "ledger"), f"台账“{ledger.name}”没有主体字段，不能按主体关联", "换用有主体的台账")
    yield from where_flaws(ledger, join.where, (*path, "where"), mapped=True)


def _references(indicator: Indicator, catalogue: Catalogue) -> Iterator[Flaw]:
    if indicator.formula is not None and formula_names(indicator.formula) is None:
        yield Flaw(("formula",), "公式里有不允许的写法", "只用指标代码、数字、加减乘除和括号")
        return
    part = "formula" if indicator.formula else "numerator"
    for code in references(indicator):
        where = "denominator" if code == indicator.denominator else part
        if code not in catalogue.indicators:
            yield Flaw((where,), f"没有“{code}”这个指标", "写已有指标的代码", code)
    if _reaches_itself(indicator.code, catalogue):
        yield Flaw((part,), f"指标“{indicator.code}”最终由它自己算出", "去掉循环引用")


def _reaches_itself(code: str, catalogue: Catalogue) -> bool:
    seen: set[str] = set()
    frontier = {*references(catalogue.indicators[code])}
    while frontier:
        if code in frontier:
            return True
        seen |= frontier
        known = (catalogue.indicators[one] for one in frontier if one in catalogue.indicators)
        following: set[str] = reduce(lambda found, one: found | {*references(one)}, known, set())
        frontier = following - seen
    return False
