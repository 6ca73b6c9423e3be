"""Every route of the site, for the tests that walk them all."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver
from ninja.operation import PathView


@dataclass(frozen=True)
class Route:
    """`pattern` is the whole address with its converters; `operations` are those of an API path, else empty."""

    name: str
    pattern: str
    callback: Any
    converters: dict[str, Any]

    @property
    def operations(self) -> list[Any]:
        """A path of the API answers with a function around its path view, which holds one operation a method."""
        around = [cell.cell_contents for cell in getattr(self.callback, "__closure__", None) or ()]
        return [one for view in around if isinstance(view, PathView) for one in view.operations]

    def access(self) -> list[str | None]:
        """Who may open it, as declared; None where nobody said."""
        views = [operation.view_func for operation in self.operations] or [self.callback]
        return [getattr(view, "access", None) for view in views]


MARKERS = {"api:api-root"}  # django-ninja keeps it for reverse(); it answers 404 to everybody


def routes() -> list[Route]:
    return [route for route in _walk(get_resolver(), "", "", {}) if route.name not in MARKERS]


def _walk(resolver: URLResolver, prefix: str, spaces: str, converters: dict[str, Any]) -> Iterator[Route]:
    for entry in resolver.url_patterns:
        found = {**converters, **entry.pattern.converters}
        pattern = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _walk(entry, pattern, f"{spaces}{entry.namespace}:" if entry.namespace else spaces, found)
        elif isinstance(entry, URLPattern):
            yield Route(f"{spaces}{entry.name}", pattern, entry.callback, found)
