"""Database triggers that keep history from being rewritten. Used by migrations; the same promise on both engines."""

from collections.abc import Callable
from typing import Any

from django.db.migrations.operations.base import Operation

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


class AppendOnly(Operation):
    """Puts the triggers on one model's table; reads its columns from the state, without building any model class."""

    reversible = True
    reduces_to_sql = True

    def __init__(self, model: str, closing: str = "") -> None:
        self.model, self.closing = model, closing

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Triggers are no part of what models know."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        app, name = self.model.lower().split(".")
        model = to_state.models[app, name]
        columns = [_column_of(code, field) for code, field in model.fields.items() if not field.many_to_many]
        table = model.options.get("db_table") or f"{app}_{name}"
        _BUILDERS[schema_editor.connection.vendor](schema_editor, table, columns, self.closing)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """A table that goes takes its triggers along."""

    def describe(self) -> str:
        return f"Refuse changes of {self.model}"


def append_only(model: str, *, closing: str = "") -> AppendOnly:
    """Forbid UPDATE and DELETE on the model's table; with `closing`, that column may once go from NULL to a value."""
    return AppendOnly(model, closing)


def _column_of(code: str, field: Any) -> str:
    return field.db_column or (f"{code}_id" if field.is_relation else code)


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
