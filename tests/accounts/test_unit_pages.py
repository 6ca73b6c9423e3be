"""Where members of organisations land, what they say of theirs, and that the bureau's pages stay shut."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.urls import reverse
from tests.accounts.conftest import PASSWORD, belongs, signed_in
from tests.architecture.routes import routes

from keshu.bureau.accounts.access import UNIT_RIGHTS
from keshu.bureau.accounts.acting import landing
from keshu.bureau.parties.describing import facts_as_told
from keshu.bureau.parties.models import PartyFacts, PartyName
from keshu.bureau.parties.queries import party_facts, phone_of
from keshu.bureau.records.models import Act

FACTS = {
    "unit_type": "企业", "registered_on": "2015-03-02", "legal_person": "林某", "capital": "1000.123456",
    "industry": "仪器仪表制造业", "phone": "0598-1234567", "address": "城关镇解放路1号",
}  # fmt: skip


def sign_in(user, **more):
    client = Client()
    return client, client.post("/accounts/sign-in/", {"username": user.username, "password": PASSWORD} | more)


def test_a_member_lands_at_their_applications_and_a_clerk_at_home(firm, users):
    client, door = sign_in(firm.chen)
    assert door.url == landing(client.get(reverse("accounts:unit")).wsgi_request.viewer)
    assert door.url in {reverse("accounts:unit"), "/programmes/mine/"}
    belongs(users["clerk"], firm.party, "applicant")
    _client, door = sign_in(users["clerk"])
    assert door.url == reverse("desk:home")


def test_home_leads_a_member_to_their_landing(firm):
    client, door = sign_in(firm.chen)
    answer = client.get(reverse("desk:home"))
    assert (answer.status_code, answer.url) == (302, door.url)


def test_no_page_of_the_bureau_opens_to_a_member(firm):
    """Every address without arguments: 403, unless it is everybody's or the units' own."""
    client, wrong = signed_in(firm.lin), []
    for route in routes():
        declared = set((route.access()[0] or "").split())
        if route.operations or route.converters or declared & {"public", "signed-in"} or declared & UNIT_RIGHTS:
            continue
        status = client.get(f"/{route.pattern}").status_code
        wrong += [(route.pattern, status)] if status != 403 else []
    assert wrong == []


def test_the_sidebar_of_a_member_shows_no_door_of_the_bureau(firm):
    page = signed_in(firm.chen).get(reverse("accounts:unit"))
    links = {link.url for _title, items in page.context["sidebar"] for link in items}
    assert reverse("accounts:unit") in links
    for name in ("desk:home", "ledgers:index", "accounts:claims", "parties:index"):
        assert reverse(name) not in links


def test_a_newcomer_sees_where_to_claim_and_nothing_of_the_bureau(firm):
    client = signed_in(firm.zhao)
    assert client.get(reverse("desk:home")).url == reverse("accounts:unit")
    page = client.get(reverse("accounts:unit"))
    assert [link.url for _title, items in page.context["sidebar"] for link in items] == [reverse("accounts:unit")]
    assert "k-search" not in re.sub(r"<span class=.k-search.", "", page.content.decode())


def test_saying_what_the_organisation_is(firm):
    client, url = signed_in(firm.lin), reverse("accounts:facts", args=[firm.party.pk])
    assert client.post(url, FACTS).url == url
    row = party_facts(firm.party.pk)
    assert facts_as_told(row) == {
        "unit_type": "企业", "registered_on": date(2015, 3, 2), "legal_person": "林某",
        "capital": Decimal("10001234.56"), "industry": "仪器仪表制造业", "phone": "0598-1234567",
        "address": "城关镇解放路1号",
    }  # fmt: skip
    page = client.get(url)
    assert page.context["form"].initial["capital"] == "1000.123456"
    assert client.post(url, FACTS).url == url
    assert PartyFacts.objects.count() == 1, "the same again writes nothing"
    client.post(url, FACTS | {"capital": ""})
    assert party_facts(firm.party.pk).capital is None
    assert PartyFacts.objects.count() == 2
    reader = signed_in(firm.chen).get(url).content.decode()
    assert phone_of(row) in reader
    assert '<form method="post" class="k-card"' not in reader


@pytest.mark.parametrize(
    ("field", "value"),
    [("unit_type", "公司"), ("capital", "-1"), ("capital", "NaN"), ("registered_on", "2999-01-01"), ("unit_type", "")],
)
def test_wrong_facts_are_said_and_nothing_is_written(firm, field, value):
    answer = signed_in(firm.lin).post(reverse("accounts:facts", args=[firm.party.pk]), FACTS | {field: value})
    assert answer.context["form"].errors
    assert not PartyFacts.objects.exists()


def test_a_new_name_keeps_the_old_one_findable(firm):
    client, url = signed_in(firm.lin), reverse("accounts:rename", args=[firm.party.pk])
    form = {"name": "云岭精密仪器有限公司", "on": "2026-05-06", "reason": "准予变更通知书"}
    assert client.post(url, form | {"on": "2999-01-01"}).context["form"].non_field_errors() == [
        "更名日期不能在今天以后"
    ]
    assert client.post(url, form | {"name": "云岭测试仪器有限公司"}).context["form"].non_field_errors() == [
        "新名称与现名称相同"
    ]
    assert client.post(url, form).url == reverse("accounts:facts", args=[firm.party.pk])
    firm.party.refresh_from_db()
    assert firm.party.name == "云岭精密仪器有限公司"
    former = PartyName.objects.get(party=firm.party, kind="former")
    assert (former.name, former.until) == ("云岭测试仪器有限公司", date(2026, 5, 6))
    assert "云岭测试仪器有限公司" in client.get(reverse("accounts:facts", args=[firm.party.pk])).content.decode()


def test_ones_own_account(firm):
    client, url = signed_in(firm.lin), reverse("accounts:profile")
    assert client.post(url, {"email": "new@example.com", "phone": "1", "title": ""}).context["form"].errors["phone"]
    assert client.post(url, {"email": "new@example.com", "phone": "138 0013 8000", "title": "高级工程师"}).url == url
    page = client.get(url)
    assert page.context["form"].initial == {"email": "new@example.com", "phone": "13800138000", "title": "高级工程师"}
    assert Act.objects.filter(verb="user.profile", by="lin", subject="user:lin").count() == 1


@pytest.mark.parametrize("name", ["unit", "claim", "profile", "codes"])
def test_a_stranger_is_sent_to_the_door(db, name):
    url = reverse(f"accounts:{name}")
    assert Client().get(url).url == f"/accounts/sign-in/?next={url}"
