"""Searching for words in columns of text."""

from django.db.models import Q


def holds(text: str, *columns: str) -> Q:
    """Rows that hold the text in one of the columns, in capitals or not.

    Chinese has no capitals. Asked for them all the same, PostgreSQL makes them of every row that it looks at, and no
    longer knows how many rows to expect: both cost more than the search itself.
    """
    how = "contains" if text.upper() == text.lower() else "icontains"
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__{how}": text})
    return found
