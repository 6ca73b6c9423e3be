"""The catalogue for reading: every definition has a page."""

import pytest
from django.urls import reverse

from keshu.bureau.desk.catalogue_reading import KINDS, facts, source_text
from keshu.bureau.ledgers.catalogue import catalogue


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_listed_whole(client_as, kind):
    lines = client_as("clerk").get(f"/catalogue/?kind={kind}").context["lines"]
    assert [line.code for line in lines] == list(getattr(catalogue(), kind))


@pytest.mark.parametrize("kind", KINDS)
def test_every_definition_can_be_told(kind):
    for model in getattr(catalogue(), kind).values():
        assert all(label and value for label, value in facts(catalogue(), model))
        assert model.code in source_text(model)


def test_a_page_of_each_kind_opens(client_as):
    client = client_as("system")
    for kind in KINDS:
        for code in list(getattr(catalogue(), kind))[:3]:
            assert client.get(reverse("catalogue:detail", args=[kind, code])).status_code == 200, (kind, code)


def test_a_name_an_alias_and_a_code_are_found(client_as):
    client = client_as("clerk")
    for text in ("有效高新技术企业", "高企保有量", "HTE.valid"):
        lines = client.get("/catalogue/", {"q": text}).context["lines"]
        assert "hte.valid" in [line.code for line in lines], text


@pytest.mark.parametrize("address", ["/catalogue/?kind=nosuch", "/catalogue/nosuch/x/", "/catalogue/ledgers/nosuch/"])
def test_what_does_not_exist_is_not_found(client_as, address):
    assert client_as("clerk").get(address).status_code == 404


@pytest.mark.parametrize("role", ["security", "audit"])
def test_who_has_no_business_with_it_is_refused(client_as, role):
    assert client_as(role).get("/catalogue/").status_code == 403


def test_used_versions_are_shown(client_as, users, django_assert_num_queries):
    from keshu.bureau.records.definitions import use
    from keshu.bureau.records.services import now

    use("ledgers", catalogue().ledgers["title"], at=now())
    client = client_as("clerk")
    client.get("/catalogue/")
    with django_assert_num_queries(5):  # session, user, memberships, unread, versions
        used = client.get("/catalogue/ledgers/title/").context["used"]
    assert [row.version for row in used] == [catalogue().ledgers["title"].version]
