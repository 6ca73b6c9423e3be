"""Pages of a list by the key of their last row: page 1,000 costs what page 1 costs, and new rows shift nothing."""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Model, Q, QuerySet

SIZE = 50


@dataclass(frozen=True)
class Page:
    """Rows of one page; `next` and `previous` are cursors for `?page=`, empty at the ends; `sort` as it was applied."""

    rows: list[Any]
    next: str
    previous: str
    sort: str


def page_of(
    queryset: QuerySet, query: Mapping[str, str], *, sorts: Mapping[str, str], default: str, size: int = SIZE
) -> Page:
    """Cut the page that `?sort=` and `?page=` ask for, with one query.

    `sorts` maps what may stand in `?sort=` to a column; a leading "-" turns the order; `default` is such a word.
    Rows without a value come last. A cursor that cannot be read gives the first page.
    """
    sort = query.get("sort", "")
    sort = sort if sort.removeprefix("-") in sorts else default
    column, down = sorts[sort.removeprefix("-")], sort.startswith("-")
    cursor = _read(query.get("page", ""), queryset.model, column)
    backwards = cursor is not None and cursor[0] == "b"
    if cursor:
        queryset = queryset.filter(_beyond(column, down, *cursor))
    rows = list(_ordered(queryset, column, down != backwards, backwards)[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backwards:
        rows.reverse()
    after = rows and (more or backwards)
    before = rows and (cursor is not None if not backwards else more)
    return Page(
        rows=rows,
        next=_cursor("a", rows[-1], column) if after else "",
        previous=_cursor("b", rows[0], column) if before else "",
        sort=sort,
    )


def _ordered(queryset: QuerySet, column: str, down: bool, nulls_first: bool) -> QuerySet:
    nulls = {"nulls_first": True} if nulls_first else {"nulls_last": True}
    if not _may_be_empty(queryset.model, column):
        nulls = {}  # PostgreSQL walks an index only in the order of empty values that the index has
    by = F(column).desc(**nulls) if down else F(column).asc(**nulls)
    return queryset.order_by(by, "-pk" if down else "pk")


def _beyond(column: str, down: bool, side: str, value: Any, pk: int) -> Q:
    """Rows after the cursor ("a") or before it ("b") in the order (column, pk) with empty values last."""
    forwards = side == "a"
    smaller = down == forwards
    further = Q(**{f"pk__{'lt' if smaller else 'gt'}": pk})
    if value is None:
        empty = Q(**{f"{column}__isnull": True}) & further
        return empty if forwards else empty | Q(**{f"{column}__isnull": False})
    found = Q(**{f"{column}__{'lt' if smaller else 'gt'}": value}) | (Q(**{column: value}) & further)
    return found | Q(**{f"{column}__isnull": True}) if forwards else found


def _cursor(side: str, row: Model, column: str) -> str:
    value: Any = row
    for name in column.split("__"):
        value = getattr(value, name, None)
    plain = None if value is None else str(value.isoformat() if hasattr(value, "isoformat") else value)
    return base64.urlsafe_b64encode(json.dumps([side, plain, row.pk]).encode()).decode().rstrip("=")


def _read(cursor: str, model: type[Model], column: str) -> tuple[str, Any, int] | None:
    if not cursor:
        return None
    try:
        side, plain, pk = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        value = None if plain is None else _field(model, column).to_python(plain)
        return (side, value, int(pk)) if side in ("a", "b") else None
    except (ValueError, TypeError, binascii.Error, ValidationError, FieldDoesNotExist):
        return None


def _may_be_empty(model: type[Model], column: str) -> bool:
    try:
        return bool(_field(model, column).null) or "__" in column
    except FieldDoesNotExist:  # an annotation
        return True


def _field(model: type[Model], column: str) -> Any:
    *through, last = column.split("__")
    for name in through:
        model = model._meta.get_field(name).related_model  # type: ignore[assignment]
    return model._meta.pk if last == "pk" else model._meta.get_field(last)
