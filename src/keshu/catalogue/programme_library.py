"""Libraries of programmes: what a definition names by code is put in its place, so that one definition is whole.

A part that no library has stays named; validation says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from keshu.catalogue.schema.programme import Programme

#: the parts of a programme that may be named
SHARED: Final = ("conditions", "form", "slots", "checks", "path")


def assembled(programmes: Mapping[str, Programme]) -> dict[str, Programme]:
    """Every programme with its named parts put in; libraries as they are."""
    return {code: one if one.abstract else _whole(one, programmes) for code, one in programmes.items()}


def libraries_of(programme: Programme, programmes: Mapping[str, Programme]) -> Iterator[Programme]:
    """The libraries of a programme and theirs, nearest first, each once."""
    waiting, seen = list(programme.library), {programme.code}
    while waiting:
        code = waiting.pop(0)
        if code in seen or code not in programmes:
            continue
        seen.add(code)
        yield programmes[code]
        waiting += programmes[code].library


def _whole(programme: Programme, programmes: Mapping[str, Programme]) -> Programme:
    libraries = list(libraries_of(programme, programmes))
    update: dict[str, Any] = {}
    for part in SHARED:
        known: dict[str, Any] = {}
        for library in reversed(libraries):
            known.update((one.code, one) for one in getattr(library, part) if not isinstance(one, str))
        update[part] = tuple(known.get(one, one) if isinstance(one, str) else one for one in getattr(programme, part))
    return programme.model_copy(update=update)
