"""Inserting many rows at the speed of the database: one prepared statement on SQLite, COPY on PostgreSQL.

Django's bulk_create asks every field of every row how to be stored, which costs more than storing it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import connection, models, transaction

from keshu.bureau.records.fields import ScaledField


def insert_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows whose values stand in the order of `columns` (attribute names such as party_id).

    Call it inside a transaction: on SQLite each row would otherwise wait for the disk by itself.
    """
    insert_ready(model, columns, ready_rows(model, columns, rows))


def ready_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> list[list[Any]]:
    """The rows as the driver takes them: the work that need not be done while others wait."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    converts = [(place, convert) for place, name in enumerate(columns) if (convert := _convert_for(fields[name]))]
    return [_ready(row, converts) for row in rows]


def insert_ready(
    model: type[models.Model], columns: Sequence[str], ready: Sequence[Sequence[Any]], **same: Any
) -> None:
    """Insert what `ready_rows` made; `same` are further columns that hold one value for all rows."""
    if not ready:
        return
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = ", ".join(f'"{fields[name].column}"' for name in (*columns, *same))
    [tail] = ready_rows(model, tuple(same), [tuple(same.values())])
    rows = ((*row, *tail) for row in ready) if tail else iter(ready)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            command = f'COPY "{model._meta.db_table}" ({names}) FROM STDIN'
            with connection.wrap_database_errors, cursor.cursor.copy(command) as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * (len(columns) + len(same)))
            cursor.executemany(f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({marks})', rows)


def _ready(row: Sequence[Any], converts: Sequence[tuple[int, Callable[[Any], Any]]]) -> list[Any]:
    ready = list(row)
    for place, convert in converts:
        value = ready[place]
        if value is not None:
            ready[place] = convert(value)
    return ready


def _convert_for(field: models.Field) -> Callable[[Any], Any] | None:
    """What the field's value becomes before the driver takes it; None where it goes as it is."""
    if isinstance(field, ScaledField):
        return field.get_prep_value
    if isinstance(field, models.JSONField):
        return _json
    if connection.vendor != "postgresql":
        if isinstance(field, models.DateTimeField):
            return connection.ops.adapt_datetimefield_value
        if isinstance(field, models.DateField):
            return str
    return None


def update_rows(model: type[models.Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Give rows new values: each begins with its id, then the values in the order of `columns`."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    converts = [(place, convert) for place, name in enumerate(columns, 1) if (convert := _convert_for(fields[name]))]
    ready = [(*values[1:], values[0]) for values in (_ready(row, converts) for row in rows)]
    if not ready:
        return
    sets = ", ".join(f'"{fields[name].column}" = %s' for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f'UPDATE "{model._meta.db_table}" SET {sets} WHERE "id" = %s', ready)


_encode = json.JSONEncoder(ensure_ascii=False).encode


def _json(value: Any) -> str:
    if not value:
        return "[]" if isinstance(value, list) else "{}"
    return _encode(value)


def take_ids(model: type[models.Model], count: int) -> range | list[int]:
    """So many fresh primary keys, nobody else's. Inside the writing transaction only: on SQLite it holds the lock."""
    if count == 0:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', count])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + count)


def reserve_ids(model: type[models.Model], count: int) -> range | list[int]:
    """So many primary keys that nobody else will get, taken before the transaction that uses them."""
    if count == 0 or connection.vendor == "postgresql":
        return take_ids(model, count)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        ids = take_ids(model, count)
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [ids[-1], table])
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, ids[-1]])
    return ids
