"""Places: the tree on a day, and the three acts that change it."""

from datetime import date

import pytest

from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.bureau.records.models import Act


def listed(client, query=""):
    return [(row["place"].code, row["depth"]) for row in client.get(f"/places/{query}").context["rows"]]


def test_the_tree_is_shown_as_it_was_on_a_day(client_as):
    client = client_as("director")
    assert listed(client) == [("990100", 0), ("990102", 1), ("990121", 1), ("990121001", 2)]
    assert listed(client, "?on=1999-12-31") == []
    assert listed(client, "?on=2026-02-30") == listed(client), "a day that does not exist is today"


def test_a_place_is_added_moved_and_ended(client_as):
    client = client_as("office")
    new = {
        "code": "990199",
        "name": "新城区",
        "kind": "county",
        "parent": "990100",
        "aliases": "新城、新区",
        "since": "2026-01-01",
        "reason": "批复",
    }
    assert client.post("/places/add/", new).url == "/places/990199/"
    assert Place.objects.get(code="990199").aliases == ["新城", "新区"]
    move = {"parent": "990199", "on": "2026-07-01", "reason": "划转"}
    assert client.post("/places/990121001/move/", move).url == "/places/990121001/"
    assert tree_on(date(2026, 6, 30)).parent("990121001") == "990121"
    assert tree_on(date(2026, 7, 1)).parent("990121001") == "990199"
    page = client.get("/places/990121001/").context
    assert [names[-2] for _span, names in page["history"]] == ["青岩县", "新城区"]
    client.post("/places/990102/end/", {"on": "2026-09-30", "reason": "撤并"})
    assert ("990102", 1) not in listed(client, "?on=2026-10-01")
    assert ("990102", 1) in listed(client, "?on=2026-09-30")
    again = client.post("/places/990102/end/", {"on": "2026-09-30", "reason": "撤并"})
    assert again.context["form"].non_field_errors() == ["该区划已经撤销"]
    assert list(Act.objects.filter(verb__startswith="places.", by="office").order_by("pk").values_list("verb", flat=True)) == [
        "places.plant", "places.move", "places.end",
    ]  # fmt: skip


def test_a_place_does_not_move_below_itself(client_as):
    answer = client_as("office").post(
        "/places/990121/move/", {"parent": "990121001", "on": "2026-07-01", "reason": "试"}
    )
    assert "自己或下级" in answer.context["form"].non_field_errors()[0]


@pytest.mark.parametrize("role", ["clerk", "head", "director", "county", "system"])
def test_only_the_office_changes_the_tree(client_as, role):
    client, before = client_as(role), Act.objects.count()
    for address in ("/places/add/", "/places/990121/move/", "/places/990121/end/"):
        assert client.post(address, {"on": "2026-01-01"}).status_code == 403
    assert Act.objects.count() == before
