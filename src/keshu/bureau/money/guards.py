"""Triggers that keep sums within their limits: the same promise on both engines, whoever writes.

On PostgreSQL the row that holds the limit is locked before the sum is taken, so of two payments that would exceed it
together one is refused, whatever the order in which they come. SQLite has one writer at a time.
"""

from dataclasses import dataclass
from typing import Any

from django.db import migrations


@dataclass(frozen=True)
class Guard:
    """One refusal: on which event of which table, when (SQL over NEW), under which name; `locks` are rows to hold."""

    name: str
    table: str
    event: str  # INSERT, or UPDATE
    refuses: str
    locks: tuple[str, ...] = ()


PAID_OF_INSTALMENT = """(SELECT COALESCE(SUM(p.amount), 0) FROM money_payment p
    WHERE p.instalment_id = {of} AND p.voided_by_id IS NULL)"""
PAID_OF_CASE = """(SELECT COALESCE(SUM(p.amount), 0) FROM money_payment p
    JOIN money_instalment i ON i.id = p.instalment_id
    WHERE i.application_id = {of} AND p.voided_by_id IS NULL)"""
CASE_OF_PAYMENT = "(SELECT application_id FROM money_instalment WHERE id = NEW.instalment_id)"
INSTALMENT = "SELECT 1 FROM money_instalment WHERE id = NEW.instalment_id FOR UPDATE"
APPROVALS = "SELECT 1 FROM money_approval WHERE application_id = {of} FOR UPDATE"
YEAR = {
    "sqlite": "CAST(strftime('%Y', NEW.paid_on) AS INTEGER)",
    "postgresql": "EXTRACT(YEAR FROM NEW.paid_on)",
}

GUARDS = (
    Guard(
        "payment_exceeds_instalment", "money_payment", "INSERT",
        f"NEW.amount + {PAID_OF_INSTALMENT.format(of='NEW.instalment_id')}"
        " > (SELECT amount FROM money_instalment WHERE id = NEW.instalment_id)",
        (INSTALMENT,),
    ),
    Guard(
        "payment_exceeds_approval", "money_payment", "INSERT",
        f"NEW.amount + {PAID_OF_CASE.format(of=CASE_OF_PAYMENT)} > COALESCE((SELECT amount FROM money_approval"
        f" WHERE application_id = {CASE_OF_PAYMENT} AND replaced_by_id IS NULL), 0)",
        (APPROVALS.format(of=CASE_OF_PAYMENT),),
    ),
    Guard(
        "payment_of_stopped_instalment", "money_payment", "INSERT",
        "EXISTS (SELECT 1 FROM money_instalment WHERE id = NEW.instalment_id"
        " AND (stopped_by_id IS NOT NULL OR lapsed_by_id IS NOT NULL))",
        (INSTALMENT,),
    ),
    Guard("payment_year_differs", "money_payment", "INSERT", "NEW.year <> {year}"),
    Guard(
        "instalment_below_paid", "money_instalment", "UPDATE",
        f"NEW.amount < {PAID_OF_INSTALMENT.format(of='NEW.id')}",
    ),
    Guard(
        "approval_below_paid", "money_approval", "INSERT",
        f"NEW.amount < {PAID_OF_CASE.format(of='NEW.application_id')}",
        (APPROVALS.format(of="NEW.application_id"),),
    ),
    Guard(
        "receipt_exceeds_recovery", "money_recoveryreceipt", "INSERT",
        "NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM money_recoveryreceipt"
        " WHERE recovery_id = NEW.recovery_id AND voided_by_id IS NULL)"
        " > (SELECT amount FROM money_recovery WHERE id = NEW.recovery_id)",
        ("SELECT 1 FROM money_recovery WHERE id = NEW.recovery_id FOR UPDATE",),
    ),
    Guard(
        "voucher_exceeds_quota", "money_voucheruse", "INSERT",
        "NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM money_voucheruse"
        " WHERE grant_id = NEW.grant_id AND voided_by_id IS NULL)"
        " > (SELECT quota FROM money_vouchergrant WHERE id = NEW.grant_id)",
        ("SELECT 1 FROM money_vouchergrant WHERE id = NEW.grant_id FOR UPDATE",),
    ),
    Guard(
        "voucher_out_of_time", "money_voucheruse", "INSERT",
        "NOT EXISTS (SELECT 1 FROM money_vouchergrant WHERE id = NEW.grant_id AND withdrawn_by_id IS NULL"
        " AND NEW.used_on BETWEEN issued_on AND expires_on)",
        ("SELECT 1 FROM money_vouchergrant WHERE id = NEW.grant_id FOR UPDATE",),
    ),
    Guard(
        "voucher_use_is_kept", "money_voucheruse", "UPDATE",
        "NEW.amount <> OLD.amount OR NEW.grant_id <> OLD.grant_id OR NEW.used_on <> OLD.used_on"
        " OR (OLD.voided_by_id IS NOT NULL AND NEW.voided_by_id IS NULL)",
    ),
)  # fmt: skip

SQLITE = "CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {refuses} BEGIN SELECT RAISE(ABORT, '{name}'); END"
FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger AS $$
BEGIN
  {locks}
  IF {refuses} THEN RAISE EXCEPTION '{name}' USING ERRCODE = 'check_violation'; END IF;
  RETURN NEW;
END $$ LANGUAGE plpgsql
"""
TRIGGER = "CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"


def keep_sums() -> migrations.RunPython:
    """Put up every guard; to be run after the tables are there."""
    return migrations.RunPython(_put_up, migrations.RunPython.noop)


def _put_up(_apps: Any, editor: Any) -> None:
    vendor = editor.connection.vendor
    for guard in GUARDS:
        refuses = guard.refuses.format(year=YEAR[vendor])
        parts = {"name": guard.name, "table": guard.table, "event": guard.event, "refuses": refuses}
        if vendor == "sqlite":
            editor.execute(f"DROP TRIGGER IF EXISTS {guard.name}")
            editor.execute(SQLITE.format(**parts))
            continue
        locks = "\n  ".join(f"PERFORM {lock.removeprefix('SELECT ')};" for lock in guard.locks)
        editor.execute(FUNCTION.format(**parts, locks=locks), params=None)
        editor.execute(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}")
        editor.execute(TRIGGER.format(**parts), params=None)
