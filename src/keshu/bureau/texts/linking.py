"""The names by which texts call the indicators of this catalogue, ready for linking."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from keshu.catalogue import Catalogue
from keshu.kernel.prose.linking import Index, Meaning


def meanings(catalogue: Catalogue) -> Iterator[Meaning]:
    """Every indicator, and every scope of it under the scope's words."""
    for indicator in catalogue.indicators.values():
        names = (indicator.name, *indicator.aliases)
        yield Meaning(indicator.code, names, indicator.unit, indicator.kind)
        for code, scope in indicator.scopes.items():
            yield Meaning(f"{indicator.code}.{code}", names, indicator.unit, indicator.kind, scope.says)


def index_of(catalogue: Catalogue, places: Iterable[str]) -> Index:
    """The index of a catalogue; `places` are words that only say where (云岭市, 青岩县)."""
    return _index(_Same(catalogue), tuple(sorted(set(places))))


class _Same:
    """A catalogue as a key of the cache: the same object, not equal content."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue

    def __hash__(self) -> int:
        return id(self.catalogue)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.catalogue is self.catalogue


@lru_cache(maxsize=8)
def _index(same: _Same, places: tuple[str, ...]) -> Index:
    return Index(meanings(same.catalogue), places)
