"""What may be done to entries from their pages, button by button."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.ledgers import services
from keshu.bureau.ledgers.models import Attachment, Report, Revision
from keshu.bureau.pages.registry import searches, subject_url, verb_name
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor

CLERK = Actor("clerk", "周经办")
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF"


@pytest.fixture
def title(places):
    """`title(n, place)` registers a title of a firm of its own."""

    def make(n, place="990121", **more):
        firm = register_party(PartySpec(f"云岭第{n}号仪表有限公司", "", places[place].pk), by=CLERK)
        values = {"holder": firm.pk, "kind": "hte", "number": f"GR20259900{n:04d}", "issued": date(2025, 11, 3)}
        return services.create_entry("title", values | more, place_id=places[place].pk, by=CLERK)

    return make


def current(row):
    return Revision.objects.get(entry_id=row.entry_id, known_to__isnull=True)


def acts(verb):
    return list(Act.objects.filter(verb=verb).values_list("by", "subject", "reason"))


def url(name, row, *more):
    return reverse(f"ledgers:{name}", args=[row.entry_id, *more])


def test_a_star_with_its_line(client_as, title):
    row = title(1)
    answer = client_as("clerk").post(url("star", row), {"highlight": "on", "story": "率先通过认定。", "seen": "1"})
    assert answer.status_code == 302
    now = current(row)
    assert (now.highlight, now.story, now.number_in_entry) == (True, "率先通过认定。", 2)
    assert acts("entry.highlight") == [("clerk", f"entry:{row.entry_id}", "")]
    assert (now.key, now.party_id, now.data) == (row.key, row.party_id, row.data), "nothing else changes"


def test_a_star_on_a_stale_page_is_refused(client_as, title):
    row = title(1)
    services.mark_highlight(row.entry_id, highlight=True, story="甲", seen=1, by=CLERK)
    page = client_as("clerk").post(url("star", row), {"highlight": "on", "story": "乙", "seen": "1"})
    assert "请刷新" in page.content.decode()
    assert current(row).story == "甲"


def test_voiding_wants_a_reason_and_asks_on_a_page_of_its_own(client_as, title):
    row, client = title(1), client_as("clerk")
    assert "作废后该条目不再计入" in client.get(url("void", row)).content.decode()
    assert client.post(url("void", row), {"reason": "  "}).context["form"].errors["reason"]
    assert not current(row).voided
    client.post(url("void", row) + "?seen=1", {"reason": "重复登记"})
    assert current(row).voided
    assert acts("entry.void") == [("clerk", f"entry:{row.entry_id}", "重复登记")]
    assert "已经作废" in client.post(url("void", row) + "?seen=2", {"reason": "再来一次"}).content.decode()


def test_voiding_what_somebody_changed_meanwhile_is_refused(client_as, title):
    row = title(1)
    services.mark_highlight(row.entry_id, highlight=True, story="", seen=1, by=CLERK)
    client_as("clerk").post(url("void", row) + "?seen=1", {"reason": "重复登记"})
    assert not current(row).voided


@pytest.mark.parametrize("name", ["star", "void", "attach", "edit"])
def test_who_may_only_look_may_not_press(client_as, title, name):
    row = title(1)
    assert client_as("director").get(url("entry", row)).status_code == 200
    assert client_as("director").get(url(name, row)).status_code == 403


@pytest.mark.parametrize("name", ["entry", "star", "void", "attach", "edit"])
def test_an_entry_of_another_county_is_not_there(client_as, title, name):
    mine, other = title(1, "990121"), title(2, "990102")
    client = client_as("county")
    assert client.get(url(name, other)).status_code == 404
    assert client.get(url(name, mine)).status_code == 200


@pytest.mark.parametrize("name", ["star", "void", "attach", "edit"])
def test_a_stranger_signs_in_first(client, title, name):
    assert client.post(url(name, title(1))).status_code == 302


def attach(client, row, content=PDF, name="证书.pdf", label="扫描件"):
    return client.post(url("attach", row), {"file": SimpleUploadedFile(name, content), "label": label})


def test_a_file_is_attached_downloaded_and_removed(client_as, title):
    row, client = title(1), client_as("clerk")
    assert attach(client, row).status_code == 302
    one = Attachment.objects.get()
    assert acts("file.attach") == [("clerk", f"entry:{row.entry_id}", "")]
    answer = client.get(url("attachment", row, one.pk))
    assert (answer.content, answer["Content-Type"]) == (PDF, "application/octet-stream")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''")
    client.post(url("detach", row, one.pk), {"reason": "传错了"})
    assert acts("file.remove") == [("clerk", f"entry:{row.entry_id}", "传错了")]
    assert client.get(url("attachment", row, one.pk)).status_code == 404
    assert client.post(url("detach", row, one.pk), {"reason": "再来"}).status_code == 404
    assert list(faults()) == []


def test_the_same_file_twice_and_a_program_are_refused(client_as, title):
    row, client = title(1), client_as("clerk")
    attach(client, row)
    assert "无需重复上传" in attach(client, row).content.decode()
    assert "不在允许的类型" in attach(client, row, b"MZ\x00\x00program", "证书.pdf").content.decode()
    assert Attachment.objects.count() == 1


def test_an_attachment_is_guarded_by_its_entry(client_as, title):
    row, other = title(1, "990102"), title(2, "990121")
    attach(client_as("clerk"), row)
    one = Attachment.objects.get()
    county = client_as("county")
    assert county.get(url("attachment", row, one.pk)).status_code == 404
    assert county.get(url("attachment", other, one.pk)).status_code == 404, "not through another entry either"


def test_a_personal_field_is_shown_only_with_a_reason_that_is_kept(client_as, title):
    row, client = title(1, contact="李四方", phone="13800000001"), client_as("clerk")
    assert "13800000001" not in client.get(url("entry", row)).content.decode()
    ask = url("unmask", row, "phone")
    assert "13800000001" not in client.get(ask).content.decode()
    assert "13800000001" not in client.post(ask, {"reason": ""}).content.decode()
    assert Unmasking.objects.count() == 0
    answer = client.post(ask, {"reason": "通知领证"})
    assert "13800000001" in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    kept = Unmasking.objects.get()
    assert (kept.by, kept.subject, kept.field, kept.reason) == ("clerk", f"entry:{row.entry_id}", "phone", "通知领证")


def test_who_may_not_unmask_is_refused_without_a_trace(client_as, title):
    row = title(1, phone="13800000001")
    assert client_as("county").post(url("unmask", row, "phone"), {"reason": "好奇"}).status_code == 403
    assert client_as("clerk").get(url("unmask", row, "number")).status_code == 404
    assert Unmasking.objects.count() == 0


def tick(*rows):
    return [f"{row.entry_id}:{row.number_in_entry}" for row in rows]


def test_many_are_starred_as_one_act_after_a_look(client_as, title):
    rows, client = [title(1), title(2)], client_as("clerk")
    untouched = title(3)
    address = reverse("ledgers:chosen", args=["title"])
    page = client.post(address, {"verb": "star", "entry": tick(*rows)})
    assert "共 2 条" in page.content.decode()
    assert [current(row).highlight for row in rows] == [False, False]
    client.post(address, {"verb": "star", "entry": tick(*rows), "sure": "1"})
    assert [current(row).highlight for row in rows] == [True, True]
    assert acts("entry.highlight") == [("clerk", "ledger:title", "")]
    assert current(untouched).number_in_entry == 1


def test_many_are_voided_with_a_reason_and_come_back_together(client_as, title):
    rows, client = [title(1), title(2)], client_as("clerk")
    address = reverse("ledgers:chosen", args=["title"])
    given = {"verb": "void", "entry": tick(*rows), "sure": "1"}
    assert client.post(address, given).context["form"].errors["reason"]
    client.post(address, given | {"reason": "并入新名单"})
    assert [current(row).voided for row in rows] == [True, True]
    services.undo_act(Act.objects.get(verb="entry.void").pk, by=CLERK)
    assert [current(row).voided for row in rows] == [False, False]
    assert list(faults()) == []


def test_one_stale_row_stops_them_all(client_as, title):
    rows, client = [title(1), title(2)], client_as("clerk")
    given = {"verb": "void", "entry": tick(*rows), "sure": "1", "reason": "重复"}
    services.mark_highlight(rows[1].entry_id, highlight=True, story="", seen=1, by=CLERK)
    page = client.post(reverse("ledgers:chosen", args=["title"]), given)
    assert "未做任何更改" in page.content.decode()
    assert [current(row).voided for row in rows] == [False, False]


def test_rows_of_another_county_cannot_be_ticked(client_as, title):
    rows = [title(1, "990121"), title(2, "990102")]
    given = {"verb": "void", "entry": tick(*rows), "sure": "1", "reason": "重复"}
    address = reverse("ledgers:chosen", args=["title"])
    assert client_as("county").post(address, given).status_code == 403
    assert client_as("director").post(address, given).status_code == 403
    assert client_as("clerk").get(address).status_code == 405
    assert [current(row).voided for row in rows] == [False, False]
    assert client_as("clerk").post(address, {"verb": "void"}).url == reverse("ledgers:list", args=["title"])


def test_a_zero_report_stands_and_is_replaced_by_the_next(client_as, places):
    client, address = client_as("county"), reverse("ledgers:report", args=["trademark"])
    client.post(address, {"place": "990121", "period": "2026-10", "zero": "yes"})
    client.post(address, {"place": "990121", "period": "2026-10", "zero": "no"})
    standing = Report.objects.get(known_to__isnull=True)
    assert (standing.place.code, standing.period, standing.zero) == ("990121", "2026-10", False)
    assert acts("ledger.report") == [("county", "ledger:trademark", "")] * 2
    page = client.get(reverse("ledgers:index"))
    assert '2026-10 <span class="k-badge k-badge-ok">已报齐</span>' in page.content.decode()


def test_a_county_reports_for_itself_only(client_as, places):
    client, address = client_as("county"), reverse("ledgers:report", args=["trademark"])
    page = client.post(address, {"place": "990102", "period": "2026-10", "zero": "yes"})
    assert page.context["form"].errors["place"]
    assert client.post(address, {"place": "990121", "period": "2031", "zero": "yes"}).context["form"].errors["period"]
    assert client_as("director").get(address).status_code == 403
    assert Report.objects.count() == 0


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_costs_the_same_for_one_and_three_rows(client_as, title, n, django_assert_num_queries):
    for number in range(n):
        title(number)
    client = client_as("clerk")
    with django_assert_num_queries(12):
        page = client.get(reverse("ledgers:list", args=["title"]))
    assert page.context["total"] == n


@pytest.mark.parametrize("n", [1, 3])
def test_the_overview_costs_the_same_for_one_and_three_rows(client_as, title, n, django_assert_num_queries):
    for number in range(n):
        title(number)
    client = client_as("clerk")
    with django_assert_num_queries(10):
        page = client.get(reverse("ledgers:index"))
    assert [line.rows for lines in page.context["themes"].values() for line in lines if line.rows] == [n]


def test_the_list_offers_only_what_one_may_do(client_as, title):
    title(1)
    address = reverse("ledgers:list", args=["title"])
    assert 'id="chosen"' in client_as("clerk").get(address).content.decode()
    assert 'id="chosen"' not in client_as("director").get(address).content.decode()


def test_entries_are_found_within_ones_scope(client_as, title):
    title(1, "990121"), title(2, "990102")
    page = client_as("county").get(reverse("desk:search"), {"q": "GR20259900"}).content.decode()
    assert "GR202599000001" in page and "GR202599000002" not in page
    assert "entries" in {one.code for one in searches()}


def test_acts_on_entries_are_told_in_words_and_lead_to_the_entry(title):
    row = title(1)
    assert subject_url(f"entry:{row.entry_id}") == f"/ledgers/entries/{row.entry_id}/"
    assert subject_url("ledger:title") == "/ledgers/title/"
    assert verb_name("entry.highlight") == "标记亮点条目"
