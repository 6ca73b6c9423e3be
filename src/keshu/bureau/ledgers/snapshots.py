"""From a ledger's field values to the row that is stored, and back. Pure but for encrypting personal fields."""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.services import digest_of
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
    def digest(self) -> bytes:
        return digest_of([self.key, plain(self.columns), self.others])


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


def compose(ledger: Ledger, values: dict[str, Any], *, place_id: int, names: dict[int, str], cell: str = "") -> Snapshot:
    """Place every value of the row where the definition maps it; `names` gives party names for the key.

    Values are typed: Decimal for money and quantities, date, bool, code, party id, list of party ids, place id.
    """
    columns: dict[str, Any] = dict.fromkeys(SCALARS) | dict.fromkeys(TEXTS, "")
    columns |= {"party_id": None, "place_id": place_id, "highlight": False, "story": "", "data": {}}
    others: list[tuple[int, str]] = []
    if values.get(AS_TYPED):
        columns["data"] = {AS_TYPED: dict(sorted(values[AS_TYPED].items()))}
    for item in ledger.fields:
        value = values.get(item.code)
        if value is not None and value != "" and value != []:
            _put(item, value, columns, others)
    return Snapshot(key_of(ledger, values, place_id=place_id, names=names), columns, tuple(others), cell)


def _put(item: Field, value: Any, columns: dict[str, Any], others: list[tuple[int, str]]) -> None:
    if item.standard and item.code in ("highlight", "story"):
        columns[item.code] = value
    elif item.type == "parties":
        first, *rest = value
        if item.maps == "party":
            columns["party_id"] = first
            others += [(pk, item.code) for pk in rest]
        else:
            others += [(pk, item.code) for pk in value]
    elif item.type == "party" and item.maps != "party":
        others.append((value, item.code))
    elif item.maps == "party":
        columns["party_id"] = value
    elif item.maps == "place":
        columns["place_id"] = value
    elif item.columns:
        columns |= stored(item, value)
    else:
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


def key_of(ledger: Ledger, values: dict[str, Any], *, place_id: int, names: dict[int, str]) -> str:
    """The normalised text of the key fields; never empty, so that two incomplete rows do not collide by accident."""
    fields = ledger.key
    if ledger.key_else and any(values.get(code) in (None, "", []) for code in ledger.key):
        fields = ledger.key_else
    parts = [_key_text(values.get(code), ledger.field(code), names) for code in fields]
    if ledger.place_in_key:
        parts.append(f"@{place_id}")
    return "|".join(parts)[:300]


def _key_text(value: Any, item: Field | None, names: dict[int, str]) -> str:
    if value is None:
        return ""
    if item is not None and item.type == "party":
        return f"p{value}"
    if item is not None and item.type == "parties":
        return f"p{value[0]}"
    if isinstance(value, str):
        return normal_name(value).casefold()
    return str(plain(value))


def values_of(ledger: Ledger, revision: Revision, others: list[tuple[int, str]] | None = None) -> dict[str, Any]:
    """The field values of a stored row, the inverse of `compose` (personal fields stay tokens)."""
    held = others if others is not None else list(revision.others.order_by("order").values_list("party_id", "role"))
    values: dict[str, Any] = {}
    for item in ledger.fields:
        value = _value_of(item, revision, held)
        if value is not None and value != "" and value != []:
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
