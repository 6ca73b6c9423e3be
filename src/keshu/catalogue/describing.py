"""A definition for people and for other programs: what ``keshu catalogue show`` and ``schema`` print."""

from __future__ import annotations

from typing import Any

from keshu.catalogue.hashing import definition_content, definition_hash
from keshu.catalogue.kinds import kind_named, kind_of
from keshu.catalogue.programme_drawing import programme_lines
from keshu.catalogue.schema import Definition, Ledger, Programme


def describe(model: Definition) -> dict[str, Any]:
    """The whole definition as JSON data, with the kind of definition, its version and the hash of what it computes."""
    marks = {"definition": kind_of(model), "version": model.version, "hash": definition_hash(model)}
    drawn = {"ladder": model.ladder.as_json()} if isinstance(model, Programme) and not model.abstract else {}
    return {**marks, **definition_content(model), **drawn}


def describe_text(model: Definition) -> str:
    """The definition as lines of Chinese text for a terminal."""
    lines = [f"{model.name}({model.code}，第 {model.version} 版)"]
    if model.help:
        lines.append(model.help)
    if isinstance(model, Ledger):
        lines += [f"责任科室：{model.owner}  主键：{'+'.join(model.key)}", *_ledger_lines(model)]
        return "\n".join(lines)
    if isinstance(model, Programme) and not model.abstract:
        return "\n".join([*lines, *programme_lines(model)])
    shown = {key: value for key, value in definition_content(model).items() if key not in ("code", "name", "help")}
    return "\n".join([*lines, *(f"{key}: {value}" for key, value in shown.items())])


def _ledger_lines(ledger: Ledger) -> list[str]:
    lines = []
    for field in ledger.fields:
        marks = [field.type, *(["必填"] if field.required else []), *([f"单位 {field.unit}"] if field.unit else [])]
        marks += [f"→ {field.maps}"] if field.maps else []
        marks += ["个人信息"] if field.personal else []
        choices = "、".join(choice.name for choice in field.codes.values())
        lines.append(f"  {field.code}  {field.name}  [{','.join(marks)}]" + (f"  {choices}" if choices else ""))
    return [*lines, *(f"  校验 {check.code}:{check.message}" for check in ledger.checks)]


def json_schema(kind: str) -> dict[str, Any]:
    """The JSON schema of one kind of definition; raises ``KeyError`` with the kinds that exist."""
    return kind_named(kind).model.model_json_schema(by_alias=True)
