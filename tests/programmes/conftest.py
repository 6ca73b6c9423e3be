"""A call that is open, an enterprise with its people, the bureau that handles what they hand in."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from keshu.bureau.accounts.access import viewer_of
from tests.conftest import CLERK, UNIT
from tests.programmes.filling import fill


@pytest.fixture(autouse=True)
def _areas():
    """Names of conditions and effects that no area has registered hold and do nothing, so that a case can walk."""
    from keshu.bureau.records import machine
    from keshu.catalogue.schema.programme_words import CONDITIONS, EFFECTS

    missing = [name for name in CONDITIONS if name not in machine._conditions]
    absent = [name for name in EFFECTS if name not in machine._effects]
    machine._conditions.update(dict.fromkeys(missing, lambda _case: ""))
    machine._effects.update(dict.fromkeys(absent, lambda _case, _within: None))
    yield
    for name in missing:
        machine._conditions.pop(name, None)
    for name in absent:
        machine._effects.pop(name, None)


@pytest.fixture
def firm(places):
    """The enterprise of 青岩县 whose people apply, with what it says of itself."""
    return _enterprise(UNIT, "91350402MA0000015H", places["990121"])


@pytest.fixture
def firms(firm, places):
    """`firms(n)`: the enterprise and others of its county, for tests in which more apply than one of them may."""
    from keshu.bureau.parties.models import Party
    from keshu.kernel.ids import uscc

    def make(n):
        there = {one.uscc: one for one in Party.objects.select_related("place")}
        codes = [f"91350402MA00{number:05}" for number in range(2, n + 1)]
        codes = [code + uscc.check_character(code) for code in codes]
        return [
            firm,
            *(there.get(code) or _enterprise(f"青岩仪器{code}有限公司", code, places["990121"]) for code in codes),
        ]

    return make


def _enterprise(name, code, place):
    from keshu.bureau.parties.describing import describe_party
    from keshu.bureau.parties.services import PartySpec, register_party

    party = register_party(PartySpec(name, code, place.pk), by=CLERK)
    told = {
        "unit_type": "企业", "registered_on": date(2015, 5, 1), "address": "青岩县城关镇工业路 8 号",
        "legal_person": "陈立", "industry": "仪器仪表制造业", "capital": Decimal(5000000), "phone": "05941234567",
    }  # fmt: skip
    describe_party(party.pk, told, by=CLERK)
    return party


def _for_party(viewer, party_id):
    """The same person with her rights in another organisation."""
    return replace(viewer, grants=tuple(replace(one, party=party_id) for one in viewer.grants))


@pytest.fixture
def open_call(places):
    """`open_call("plan.soft", closes_at=…)`: a published call of the city, its definition pinned."""
    from keshu.bureau.programmes.definitions import pin, programme_of
    from keshu.bureau.programmes.models import Call
    from keshu.bureau.records.services import writing

    def make(code="plan.key_rd", **columns):
        programme, now = programme_of(code), datetime.now(UTC)
        given = {
            "name": f"{now.year} 年度{programme.name}", "year": now.year, "place": places["990100"],
            "section": programme.owner, "opens_at": now - timedelta(days=10), "closes_at": now + timedelta(days=20),
            "contact": "周经办", "phone": "0594-2345678", "state": "published", "published_at": now - timedelta(days=11),
        }  # fmt: skip
        with writing(verb="call.publish", by=CLERK) as under_way:
            pin(programme, at=under_way.act.at)
            return Call.objects.create(
                programme=code, version=programme.version, act=under_way.act, **{**given, **columns}
            )

    return make


@pytest.fixture
def call(open_call):
    """市级重点研发, open now."""
    return open_call()


@pytest.fixture
def unit_users(users, firm):
    """The accounts of the enterprise by role: unit_admin, applicant."""
    return {role: users[role] for role in ("unit_admin", "applicant")}


@pytest.fixture
def applicant(unit_users):
    """Who fills in the form."""
    return viewer_of(unit_users["applicant"])


@pytest.fixture
def unit_admin(unit_users):
    """Who endorses it for the enterprise."""
    return viewer_of(unit_users["unit_admin"])


@pytest.fixture
def bureau(users):
    """Viewers of the bureau by role: clerk, head, director, county (of the firm's own county), finance, office, …"""
    return {role: viewer_of(user) for role, user in users.items() if role not in ("unit_admin", "applicant")}


@pytest.fixture
def begun(firm, places, applicant):
    """`begun(call)`: a draft of the enterprise."""
    from keshu.bureau.programmes.services import begin_case

    def begin(call, party=None):
        party = party or firm
        return begin_case(call, party_id=party.pk, place_id=party.place_id, by=applicant.actor)

    return begin


@pytest.fixture
def application(begun, call):
    """A draft with nothing in it."""
    return begun(call)


@pytest.fixture
def filled(application):
    """A draft with every required cell and paper."""
    return fill(application)


@pytest.fixture
def submitted(filled, submit):
    """The same case, handed over: it waits for the recommendation of its county."""
    return submit(filled)


@pytest.fixture
def submit(applicant, unit_admin):
    """`submit(application)`: handed in by the applicant, handed over by the administrator of the enterprise."""
    from keshu.bureau.programmes.models import Application
    from keshu.bureau.programmes.services import pass_case

    def drive(application):
        for event, person in (("hand_in", applicant), ("submit", unit_admin)):
            viewer = _for_party(person, application.party_id)
            application = pass_case(application.pk, event, seen=application.revision, viewer=viewer)
        return Application.objects.select_related("call__place", "place", "party").get(pk=application.pk)

    return drive


@pytest.fixture
def accepting(submitted, bureau):
    """The same case, recommended by its county: it waits to be accepted by the bureau."""
    from keshu.bureau.programmes.services import pass_case

    return pass_case(submitted.pk, "recommend", seen=submitted.revision, viewer=bureau["county"])
