"""Composes the demo city's summaries and prints what the tests judge, as JSON; run on a data directory of its own.

    python tests/reports/composed.py < requests.json > answers.json

A request is {"kind", "place", "period", "without": [ledgers], "themes": [themes of notes and tasks], "shrunk": bool}.
`without` takes all rows of ledgers away, `shrunk` most of this year's rows and every received value; both are undone.
"""

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django


class Undone(Exception):
    """Raised to roll back what was taken away."""


def answer(request: dict[str, Any]) -> dict[str, Any]:
    from django.db import transaction

    found: dict[str, Any] = {}
    try:
        with transaction.atomic():
            _take_away(request)
            found = _composed(request)
            raise Undone
    except Undone:
        return found


def _take_away(request: dict[str, Any]) -> None:
    from django.db.models import F, Q

    from keshu.bureau.ledgers.models import Revision
    from keshu.bureau.records.services import now
    from keshu.bureau.statistics.models import ReceivedValue

    current = Revision.objects.filter(known_to__isnull=True)
    gone = Q(ledger__in=request.get("without", []))
    gone |= Q(ledger__in=("worklog", "task"), subcategory__in=request.get("themes", []))
    gone |= Q(ledger__in=("worklog", "task"), category__in=request.get("themes", []))
    year = request["period"][:4]
    if request.get("shrunk"):
        this_year = Q(decided_on__year=year) | Q(started_on__year=year) | Q(filed_on__year=year)
        small = Revision.objects.annotate(rest=F("id") % 7).filter(rest=0).values("id")
        gone |= this_year & ~Q(id__in=small) & ~Q(ledger__in=("worklog", "task", "phrase"))
        ReceivedValue.objects.filter(known_to__isnull=True).update(known_to=now())
    current.filter(gone).update(known_to=now())


def _composed(request: dict[str, Any]) -> dict[str, Any]:
    from keshu.bureau.parties.models import Party
    from keshu.bureau.records.services import now
    from keshu.bureau.reports.build import build_text, wish_for
    from keshu.bureau.reports.checks import names_in
    from keshu.bureau.reports.composing.text import plain_text, shown_of
    from keshu.kernel.measure.period import Period

    at = now() + timedelta(seconds=1)
    built = build_text(wish_for(request["place"], Period.parse(request["period"]), request["kind"], at))
    draft = built.draft
    parts = [shown_of(part) for part in draft.included]
    text = plain_text(draft)
    return {
        "title": draft.title,
        "text": text,
        "letters": built.counts.letters,
        "loose": list(built.loose),
        "falls": [f"{fall.told.name}{fall.told.words}" for fall in draft.falls],
        "warnings": [warning.words for warning in draft.warnings],
        "annex": len(draft.annex),
        "names": names_in(parts),
        "firms": [name for name in Party.objects.values_list("short", flat=True) if name and name in text],
        "headings": {part.chapter: [one.heading for one in parts if one.chapter == part.chapter] for part in parts},
        "patterns": Counter(said.pattern for part in parts for block in part.blocks for said in block.sentences),
        "unfounded": _unfounded(built.wish, parts),
    }


def _unfounded(wish: Any, parts: list[Any]) -> list[str]:
    """Figures and names that stand on no row, no document and no target."""
    from keshu.bureau.reports.compose import gather
    from keshu.bureau.reports.composing.nodes import Figure, Names, marks_in

    told = gather(wish).told
    found = []
    for part in parts:
        for _block, said, node in marks_in(part.blocks):
            if isinstance(node, Figure | Names):
                formed = told.raw(node.reference)
                if formed is None or not _stands(formed):
                    found.append(f"{node.words}（{said.words}）")
    return found


def _stands(formed: Any) -> bool:
    if formed.form == "target":
        return formed.target is not None
    return any(one.row_count or one.received or one.numerator is not None for one in formed.operands)


if __name__ == "__main__":
    django.setup()
    json.dump([answer(request) for request in json.load(sys.stdin)], sys.stdout, ensure_ascii=False)
