"""From a ledger's field values to the row that is stored, and back. Pure but for encrypting personal fields."""

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from keshu.bureau.ledgers.models import Revision
from keshu.catalogue.schema import Field, Ledger
from keshu.kernel.typed.names import normal_name

SCALARS = (
    "title", "number", "category", "subcategory", "level", "status", "filed_on", "decided_on", "started_on", "ended_on",
    "amount_1", "amount_2", "amount_3", "quantity_1", "quantity_2", "quantity_3", "quantity_4", "quantity_5",
)  # fmt: skip
TEXTS = frozenset(SCALARS[:6])
#: beside the fields: what was written in the file where the value is only about right (约1.2万)
AS_TYPED = "_typed"
STORED = ("party_id", "place_id", *SCALARS, "highlight", "story", "data")


@dataclass(frozen=True)
class Snapshot:
    """What a revision will hold: columns by name, further holders in their order, the key."""

    key: str
    columns: dict[str, Any]
    others: tuple[tuple[int, str], ...] = field(default_factory=tuple)
    origin_cell: str = ""

    @property
    def content(self) -> tuple[Any, ...]:
        """What the digest covers: the key, every column that says something, the further holders."""
        said: dict[str, Any] = {}
        for name, value in self.columns.items():
            if value or (value is not None and value is not False and value == 0):  # a zero says something
                said[name] = value if isinstance(value, str) else plain(value)
        return (self.key, said, self.others)


