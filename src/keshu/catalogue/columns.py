"""The fact columns of an entry, and which type of field may fill which.

Indicators, filters and forms name ledger fields; only this module and the tables below it name columns.
"""

from __future__ import annotations

from typing import Final

AMOUNTS: Final = ("amount_1", "amount_2", "amount_3")
QUANTITIES: Final = ("quantity_1", "quantity_2", "quantity_3", "quantity_4", "quantity_5")
DATES: Final = ("filed_on", "decided_on", "started_on", "ended_on")
CODES: Final = ("category", "subcategory", "level", "status")
TEXTS: Final = ("title", "number")
#: not a column: a year or a month fills started_on with its first day and ended_on with its last
SPAN: Final = "span"

COLUMNS: Final = ("party", "place", *TEXTS, *CODES, *DATES, *AMOUNTS, *QUANTITIES)

_MAPPABLE: Final[dict[str, tuple[str, ...]]] = {
    "text": TEXTS,
    "longtext": ("title",),
    "uscc": ("number",),
    "patent": ("number",),
    "url": TEXTS,
    "code": CODES,
    "bool": CODES,
    "date": DATES,
    "month": (*DATES, SPAN),
    "year": (*DATES, SPAN),
    "money": AMOUNTS,
    "quantity": QUANTITIES,
    "integer": QUANTITIES,
    "number": QUANTITIES,
    "party": ("party",),
    "parties": ("party",),
    "person": ("party", "title"),
    "place": ("place",),
}


def mappable(field_type: str) -> tuple[str, ...]:
    """The columns that a field of this type may fill; empty for types that always stay in ``data``."""
    return _MAPPABLE.get(field_type, ())


def columns_of(maps: str | None) -> tuple[str, ...]:
    """The columns that a mapping fills: one as a rule, two for a span, none without a mapping."""
    if maps is None:
        return ()
    return ("started_on", "ended_on") if maps == SPAN else (maps,)
