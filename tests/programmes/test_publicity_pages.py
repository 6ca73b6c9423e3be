"""Pages of lists and objections: what everybody sees, what the bureau sees, what nobody sees."""

from datetime import date

import pytest
from django.urls import reverse

from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.programmes.models import Application, Objection, Publicity
from keshu.bureau.programmes.publicity import objecting
from tests.programmes.filling import PDF
from tests.programmes.test_publicity import (
    NAME,
    PHONE,
    SAID,
    announcing,
    objected,
    over,
    show,
    shown,
)

assert announcing, shown  # fixtures
TODAY = date.today().isoformat()


def url(name, *args):
    return reverse(f"programmes:{name}", args=args)


def text(client, name, *args):
    answer = client.get(url(name, *args))
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_clerk_shows_a_whole_call_from_one_page(announcing, client_as):
    cases = announcing(3)
    client = client_as("clerk")
    assert url("publicity-new", cases[0].call_id) in text(client, "publicities")
    page = text(client, "publicity-new", cases[0].call_id)
    assert "在线测试关键技术研究之3" in page
    client.post(
        url("publicity-new", cases[0].call_id),
        {"title": "拟立项公示", "contact": "计财科 0594-2345678", "text": "", "case": [one.pk for one in cases[:2]]},
    )  # fmt: skip
    publicity = Publicity.objects.get()
    assert publicity.items.count() == 2
    assert Application.objects.filter(state="announcing").count() == 1


def test_everybody_sees_the_list_and_how_to_object(shown, client):
    assert shown.title in text(client, "public-lists")
    page = text(client, "public-list", shown.pk)
    for words in (
        "在线测试关键技术研究之1",
        "云岭测试仪器有限公司",
        "计财科 0594-2345678",
        "匿名的、超过公示期的不予受理",
    ):
        assert words in page
    for secret in ("13800138000", "350423198806123011"):
        assert secret not in page


def test_a_withdrawn_list_is_gone_for_everybody(shown, client, bureau):
    Publicity.objects.update(withdrawn_by=shown.act)
    assert client.get(url("public-list", shown.pk)).status_code == 404
    assert shown.title not in text(client, "public-lists")


def test_a_correction_shows_what_stood_there(shown, client, client_as):
    item = shown.items.get()
    client_as("clerk").post(
        url("publicity-correct", shown.pk, item.pk), {"label": "负责人", "after": "林致远", "reason": "申报书笔误"}
    )
    client.logout()
    page = text(client, "public-list", shown.pk)
    assert "<del>负责人：林远</del>" in page
    assert "申报书笔误" in page


def raise_objection(client, publicity, **changes):
    told = {"name": NAME, "contact": PHONE, "content": SAID.content, "application": "", "organisation": ""} | changes
    return client.post(url("public-object", publicity.pk), told)


def test_the_public_objects_and_asks_how_it_stands(shown, client, client_as):
    answer = raise_objection(client, shown, application=str(shown.items.get().application_id))
    ticket = answer.context["ticket"]
    assert ticket in answer.content.decode()
    told = client.post(url("public-ticket"), {"ticket": ticket.lower()}).content.decode()
    assert "办理中" in told
    for secret in (NAME, PHONE, "重复", "在线测试"):
        assert secret not in told
    objection = Objection.objects.get()
    clerk = client_as("clerk")
    clerk.post(url("objection-take-up", objection.pk))
    offered = clerk.get(url("objection", objection.pk)).context["form"].fields["outcome"].choices
    assert [value for value, _label in offered] == ["invalid"]  # upheld or not is for leaders to say
    client_as("director").post(
        url("objection", objection.pk), {"outcome": "dismissed", "reply": "经核查，两者内容不同。"}
    )
    objection.refresh_from_db()
    assert objection.outcome == "dismissed"
    client.logout()
    assert "经核查，两者内容不同" in client.post(url("public-ticket"), {"ticket": ticket}).content.decode()
    assert "没有这个查询码" in client.post(url("public-ticket"), {"ticket": "AAAA-AAAA-AAAA"}).content.decode()


def test_without_a_name_nothing_is_taken(shown, client):
    page = raise_objection(client, shown, name="匿名群众").content.decode()
    assert "匿名的异议按规定不予受理" in page
    page = raise_objection(client, shown, contact="").content.decode()
    assert "请填写能联系到本人的电话" in page
    assert not Objection.objects.exists()


