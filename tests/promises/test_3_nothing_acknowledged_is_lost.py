"""Promise 3: what was acknowledged survives kill -9 at any moment; what was not leaves no half behind."""

import random
import signal
import time

import pytest

PLANT = """
from datetime import date
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor
plant_places([PlaceSpec("990100", "云岭市", "city", "")], by=Actor("t"), since=date(2000, 1, 1))
"""
WRITE = """
import sys
from datetime import date
from decimal import Decimal
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.services import create_entry, snapshot_for
from keshu.bureau.ledgers.writer import Change, put
from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, writing
place, ledger = Place.objects.get(code="990100").pk, ledger_of("tech_contract")
n, size = int(sys.argv[1]), int(sys.argv[2])
while True:
    n += 1
    rows = [{"number": f"K{n:05d}-{i}", "name": "x", "total": Decimal(n), "registered": date(2026, 1, 2)} for i in range(size)]
    with writing(verb="batch", by=Actor("t")) as act:
        put(ledger, [Change(snapshot_for(ledger, row, place)) for row in rows], origin="import", within=act)
    print(n, flush=True)
"""
COUNT = """
from django.db.models import Count
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.records.audit import faults
found = {}
for key in Revision.objects.filter(known_to__isnull=True).values_list("key", flat=True):
    found[key.split("-")[0]] = found.get(key.split("-")[0], 0) + 1
print(sorted(found.items()))
print([f.message for f in faults()])
"""


@pytest.mark.parametrize("size", [1, 40], ids=["single entries", "imports of forty rows"])
def test_kill_9_loses_nothing_acknowledged_and_leaves_nothing_half(installation, size):
    installation.run(PLANT)
    draw, acknowledged, last = random.Random(size), set(), 0
    for _ in range(4):
        process = installation.start(WRITE, str(last), str(size))
        first = process.stdout.readline()
        time.sleep(draw.uniform(0.0, 0.25))
        process.send_signal(signal.SIGKILL)
        out = first + process.stdout.read()
        process.wait()
        said = [int(line) for line in out.splitlines() if line.strip().isdigit()]
        acknowledged |= set(said)
        last = max(said) + 1  # the next one may have been committed without having been said
    found, faults = installation.run(COUNT).splitlines()
    batches = dict(eval(found))
    kept = {int(key[1:]) for key in batches}
    assert acknowledged <= kept
    assert set(batches.values()) == {size}, "a batch is there whole or not at all"
    assert faults == "[]"
