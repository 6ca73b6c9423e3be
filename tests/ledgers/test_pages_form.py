"""Registering and changing one entry by hand: read as an import reads, kept while typing, never over another's head."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from keshu.bureau.forms.models import Draft
from keshu.bureau.ledgers import services
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.models import Act
from tests.ledgers.conftest import CLERK
from tests.ledgers.workbooks import code

NEW = {
    "holder": "青岩远景农业有限公司",
    "kind": "hte",
    "number": "GR202599000001",
    "issued": "2025年11月3日",
    "place": "990121",
}


@pytest.fixture
def firm(places):
    return register_party(PartySpec("青岩远景农业有限公司", code("990121", 1), places["990121"].pk), by=CLERK)


def given(**texts):
    extra = {name: texts.pop(name) for name in ("seen", "draft", "entry", "anyway", "again", "reason") if name in texts}
    return {f"row-{name}": text for name, text in texts.items()} | extra


def register(client, ledger="title", **texts):
    return client.post(reverse("ledgers:new", args=[ledger]), given(**texts))


def start_of(client, row):
    form = client.get(reverse("ledgers:edit", args=[row.entry_id])).context["form"]
    return {name: text for name, text in form.initial.items() if text}


def change(client, row, seen=1, **texts):
    return client.post(reverse("ledgers:edit", args=[row.entry_id]), given(**texts, seen=str(seen)))


@pytest.fixture
def title(firm, places):
    values = {"holder": firm.pk, "kind": "hte", "number": "GR202599000001", "issued": date(2025, 11, 3)}
    return services.create_entry("title", values | {"phone": "13800000001"}, place_id=places["990121"].pk, by=CLERK)


def current(row):
    return Revision.objects.get(entry_id=row.entry_id, known_to__isnull=True)


def test_an_entry_is_registered_as_an_import_would_read_it(client_as, firm):
    answer = register(client_as("clerk"), **NEW, phone="138 0000 0001")
    row = Revision.objects.get()
    assert answer.url == reverse("ledgers:entry", args=[row.entry_id])
    assert (row.party_id, row.category, row.number, row.started_on) == (
        firm.pk,
        "hte",
        "GR202599000001",
        date(2025, 11, 3),
    )
    assert (row.level, row.status, row.place.code) == ("national", "valid", "990121"), "implied and by default"
    assert row.data["phone"].startswith("p1:"), "a personal field is encrypted"
    act = Act.objects.get(verb="entry.create")
    assert (act.by, act.subject) == ("clerk", "ledger:title")


def test_money_is_typed_as_in_a_table(client_as, places):
    register_party(PartySpec("江川科创有限公司"), by=CLERK)
    register_party(PartySpec("青岩农机有限公司"), by=CLERK)
    texts = {
        "number": "2026990102000123",
        "name": "灌溉控制技术开发",
        "kind": "development",
        "seller": "江川科创有限公司",
    }
    texts |= {
        "buyer": "青岩农机有限公司",
        "total": "120.5万元",
        "traded": "1,000,000",
        "signed": "2026.3.5",
        "place": "990102",
    }
    answer = register(client_as("clerk"), "tech_contract", **texts, registered="2026-03-09", anyway="1")
    assert answer.status_code == 302, answer.context["form"].errors
    values = values_of(ledger_of("tech_contract"), Revision.objects.get())
    assert (values["total"], values["traded"], values["signed"]) == (
        Decimal(1205000),
        Decimal(1000000),
        date(2026, 3, 5),
    )


def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_written(client_as, firm):
    page = register(client_as("clerk"), **NEW | {"ended": "2024-11-30", "issued": "2025-13-40"})
    assert set(page.context["form"].errors) == {"issued"}
    page = register(client_as("clerk"), **NEW | {"ended": "2024-11-30"})
    assert "核对证书上的发证日期和有效期" in page.context["form"].errors["ended"][0]
    page = register(client_as("clerk"))
    assert set(page.context["form"].errors) == {"holder", "kind", "place"}
    assert Revision.objects.count() == 0


def test_a_warning_is_shown_once_and_then_accepted(client_as, firm):
    texts = NEW | {"number": "GR202499000001"}
    page = register(client_as("clerk"), **texts)
    assert "证书编号中的年份与发证日期不一致" in page.content.decode() and page.context["warned"]
    assert Revision.objects.count() == 0
    assert register(client_as("clerk"), **texts, anyway="1").status_code == 302


def test_a_party_is_named_by_its_code_too(client_as, firm):
    register(client_as("clerk"), **NEW | {"holder": firm.uscc})
    assert Revision.objects.get().party_id == firm.pk
    page = register(client_as("clerk"), **NEW | {"holder": code("990121", 77)})
    assert "没有代码为" in page.context["form"].errors["holder"][0]


def test_a_new_party_is_registered_on_the_way_as_provisional(client_as, places):
    client = client_as("clerk")
    assert "保存时一并登记为待核实主体" in register(client, **NEW).content.decode()
    assert Party.objects.count() == 0
    register(client, **NEW, anyway="1", uscc=code("990121", 5))
    party = Party.objects.get()
    assert (party.name, party.uscc, party.provisional, party.place.code) == (
        "青岩远景农业有限公司", code("990121", 5), True, "990121",
    )  # fmt: skip
    assert Revision.objects.get().party_id == party.pk


def test_several_owners_keep_their_order(client_as, places):
    names = ["甲岭仪表有限公司", "乙岭软件有限公司", "丙岭农业有限公司"]
    parties = [register_party(PartySpec(name), by=CLERK).pk for name in names]
    ledger = next(one for one in ("patent", "achievement", "award") if ledger_of(one).mapped("party").type == "parties")
    field = ledger_of(ledger).mapped("party").code
    form = client_as("clerk").get(reverse("ledgers:new", args=[ledger])).context["form"]
    judged = form.judge({field: "、".join(names), "place": "990121"})
    assert judged.row.values[field] == parties


def test_a_duplicate_is_refused_with_a_link_to_what_is_there(client_as, title):
    page = register(client_as("clerk"), **NEW)
    assert f'href="{reverse("ledgers:entry", args=[title.entry_id])}"' in page.content.decode()
    assert "不要重复登记" in page.context["form"].non_field_errors()[0]
    assert Revision.objects.count() == 1


def test_twice_pressed_is_registered_once(client_as, firm):
    client = client_as("clerk")
    register(client, **NEW)
    register(client, **NEW)
    assert Revision.objects.count() == 1


def test_an_untouched_form_changes_nothing_but_what_was_changed(client_as, title):
    client = client_as("clerk")
    answer = change(client, title, **start_of(client, title) | {"batch": "第二批"}, reason="补登批次")
    assert answer.status_code == 302
    now = current(title)
    assert now.data == title.data | {"batch": "第二批"}, "the sealed phone stays as it was"
    columns = ("key", "party_id", "number", "level", "started_on", "place_id")
    assert [getattr(now, name) for name in columns if name != "level"] == [
        getattr(title, name) for name in columns if name != "level"
    ]
    assert Act.objects.get(verb="entry.revise").reason == "补登批次"


def test_a_personal_field_is_kept_replaced_or_cleared(client_as, title):
    client = client_as("clerk")
    page = client.get(reverse("ledgers:edit", args=[title.entry_id]))
    assert "13800000001" not in page.content.decode() and "留空不改" in page.content.decode()
    change(client, title, **start_of(client, title) | {"phone": "13900000002"})
    assert current(title).data["phone"] != title.data["phone"]
    change(client, title, seen=2, **start_of(client, title) | {"phone": "无"})
    assert "phone" not in current(title).data


def test_two_editors_see_both_versions_and_the_later_one_overwrites_nothing_unseen(client_as, title):
    client = client_as("clerk")
    mine = start_of(client, title) | {"batch": "第二批"}
    change(client, title, **start_of(client, title) | {"document": "国科火字1号"})
    page = change(client, title, **mine)
    assert current(title).number_in_entry == 2
    clash = page.context["clash"]
    assert {(one.name, one.before, one.theirs, one.mine) for one in clash.differences} >= {
        ("批次", "", "", "第二批"), ("认定文号", "", "国科火字1号", ""),
    }  # fmt: skip
    merged = page.context["form"].initial
    assert (merged["batch"], merged["document"], page.context["seen"]) == ("第二批", "国科火字1号", 2)
    change(client, title, seen=2, **{name: text for name, text in merged.items() if text})
    assert (current(title).data["batch"], current(title).data["document"]) == ("第二批", "国科火字1号")


def test_a_draft_is_kept_while_typing_and_taken_up_again(client_as, firm):
    client = client_as("clerk")
    first = client.get(reverse("ledgers:new", args=["title"]))
    assert Draft.objects.count() == 0, "looking writes nothing"
    key, address = first.context["key"], reverse("ledgers:draft", args=["title"])
    assert client.post(address, given(**NEW | {"phone": "13800000001"}, draft=key)).status_code == 204
    client.post(address, given(**NEW | {"phone": "13800000001", "batch": "三"}, draft=key))
    assert Draft.objects.count() == 1 and "13800000001" not in str(Draft.objects.get().values)
    waiting = client.get(reverse("ledgers:new", args=["title"])).context["waiting"]
    assert [(one.key, one.title) for one in waiting] == [(key, NEW["holder"])]
    again = client.get(reverse("ledgers:new", args=["title"]), {"draft": key}).context["form"].initial
    assert (again["batch"], again["phone"], again["issued"]) == ("三", "13800000001", NEW["issued"])
    register(client, **NEW, draft=key)
    assert Draft.objects.count() == 0, "handed in"


def test_a_draft_is_given_up(client_as, firm):
    client = client_as("clerk")
    client.post(reverse("ledgers:draft", args=["title"]), given(**NEW, draft="abc"))
    client.post(reverse("ledgers:draft-drop", args=["title"]), {"draft": "abc"})
    assert Draft.objects.count() == 0


def test_drafts_are_nobody_elses(client_as, firm):
    client_as("clerk").post(reverse("ledgers:draft", args=["title"]), given(**NEW, draft="abc"))
    page = client_as("office").get(reverse("ledgers:new", args=["title"]), {"draft": "abc"})
    assert (page.context["waiting"], page.context["draft"]) == ([], None)
    assert client_as("director").post(reverse("ledgers:draft", args=["title"]), {"draft": "x"}).status_code == 403
    assert client_as("clerk").post(reverse("ledgers:draft", args=["title"]), {"draft": "../x"}).status_code == 403


def test_the_draft_of_a_change_waits_on_the_page_of_the_entry(client_as, title):
    client = client_as("clerk")
    texts = start_of(client, title) | {"batch": "第二批"}
    client.post(reverse("ledgers:draft", args=["title"]), given(**texts, entry=str(title.entry_id), seen="1"))
    assert start_of(client, title)["batch"] == "第二批"
    services.mark_highlight(title.entry_id, highlight=True, story="", seen=1, by=CLERK)
    page = client.get(reverse("ledgers:edit", args=[title.entry_id]))
    assert "亮点" in {one.name for one in page.context["clash"].differences}


def test_a_county_registers_in_its_own_places_only(client_as, firm):
    client = client_as("county")
    assert register(client, **NEW | {"place": "990102"}).context["form"].errors["place"]
    assert Revision.objects.count() == 0
    assert register(client, **NEW).status_code == 302
    assert client_as("director").get(reverse("ledgers:new", args=["title"])).status_code == 403


def test_a_voided_entry_is_not_changed(client_as, title):
    services.void_entry(title.entry_id, seen=1, by=CLERK, reason="重复")
    client = client_as("clerk")
    assert client.get(reverse("ledgers:edit", args=[title.entry_id])).status_code == 302
    change(client, title, seen=2, **NEW)
    assert current(title).voided


def test_suggestions_complete_the_last_of_several_names_and_escape(client_as, firm):
    register_party(PartySpec('青岩"><b>有限公司'), by=CLERK)
    client, address = client_as("clerk"), reverse("ledgers:suggest")
    found = client.get(address, {"field": "row-holder", "row-holder": "甲公司、远景"}).content.decode()
    assert f'<option value="甲公司、青岩远景农业有限公司">{firm.uscc}</option>' == found
    assert "<b>" not in client.get(address, {"field": "x", "x": "青岩"}).content.decode()
    assert client.get(address, {"field": "x", "x": "青"}).content == b"", "one sign says too little"
