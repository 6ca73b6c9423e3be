"""Since when a place keeps a ledger: said, changed and taken back on the page where periods are confirmed."""

from datetime import date

import pytest
from django.urls import reverse

from keshu.bureau.ledgers.models import Report
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act


def standing():
    return [(one.place.code, one.begins_on) for one in Report.objects.filter(known_to__isnull=True)]


@pytest.fixture
def address():
    return reverse("ledgers:begin", args=["trademark"])


def test_a_beginning_is_said_replaced_and_taken_back(client_as, places, address):
    client = client_as("county")
    for day in ("2023-01-01", "2024-01-01"):
        assert client.post(address, {"place": "990121", "begins_on": day}).status_code == 302
    assert standing() == [("990121", date(2024, 1, 1))]
    page = client.get(reverse("ledgers:report", args=["trademark"])).content.decode()
    assert '<td class="k-fit">2024-01-01</td>' in page
    assert '<td class="k-fit">2023-01-01</td>' not in page
    assert "已报齐" not in client.get(reverse("ledgers:index")).content.decode()  # it confirms no period
    client.post(address, {"place": "990121", "begins_on": ""})
    assert standing() == []
    assert Act.objects.filter(verb="ledger.begin", subject="ledger:trademark").count() == 3
    assert not list(faults())


def test_only_for_ones_own_place_with_the_right_and_by_post(client_as, places, address):
    given = {"place": "990102", "begins_on": "2023-01-01"}
    assert client_as("county").post(address, given).context["beginning"].errors["place"]
    assert client_as("director").post(address, given).status_code == 403
    assert client_as("county").get(address).status_code == 405
    page = client_as("county").post(address, {"place": "990121", "begins_on": "昨天"})
    assert page.context["beginning"].errors["begins_on"]
    assert standing() == []
