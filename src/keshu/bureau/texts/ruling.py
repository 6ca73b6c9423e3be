"""By what the texts of a place are checked: the checks of this site, its phrases and those of the places above."""

from datetime import timedelta

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.places.queries import tree_on
from keshu.bureau.texts.reading import Rules, dated
from keshu.kernel.prose.checking.model import DatedPhrase

LEDGER = "phrase"


def rules_for(place: str) -> Rules:
    """The checks and dated phrases of the catalogue, with the phrases that the place's ledgers hold."""
    site = catalogue()
    return Rules(tuple(site.checks.values()), (*dated(site.phrases.values()), *_of_ledgers(place)))


def _of_ledgers(place: str) -> tuple[DatedPhrase, ...]:
    path = tree_on().paths.get(place, place).rstrip("/").split("/")
    rows = Revision.objects.filter(ledger=LEDGER, known_to__isnull=True, voided=False, place__code__in=path)
    return tuple(
        DatedPhrase(
            row.title, row.started_on, row.ended_on + timedelta(days=1) if row.ended_on else None,
            row.data.get("replaced_by") or "",
        )
        for row in rows.order_by("pk")
        if row.title
    )  # fmt: skip
