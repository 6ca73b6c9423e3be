"""Whether a condition names fields and values that its ledger has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from keshu.catalogue.problems import Flaw
from keshu.catalogue.schema import Any_, Field, In, Ledger, Range, Where
from keshu.catalogue.schema.where import Condition

_NUMBERS = frozenset({"money", "quantity", "integer", "number", "year"})
_DATES = frozenset({"date", "month", "year"})


def where_flaws(ledger: Ledger, where: Where, path: tuple[str | int, ...], *, mapped: bool) -> Iterator[Flaw]:
    """``mapped``: the condition is asked of the database, so its fields need a fact column."""
    for code, condition in where.items():
        here = (*path, code)
        field = ledger.field(code)
        if field is None:
            known = "、".join(one.code for one in ledger.fields)
            yield Flaw(here, f"台账“{ledger.name}”没有字段“{code}”", f"可用字段：{known}")
            continue
        if mapped and not field.columns:
            yield Flaw(
                here, f"字段“{field.name}”没有映射到事实列，不能用于统计", f"在台账 {ledger.code} 中给它写上 maps"
            )
        yield from _values(field, condition, here)


def _values(field: Field, condition: Condition, path: tuple[str | int, ...]) -> Iterator[Flaw]:
    match condition:
        case Any_():
            return
        case In(values=values):
            literals = list(values)
        case Range(bounds=bounds):
            literals = [bound for bound in bounds if bound is not None]
            if field.type not in _NUMBERS | _DATES:
                yield Flaw(path, f"字段“{field.name}”不是数字或日期，不能用范围", "改用 {in: [...]}")
                return
        case literal:
            literals = [literal]
    for literal in literals:
        if (problem := _literal(field, literal)) is not None:
            yield Flaw(path, *problem)


def _literal(field: Field, literal: object) -> tuple[str, str] | None:
    if field.type == "code":
        if literal not in field.codes:
            return f"“{literal}”不是字段“{field.name}”的取值", f"可用取值：{'、'.join(field.codes)}"
        return None
    expected: tuple[type, ...] = (str,)
    if field.type == "bool":
        expected = (bool,)
    elif field.type in _NUMBERS | _DATES:
        numbers = (Decimal, int) if field.type in _NUMBERS else ()
        dates = (date,) if field.type in _DATES else ()
        expected = (*numbers, *dates)
    if not isinstance(literal, expected) or (isinstance(literal, bool) and bool not in expected):
        return f"字段“{field.name}”的取值“{literal}”类型不对", f"按 {field.type} 类型书写"
    return None
