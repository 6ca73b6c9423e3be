"""Targets are tested over the small catalogue of the statistics tests, in a city that has been known for years."""

import importlib.util
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records import services as records
from keshu.bureau.records.services import Actor

_spec = importlib.util.spec_from_file_location("small_rows", Path(__file__).parents[1] / "statistics" / "conftest.py")
_module = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_module)
small, later, party, add = _module.small, _module.later, _module.party, _module.add


@pytest.fixture
def clock(monkeypatch):
    """`with clock(2025, 4, 1): …` writes as if it were that day."""

    class Clock:
        def __init__(self, *day):
            self.at = datetime(*day, tzinfo=UTC)

        def __enter__(self):
            monkeypatch.setattr(records, "now", lambda: self.at)

        def __exit__(self, *_error):
            monkeypatch.undo()

    return Clock


@pytest.fixture
def places(db, clock):
    """云岭市 with 江川区, 青岩县 and 城关镇, known since 2020."""
    specs = [
        PlaceSpec("990100", "云岭市", "city", ""),
        PlaceSpec("990102", "江川区", "county", "990100"),
        PlaceSpec("990121", "青岩县", "county", "990100"),
        PlaceSpec("990121001", "城关镇", "town", "990121"),
    ]
    with clock(2020, 1, 1):
        return plant_places(specs, by=Actor("setup", "建库"), since=date(2000, 1, 1))
