"""Places by everything that people call them."""

from datetime import date

import pytest

from keshu.bureau.forms.readers import Surroundings, read_place
from keshu.bureau.places.queries import gazetteer, tree_on
from keshu.bureau.places.services import PlaceSpec, plant_places
from keshu.bureau.records.services import Actor

CLERK = Actor("clerk", "周经办")


@pytest.fixture
def around(db):
    specs = [
        PlaceSpec("990100", "云岭市", "city", ""),
        PlaceSpec("990121", "青岩县", "county", "990100"),
        PlaceSpec("990122", "石门县", "county", "990100"),
        PlaceSpec("990171", "云岭高新区", "zone", "990100", short="高新区", aliases=("云岭高新技术产业开发区",)),
        PlaceSpec("990121001", "城关镇", "town", "990121"),
        PlaceSpec("990122001", "城关镇", "town", "990122"),
    ]
    plant_places(specs, by=CLERK, since=date(2000, 1, 1))
    tree = tree_on()
    return Surroundings(today=date(2026, 11, 1), places=gazetteer(), ids=tree.ids, tree=tree)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("青岩县", "990121"), ("青岩", "990121"), (" 青 岩 县", "990121"), ("990121", "990121"), ("云岭市青岩县", "990121"),
        ("高新区", "990171"), ("云岭高新技术产业开发区", "990171"), ("石门县城关镇", "990122001"), ("青岩县城关镇", "990121001"),
        ("", None), ("/", None),
    ],
)  # fmt: skip
def test_a_place_is_found_by(around, text, found):
    read = read_place(text, around, None)
    assert (read.value, read.problem) == (found, None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "code"), [("城关镇", "place-ambiguous"), ("清岩县", "place-unknown"), ("火星", "place-unknown")]
)
def test_what_cannot_be_told_is_said(around, text, code):
    read = read_place(text, around, None)
    assert (read.value, read.problem.code) == (None, code)


@pytest.mark.django_db
def test_a_name_of_several_places_means_the_one_within(around):
    assert read_place("城关镇", around, around.below("990122")).value == "990122001"


@pytest.mark.django_db
def test_a_name_that_is_nearly_right_gets_a_hint(around):
    assert "青岩县" in read_place("清岩县", around, None).problem.message
