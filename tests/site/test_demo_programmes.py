"""The calls and cases of the demo city: their forms are complete, their acts lie on their days, the chain holds."""

from datetime import UTC, date, datetime, timedelta

import pytest

from keshu.bureau.records.services import now
from keshu.catalogue.loader import load
from keshu.site.demo import programmes
from keshu.site.demo.programmes_calls import plans
from keshu.site.demo.programmes_clock import Clock, at, simulated
from keshu.site.demo.programmes_desk import Plan
from keshu.site.demo.programmes_early import TURNS
from keshu.site.demo.programmes_forms import Writer, texts_of
from keshu.site.demo.programmes_grants import TROUBLES
from keshu.site.demo.programmes_people import pool
from keshu.site.demo.world import build

CATALOGUE = load()
TODAY = date(2026, 11, 20)
OTHER_FATES = {"good", "rejected", "unsigned", "unpaid", "failed", "closed", "scoring", "upper_rejected"}


@pytest.fixture(scope="module")
def world():
    return build()


def test_calls_are_of_known_programmes_and_every_fate_is_one_that_somebody_tells():
    for plan in plans(TODAY):
        programme = CATALOGUE.programmes[plan.programme]
        known = OTHER_FATES | TURNS.keys() | TROUBLES.keys() | programme.ladder.states.keys()
        assert plan.opens < plan.closes
        assert set(plan.fates) <= known, plan
        assert len(plan.fates) <= plan.cases


def test_one_call_is_open_whatever_the_day_and_one_is_to_come():
    for today in (TODAY, date(2027, 5, 1), date(2026, 11, 2)):
        found = plans(today)
        assert any(plan.opens < today < plan.closes for plan in found)
        assert any(plan.opens > today for plan in found)


def test_no_two_calls_share_a_serial():
    serials = [plan.serial for plan in plans(TODAY)]
    assert len(set(serials)) == len(serials)


@pytest.mark.parametrize("code", sorted({plan.programme for plan in plans(TODAY)}))
def test_every_demanded_field_of_every_form_has_a_text(world, code):
    programme = CATALOGUE.programmes[code]
    texts = texts_of(Writer(world, pool(world)[2], programme, 2026, date(2026, 9, 1), 24))
    for section in programme.sections:
        for field in section.fields:
            if field.required and not field.computed and not (field.prefill or "").startswith("party."):
                assert field.code in texts, field.code


def test_the_clock_runs_forward_inside_and_is_the_real_one_outside():
    from keshu.bureau.records import services

    clock = Clock(at(date(2024, 3, 4)))
    with simulated(clock):
        first, second = services.now(), services.now()
        assert first < second < at(date(2024, 3, 5))
    assert services.now is now


def test_a_real_error_inside_leaves_the_real_clock():
    from keshu.bureau.records import services

    with pytest.raises(ZeroDivisionError), simulated(Clock(at(date(2024, 3, 4)))):
        _ = 1 / 0
    assert services.now is now


FEW = (
    Plan("plan.soft", 2024, date(2024, 3, 4), date(2024, 4, 8), 4, ("good", "rejected", "refused"), 20, date(2024, 8, 1), 10, 21),
    Plan("payout.voucher", 2025, date(2025, 5, 6), date(2025, 6, 3), 3, ("good", "unpaid"), 40, serial=22),
)  # fmt: skip


@pytest.fixture
def loaded(db, world, monkeypatch, settings, tmp_path):
    from keshu.bureau.parties.services import add_parties
    from keshu.bureau.places.services import plant_places
    from keshu.bureau.records.services import writing
    from keshu.site.demo import city, loading

    monkeypatch.setattr(programmes, "plans", lambda today: list(FEW))
    monkeypatch.setattr(programmes, "pool", lambda world: pool(world, 24))
    places = plant_places(city.places(), by=loading.BY, since=city.SINCE)
    ids = {code: place.pk for code, place in places.items()}
    with writing(verb="demo.parties", by=loading.BY) as act:
        parties = [party.pk for party in add_parties(world.specs(ids), within=act)]
    loading._accounts()
    return programmes.load_programmes(world, parties=parties, place_ids=ids, password=loading.PASSWORD, say=print)


def test_a_few_calls_come_to_their_ends_on_their_days_under_a_whole_chain(loaded):
    from keshu.bureau.programmes.models import Application, Stage
    from keshu.bureau.records.audit import faults

    logins, count = loaded
    assert [one["username"] for one in logins] == ["firm", "firm-staff", "firm2"]
    states = {
        code: sorted(Application.objects.filter(call__programme=code).values_list("state", flat=True))
        for code in ("plan.soft", "payout.voucher")
    }
    assert count == 7
    assert states["plan.soft"] == ["archived", "archived", "refused", "rejected"]
    assert states["payout.voucher"] == ["archived", "archived", "paying"]
    instants = [
        instant for stage in Stage.objects.all() for instant in (stage.entered_at, stage.left_at) if instant is not None
    ]
    assert datetime(2024, 3, 4, tzinfo=UTC) < min(instants) < max(instants) < datetime.now(UTC)
    assert min(instants) + timedelta(days=500) < max(instants)
    assert list(faults()) == []
