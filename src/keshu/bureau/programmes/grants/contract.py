"""What a task book promises, read out of its values: the days, the targets, the nodes of the plan.

Values are texts by path, as the form has them: a field's code, or `table:row:column`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from keshu.bureau.programmes.applying.layout import order_of
from keshu.kernel.typed import read_date

LEFT_OUT = ("truthful", "integrity", "no_accident")


@dataclass(frozen=True)
class Promise:
    """One target of the task book: what was promised, and how it will be proved."""

    row: str
    name: str
    kind: str
    value: str
    proof: str


@dataclass(frozen=True)
class Node:
    """One stretch of the plan with the mark that ends it."""

    row: str
    starts_on: date | None
    ends_on: date
    mark: str


def rows_in(values: Mapping[str, str], table: str) -> dict[str, dict[str, str]]:
    """The rows of a table by their keys, in the order in which they stand in the form; removed ones left out."""
    found: dict[str, dict[str, str]] = {}
    for path, text in values.items():
        parts = path.split(":")
        if len(parts) == 3 and parts[0] == table:
            found.setdefault(parts[1], {})[parts[2]] = text
    listed, gone = order_of(values.get(f"{table}:", ""))
    rows = [row for row in listed if row in found] + sorted(set(found) - set(listed) - gone)
    return {row: found[row] for row in rows}


def day(values: Mapping[str, str], path: str) -> date | None:
    """A day of the form; None where it is missing or cannot be read."""
    found = read_date(values.get(path, ""))
    return found.value


def promises(values: Mapping[str, str]) -> list[Promise]:
    """The targets that were promised, those without a name left out."""
    return [
        Promise(key, row.get("name", ""), row.get("kind", ""), row.get("value", ""), row.get("proof", ""))
        for key, row in rows_in(values, "targets").items()
        if row.get("name", "").strip()
    ]


def nodes(values: Mapping[str, str]) -> list[Node]:
    """The nodes of the plan that have an end."""
    found = []
    for key, row in rows_in(values, "schedule").items():
        ends = read_date(row.get("end", "")).value
        if ends is not None:
            mark = row.get("mark") or row.get("work") or ""
            found.append(Node(key, read_date(row.get("start", "")).value, ends, mark.strip()))
    return found


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Paths whose texts differ, with both texts; the order of rows is no difference."""
    paths = [path for path in {**before, **after} if not path.endswith(":")]
    return [
        (path, before.get(path, ""), after.get(path, ""))
        for path in paths
        if before.get(path, "") != after.get(path, "")
    ]
