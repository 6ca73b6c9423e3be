"""Promise 5: the past cannot be changed unseen: not by the program, not by a hand in the database."""

import pytest

WRITE = """
from datetime import date
from decimal import Decimal
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor
places = plant_places([PlaceSpec("990100", "云岭市", "city", "")], by=Actor("t"), since=date(2000, 1, 1))
for n in range(5):
    create_entry("tech_contract", {"number": f"N{n}", "total": Decimal(100 + n), "registered": date(2026, 1, 2)},
                 place_id=places["990100"].pk, by=Actor("t", "陈"))
"""
TAMPER = """
import sys
from django.db import connection
with connection.cursor() as cursor:
    table = sys.argv[1]
    if connection.vendor == "postgresql":
        cursor.execute(f'ALTER TABLE {table} DISABLE TRIGGER {table}_keep')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    else:
        cursor.execute(f'DROP TRIGGER IF EXISTS {table}_no_update')
        cursor.execute(f'DROP TRIGGER IF EXISTS {table}_no_delete')
        cursor.execute("PRAGMA foreign_keys = OFF")
    cursor.execute(sys.argv[2])
"""
TAMPERINGS = [
    ("ledgers_revision", "UPDATE ledgers_revision SET amount_1 = 1 WHERE number = 'N3'"),
    ("ledgers_revision", "UPDATE ledgers_revision SET voided = NOT voided WHERE number = 'N1'"),
    ("records_act", "UPDATE records_act SET reason = 'later' WHERE id = 3"),
    ("records_act", "UPDATE records_act SET by_name = '李' WHERE id = 2"),
    ("records_link", "UPDATE records_link SET hash = previous WHERE position = 4"),
    ("records_link", "DELETE FROM records_link WHERE position = (SELECT max(position) FROM records_link)"),
    ("places_placespan", "UPDATE places_placespan SET path = 'elsewhere/'"),
]


def test_an_untouched_past_is_found_sound(installation):
    installation.run(WRITE)
    installation.keshu("doctor", "--audit")


@pytest.mark.parametrize(("table", "statement"), TAMPERINGS, ids=[s[:60] for _, s in TAMPERINGS])
def test_a_hand_in_the_database_is_found(installation, table, statement):
    installation.run(WRITE)
    installation.run(TAMPER, table, statement)
    assert "问题  audit" in installation.keshu("doctor", "--audit", code=1)
