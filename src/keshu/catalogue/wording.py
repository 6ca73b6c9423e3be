"""Pydantic's findings as Chinese sentences with a remedy."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Any, Final

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from keshu.catalogue.problems import Flaw

_TEXTS: Final[dict[str, tuple[str, str]]] = {
    "missing": ("缺少必填项“{key}”", "补写“{key}”"),
    "int_type": ("“{key}”应当是整数", "写成不带引号的整数"),
    "int_parsing": ("“{key}”应当是整数", "写成不带引号的整数"),
    "bool_type": ("“{key}”应当是 true 或 false", "写成 true 或 false"),
    "bool_parsing": ("“{key}”应当是 true 或 false", "写成 true 或 false"),
    "string_type": ("“{key}”应当是文字", "加上引号写成文字"),
    "string_pattern_mismatch": ("“{key}”的写法“{input}”不合规定", "代码只用小写字母、数字和下划线，以字母开头"),
    "string_too_short": ("“{key}”是空的", "补写内容"),
    "string_too_long": ("“{key}”太长", "缩短到规定字数以内"),
    "too_short": ("“{key}”是空的", "至少写一项"),
    "literal_error": ("“{key}”不能写“{input}”", "只能写：{expected}"),
    "decimal_parsing": ("“{key}”应当是数字", "写成不带单位、不带逗号的数字"),
    "decimal_type": ("“{key}”应当是数字", "写成不带单位、不带逗号的数字"),
    "greater_than_equal": ("“{key}”太小", "不得小于 {ge}"),
    "less_than_equal": ("“{key}”太大", "不得大于 {le}"),
    "tuple_type": ("“{key}”应当是列表", "写成 [甲, 乙] 的形式"),
    "dict_type": ("“{key}”应当是“键: 值”的形式", "按“键: 值”逐行书写"),
    "model_type": ("“{key}”应当是“键: 值”的形式", "按“键: 值”逐行书写"),
    "model_attributes_type": ("“{key}”应当是“键: 值”的形式", "按“键: 值”逐行书写"),
}
#: tags of the forms that a condition or a parameter may have
_FORMS: Final = frozenset({"literal", "one", "many", "named", "written"})
_CONDITIONS: Final = frozenset({"in", "range", "any"})
_DATES: Final = ("“{key}”应当是日期", "写成 2025-01-31 的形式")


def flaws_of(error: ValidationError, model: type[BaseModel]) -> list[Flaw]:
    """Every finding once, without the "is empty" of a list whose items were all refused."""
    details = error.errors(include_url=False)
    flaws: dict[tuple[str | int, ...], Flaw] = {}
    for detail in details:
        inside = any(other["loc"][: len(detail["loc"])] == detail["loc"] != other["loc"] for other in details)
        if not (detail["type"] == "too_short" and inside):
            flaw = _flaw(detail, model)
            flaws.setdefault(flaw.path, flaw)
    return list(flaws.values())


def _steps(detail: ErrorDetails) -> tuple[str | int, ...]:
    """The steps that a file has: pydantic also names the form that was tried, and the key of a mapping twice."""
    steps: list[str | int] = []
    for step in detail["loc"]:
        if step == "[key]" or (step in _FORMS and steps and detail["type"] != "extra_forbidden"):
            continue
        if step in _CONDITIONS and steps[-1:] == [step]:
            continue
        steps.append(step)
    return tuple(steps)


def _flaw(detail: ErrorDetails, model: type[BaseModel]) -> Flaw:
    path = _steps(detail)
    key = str(next((step for step in reversed(path) if isinstance(step, str)), "")) or "定义"
    context: dict[str, Any] = detail.get("ctx", {})
    if detail["type"] == "keshu":
        return Flaw(path, context["message"], context["remedy"])
    if detail["type"] == "extra_forbidden":
        return Flaw(path, f"不认识“{key}”这一项", _nearest(key, path, model))
    unknown = ("“{key}”的内容不合规定：" + detail["msg"].replace("{", "").replace("}", ""), "参照同类定义改写")
    message, remedy = _DATES if detail["type"].startswith("date") else _TEXTS.get(detail["type"], unknown)
    words = {"key": key, "input": detail.get("input"), "expected": "", "ge": "", "le": "", **context}
    words["expected"] = str(words["expected"]).replace("'", "").replace(" or ", "、").replace(", ", "、")
    return Flaw(path, message.format(**words), remedy.format(**words))


def _nearest(key: str, path: tuple[str | int, ...], model: type[BaseModel]) -> str:
    names = [field.alias or name for name, field in _model_at(path[:-1], model).model_fields.items()]
    close = get_close_matches(key, names, n=1, cutoff=0.6)
    if close:
        return f"是不是要写“{close[0]}”?"
    return f"删去它；这里可以写：{'、'.join(names)}"


def _model_at(path: tuple[str | int, ...], model: type[BaseModel]) -> type[BaseModel]:
    """The model that a path ends in, as far as annotations tell; the outermost one otherwise."""
    here = model
    for step in path:
        if isinstance(step, str) and (field := _field(here, step)) is not None:
            here = _first_model(field.annotation) or here
    return here


def _field(model: type[BaseModel], name: str) -> Any:
    for own, field in model.model_fields.items():
        if name in (own, field.alias):
            return field
    return None


def _first_model(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        if (found := _first_model(argument)) is not None:
            return found
    return None
