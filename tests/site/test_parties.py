"""Organisations: found by any name, one page each, changed only by who may, and cut to one's places."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from keshu.bureau.ledgers.services import create_entry
from keshu.bureau.parties.models import Party, PartyMerge
from keshu.bureau.parties.services import PartySpec, merge_parties, register_party, rename_party
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor
from keshu.kernel.ids import uscc

BY = Actor("clerk", "周敏")
LIST = "/parties/"


@pytest.fixture
def firms(places):
    """启明 in 江川区 and 远景 in 青岩县, each with a title and a profile."""
    made = {}
    for name, place, code in (
        ("云岭启明科技有限公司", "990102", "91990102MA0000001A"),
        ("青岩远景农业有限公司", "990121", "91990121MA0000002B"),
    ):
        party = register_party(PartySpec(name, "", places[place].pk), by=BY)
        Party.objects.filter(pk=party.pk).update(uscc=code)
        create_entry(
            "title", {"holder": party.pk, "kind": "hte", "number": f"GR2024{party.pk:06}", "announced": date(2024, 11, 1)},
            place_id=places[place].pk, by=BY,
        )  # fmt: skip
        made[name[2:4]] = party
    return made


def names(client, query=""):
    return [party.name[2:4] for party in client.get(LIST + query).context["page"].rows]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["启明", "远景"]),
        ("?sort=-name", ["远景", "启明"]),
        ("?q=启明", ["启明"]),
        ("?q=91990121ma", ["远景"]),
        ("?place=990121", ["远景"]),
        ("?state=provisional", []),
        ("?q=无此公司", []),
    ],
)
def test_the_list_is_filtered(client_as, firms, query, found):
    assert sorted(names(client_as("director"), query)) == sorted(found)


def test_a_former_name_finds_it(client_as, firms):
    rename_party(firms["启明"].pk, name="云岭启辰科技有限公司", on=date(2026, 3, 1), by=BY, reason="更名")
    assert names(client_as("clerk"), "?q=启明科技") == ["启辰"]


def test_one_that_was_merged_leads_to_the_one_that_is_left(client_as, firms):
    merge_parties(firms["启明"].pk, firms["远景"].pk, by=BY, reason="重复登记")
    client = client_as("clerk")
    assert names(client) == ["远景"]
    answer = client.get(reverse("parties:detail", args=[firms["启明"].pk]))
    assert answer.url == reverse("parties:detail", args=[firms["远景"].pk])
    groups = client.get(answer.url).context["dossier"].groups
    assert [(ledger.code, len(rows)) for ledger, rows in groups] == [("title", 2)]


def test_the_page_shows_what_the_ledgers_hold_in_words(client_as, firms):
    page = client_as("clerk").get(reverse("parties:detail", args=[firms["启明"].pk]))
    [(ledger, [row])] = page.context["dossier"].groups
    assert (ledger.code, row.number, row.day, row.place) == (
        "title",
        f"GR2024{firms['启明'].pk:06}",
        date(2024, 11, 1),
        "江川区",
    )
    assert "高新技术企业" in row.what


def test_rows_of_other_places_are_counted_but_not_shown(client_as, firms):
    page = client_as("county").get(reverse("parties:detail", args=[firms["启明"].pk]))
    assert (page.context["dossier"].groups, page.context["dossier"].hidden) == ([], 1)
    assert "另有 1 条不在您的权限内" in page.content.decode()
    own = client_as("county").get(reverse("parties:detail", args=[firms["远景"].pk])).context["dossier"]
    assert (len(own.groups), own.hidden) == (1, 0)


def test_two_years_make_a_chart(client_as, firms, places):
    for year in (2024, 2025):
        create_entry(
            "profile", {"holder": firms["启明"].pk, "year": year, "revenue": Decimal(year * 10_000), "rd_expense": Decimal(0)},
            place_id=places["990102"].pk, by=BY,
        )  # fmt: skip
    chart = client_as("clerk").get(reverse("parties:detail", args=[firms["启明"].pk])).context["dossier"].chart
    assert chart.rows() == [("2024", [Decimal(2024), Decimal(0)]), ("2025", [Decimal(2025), Decimal(0)])]


def test_registering_by_hand(client_as, places):
    code = next(
        c
        for n in range(36)
        if uscc.check(c := f"91990102MA00000{n:02}X"[:17] + "0123456789ABCDEFGHJKLMNPQRTUWXY"[n % 31]).ok
    )
    form = {"name": "云岭晨光仪器有限公司", "uscc": code, "place": "990102", "reason": "走访"}
    answer = client_as("clerk").post(LIST + "add/", form)
    party = Party.objects.get()
    assert (answer.url, party.name, party.uscc, party.place.code) == (
        reverse("parties:detail", args=[party.pk]),
        form["name"],
        code,
        "990102",
    )
    again = client_as("clerk").post(LIST + "add/", form)
    assert "已登记" in again.context["form"].non_field_errors()[0]
    assert Party.objects.count() == 1


def test_renaming_merging_and_parting_on_the_pages(client_as, firms):
    client, one = client_as("clerk"), firms["启明"]
    page = reverse("parties:detail", args=[one.pk])
    assert (
        client.post(
            reverse("parties:rename", args=[one.pk]),
            {"name": "云岭启辰科技有限公司", "on": "2026-03-01", "reason": "更名"},
        ).url
        == page
    )
    one.refresh_from_db()
    assert one.name == "云岭启辰科技有限公司"
    wrong = client.post(reverse("parties:merge", args=[one.pk]), {"target": "无此公司", "reason": "试"})
    assert wrong.context["form"].non_field_errors() == ["没有找到“无此公司”，请核对全称或统一社会信用代码"]
    client.post(reverse("parties:merge", args=[one.pk]), {"target": "青岩远景农业有限公司", "reason": "重复"})
    assert PartyMerge.objects.get(known_to__isnull=True).target == firms["远景"]
    client.post(reverse("parties:part", args=[one.pk]), {"reason": "误并"})
    assert not PartyMerge.objects.filter(known_to__isnull=True).exists()
    assert [act.verb for act in Act.objects.filter(verb__startswith="party.").order_by("pk")][-3:] == [
        "party.rename",
        "party.merge",
        "party.part",
    ]


@pytest.mark.parametrize("role", ["director", "deputy", "audit", "system", "county"])
def test_nobody_else_changes_it(client_as, firms, role):
    """Leaders may look only; the county clerk may change what lies in 青岩县, not what lies in 江川区."""
    client, before = client_as(role), Act.objects.count()
    for name in ("rename", "confirm", "merge", "part"):
        form = {"name": "甲", "on": "2026-01-01", "reason": "试", "target": "青岩远景农业有限公司", "uscc": "x"}
        assert client.post(reverse(f"parties:{name}", args=[firms["启明"].pk]), form).status_code == 403
    assert Act.objects.count() == before


def test_the_list_costs_the_same_for_one_and_for_two(client_as, firms, django_assert_num_queries):
    client = client_as("clerk")
    client.get(LIST)
    for query in ("?q=启明", ""):
        with django_assert_num_queries(7):  # session, user, memberships, unread, places of the filter, total, page
            client.get(LIST + query)


def test_search_finds_parties_indicators_and_ledgers(client_as, firms):
    groups = {
        str(one.label): [hit.label for hit in one.hits]
        for one in client_as("clerk").get("/search/?q=高新").context["groups"]
    }
    assert "资质认定" not in groups.get("主体", [])
    assert groups["指标口径"]
    assert next(iter(groups)) == "指标口径", "what is defined comes before what was written"
    named = client_as("clerk").get("/search/?q=高企").context["groups"][0]
    assert named.hits[0].label == "有效高新技术企业数", "its alias is what was typed"
    first = client_as("clerk").get("/search/?q=启明").context["groups"][0]
    assert [hit.label for hit in first.hits] == ["云岭启明科技有限公司"]
