"""The thresholds of words as a site set them: dated parameters become the rules of prose."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from keshu.bureau.places.queries import tree_on
from keshu.catalogue.loader import Catalogue
from keshu.kernel.prose.rules import DEFAULT, Rules

HUNDRED = Decimal(100)


def _whole(value: Any) -> int:
    return int(value)


def _percent(value: Any) -> Decimal:
    return Decimal(value) * HUNDRED


def _number(value: Any) -> Decimal:
    return Decimal(value)


#: parameter -> field of the rules and how its value is read
_FIELDS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "text.small_base": ("small_base", _number),
    "text.flat_band": ("flat_below", _number),
    "text.growth_fast": ("fast_growth", _number),
    "text.growth_great": ("great_growth", _number),
    "text.growth_double": ("doubled", _number),
    "text.effect_growth": ("effect_growth", _number),
    "text.target_over": ("over_fulfilled", _number),
    "text.target_full": ("fulfilled", _number),
    "text.target_nearly": ("nearly_fulfilled", _number),
    "text.front_share": ("front_share", _percent),
    "text.leading_rank": ("leading_positions", _whole),
    "text.upper_share": ("upper_share", _percent),
    "text.nearly_covered": ("nearly_covered", _number),
    "text.concentration": ("concentration", _number),
    "text.names_in_brackets": ("names_in_brackets", _whole),
    "text.names_before_others": ("names_listed", _whole),
    "text.amount_in_yi": ("hundred_million_from", _number),
    "text.amount_decimals": ("hundred_million_decimals", _whole),
}


def parameter(catalogue: Catalogue, code: str, place: str, on: date, default: Any) -> Any:
    """The value in force at the place on the day; the default where the catalogue has none."""
    found = catalogue.parameters.get(code)
    if found is None:
        return default
    value = found.value_on(on, _upwards(place, on))
    return default if value is None else value


def rules_for(catalogue: Catalogue, place: str, on: date) -> Rules:
    """The rules of prose with every parameter that the catalogue sets."""
    places = _upwards(place, on)
    changed: dict[str, Any] = {}
    for code, (field, read) in _FIELDS.items():
        found = catalogue.parameters.get(code)
        value = found.value_on(on, places) if found else None
        if value is not None:
            changed[field] = read(value)
    return replace(DEFAULT, **changed)


def _upwards(place: str, on: date) -> list[str]:
    """The place and those above it, the nearest first."""
    path = tree_on(on).paths.get(place, place)
    return list(reversed(path.rstrip("/").split("/")))
