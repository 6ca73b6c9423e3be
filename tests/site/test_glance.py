"""The figures at the top of the home page: the viewer's place, the months that are over, last year beside them."""

from datetime import date
from decimal import Decimal

import pytest

from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.desk.glance import HEADLINES, period_to, place_of
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.services import Actor

BY = Actor("clerk", "周敏")


@pytest.mark.parametrize(
    ("day", "period"),
    [
        pytest.param(date(2026, 11, 22), "2026-01..2026-10", id="the months that are over"),
        pytest.param(date(2026, 2, 1), "2026-01", id="one month"),
        pytest.param(date(2026, 1, 31), "2025", id="in January the year before"),
    ],
)
def test_the_period_ends_with_the_last_whole_month(day, period):
    assert str(period_to(day)) == period


def test_every_headline_is_an_indicator():
    assert [code for code in HEADLINES if code not in catalogue().indicators] == []


def test_everybody_sees_the_own_place_first(users):
    assert place_of(viewer_of(users["county"])) == "990121"
    assert place_of(viewer_of(users["director"])) == "990100"


@pytest.fixture
def contracts(places):
    """3 contracts of 2025 and 4 of 2026, each over 100 万元, in 青岩县 in October; one more of 2026 in 江川区."""
    seller = register_party(PartySpec("云岭启明科技有限公司", "", places["990121"].pk), by=BY)
    rows = [(2025, "990121")] * 3 + [(2026, "990121")] * 4 + [(2026, "990102")]
    for number, (year, place) in enumerate(rows):
        values = {
            "number": f"{year}{number:06}",
            "total": Decimal(1_000_000),
            "registered": date(year, 10, 8),
            "seller": seller.pk,
            "flow": "output",
            "status": "registered",
        }
        create_entry("tech_contract", values, place_id=places[place].pk, by=BY)


def stats(client, monkeypatch, day):
    from keshu.bureau.desk import views

    monkeypatch.setattr(views.timezone, "localdate", lambda: day)
    return {str(stat.label): stat for stat in client.get("/").context["stats"]}


def test_figures_come_with_last_years(client_as, contracts, monkeypatch):
    shown = stats(client_as("county"), monkeypatch, date(2026, 11, 2))
    total = shown[catalogue().indicators["contract.total"].name]
    assert (Decimal(total.value), total.unit, total.change, total.tone) == (Decimal("400.00"), "万元", "+33.3%", "ok")
    assert "place=990121" in total.url


def test_the_city_counts_all_its_places(client_as, contracts, monkeypatch):
    shown = stats(client_as("director"), monkeypatch, date(2026, 11, 2))
    assert Decimal(shown[catalogue().indicators["contract.total"].name].value) == Decimal("500.00")


def test_a_site_without_places_shows_no_figures(client, db):
    from datetime import UTC, datetime

    from keshu.bureau.accounts.models import User
    from keshu.bureau.accounts.services import grant_role

    user = User.objects.create(
        username="li", name="李", created_at=datetime.now(UTC), password_changed_at=datetime.now(UTC)
    )
    grant_role(user.pk, role="director", by=BY)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    assert client.get("/").context["stats"] == []


def test_a_stock_stands_beside_the_end_of_last_year_as_in_the_summary(client_as, places, monkeypatch):
    """Two firms recognised in March 2024, one more in December 2024, one more in March 2025."""
    days = [date(2024, 3, 1), date(2024, 3, 1), date(2024, 12, 1), date(2025, 3, 1)] + [date(2024, 3, 1)] * 10
    for number, day in enumerate(days):
        firm = register_party(PartySpec(f"云岭第{number}科技有限公司", "", places["990121"].pk), by=BY)
        values = {"kind": "hte", "level": "national", "number": f"GR{number}", "holder": firm.pk, "status": "valid"}
        values |= {"issued": day, "expires": date(2099, 1, 1)}
        create_entry("title", values, place_id=places["990121"].pk, by=BY)
    client = client_as("director")
    query = {"place": "990100", "period": "2025-01..2025-10"}
    listed = client.get("/statistics/", query | {"q": "hte.valid"}).context["lines"]
    line = next(one for one in listed if one.indicator.code == "hte.valid")
    assert (line.value, line.last, line.change_words) == ("14", "13", "+7.7%")
    page = client.get("/statistics/figure/", query | {"ref": "hte.valid"})
    facts = dict(page.context["facts"])
    assert (facts["上年末"], facts["增减"]) == ("13 家", "+7.7%")
    assert "上年同期" not in facts
    home = stats(client, monkeypatch, date(2025, 11, 2))["有效高新技术企业数"]
    assert (home.value, home.change, home.note) == ("14", "+7.7%", "较上年末")
