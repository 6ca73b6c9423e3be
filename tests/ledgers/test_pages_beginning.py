"""Since when a place keeps a ledger: said, changed and taken back on the page where periods are confirmed."""

from datetime import date

import pytest
from django.urls import reverse

from keshu.bureau.ledgers import commands
from keshu.bureau.ledgers.catalogue import UnknownLedger
from keshu.bureau.ledgers.importing import services as importing
from keshu.bureau.ledgers.models import Report
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.services import begin_records
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from tests.ledgers.conftest import CLERK
from tests.ledgers.test_importing_commit import firm, titles


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


ASKED = "这本台账自何时起完整"


@pytest.fixture
def first(places):
    """`first()`: a file of 青岩县 for 资质认定, read and not yet taken in."""

    def read(number=1):
        return importing.stage("title", titles(firm(number)), name="名单.xlsx", place="990121", by=CLERK)

    return read


def opened(client, batch):
    return client.get(reverse("ledgers:batch", args=[batch.pk])).content.decode()


def test_a_place_is_asked_with_its_first_rows_and_not_again(client_as, first):
    client, batch = client_as("county"), first()
    page = opened(client, batch)
    assert ASKED in page
    assert f"{reverse('ledgers:report', args=['title'])}?place=990121#begin" in page
    importing.commit(batch.pk, by=CLERK)
    assert ASKED in opened(client, batch), "also afterwards, as long as there is nothing else"
    second = first(2)
    assert ASKED not in opened(client, second)


def test_a_place_that_has_said_it_is_not_asked_nor_are_those_below_it(client_as, first, places):
    begin_records("title", place_id=places["990100"].pk, begins_on=date(2020, 1, 1), by=CLERK)
    assert ASKED not in opened(client_as("county"), first())


def test_the_link_of_the_question_chooses_the_place(client_as, places):
    page = client_as("clerk").get(reverse("ledgers:report", args=["title"]) + "?place=990121")
    assert page.context["beginning"].initial == {"place": "990121"}


def test_the_command_says_it_and_takes_it_back(places):
    answer = commands.begin_ledger("trademark", place="990121", begins_on=date(2023, 1, 1), by=CLERK)
    assert answer == {"ledger": "trademark", "place": "990121", "begins_on": "2023-01-01"}
    assert standing() == [("990121", date(2023, 1, 1))]
    assert commands.begin_ledger("trademark", place="990121", begins_on=None, by=CLERK)["begins_on"] is None
    assert standing() == []
    with pytest.raises(EntryProblem, match="没有代码为 999999 的区划"):
        commands.begin_ledger("trademark", place="999999", begins_on=None, by=CLERK)
    with pytest.raises(UnknownLedger):
        commands.begin_ledger("nosuch", place="990121", begins_on=None, by=CLERK)
