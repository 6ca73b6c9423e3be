"""Messages come into being with the act that tells them, wait in their batch, and are released or taken back as one."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from keshu.bureau.outbox import queries, services
from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.services import Notice, cancel, mark_read, post, release, retry
from keshu.bureau.parties.personal import unseal
from keshu.bureau.parties.services import PartySpec, register_party
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, NothingWritten, now, writing

BY = Actor("clerk", "周经办")


def act():
    return writing(verb="test.tell", by=BY)


def tell(*notices, **more):
    with act() as within:
        return post(notices, within=within, **more)


def states():
    return sorted(Message.objects.values_list("to_user", "channel", "state"))


def test_a_message_in_the_site_is_there_with_its_act(users):
    (row,) = tell(
        Notice("case.accepted", "申报已受理", "请留意后续通知。", "/", to_user="county", subject="application:17")
    )
    assert (row.state, row.channel, row.sent_at) == ("sent", "site", row.act.at)
    assert list(queries.inbox("county")) == [row]
    assert list(queries.inbox("clerk")) == []
    assert list(queries.inbox("")) == []
    assert list(queries.about("application:17")) == [row]
    assert queries.unread_count("county") == 1
    assert list(faults()) == []


def test_an_act_that_fails_tells_nobody(users):
    with pytest.raises(NothingWritten), act() as within:
        post([Notice("x", "不会有人看到", to_user="clerk")], within=within)
        raise NothingWritten
    assert not Message.objects.exists()


def test_reading_is_ones_own(users):
    mine, other = tell(Notice("x", "一", to_user="clerk"), Notice("x", "二", to_user="head"))
    assert mark_read([mine.pk, other.pk], "clerk", at=now()) == 1
    assert mark_read([mine.pk], "clerk", at=now()) == 0
    assert (queries.unread_count("clerk"), queries.unread_count("head")) == (0, 1)
    tell(Notice("x", "三", to_user="head"))
    assert mark_read(None, "head", at=now()) == 2


def test_held_messages_wait_for_their_batch_and_go_once(users):
    users["county"].email = "county@example.gov.cn"
    users["county"].save()
    tell(Notice("x", "拟立项", to_user="county", channels=("site", "email")), held=True, batch="batch:12")
    tell(Notice("x", "另一批", to_user="county"), held=True, batch="batch:13")
    assert queries.unread_count("county") == 0
    assert [row.title for row in queries.of_batch("batch:12")] == ["拟立项", "拟立项"]
    with act() as within:
        assert release("batch:12", within=within) == 2
        assert release("batch:12", within=within) == 0
    assert states() == [("county", "email", "queued"), ("county", "site", "held"), ("county", "site", "sent")]
    assert unseal(Message.objects.get(channel="email").address) == "county@example.gov.cn"
    assert list(faults()) == []


def test_a_cancelled_batch_tells_nobody_any_more(users):
    tell(Notice("x", "拟立项", to_user="county"), held=True, batch="batch:12")
    with act() as within:
        assert cancel("batch:12", within=within) == 1
        assert release("batch:12", within=within) == 0
    assert states() == [("county", "site", "cancelled")]


def test_cancelling_leaves_what_was_sent(users):
    tell(Notice("x", "站内", to_user="county"), Notice("x", "短信", address="1", channels=("sms",)), batch="batch:1")
    with act() as within:
        assert cancel("batch:1", within=within) == 1
    assert states() == [("", "sms", "cancelled"), ("county", "site", "sent")]


def test_an_empty_batch_name_touches_nothing(users):
    tell(Notice("x", "通知", to_user="county", channels=("sms",)))
    with act() as within:
        assert (release("", within=within), cancel("", within=within)) == (0, 0)
    assert states() == [("county", "sms", "failed")]


def test_an_organisation_is_told_through_each_of_its_administrators(users):
    admin = users["unit_admin"]
    firm = admin.memberships.get().party_id
    (kept, told) = tell(Notice("x", "请补正", to_party=firm))
    assert (kept.to_user, kept.state) == ("", "sent")
    assert (told.to_user, told.to_party_id, told.state) == ("unit_admin", firm, "sent")
    assert users["applicant"].memberships.get().party_id == firm
    assert queries.unread_count("unit_admin") == 1
    assert queries.unread_count("applicant") == 0
    assert list(faults()) == []


def test_the_administrators_are_those_of_the_day_of_release(users):
    firm = users["applicant"].memberships.get().party_id
    tell(Notice("x", "拟立项", to_party=firm), held=True, batch="batch:2")
    administrator = users["unit_admin"]  # the account comes into being while the message is held
    with act() as within:
        assert release("batch:2", within=within) == 1
    assert queries.unread_count(administrator.username) == 1
    assert list(faults()) == []


def test_an_organisation_without_administrators_is_not_forgotten(users):
    firm = register_party(PartySpec("青岩远景农业有限公司"), by=BY)
    (row,) = tell(Notice("x", "请补正", to_party=firm.pk))
    assert row.state == "failed"
    assert "没有管理员" in row.error
    membership = users["unit_admin"].memberships.get()
    membership.party = firm
    membership.save()
    assert retry([row.pk], by=BY) == 1
    assert states() == [("", "site", "sent"), ("unit_admin", "site", "sent")]
    assert Act.objects.order_by("-pk").first().verb == "outbox.retry"
    assert list(faults()) == [fault for fault in faults() if fault.kind == "membership"]


def test_somebody_without_an_address_is_told_to_be_unreachable(users):
    (row,) = tell(Notice("x", "通知", to_user="county", channels=("email",)))
    assert (row.state, "没有登记电子邮箱" in row.error) == ("failed", True)
    users["county"].email = "c@example.gov.cn"
    users["county"].save()
    assert retry([row.pk], by=BY) == 1
    row.refresh_from_db()
    assert (row.state, unseal(row.address), row.error) == ("queued", "c@example.gov.cn", "")
    assert retry([row.pk], by=BY) == 0


def test_a_second_way_without_an_address_is_no_failure(users):
    tell(Notice("x", "通知", to_user="county", channels=("site", "sms")))
    firm = users["unit_admin"].memberships.get().party_id
    tell(Notice("x", "拟立项", to_party=firm, channels=("site", "email")), held=True, batch="batch:5")
    with act() as within:
        assert release("batch:5", within=within) == 2
    assert states() == [
        ("", "email", "sent"), ("", "site", "sent"), ("county", "site", "sent"), ("county", "sms", "cancelled"),
        ("unit_admin", "email", "cancelled"), ("unit_admin", "site", "sent"),
    ]  # fmt: skip


def test_an_address_of_somebody_without_account(users):
    (row,) = tell(Notice("objection", "异议已收到", address="13800138000", channels=("sms",)))
    assert row.state == "queued"
    assert "13800138000" not in row.address
    assert unseal(row.address) == "13800138000"


@pytest.mark.parametrize(
    ("notice", "more"),
    [
        pytest.param(Notice("x", "给谁"), {}, id="nobody"),
        pytest.param(Notice("x", "通知", to_user="clerk", url="https://elsewhere.example/"), {}, id="another site"),
        pytest.param(Notice("x", "通知", to_user="clerk", url="//elsewhere.example/"), {}, id="another host"),
        pytest.param(Notice("x", "通知", to_user="clerk", url="/\\elsewhere.example"), {}, id="a turned stroke"),
        pytest.param(Notice("x", "通知", to_user="clerk"), {"held": True}, id="held without a batch"),
        pytest.param(Notice("x", "通知", address="13800138000"), {}, id="a number in the site"),
        pytest.param(Notice("x", "通知", to_user="clerk", address="1", channels=("sms",)), {}, id="two addressees"),
    ],
)
def test_a_notice_that_cannot_be_right_is_refused(users, notice, more):
    with pytest.raises(ValueError):
        tell(notice, **more)
    assert not Message.objects.exists()


def test_a_title_never_breaks_a_header(users):
    (row,) = tell(Notice("x", "标题\r\nBcc: all@example.com" + "长" * 300, to_user="clerk"))
    assert "\n" not in row.title
    assert len(row.title) == 200


def test_a_batch_costs_as_many_statements_as_one_message(users):
    def statements(n, batch):
        drafts = [Notice("x", f"第 {i} 件", to_user="county", channels=("site", "sms")) for i in range(n)]
        with CaptureQueriesContext(connection) as seen:
            tell(*drafts, held=True, batch=batch)
            with act() as within:
                assert release(batch, within=within) == 2 * n
        return len(seen)

    assert statements(15, "batch:4") == statements(1, "batch:3") <= 20


@pytest.mark.parametrize("wrong", [
    {"state": "sent"},
    {"state": "held", "batch": ""},
    {"state": "queued"},
    {"read_at": "2026-01-01T00:00Z"},
    {"to_user": ""},
])  # fmt: skip
def test_the_database_forbids_states_that_lie(users, wrong):
    (row,) = tell(Notice("x", "通知", to_user="clerk", channels=("sms",)))
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(**wrong)


def test_a_changed_message_is_found(users):
    (row,) = tell(Notice("x", "不予立项", to_user="clerk"))
    Message.objects.filter(pk=row.pk).update(title="同意立项")
    assert [fault.kind for fault in faults()] == ["message"]


def test_taking_back_single_messages_is_an_act(users):
    rows = tell(*[Notice("x", "通知", to_user=name, channels=("sms",)) for name in ("clerk", "head")])
    assert services.cancel_messages([rows[0].pk], by=BY, reason="发错人") == 1
    assert states() == [("clerk", "sms", "cancelled"), ("head", "sms", "failed")]
    assert Act.objects.order_by("-pk").first().reason == "发错人"
