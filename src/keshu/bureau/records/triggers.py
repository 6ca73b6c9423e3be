"""Database triggers that keep history from being rewritten. Used by migrations; the same promise on both engines."""

from collections.abc import Callable
from typing import Any

from django.db import migrations

SQLITE_UPDATE = """
CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table}
WHEN {condition}
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""
SQLITE_DELETE = """
CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END
"""
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_keep() RETURNS trigger AS $$
BEGIN
  IF TG_OP = 'DELETE' OR ({condition}) THEN RAISE EXCEPTION 'append-only: {table}'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql
"""
POSTGRES_TRIGGER = (
    "CREATE TRIGGER {table}_keep BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_keep()"
)


def append_only(model: str, *, closing: str = "") -> migrations.RunPython:
    """Forbid UPDATE and DELETE on the model's table; with `closing`, that column may once go from NULL to a value."""
    app_label, name = model.split(".")

    def forwards(apps: Any, editor: Any) -> None:
        meta = apps.get_model(app_label, name)._meta
        columns = [field.column for field in meta.local_concrete_fields]
        _BUILDERS[editor.connection.vendor](editor, meta.db_table, columns, closing)

    return migrations.RunPython(forwards, migrations.RunPython.noop)


def _sqlite(editor: Any, table: str, columns: list[str], closing: str) -> None:
    for event in ("update", "delete"):
        editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")
    editor.execute(SQLITE_UPDATE.format(table=table, condition=_changed(columns, closing, "IS NOT")))
    editor.execute(SQLITE_DELETE.format(table=table))


def _postgresql(editor: Any, table: str, columns: list[str], closing: str) -> None:
    condition = _changed(columns, closing, "IS DISTINCT FROM")
    editor.execute(POSTGRES_FUNCTION.format(table=table, condition=condition), params=None)
    editor.execute(f"DROP TRIGGER IF EXISTS {table}_keep ON {table}")
    editor.execute(POSTGRES_TRIGGER.format(table=table), params=None)


def _changed(columns: list[str], closing: str, differs: str) -> str:
    if not closing:
        return "1 = 1"
    kept = [f'OLD."{c}" {differs} NEW."{c}"' for c in columns if c != closing]
    reopened = f'(OLD."{closing}" IS NOT NULL AND OLD."{closing}" {differs} NEW."{closing}")'
    return " OR ".join([*kept, reopened])


_BUILDERS: dict[str, Callable[..., None]] = {"sqlite": _sqlite, "postgresql": _postgresql}