def plain(value: Any) -> Any:
    """JSON without surprises: Decimal without trailing zeros, dates as ISO text."""
    match value:
        case Decimal():
            return format(value.normalize() + 0, "f")
        case date():
            return value.isoformat()
        case dict():
            return {key: plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value


BLANK: dict[str, Any] = {
    **dict.fromkeys(SCALARS), **dict.fromkeys(TEXTS, ""), "party_id": None, "highlight": False, "story": "",
}  # fmt: skip


def compose(
    ledger: Ledger, values: Mapping[str, Any], *, place_id: int, key: str | None = None, cell: str = ""
) -> Snapshot:
    """Place every value of the row where the definition maps it; `key` spares working it out again.

    Values are typed: Decimal for money and quantities, date, bool, code, party id, list of party ids, place id.
    """
    columns: dict[str, Any] = BLANK.copy()
    columns["place_id"], columns["data"] = place_id, {}
    others: list[tuple[int, str]] = []
    if AS_TYPED in values:
        columns["data"][AS_TYPED] = dict(sorted(values[AS_TYPED].items()))
    plan = _plan_of(ledger)
    for code, value in values.items():
        put = plan.get(code)
        if put is not None and value is not None and value != "" and value != []:  # noqa: PLR1714
            if put.column:
                columns[put.column] = value
            else:
                put.put(put.field, value, columns, others)
    if len(others) > 1:
        others.sort(key=lambda other: plan[other[1]].order)  # stable: the order within a field stays
    if key is None:
        key = key_of(ledger, values, place_id=columns["place_id"])
    return Snapshot(key, columns, tuple(others), cell)


class Putting(NamedTuple):
    """Where a field's value goes: into a column as it is, or through a function that knows better."""

    order: int
    field: Field
    column: str
    put: Callable[[Field, Any, dict[str, Any], list[tuple[int, str]]], None]


_plans: dict[int, tuple[Ledger, dict[str, Putting]]] = {}


def _plan_of(ledger: Ledger) -> dict[str, Putting]:
    """For each field of the ledger, who puts it where; worked out once for each definition."""
    known = _plans.get(id(ledger))
    if known is None or known[0] is not ledger:
        plan = {item.code: Putting(n, item, _column_for(item), _put_for(item)) for n, item in enumerate(ledger.fields)}
        known = _plans[id(ledger)] = (ledger, plan)
    return known[1]


def _column_for(item: Field) -> str:
    """The column that takes the value as it is, "" for a field that needs more than that."""
    if item.standard and item.code in ("highlight", "story"):
        return item.code
    if item.type in ("bool", "year", "month", "parties") or len(item.columns) != 1:
        return ""
    return {"party": "party_id", "place": "place_id"}.get(item.columns[0], item.columns[0])


def _put_for(item: Field) -> Callable[[Field, Any, dict[str, Any], list[tuple[int, str]]], None]:
    if item.type == "parties":
        return _put_parties
    if item.type == "party":
        return _put_other
    return _put_columns if item.columns else _put_data


def _put_parties(item: Field, value: Any, columns: dict[str, Any], others: list[tuple[int, str]]) -> None:
    """The first holder is a column where the field is mapped; the rest follow in their order."""
    if item.maps == "party":
        columns["party_id"], value = value[0], value[1:]
    others += [(pk, item.code) for pk in value]


def _put_other(item: Field, value: Any, columns: dict[str, Any], others: list[tuple[int, str]]) -> None:
    others.append((value, item.code))


def _put_columns(item: Field, value: Any, columns: dict[str, Any], others: list[tuple[int, str]]) -> None:
    columns |= stored(item, value)


def _put_data(item: Field, value: Any, columns: dict[str, Any], others: list[tuple[int, str]]) -> None:
    columns["data"][item.code] = plain(value)


def stored(item: Field, value: Any) -> dict[str, Any]:
    """The columns that a mapped value fills: a year or month takes its first day, and its last where it is a span."""
    match item.type:
        case "bool":
            return {item.columns[0]: "true" if value else "false"}
        case "year":
            days = (date(int(value), 1, 1), date(int(value), 12, 31))
        case "month":
            year, month = (int(part) for part in str(value).split("-"))
            days = (date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        case _:
            return {item.columns[0]: value}
    return dict(zip(item.columns, days, strict=False))


def read_back(item: Field, value: Any) -> Any:
    """The field's value out of its column: the inverse of `stored`."""
    if value is None or value == "":
        return None
    match item.type:
        case "bool":
            return value == "true"
        case "year":
            return value.year
        case "month":
            return f"{value:%Y-%m}"
        case _:
            return value


def key_of(ledger: Ledger, values: Mapping[str, Any], *, place_id: int) -> str:
    """The normalised text of the key fields; the other key where one of them is empty."""
    fields, plan = ledger.key, _plan_of(ledger)
    if ledger.key_else and any(values.get(code) in (None, "", []) for code in ledger.key):
        fields = ledger.key_else
    parts = [_key_text(values.get(code), plan[code].field.type) for code in fields]
    if ledger.place_in_key:
        parts.append(f"@{place_id}")
    return "|".join(parts)[:300]


def _key_text(value: Any, kind: str) -> str:
    if value is None:
        return ""
    if kind == "party":
        return f"p{value}"
    if kind == "parties":
        return f"p{value[0]}" if value else ""
    if isinstance(value, str):
        return normal_name(value).casefold()
    return str(plain(value))


def values_of(ledger: Ledger, revision: Revision, others: list[tuple[int, str]] | None = None) -> dict[str, Any]:
    """The field values of a stored row, the inverse of `compose` (personal fields stay tokens)."""
    held = others if others is not None else list(revision.others.order_by("order").values_list("party_id", "role"))
    values: dict[str, Any] = {}
    for item in ledger.fields:
        value = _value_of(item, revision, held)
        if value not in (None, "", []):
            values[item.code] = value
    if revision.data.get(AS_TYPED):
        values[AS_TYPED] = revision.data[AS_TYPED]
    return values


def _value_of(item: Field, revision: Revision, others: list[tuple[int, str]]) -> Any:
    mine = [pk for pk, role in others if role == item.code]
    if item.standard and item.code in ("highlight", "story"):
        return getattr(revision, item.code)
    if item.type == "parties":
        return ([revision.party_id] if item.maps == "party" and revision.party_id else []) + mine
    if item.maps == "party":
        return revision.party_id
    if item.type == "party":
        return mine[0] if mine else None
    if item.maps == "place":
        return revision.place_id
    if item.columns:
        return read_back(item, getattr(revision, item.columns[0]))
    return typed(item, revision.data.get(item.code))


def typed(item: Field, stored: Any) -> Any:
    """A value out of the JSON column in its type again."""
    if stored is None:
        return None
    if item.type in ("money", "quantity", "integer", "number"):
        return Decimal(stored)
    if item.type == "date":
        return date.fromisoformat(stored)
    return stored
