"""Facts about an applicant, a leader, a call and a case, by the names that rules use. One function for each name.

Areas register what they know; what nobody can know (None) is unknown to the rules, never no.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from keshu.bureau.programmes.definitions import programme_for
from keshu.bureau.programmes.models import Application, Call
from keshu.catalogue.schema.programme import Programme


@dataclass
class About:
    """Of whom and what the facts are: a party before a call, with what the form says so far, and the case if begun."""

    call: Call
    party_id: int
    today: date
    at: datetime
    application: Application | None = None
    values: Mapping[str, Any] = field(default_factory=dict)  # typed values of the form by the names of its fields
    shelf: dict[str, Any] = field(default_factory=dict)  # what one fact found and another needs

    @cached_property
    def programme(self) -> Programme:
        return programme_for(self.call)


FactOf = Callable[[About], Any]
_facts: dict[str, FactOf] = {}


def fact(name: str) -> Callable[[FactOf], FactOf]:
    """Register the function as the one that knows this fact."""

    def register(function: FactOf) -> FactOf:
        _facts[name] = function
        return function

    return register


def known_facts(about: About, names: Collection[str]) -> dict[str, Any]:
    """Those of the names that somebody can know, and the values of the form."""
    return {**{name: _facts[name](about) for name in names if name in _facts}, **about.values}


def registered() -> frozenset[str]:
    return frozenset(_facts)
