"""One reader for each field: what was typed in, a typed value out, or what is wrong with it.

Imports and forms read with the same readers. Spellings repeat down a column, so what a reader made of a text is
remembered; nothing here asks the database.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from keshu.bureau.places.queries import Gazetteer, Tree
from keshu.catalogue.headers import normalise
from keshu.catalogue.schema import Field
from keshu.kernel import typed
from keshu.kernel.ids import Verdict, idcard, patent, phone, uscc
from keshu.kernel.typed import Problem, Read
from keshu.kernel.typed.choices import folded
from keshu.kernel.typed.read import cleaned

Reader = Callable[[Any], Read[Any]]
LIMIT = {"text": 300, "longtext": 5000, "url": 500, "person": 50}
PLACES = {"money": Decimal("0.01"), "quantity": Decimal("0.0001"), "number": Decimal("0.0001")}
LARGEST = Decimal(2**63 - 1)
MAY_FALL = re.compile(r"利润|损益|盈|净|增|减|差|余|变化|同比|温度")
LOOKALIKE = str.maketrans("OoQlI|", "000111")
REMEMBERED = 20_000
EXACT = Decimal(10**15)  # a table program keeps fifteen digits of a number and writes zeros for the rest
FAILED = frozenset(["#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"])
LONGEST_MISSING = 10  # no spelling of "nothing" (暂无, N/A, #VALUE!) is longer


@dataclass(frozen=True)
class Surroundings:
    """What a cell alone does not say: the year of the sheet, the places that may be meant, today."""

    today: date
    places: Gazetteer
    ids: Mapping[str, int]
    within: frozenset[str] | None = None
    year: int | None = None
    cut_off: date | None = None
    tree: Tree | None = None
    counties: Mapping[str, str] = field(default_factory=dict)  # code to name, zones left out

    county_of: Mapping[int, str] = field(default_factory=dict)  # place to the code of the county that it lies in

    def below(self, code: str) -> frozenset[str] | None:
        return self.tree.below(code) if self.tree else None


def reader_of(field: Field, unit: str, around: Surroundings) -> Reader:
    """The reader for a field whose column says `unit`; remembers what it read."""
    plain = _plain_reader(field, unit, around)
    known: dict[Any, Read[Any]] = {}

    def read(value: Any) -> Read[Any]:
        key = (type(value), value)
        found = known.get(key)
        if found is None:
            found = Read(problem=_failed(value)) if _has_failed(value) else plain(value)
            if len(known) < REMEMBERED:
                known[key] = found
        return found

    return read


def _has_failed(value: Any) -> bool:
    return isinstance(value, str) and value[:1] == "#" and value.strip().upper() in FAILED


def _failed(value: str) -> Problem:
    message = f"单元格中的公式出错（{value.strip()}），没有结果"
    return Problem("formula-failed", message, "请在表格软件中改正公式，或直接填写内容后再导入")


def _lost(value: Any, field: Field) -> Problem | None:
    """A long number that a table program kept as a number: its last digits are gone."""
    if not isinstance(value, Decimal) or abs(value) < EXACT or (value < 2**53 and value % 10):
        return None
    message = f"{field.name}“{value:f}”存成了数字，第15位之后的数字已丢失"
    return Problem("lost-digits", message, "请将该列设为文本格式后重新录入")


def _plain_reader(field: Field, unit: str, around: Surroundings) -> Reader:
    match field.type:
        case "money" | "quantity" | "integer" | "number":
            return _number_reader(field, unit)
        case "date":
            return lambda value: _dated(value, field, around)
        case "month":
            return lambda value: _month(value, around)
        case "year":
            return typed.read_year
        case "code":
            return _choice_reader(field)
        case "bool":
            return typed.read_bool
        case "party" | "parties":
            return lambda value: typed.read_names(value, single=field.type == "party")
        case "place":
            return lambda value: _place_id(value, around)
        case "uscc" | "idcard" | "phone" | "patent":
            return _identifier_reader(field, around)
        case _:
            return lambda value: _text(value, field)


def _text(value: Any, field: Field) -> Read[str]:
    if not (isinstance(value, str) and len(value) > LONGEST_MISSING) and typed.is_missing(value):
        return Read()
    if lost := _lost(value, field):
        return Read(problem=lost)
    text = typed.cell_text(value) if field.type == "longtext" else cleaned(value)
    limit = LIMIT.get(field.type, 300)
    if len(text) > limit:
        return Read(
            problem=Problem("text-long", f"内容有{len(text)}字，超过{limit}字", "请精简，详细内容写入备注或附件")
        )
    if re.fullmatch(r"\d(?:\.\d+)?E\+\d+", text) and field.maps == "number":
        return Read(
            problem=Problem(
                "lost-digits", f"编号“{text}”被表格软件改成了科学计数法，末几位已丢失", "请将该列设为文本格式后重新录入"
            )
        )
    return Read(text)


def _dated(value: Any, field: Field, around: Surroundings) -> Read[Any]:
    """A date; where the field has an `until`, a span. A bare month is one day in both cases: the first."""
    if isinstance(value, Decimal):  # a date cell that lost its format: days since 1899-12-30
        value = float(value)
    if not field.until:
        return _with_lookalike(typed.read_date(value, year=around.year), value)
    span = typed.read_span(value, year=around.year)
    if span.value is None or "只写到月" not in span.note:
        return _with_lookalike(span, value)
    day = typed.read_date(value, year=around.year)
    return Read((day.value, day.value) if day.value else None, day.note, day.problem, approx=day.approx)


def _month(value: Any, around: Surroundings) -> Read[str]:
    read = typed.read_month(value, year=around.year)
    return Read(f"{read.value:%Y-%m}" if read.value else None, read.note, read.problem)


def _number_reader(field: Field, unit: str) -> Reader:
    base = field.unit or ("元" if field.type == "money" else "")
    heading = unit or base
    factor = typed.read_unit(heading).factor
    plain_base = typed.read_unit(base).factor == 1

    def read(value: Any) -> Read[Decimal]:
        if plain_base and type(value) is Decimal:  # most cells are plain numbers
            return _sound_number(Read(value * factor), field)
        found = typed.read_number(value, unit=heading, into=base if typed.read_unit(base).factor != 1 else "")
        if found.value is None:
            return _with_lookalike(found, value)
        return _sound_number(found, field)

    return read


def _sound_number(read: Read[Decimal], field: Field) -> Read[Decimal]:
    number = read.value or Decimal(0)
    if number < 0 and not MAY_FALL.search(field.name):
        return Read(problem=Problem("negative", f"{field.name}为负数（{number:f}）", "请核对正负号；没有数据请留空"))
    if field.type == "integer":
        if number != number.to_integral_value():
            return Read(problem=Problem("not-whole", f"{field.name}应为整数，现为{number:f}", "请核对小数点和单位"))
        return Read(number.quantize(Decimal(1)), read.note, approx=read.approx)
    exact = number.quantize(PLACES[field.type], ROUND_HALF_UP)
    if abs(exact) * 10_000 > LARGEST:
        return Read(problem=Problem("number-large", f"{field.name}过大（{number:f}）", "请核对单位和位数"))
    return Read(exact, read.note, approx=read.approx)


def _with_lookalike(read: Read[Any], value: Any) -> Read[Any]:
    """Say so where the letters O and l stand for digits."""
    if read.problem is None or not isinstance(value, str) or not re.search(r"[OoQlI|]", value):
        return read
    mended = value.translate(LOOKALIKE)
    if not re.search(r"[A-Za-z|]", mended) and re.search(r"\d", value):
        message = f"“{value.strip()}”中疑似把数字0、1写成了字母"
        return Read(problem=Problem("lookalike", message, f"如确为“{mended.strip()}”，请改为数字后重新导入"))
    return read


def _choice_reader(field: Field) -> Reader:
    codes = {code: choice.spellings for code, choice in field.codes.items()}
    known: dict[str, str] = {}
    for code, spellings in codes.items():
        for spelling in (code, *spellings):
            known.setdefault(folded(spelling), code)
            known.setdefault(normalise(spelling), code)

    def read(value: Any) -> Read[str]:
        text = typed.cell_text(value)
        code = known.get(folded(text)) or known.get(normalise(text)) if text else None
        return Read(code) if code else typed.read_choice(value, codes=codes)

    return read


def read_place(value: Any, around: Surroundings, within: frozenset[str] | None) -> Read[str]:
    """The code of the place that bears this name; of several with one name, the one within."""
    if typed.is_missing(value):
        return Read()
    text = typed.cell_text(value)
    found = around.places.find(text, within=within) or around.places.find(text) or _after_parent(text, around)
    if len(found) == 1:
        return Read(found[0])
    if found:
        return Read(problem=Problem("place-ambiguous", f"“{text}”对应{len(found)}个区划", "请写全称，或改填区划代码"))
    return Read(problem=_no_place(text, around.places.near(text)))


def _after_parent(text: str, around: Surroundings) -> tuple[str, ...]:
    """云岭市江川区 is 江川区; 青岩县城关镇 is the 城关镇 that lies in 青岩县."""
    for parent, name in around.places.cuts(text):
        found = around.places.find(name, within=around.below(parent))
        if found:
            return found
    return ()


def _place_id(value: Any, around: Surroundings) -> Read[int]:
    read = read_place(value, around, around.within)
    return Read(around.ids[read.value] if read.value else None, read.note, read.problem)


def _no_place(text: str, near: str = "") -> Problem:
    hint = f"，是否为“{near}”" if near else ""
    return Problem("place-unknown", f"没有名为“{text}”的区划{hint}", "请改为区划树中的名称，或在“区划”页为它补登别名")


def _identifier_reader(field: Field, around: Surroundings) -> Reader:
    rules: dict[str, Callable[[str], Verdict]] = {
        "uscc": uscc.check,
        "idcard": lambda text: idcard.check(text, today=around.today),
        "phone": phone.check_several,
        "patent": patent.check,
    }
    rule = rules[field.type]

    def read(value: Any) -> Read[str]:
        if typed.is_missing(value):
            return Read()
        if lost := _lost(value, field):
            return Read(problem=lost)
        verdict = rule(typed.cell_text(value))
        if not verdict.ok:
            return Read(problem=Problem(verdict.code, verdict.message, verdict.remedy))
        return Read(verdict.value)

    return read
