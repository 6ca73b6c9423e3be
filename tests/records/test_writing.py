"""The one door: acts, chain, undo, and what the database itself refuses."""

from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import DatabaseError, connection, transaction

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Entry, Revision
from keshu.bureau.ledgers.services import snapshot_for, undo_act
from keshu.bureau.ledgers.snapshots import Snapshot
from keshu.bureau.ledgers.writer import Change, _digest, put
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act, Link
from keshu.bureau.records.services import Actor, end_of, writing

BY = Actor("clerk", "周经办")
pytestmark = pytest.mark.django_db


def contract(number, place_id, total="100.25"):
    ledger = ledger_of("tech_contract")
    values = {"number": number, "name": "技术服务", "total": Decimal(total), "registered": date(2026, 3, 2)}
    known = {f.code for f in ledger.fields}
    return snapshot_for(ledger, {k: v for k, v in values.items() if k in known}, place_id)


def write(*changes):
    with writing(verb="test", by=BY) as act:
        return put(ledger_of("tech_contract"), list(changes), origin="form", within=act), act.act


def test_each_act_is_linked_to_the_one_before(places):
    write(Change(contract("A1", places["990121"].pk)))
    write(Change(contract("A2", places["990121"].pk)))
    links = list(Link.objects.order_by("position"))
    assert [link.position for link in links] == list(range(1, len(links) + 1))
    assert all(later.previous == earlier.hash for earlier, later in pairwise(links))
    assert list(faults()) == []


def test_a_changed_row_of_the_past_is_found(places):
    revisions, act = write(Change(contract("A1", places["990121"].pk)))
    name = Revision._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table is altered while checks are pending
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER {name}_keep")
        else:
            cursor.execute(f"DROP TRIGGER {name}_no_update")
        cursor.execute(f"UPDATE {name} SET amount_1 = 999 WHERE id = %s", [revisions[0].pk])
    assert [(f.act, f.kind) for f in faults()] == [(act.pk, "entry")]


@pytest.mark.parametrize("statement", ["UPDATE {t} SET title = 'x'", "DELETE FROM {t}"])
def test_the_database_refuses_to_rewrite_a_revision(places, statement):
    write(Change(contract("A1", places["990121"].pk)))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(t=Revision._meta.db_table))


def test_a_revision_may_be_closed_once_and_never_reopened(places):
    revisions, _ = write(Change(contract("A1", places["990121"].pk)))
    entry = revisions[0].entry_id
    write(Change(contract("A1", places["990121"].pk, "7"), entry))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Revision.objects.filter(pk=revisions[0].pk).update(known_to=None)


def test_known_on_back_dates_knowledge_to_the_end_of_that_day(places):
    with writing(verb="test", by=BY, known_on=date(2025, 12, 31)) as act:
        row = put(
            ledger_of("tech_contract"), [Change(contract("A1", places["990121"].pk))], origin="import", within=act
        )
    assert row[0].known_from == end_of(date(2025, 12, 31))
    assert Act.objects.get(pk=act.act.pk).known_on == date(2025, 12, 31)


def test_undo_takes_back_what_is_still_untouched_and_lists_the_rest(places):
    place = places["990121"].pk
    rows, act = write(Change(contract("A1", place)), Change(contract("A2", place)))
    write(Change(contract("A2", place, "9"), rows[1].entry_id))
    undone = undo_act(act.pk, by=BY)
    assert (undone.restored, undone.left) == (1, (rows[1].entry_id,))
    living = Revision.objects.filter(known_to__isnull=True, voided=False)
    assert [r.entry_id for r in living] == [rows[1].entry_id]
    assert list(faults()) == []


def test_nothing_is_left_of_an_act_that_failed(places):
    before = (Act.objects.count(), Entry.objects.count())
    with pytest.raises(ZeroDivisionError), writing(verb="test", by=BY) as act:
        put(ledger_of("tech_contract"), [Change(contract("A1", places["990121"].pk))], origin="form", within=act)
        raise ZeroDivisionError
    assert (Act.objects.count(), Entry.objects.count()) == before


def test_the_digest_tells_two_snapshots_apart():
    one = Snapshot("k", {"amount_1": Decimal("1.10")})
    same = Snapshot("k", {"amount_1": Decimal("1.1")})
    other = Snapshot("k", {"amount_1": Decimal("1.11")})
    digests = [_digest(1, 1, False, snapshot) for snapshot in (one, same, other)]
    assert digests[0] == digests[1] != digests[2]
