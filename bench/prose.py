"""Figures read out of official prose: ours, recognizers-text-suite and jionlp on the same texts in the same run.

What counts as found: the tool names a number that overlaps the true one and has its value; with the unit, when its own
name of the unit, brought back to the Chinese word, is the same. Of a range either end will do. A false hit overlaps no
true figure; years and dates that a tool's own recogniser of dates claims are taken off its false hits. Unfilled slots
(xx家) are left out of the recall, since no peer knows them. Each tool has warmed up; the best of several rounds counts.

The texts are our own (`bench/prose_texts.txt`). With `--texts DIR` or KESHU_BENCH_TEXTS they are those of a directory
with `docs/*.txt` and `figures.jsonl` (doc, start, end, value, unit, optional); it stays outside the repository.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import time
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

OWN = Path(__file__).with_name("prose_texts.txt")
MARKED = re.compile("⟦([^|⟧]*)\\|([^|⟧]*)\\|([^|⟧]*)⟧")
#: what the peers call the units of these texts
UNITS = {
    "Chinese yuan": "元", "United States dollar": "美元", "Dollar": "美元", "Hong Kong dollar": "港元", "Euro": "欧元",
    "Square meter": "平方米", "Square kilometer": "平方公里", "Kilometer": "公里", "Meter": "米", "Centimeter": "厘米",
    "Metric ton": "吨", "Ton": "吨", "Kilogram": "公斤", "Mu": "亩", "Mǔ": "亩", "Hectare": "公顷", "Jin": "斤", "Year": "岁",
    "Cubic meter": "立方米", "Day": "天", "%": "%", "㎡": "平方米", "百分点": "个百分点", "人(次)": "人次", "项(人)": "项",
}  # fmt: skip


@dataclass(frozen=True)
class Item:
    """A number with the place, the values it may be taken for, and its unit; of the truth `optional` ones do not count."""

    start: int
    end: int
    values: tuple[Decimal, ...]
    unit: str
    optional: bool = False


@dataclass(frozen=True)
class Sample:
    text: str
    truth: list[Item]


def run(texts: str = "") -> list[dict[str, Any]]:
    samples = _samples(texts or os.environ.get("KESHU_BENCH_TEXTS", ""))
    tools: dict[str, Callable[[str], list[Item]]] = {"keshu scan": _scan, "keshu read": _read}
    tools |= _peers()
    seconds = {name: _best(tool, samples, 2 if name.startswith("rec") else 5) for name, tool in tools.items()}
    return [_row(name, tool, samples, seconds) for name, tool in tools.items()]


def _row(
    name: str, tool: Callable[[str], list[Item]], samples: list[Sample], seconds: dict[str, float]
) -> dict[str, Any]:
    values = units = false = 0
    for sample in samples:
        items = tool(sample.text)
        dates = _dates(sample.text) if name.startswith("rec") else []
        values += sum(_found(one, items, units=False) for one in _counted(sample))
        units += sum(_found(one, items, units=True) for one in _counted(sample))
        false += sum(not _overlaps(item, sample.truth) and not _overlaps(item, dates) for item in items)
    total = sum(len(_counted(sample)) for sample in samples)
    size = sum(len(sample.text) for sample in samples)
    return {
        "bench": "prose", "what": f"{name}: value {values}/{total}, with unit {units}/{total}, false {false}",
        "seconds": round(seconds[name], 4), "ratio": round(seconds["keshu scan"] / seconds[name], 4), "tool": name,
        "value_recall": round(values / total, 4), "unit_recall": round(units / total, 4), "false": false,
        "characters_per_second": round(size / seconds[name]), "figures": total, "characters": size,
    }  # fmt: skip


def _counted(sample: Sample) -> list[Item]:
    return [one for one in sample.truth if one.values and not one.optional]


def _found(one: Item, items: Iterable[Item], *, units: bool) -> bool:
    return any(
        item.start < one.end and one.start < item.end and set(item.values) & set(one.values)
        and (not units or _unit(item.unit) == _unit(one.unit))
        for item in items
    )  # fmt: skip


def _unit(name: str) -> str:
    return UNITS.get(name, name)


def _overlaps(item: Item, others: Iterable[Item]) -> bool:
    return any(item.start < other.end and other.start < item.end for other in others)


def _best(tool: Callable[[str], list[Item]], samples: list[Sample], rounds: int) -> float:
    taken = []
    for _ in range(rounds + 1):  # the first round warms
        begun = time.perf_counter()
        for sample in samples:
            tool(sample.text)
        taken.append(time.perf_counter() - begun)
    return min(taken[1:])


def _samples(folder: str) -> list[Sample]:
    if not folder:
        return [_own(OWN.read_text(encoding="utf-8"))]
    truth: dict[str, list[Item]] = {}
    for line in (Path(folder) / "figures.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        item = Item(row["start"], row["end"], _values(row["value"]), row["unit"], bool(row.get("optional")))
        truth.setdefault(row["doc"], []).append(item)
    return [
        Sample((Path(folder) / "docs" / f"{doc}.txt").read_bytes().decode("utf-8"), items)
        for doc, items in sorted(truth.items())
    ]


def _own(marked: str) -> Sample:
    text, truth, at = "", [], 0
    for found in MARKED.finditer(marked):
        text += marked[at : found.start()]
        values = (Decimal(found[2]), *([Decimal(found[1].split("—")[1].rstrip("项"))] if "—" in found[1] else []))
        truth.append(Item(len(text), len(text) + len(found[1]), values, found[3]))
        text, at = text + found[1], found.end()
    return Sample(text + marked[at:], truth)


def _values(value: str | None) -> tuple[Decimal, ...]:
    return () if value is None else tuple(Decimal(part) for part in value.split(".."))


def _scan(text: str) -> list[Item]:
    from keshu.kernel.prose.reading import scan

    return [_item(figure) for figure in scan(text)]


def _read(text: str) -> list[Item]:
    from keshu.kernel.prose.reading import read

    return [_item(figure) for figure in read(text)]


def _item(figure: Any) -> Item:
    values = tuple(value for value in (figure.value, figure.upper) if value is not None)
    return Item(figure.start, figure.end, values, figure.unit)


def _peers() -> dict[str, Callable[[str], list[Item]]]:
    """The peers that are installed (`uv sync --group peers`)."""
    peers: dict[str, Callable[[str], list[Item]]] = {}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            import recognizers_suite  # noqa: F401

            peers["recognizers-text-suite"] = _recognizers
        except ImportError:
            pass
        try:
            import jionlp  # noqa: F401

            peers["jionlp (money only)"] = _jionlp
        except ImportError:
            pass
    return peers


def _recognizers(text: str) -> list[Item]:
    """Its models for numbers and for numbers with units; the plain number gives way to the one with a unit."""
    import recognizers_suite as suite

    items: list[Item] = []
    for model in (
        suite.recognize_percentage, suite.recognize_currency, suite.recognize_dimension, suite.recognize_age,
        suite.recognize_temperature, suite.recognize_number, suite.recognize_ordinal,
    ):  # fmt: skip
        for found in model(text, suite.Culture.Chinese):
            item = _recognized(found)
            if item and not (item.unit == "" and any(_overlaps(item, [one]) and one.unit for one in items)):
                items.append(item)
    return items


def _recognized(found: Any) -> Item | None:
    resolution = found.resolution or {}
    raw = str(resolution.get("value") or "")
    unit = "%" if raw.endswith("%") else resolution.get("unit") or ""
    try:
        return Item(found.start, found.end + 1, (Decimal(raw.rstrip("%").replace(",", "")),), unit)
    except InvalidOperation:
        return None


def _dates(text: str) -> list[Item]:
    try:
        import recognizers_suite as suite

        found = suite.recognize_datetime(text, suite.Culture.Chinese)
    except (TypeError, ValueError, IndexError, AttributeError, KeyError):  # its model for Chinese dates fails on some
        return []
    return [Item(one.start, one.end + 1, (), "") for one in found]


def _jionlp(text: str) -> list[Item]:
    import jionlp

    items = []
    for found in jionlp.ner.extract_money(text):
        raw = found["detail"]["num"]
        numbers = raw if isinstance(raw, list) else [raw]
        values = tuple(Decimal(str(number)) for number in numbers if re.fullmatch(r"[\d.]+", str(number)))
        items.append(Item(*found["offset"], values, found["detail"]["case"]))
    return items


if __name__ == "__main__":
    for result in run():
        print(result["what"], f"{result['characters_per_second']:,} characters/s", result["ratio"])
