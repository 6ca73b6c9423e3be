"""Rules in words: a condition as the guide says it, a reason without any code."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.catalogue.schema import Parameter
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_words import FACTS
from keshu.kernel.rules import compile_rule, show
from keshu.kernel.rules.nodes import Arithmetic, Both, Call, Compare, Either, Literal, Member, Minus, Name, Node, Not

SIGNS = {"<=": "不超过", ">=": "不低于", "==": "等于", "!=": "不是", "<": "低于", ">": "高于"}
CALLS = {
    "count": "{0}的数量", "sum": "{0}合计", "days_between": "{0}至{1}的天数", "months_between": "{0}至{1}的月数",
    "years_between": "{0}至{1}的年数",
}  # fmt: skip
CODE = re.compile(r"[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)+")
WORD = re.compile(r"“([a-z][a-z0-9_]*)”|(?<=[（、])([a-z][a-z0-9_]*)(?=[、）])")
CALLED = re.compile(rf"({'|'.join(CALLS)})\(([^()]*)\)")
TRUTH = re.compile(r"([^：；，\s]+)：(?=是|否)")
PATH = re.compile(r"(?<=[\u4e00-\u9fff])\.(?=[\u4e00-\u9fff])")
Words = Callable[[str], str]


def in_words(
    programme: Programme, parameters: Mapping[str, Parameter], *, on: date, places: Sequence[str] = ()
) -> Words:
    """How a rule of this programme is said, parameters with the values that they have on the day."""
    sayer = _Sayer(parameters, on, places, choices_of(programme))
    return lambda rule: sayer.say(compile_rule(rule).node)


def reason_in_words(said: str, parameters: Mapping[str, Parameter], choices: Mapping[str, str]) -> str:
    """What a clause says with the names of its parameters and choices instead of their codes."""
    text = CODE.sub(lambda found: parameters[found[0]].name if found[0] in parameters else found[0], said)
    text = WORD.sub(lambda found: _choice(found, choices), text)
    text = CALLED.sub(lambda found: CALLS[found[1]].format(*re.split(r"\s*,\s*", found[2])), text)
    text = TRUTH.sub(lambda found: f"{FACTS[found[1]].says if found[1] in FACTS else found[1]}：", text)
    return short(text)


def short(text: str) -> str:
    """申报单位.注册日期 as 注册日期, 负责人.年龄 as 负责人年龄: people know who applies. 预算.设备费 as 预算·设备费."""
    return PATH.sub("·", text.replace("申报单位.", "").replace("负责人.", "负责人"))


def choices_of(programme: Programme) -> dict[str, str]:
    """Names of the choices of every field of the form, by code."""
    fields = [field for section in programme.sections for field in section.fields]
    fields += [field for section in programme.sections for table in section.tables for field in table.columns]
    return {code: choice.name for field in fields for code, choice in field.codes.items()}


def _choice(found: re.Match[str], choices: Mapping[str, str]) -> str:
    code = found[1] or found[2]
    name = choices.get(code, code)
    return f"“{name}”" if found[1] else name


class _Sayer:
    """Walks a rule and says it."""

    def __init__(
        self, parameters: Mapping[str, Parameter], on: date, places: Sequence[str], choices: Mapping[str, str]
    ) -> None:
        self._parameters, self._on, self._places, self._choices = parameters, on, places, choices

    def say(self, node: Node) -> str:
        match node:
            case Both(parts=parts) if all(isinstance(part, Not) and isinstance(part.inner, Name) for part in parts):
                return "没有下列情形：" + "；".join(self.say(part).removeprefix("没有下列情形：") for part in parts)
            case Both(parts=parts):
                return "，并且".join(self._inner(part, Either) for part in parts)
            case Either(parts=parts):
                return "，或者".join(self._inner(part, Both) for part in parts)
            case Not(inner=Name(name=name)):
                return f"没有下列情形：{self._truth(name)}"
            case Not(inner=inner):
                return f"不属于：{self.say(inner)}"
            case Name(name=name):
                return self._truth(name)
            case Compare(left=left, sign=sign, right=right):
                return self._compare(left, sign, right)
            case Member(item=item, options=options, negated=negated):
                return f"{self._value(item)}{'不' if negated else ''}是{self._options(options)}"
            case _:
                return self._value(node)

    def _inner(self, node: Node, other: type) -> str:
        said = self.say(node)
        return f"（{said}）" if isinstance(node, other) else said

    def _truth(self, name: str) -> str:
        fact = FACTS.get(name)
        return fact.says if fact is not None and fact.kind == "truth" else short(name)

    def _compare(self, left: Node, sign: str, right: Node) -> str:
        if isinstance(left, Name) and left.name in self._parameters and isinstance(right, Name):
            turned = {"<=": ">=", ">=": "<=", "<": ">", ">": "<"}.get(sign, sign)
            return self._compare(right, turned, left)
        return f"{self._value(left)} {SIGNS[sign]} {self._value(right)}"

    def _options(self, options: tuple[Node, ...] | Name) -> str:
        if isinstance(options, Name):
            return self._value(options)
        return "、".join(self._value(one).strip("“”") for one in options) + ("之一" if len(options) > 1 else "")

    def _value(self, node: Node) -> str:
        match node:
            case Name(name=name):
                return self._parameter(self._parameters[name]) if name in self._parameters else short(name)
            case Literal(value=str() as text):
                return f"“{self._choices.get(text, text)}”"
            case Literal(value=value, style=style):
                return show(value, style)
            case Call(function=function, arguments=arguments) if function in CALLS:
                return CALLS[function].format(*map(self._value, arguments))
            case Call(function=function, arguments=arguments):
                return f"{function}（{'，'.join(map(self._value, arguments))}）"
            case Arithmetic(sign=sign, left=left, right=right):
                shown = {"*": "×", "/": "÷"}.get(sign, sign)
                return f"{self._value(left)} {shown} {self._value(right)}"
            case Minus(inner=inner):
                return f"-{self._value(inner)}"
            case _:
                return self.say(node)

    def _parameter(self, parameter: Parameter) -> str:
        value: Any = parameter.value_on(self._on, self._places)
        if isinstance(value, Decimal):
            return amount_in_words(value, parameter.unit)
        return parameter.name if value is None else show(value)


def amount_in_words(value: Decimal, unit: str) -> str:
    """A number with its unit; large sums of money in 万元 or 亿元."""
    if unit == "元" and value and not value % 100_000_000:
        return f"{show(value / 100_000_000)}亿元"
    if unit == "元" and value and not value % 1000:
        return f"{show(value / 10_000)}万元"
    return f"{show(value)}{unit}"
