"""Pages: one's own messages, and the bureau's outbox."""

import pytest
from django.urls import reverse

from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, writing

BY = Actor("clerk", "周经办")
INBOX, OUTBOX = "/messages/", "/messages/outbox/"


def tell(*notices, **more):
    with writing(verb="test.tell", by=BY) as within:
        return post(notices, within=within, **more)


def shown(answer):
    return answer.content.decode()


def test_the_bell_counts_what_is_unread_with_one_query(client_as, django_assert_num_queries):
    client = client_as("clerk")
    assert "未读消息" not in shown(client.get("/accounts/password/"))
    tell(*[Notice("x", f"第 {n} 条", to_user="clerk") for n in range(120)], Notice("x", "别人的", to_user="head"))
    with django_assert_num_queries(4):  # session, user, memberships, unread
        page = shown(client.get("/accounts/password/"))
    assert "120 条未读消息" in page
    assert "99+" in page


def test_the_inbox_begins_with_what_is_unread(client_as):
    client = client_as("clerk")
    assert "还没有消息" in shown(client.get(INBOX))
    old, new = (
        tell(Notice("x", "旧的一条", to_user="clerk")),
        tell(Notice("x", "新的一条", "正文甲\n乙", to_user="clerk")),
    )
    Message.objects.filter(pk=old[0].pk).update(read_at=new[0].sent_at)
    page = shown(client.get(INBOX))
    assert "新的一条" in page
    assert "正文甲<br>乙" in page
    assert "旧的一条" not in page
    assert "旧的一条" in shown(client.get(INBOX + "?show=all"))


def test_a_long_inbox_is_paged_by_key(client_as, django_assert_num_queries):
    client = client_as("clerk")
    tell(*[Notice("x", f"第 {n} 条", to_user="clerk") for n in range(120)])
    client.get(INBOX)
    with django_assert_num_queries(6):  # session, user, memberships, unread, page, unread of the bell
        first = client.get(INBOX)
    second = client.get(INBOX, {"page": first.context["page"].next})
    seen = [row.pk for row in first.context["page"].rows + second.context["page"].rows]
    assert len(set(seen)) == 100
    assert seen == sorted(seen, reverse=True)


def test_opening_reads_and_leads_to_the_subject(client_as):
    client = client_as("clerk")
    (row,) = tell(Notice("x", "申报已受理", to_user="clerk", url="/ledgers/"))
    assert client.get("/messages/open/").status_code == 405
    answer = client.post("/messages/open/", {"id": row.pk})
    assert answer.url == "/ledgers/"
    row.refresh_from_db()
    assert row.read_at is not None
    first = row.read_at
    client.post("/messages/open/", {"id": row.pk})
    row.refresh_from_db()
    assert row.read_at == first


@pytest.mark.parametrize("pk", ["", "x", "99999999999999999999999", "0"])
def test_no_message_opens_under_a_wrong_number(client_as, pk):
    assert client_as("clerk").post("/messages/open/", {"id": pk}).status_code == 404


def test_nobody_opens_what_another_was_told(client_as):
    (row,) = tell(Notice("x", "别人的", to_user="head"))
    assert client_as("clerk").post("/messages/open/", {"id": row.pk}).status_code == 404
    row.refresh_from_db()
    assert row.read_at is None


def test_what_is_held_is_not_in_the_inbox(client_as):
    (row,) = tell(Notice("x", "拟不予立项", to_user="clerk"), held=True, batch="batch:1")
    client = client_as("clerk")
    assert "拟不予立项" not in shown(client.get(INBOX + "?show=all"))
    assert client.post("/messages/open/", {"id": row.pk}).status_code == 404


def test_all_are_marked_read_at_once(client_as):
    client = client_as("clerk")
    tell(Notice("x", "一", to_user="clerk"), Notice("x", "二", to_user="clerk"), Notice("x", "三", to_user="head"))
    acts = Act.objects.count()
    assert client.post("/messages/read/").url == INBOX
    assert Message.objects.filter(read_at__isnull=False).count() == 2
    assert Act.objects.count() == acts


