"""Inserting many rows at the speed of the database: one prepared statement on SQLite, COPY on PostgreSQL.

Django's bulk_create asks every field of every row how to be stored, which costs more than storing it.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import count
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
    names = ", ".join(_quoted(model, (*columns, *same)))
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


class Shelf:
    """Ready rows laid out beside the tables, before the transaction that takes them in all at once.

    SQLite lets one writer in at a time, so its rows wait in a temporary table of this connection, which nobody has to
    wait for, and one statement brings them over. PostgreSQL takes them from memory.
    """

    def __init__(self, model: type[models.Model], columns: Sequence[str], ready: Sequence[Sequence[Any]]) -> None:
        self.model, self.columns, self.table = model, columns, ""
        self._rows = ready
        if ready and connection.vendor != "postgresql":
            self._lay_out(ready)

    def _lay_out(self, ready: Sequence[Sequence[Any]]) -> None:
        self.table, self._rows = f"shelf_{next(_shelves)}", ()
        names = ", ".join(_quoted(self.model, self.columns))
        marks = ", ".join(["%s"] * len(self.columns))
        with _beside(), connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMP TABLE {self.table} ({names})")
            cursor.executemany(f"INSERT INTO temp.{self.table} VALUES ({marks})", ready)

    def take_over(self, **same: Any) -> None:
        """Insert the rows; `same` are further columns that hold one value for all of them."""
        if not self.table:
            insert_ready(self.model, self.columns, self._rows, **same)
            return
        names = _quoted(self.model, self.columns)
        [tail] = ready_rows(self.model, tuple(same), [tuple(same.values())])
        into = ", ".join((*names, *_quoted(self.model, tuple(same))))
        values = ", ".join((*names, *["%s"] * len(tail)))
        with connection.cursor() as cursor:
            cursor.execute(
                f'INSERT INTO "{self.model._meta.db_table}" ({into}) SELECT {values} FROM temp.{self.table}', tail
            )

    def clear(self) -> None:
        if self.table:
            with connection.cursor() as cursor:
                cursor.execute(f"DROP TABLE IF EXISTS temp.{self.table}")
        self.table, self._rows = "", ()


_shelves = count(1)


@contextmanager
def _beside() -> Iterator[None]:
    """A transaction that locks nothing but what it touches: `atomic` would keep other writers out."""
    if connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("BEGIN DEFERRED")
        try:
            yield
        except BaseException:
            cursor.execute("ROLLBACK")
            raise
        cursor.execute("COMMIT")


def _quoted(model: type[models.Model], columns: Sequence[str]) -> list[str]:
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return [f'"{fields[name].column}"' for name in columns]


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


def take_ids(model: type[models.Model], n: int) -> range | list[int]:
    """So many fresh primary keys, nobody else's. Inside the writing transaction only: on SQLite it holds the lock."""
    if n == 0:
        return []
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sequence, [f'"{table}"', n])
            return [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
    first = (found[0] if found else 0) + 1
    return range(first, first + n)


def reserve_ids(model: type[models.Model], n: int) -> range | list[int]:
    """So many primary keys that nobody else will get, taken before the transaction that uses them."""
    if n == 0 or connection.vendor == "postgresql":
        return take_ids(model, n)
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        ids = take_ids(model, n)
        cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [ids[-1], table])
        if cursor.rowcount == 0:
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, ids[-1]])
    return ids
