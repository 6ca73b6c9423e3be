"""Fixtures that all tests share. A bureau in small: a city, two counties, a town; one account per role."""

from datetime import UTC, date, datetime

import pytest

from keshu.bureau.records.services import Actor

CLERK = Actor("clerk", "周经办")
UNIT = "云岭测试仪器有限公司"


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


class Accounts(dict):
    """Accounts by role. Members of an organisation are made, with it, when a test first asks for one."""

    def __missing__(self, role):
        from keshu.bureau.accounts.models import UNIT_ROLES
        from keshu.bureau.parties.models import Party
        from keshu.bureau.parties.services import PartySpec, register_party

        if role not in UNIT_ROLES:
            raise KeyError(role)
        unit = Party.objects.filter(name=UNIT).first() or register_party(PartySpec(UNIT), by=CLERK)
        self[role] = account(role, scope="party", party=unit)
        return self[role]


def account(role, **membership):
    """A user named like the role, who holds it."""
    from keshu.bureau.accounts.models import Membership, User
    from keshu.bureau.accounts.services import membership_digest
    from keshu.bureau.records.services import writing

    user = User(username=role, name=role, created_at=datetime.now(UTC), password_changed_at=datetime.now(UTC))
    user.set_password("Yunling#2026")
    user.save()
    with writing(verb="test.users", by=CLERK) as under_way:
        held = Membership.objects.create(user=user, role=role, act=under_way.act, **membership)
        under_way.wrote(membership_digest(held), "membership")
    return user


@pytest.fixture
def users(places):
    """One account for each role; the county clerk sits in 青岩县. The password of all is 'Yunling#2026'."""
    from keshu.bureau.accounts.models import UNIT_ROLES, Membership

    county, city = places["990121"], places["990100"]
    roles = [role for role in Membership.Role.values if role not in UNIT_ROLES]
    return Accounts({role: account(role, scope="place", place=county if role == "county" else city) for role in roles})


@pytest.fixture
def client_as(users, client):
    """`client_as("clerk")` is a test client signed in with that role."""

    def sign_in(role):
        client.force_login(users[role], backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in
