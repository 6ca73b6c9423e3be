"""Verifying the chain from the audit page: the result is an act itself."""

from itertools import islice

from keshu.bureau.desk import checking
from keshu.bureau.desk.queries import CHECK, chain_length
from keshu.bureau.records.audit import faults, rows_sealed
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, digest_of, writing

SHOWN = 50  # faults kept in the act; one is enough to call for the full report of `keshu doctor --audit`


def check_chain(*, by: Actor) -> Act:
    """Walk the whole chain and recount its rows; keep how far it reached and what was found."""
    length = chain_length()
    with checking.counted(rows_sealed()) as counter:
        found = list(islice(faults(counter.step), SHOWN))
    note = {
        "position": length,
        "faults": len(found),
        "found": [{"act": f.act, "kind": f.kind, "message": str(f.message)} for f in found],
    }
    with writing(verb=CHECK, by=by, note=note) as under_way:
        under_way.wrote(digest_of([length, note["found"]]))
    return under_way.act
