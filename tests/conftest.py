"""Fixtures that all tests share. A bureau in small: a city, two counties, a town; one account per role."""

from datetime import UTC, date, datetime

import pytest

from keshu.bureau.records.services import Actor

CLERK = Actor("clerk", "周经办")


@pytest.fixture
def places(db):
    """云岭市 with 江川区, 青岩县 and 青岩县's 城关镇, valid since 2000."""
    from keshu.bureau.places.services import PlaceSpec, plant_places

    specs = [
        PlaceSpec("990100", "云岭市", "city", ""),
        PlaceSpec("990102", "江川区", "county", "990100"),
        PlaceSpec("990121", "青岩县", "county", "990100"),
        PlaceSpec("990121001", "城关镇", "town", "990121"),
    ]
    return plant_places(specs, by=CLERK, since=date(2000, 1, 1))


@pytest.fixture
def users(places):
    """One account for each role; the county clerk sits in 青岩县. The password of all is 'Yunling#2026'."""
    from keshu.bureau.accounts.models import Membership, User
    from keshu.bureau.accounts.services import membership_digest
    from keshu.bureau.records.services import writing

    made = {}
    with writing(verb="test.users", by=CLERK) as under_way:
        for role in Membership.Role.values:
            user = User(username=role, name=role, created_at=datetime.now(UTC), password_changed_at=datetime.now(UTC))
            user.set_password("Yunling#2026")
            user.save()
            place = places["990121"] if role == "county" else places["990100"]
            held = Membership.objects.create(user=user, role=role, scope="place", place=place, act=under_way.act)
            under_way.wrote(membership_digest(held), "membership")
            made[role] = user
    return made


@pytest.fixture
def client_as(users, client):
    """`client_as("clerk")` is a test client signed in with that role."""

    def sign_in(role):
        client.force_login(users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
