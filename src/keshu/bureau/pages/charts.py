"""A chart as data. The page draws it with ECharts and shows the same numbers as a table."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

Value = Decimal | int | None


@dataclass(frozen=True)
class Series:
    """Values in the order of the labels; None is a gap, not a zero. `axis` 1 draws against the right-hand scale."""

    name: str
    values: Sequence[Value]
    kind: str = "bar"  # bar | line
    axis: int = 0
    unit: str = ""


@dataclass(frozen=True)
class Chart:
    title: str
    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    label_heading: str = ""
    stacked: bool = False
    lying: bool = False  # bars from left to right: for long labels such as names of places
    marks: Sequence[tuple[str, Value]] = field(default_factory=tuple)  # horizontal lines such as a target

    def rows(self) -> list[tuple[str, list[Value]]]:
        """The table twin: a label with one value a series."""
        return [(label, [s.values[i] for s in self.series]) for i, label in enumerate(self.labels)]

    def as_json(self) -> str:
        """For the script in the page. Only here does a Decimal become a float: it ends as a length on the screen."""
        content: dict[str, Any] = {
            "title": self.title,
            "unit": self.unit,
            "labels": list(self.labels),
            "stacked": self.stacked,
            "lying": self.lying,
            "marks": [[name, _drawn(value)] for name, value in self.marks],
            "series": [
                {
                    "name": s.name,
                    "kind": s.kind,
                    "axis": s.axis,
                    "unit": s.unit,
                    "values": [_drawn(v) for v in s.values],
                }
                for s in self.series
            ],
        }
        return json.dumps(content, ensure_ascii=False)


def _drawn(value: Value) -> float | None:
    return None if value is None else float(value)