def test_a_program_in_disguise_is_no_stamped_scan(shown, client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    def send(name, content):
        file = SimpleUploadedFile(name, content)
        return raise_objection(client, shown, organisation="江川别家仪器有限公司", contact="", file=file)

    send("盖章.pdf", b"MZ" + b"\0" * 300)
    assert not Objection.objects.exists()
    send(f"{NAME}盖章.pdf", PDF)
    assert Objection.objects.get().file.name == "异议材料"


def test_nobody_floods_the_list_with_objections(shown, client):
    for _n in range(5):
        raise_objection(client, shown)
    assert Objection.objects.count() == 5
    assert "次数过多" in raise_objection(client, shown).content.decode()
    assert Objection.objects.count() == 5


def test_tickets_cannot_be_guessed_at_will(shown, client):
    for _n in range(20):
        client.post(url("public-ticket"), {"ticket": "AAAA-AAAA-AAAA"})
    assert "次数过多" in client.post(url("public-ticket"), {"ticket": "AAAA-AAAA-AAAA"}).content.decode()


def test_after_the_last_day_the_form_is_closed(shown, client):
    over(shown)
    assert "不再受理" in text(client, "public-object", shown.pk)
    assert "期满" in raise_objection(client, shown).content.decode()


def test_the_name_is_on_no_page(shown, client_as):
    objection = objected(shown)
    case = objection.application_id
    clerk = client_as("clerk")
    clerk.post(url("objection-take-up", objection.pk))
    pages = [
        ("objections",), ("objection", objection.pk), ("publicities",), ("publicity", shown.pk), ("case", case),
        ("cases",), ("work",), ("cases-export",), ("work-export",),
    ]  # fmt: skip
    found = [clerk.get(url(*page)) for page in pages]
    found += [
        clerk.get("/"),
        client_as("audit").get(reverse("audit:index")),
        client_as("director").get(url("case", case)),
    ]
    found.append(client_as("applicant").get(url("case", case)))
    for answer in found:
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert answer.status_code == 200
        for secret in (NAME, PHONE):
            assert secret not in content.decode(errors="ignore")


def test_the_name_is_shown_for_a_reason_and_to_who_handles_it(shown, client_as):
    objection = objected(shown)
    clerk = client_as("clerk")
    assert NAME not in text(clerk, "objection-unmask", objection.pk)
    assert NAME not in clerk.post(url("objection-unmask", objection.pk), {"reason": ""}).content.decode()
    page = clerk.post(url("objection-unmask", objection.pk), {"reason": "电话核实"}).content.decode()
    assert NAME in page
    assert PHONE in page
    row = Unmasking.objects.get()
    assert (row.by, row.reason) == ("clerk", "电话核实")
    assert client_as("director").get(url("objection-unmask", objection.pk)).status_code == 403
    assert client_as("applicant").get(url("objection", objection.pk)).status_code == 403
    assert client_as("county").get(url("objection", objection.pk)).status_code == 403


def test_the_scan_comes_out_only_with_a_trace(shown, client_as):
    case = shown.items.get().application_id
    said = objecting.Said(NAME, PHONE, SAID.content, "江川别家仪器有限公司", case, (PDF, "pdf", "application/pdf"))
    objection = objecting.file_objection(shown.pk, said, day=shown.starts_on).objection
    clerk = client_as("clerk")
    assert "留下记录" in text(clerk, "objection-scan", objection.pk)
    answer = clerk.post(url("objection-scan", objection.pk), {"reason": "核对公章"})
    assert answer.content == PDF
    assert Unmasking.objects.count() == 1


def test_a_letter_is_registered_by_a_clerk(shown, client_as):
    told = {"name": NAME, "contact": PHONE, "content": SAID.content, "received": TODAY}
    answer = client_as("clerk").post(url("objection-register", shown.pk), told)
    assert "随收件回执" in answer.content.decode()
    assert Objection.objects.get().by_letter


def test_a_list_is_ended_from_its_page(shown, client_as):
    clerk = client_as("clerk")
    assert "全部放行" not in text(clerk, "publicity", shown.pk)
    over(shown)
    assert "全部放行" in text(clerk, "publicity", shown.pk)
    clerk.post(url("publicity-end", shown.pk))
    assert Application.objects.get().state == "issuing"


def test_the_notice_is_a_document(shown, client_as):
    answer = client_as("clerk").get(url("publicity-notice", shown.pk))
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer.content[:2] == b"PK"


def test_the_button_of_the_case_leads_to_the_page_of_its_list(announcing, client_as):
    (case,) = announcing(1)
    assert url("publicity-new", case.call_id) in text(client_as("clerk"), "case", case.pk)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(
    ("name", "queries"), [("publicities", 8), ("publicity", 9), ("objections", 6), ("publicity-new", 9)]
)
def test_lists_ask_as_often_for_three_rows_as_for_one(
    announcing, bureau, client_as, n, name, queries, django_assert_num_queries
):
    cases = announcing(n)
    args = [cases[0].call_id] if name == "publicity-new" else []
    if name != "publicity-new":
        publicities = (
            [show([one], bureau["clerk"]) for one in cases] if name != "publicity" else [show(cases, bureau["clerk"])]
        )
        args = [publicities[0].pk] if name == "publicity" else []
        for publicity in publicities:
            for item in publicity.items.all():
                said = objecting.Said(NAME, PHONE, SAID.content, application=item.application_id)
                objecting.file_objection(publicity.pk, said, day=publicity.starts_on)
    client = client_as("clerk")
    text(client, name, *args)
    with django_assert_num_queries(queries):
        text(client, name, *args)


@pytest.mark.parametrize("n", [1, 3])
@pytest.mark.parametrize(("name", "queries"), [("public-lists", 1), ("public-list", 3)])
def test_public_lists_ask_as_often_for_three_rows_as_for_one(
    announcing, bureau, client, n, name, queries, django_assert_num_queries
):
    cases = announcing(n)
    made = [show([one], bureau["clerk"]) for one in cases] if name == "public-lists" else [show(cases, bureau["clerk"])]
    args = [] if name == "public-lists" else [made[0].pk]
    text(client, name, *args)
    with django_assert_num_queries(queries):
        text(client, name, *args)
