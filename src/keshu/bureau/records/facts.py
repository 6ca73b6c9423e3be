"""What statistics can count: every app that holds facts offers them as a FactSource.

A source answers with rows of one shape; the ledgers are one source each, applications and deals will be others.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Protocol


class FactSource(Protocol):
    """A named set of dated facts whose definition maps field names to columns."""

    code: str

    def column(self, field: str) -> str:
        """The column that holds the field; raises KeyError for a field that is not mapped."""
        ...

    def table(self) -> str:
        """The table (or view) that holds the rows."""
        ...

    def condition(self, known_at: datetime) -> tuple[str, list[Any]]:
        """SQL and parameters that leave the rows of this source as they were known at that instant."""
        ...

    def rows(self, ids: Iterable[int]) -> Any:
        """The rows with these ids, for lineage pages: title, number, key, party, place, dates, as entries have them."""
        ...

    def url(self, entry: int) -> str:
        """The page of what a row belongs to."""
        ...


Finder = Callable[[str], FactSource | None]
_finders: list[Finder] = []


def register_finder(finder: Finder) -> None:
    """An app offers its sources by a function from code to source; nothing is loaded before somebody asks."""
    _finders.append(finder)


def source_of(code: str) -> FactSource:
    """The source with this code. Raises KeyError when no app offers it."""
    for finder in _finders:
        if (source := finder(code)) is not None:
            return source
    raise KeyError(code)