def test_the_outbox_tells_what_is_not_set_up(client_as):
    tell(Notice("x", "短信", address="13800138000", channels=("sms",)))
    page = shown(client_as("office").get(OUTBOX))
    assert "KESHU_SMS_HOOK" in page
    assert "KESHU_EMAIL_URL" not in page
    assert "138****8000" in page
    assert "13800138000" not in page


def test_the_outbox_is_filtered(client_as):
    tell(Notice("x", "甲件", to_user="head"), batch="batch:1")
    tell(Notice("x", "乙件", to_user="clerk", channels=("email",)))
    client = client_as("office")
    assert {row["whom"] for row in client.get(OUTBOX).context["rows"]} == {"head", "clerk"}
    for asked, found in (
        ("batch=batch:1", "甲件"),
        ("state=failed", "乙件"),
        ("channel=email", "乙件"),
        ("q=甲", "甲件"),
    ):
        rows = client.get(f"{OUTBOX}?{asked}").context["rows"]
        assert [row["message"].title for row in rows] == [found], asked
    assert client.get(f"{OUTBOX}?state=nonsense").status_code == 200


def test_a_system_administrator_sees_that_it_was_sent_but_not_what(client_as):
    tell(Notice("case.refused", "秘密公司不予立项", to_user="head"))
    client = client_as("system")
    assert "秘密公司" not in shown(client.get(OUTBOX))
    assert client.get(OUTBOX + "?q=秘密").context["total"] == 1, "searching what was said tells nothing"
    assert "秘密公司" in shown(client_as("office").get(OUTBOX))


def test_failed_messages_are_sent_again_and_waiting_ones_taken_back(client_as, users):
    client = client_as("office")
    failed, waiting = tell(
        Notice("x", "甲", to_user="head", channels=("email",)), Notice("x", "乙", address="1", channels=("sms",))
    )
    users["head"].email = "head@example.gov.cn"
    users["head"].save()
    client.post("/messages/outbox/retry/", {"ids": [failed.pk, waiting.pk], "reason": "已补登邮箱"})
    client.post("/messages/outbox/cancel/", {"ids": [waiting.pk], "reason": "号码有误"})
    failed.refresh_from_db()
    waiting.refresh_from_db()
    assert (failed.state, waiting.state) == ("queued", "cancelled")
    assert list(Act.objects.order_by("pk").values_list("verb", "reason"))[-2:] == [
        ("outbox.retry", "已补登邮箱"),
        ("outbox.cancel", "号码有误"),
    ]


@pytest.mark.parametrize(("sent", "says"), [({"reason": "x"}, "请先勾选消息"), ({"ids": "1"}, "请填写事由")])
def test_a_choice_without_messages_or_reason_does_nothing(client_as, sent, says):
    client, acts = client_as("office"), Act.objects.count()
    answer = client.post("/messages/outbox/cancel/", sent, follow=True)
    assert says in shown(answer)
    assert Act.objects.count() == acts


def test_the_office_of_a_county_sees_the_messages_of_its_county(places, client):
    from tests.promises.two_counties import member

    rows = tell(*[
        Notice("x", f"属于{code or '全市'}", to_user="x", place=code, channels=("sms",))
        for code in ("990121", "990121001", "990102", "990100", "")
    ])  # fmt: skip
    client.force_login(
        member("county-office", "office", places["990121"]), backend="django.contrib.auth.backends.ModelBackend"
    )
    assert {row["message"].place for row in client.get(OUTBOX).context["rows"]} == {"990121", "990121001"}
    client.post("/messages/outbox/cancel/", {"ids": [row.pk for row in rows], "reason": "越权"})
    assert Message.objects.filter(state="cancelled").count() == 0, "one that is not theirs spoils the form"
    client.post("/messages/outbox/cancel/", {"ids": [rows[0].pk], "reason": "发错"})
    assert list(Message.objects.filter(state="cancelled").values_list("place", flat=True)) == ["990121"]


def test_addresses_of_the_pages():
    assert [reverse(f"messages:{name}") for name in ("inbox", "outbox")] == [INBOX, OUTBOX]
