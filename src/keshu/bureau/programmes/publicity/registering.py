"""What lists under publicity and documents register: facts, conditions, effects, words."""

from collections.abc import Iterator

from keshu.bureau.programmes import outcomes_facts
from keshu.bureau.records.audit import register_recount


def register() -> None:
    from keshu.bureau.programmes.publicity import lists, objecting  # noqa: F401 - conditions and effects by importing

    outcomes_facts.register()
    register_recount("correction", _corrections)


def _corrections() -> Iterator[tuple[int, bytes]]:
    from keshu.bureau.programmes.models import Correction
    from keshu.bureau.programmes.publicity.lists import correction_digest

    for row in Correction.objects.order_by("pk").iterator(chunk_size=500):
        yield row.act_id, correction_digest(row)
