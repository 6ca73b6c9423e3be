"""Ledgers as fact sources: how statistics reads their rows."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse

from keshu.bureau.ledgers.catalogue import catalogue, ledger_of
from keshu.bureau.ledgers.models import Revision

COLUMN = {"party": "party_id", "place": "place_id"}


class LedgerFacts:
    """The living rows of one ledger."""

    def __init__(self, code: str) -> None:
        self.code = code

    def column(self, field: str) -> str:
        """Raises KeyError for a field that the definition does not map."""
        column = ledger_of(self.code).column(field)
        if column is None:
            raise KeyError(f"{self.code}.{field}")
        return COLUMN.get(column, column)

    def table(self) -> str:
        return Revision._meta.db_table

    def condition(self, known_at: datetime | None) -> tuple[str, list[Any]]:
        """Without an instant: what is known now, which the index answers."""
        living = "ledger = %s AND NOT voided"
        if known_at is None:
            return f"{living} AND known_to IS NULL", [self.code]
        at = connection.ops.adapt_datetimefield_value(known_at)
        return f"{living} AND known_from <= %s AND (known_to IS NULL OR known_to > %s)", [self.code, at, at]

    def rows(self, ids: Iterable[int]) -> QuerySet[Revision]:
        return Revision.objects.filter(pk__in=list(ids)).select_related("place", "party")

    def url(self, entry: int) -> str:
        return reverse("ledgers:entry", args=[entry])


def find(code: str) -> LedgerFacts | None:
    return LedgerFacts(code) if code in catalogue().ledgers else None
