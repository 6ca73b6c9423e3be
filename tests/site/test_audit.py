"""The audit pages: who sees them, what they find, and that verifying finds what was changed."""

import io

import pytest
from django.db import connection
from python_calamine import CalamineWorkbook

from keshu.bureau.accounts import services
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, digest_of, writing

AUDIT, CHECK, EXPORT = "/audit/", "/audit/check/", "/audit/export/"
ZHOU, WU = Actor("zhou", "周敏"), Actor("wu", "吴涛")


@pytest.fixture
def acts(db):
    made = []
    for number in range(3):
        by = ZHOU if number < 2 else WU
        with writing(verb="entry.add", by=by, reason=f"补录 {number}", subject=f"entry:{number}") as under_way:
            under_way.wrote(digest_of(number))
        made.append(under_way.act)
    return made


@pytest.fixture
def auditor(client_as):
    return client_as("audit")


def listed(client, query):
    return [act.reason for act in client.get(AUDIT + query).context["page"].rows]


@pytest.mark.parametrize("role", ["system", "security", "director", "office", "head", "clerk", "county"])
def test_only_the_auditor_sees_the_audit(client_as, acts, role):
    client = client_as(role)
    addresses = (AUDIT, EXPORT, f"/audit/acts/{acts[0].pk}/", "/accounts/sign-ins/")
    assert [client.get(address).status_code for address in addresses] == [403] * 4
    assert client.post(CHECK).status_code == 403


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param("?person=zhou", ["补录 1", "补录 0"], id="by the account"),
        pytest.param("?person=吴", ["补录 2"], id="by the person's name"),
        pytest.param("?verb=entry.add&sort=at", ["补录 0", "补录 1", "补录 2"], id="by what was done, oldest first"),
        pytest.param("?subject=entry:1", ["补录 1"], id="by its subject"),
        pytest.param("?subject=补录 2", ["补录 2"], id="by the reason"),
        pytest.param("?person=zhou&since=2001-01-01&until=2001-01-02", [], id="another day"),
    ],
)
def test_acts_are_found(auditor, acts, query, found):
    assert listed(auditor, query) == found


def test_the_day_is_a_day_in_shanghai(auditor, acts):
    from zoneinfo import ZoneInfo

    day = acts[0].at.astimezone(ZoneInfo("Asia/Shanghai")).date()
    assert len(listed(auditor, f"?verb=entry.add&since={day}&until={day}")) == 3


def test_a_filter_turned_round_says_so(auditor, acts):
    answer = auditor.get(AUDIT + "?since=2026-02-01&until=2026-01-01")
    assert answer.context["form"].non_field_errors() == ["起始日期晚于截止日期，请对调"]


def test_the_list_costs_the_same_for_one_act_and_for_three(auditor, acts, django_assert_num_queries):
    auditor.get(AUDIT)
    for query, count in (("?subject=entry:1", 1), ("?verb=entry.add", 3)):
        # session, user, memberships, unread, verbs, page, last check, length of the chain
        with django_assert_num_queries(8):
            assert len(listed(auditor, query)) == count


def test_an_act_shows_its_link(auditor, acts):
    page = auditor.get(f"/audit/acts/{acts[1].pk}/").content.decode()
    assert acts[1].link.hash in page
    assert acts[0].link.hash in page
    assert "补录 1" in page


def test_what_an_act_wrote_and_about_whom_is_said_in_words(auditor, places):
    with writing(verb="entry.add", by=ZHOU, subject="place:990100") as under_way:
        under_way.wrote(digest_of("place"))
    page = auditor.get(f"/audit/acts/{under_way.act.pk}/").content.decode()
    assert "其他登记" in page
    assert ">other<" not in page
    assert "区划 云岭市" in page
    assert "区划 云岭市" in auditor.get(AUDIT).content.decode()


def test_the_export_holds_what_the_filter_leaves(auditor, acts):
    answer = auditor.get(EXPORT + "?person=zhou")
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0).to_python()
    )
    assert rows[0][:6] == ["序号", "时间", "账号", "姓名", "代谁办理", "操作"]
    assert [(row[2], row[3], row[8]) for row in rows[1:]] == [("zhou", "周敏", "补录 1"), ("zhou", "周敏", "补录 0")]


def test_verifying_a_whole_chain(auditor, acts):
    length = acts[-1].link.position
    assert auditor.post(CHECK).url == AUDIT
    check = Act.objects.get(verb="audit.check")
    assert (check.by, check.note["faults"], check.note["position"] >= length) == ("audit", 0, True)
    assert "上次核验：操作链完整" in auditor.get(AUDIT).content.decode()


def test_verifying_finds_an_act_that_was_rewritten(auditor, acts, rewriting):
    rewriting(f"UPDATE records_act SET reason = '另有说法' WHERE id = {acts[1].pk}")
    auditor.post(CHECK)
    found = Act.objects.get(verb="audit.check").note["found"]
    assert [(fault["act"], fault["kind"]) for fault in found] == [(acts[1].pk, "chain")]
    assert "上次核验发现 1 处不符" in auditor.get(AUDIT).content.decode()


@pytest.fixture
def rewriting(db):
    """Somebody with the database in hand takes the triggers away and changes the past."""

    def run(sql):
        with connection.cursor() as cursor:
            if connection.vendor == "sqlite":
                cursor.execute("DROP TRIGGER records_act_no_update")
            else:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # events that wait would hold the table
                cursor.execute("ALTER TABLE records_act DISABLE TRIGGER ALL")
            cursor.execute(sql)

    return run


def test_a_long_chain_is_verified_by_the_worker(auditor, acts, monkeypatch):
    from keshu.bureau.desk import audit_views

    monkeypatch.setattr(audit_views, "AT_ONCE", 2)
    auditor.post(CHECK)
    assert Act.objects.filter(verb="audit.check", by="audit").count() == 1, "the test's worker works at once"
    assert auditor.get(AUDIT).context["running"] is None


def test_what_a_check_has_to_go_through_is_counted_by_rows(auditor, places, monkeypatch):
    """Few acts may hold many rows: the places of the fixture came in one."""
    from keshu.bureau.records.audit import faults, rows_sealed

    steps = []
    assert list(faults(lambda: steps.append(1))) == []
    assert len(steps) == rows_sealed() > Act.objects.count()


def test_a_running_check_says_how_far_it_is(auditor, acts, monkeypatch):
    from types import SimpleNamespace

    from keshu.bureau.desk import checking, tasks

    monkeypatch.setattr(tasks, "check_chain", SimpleNamespace(enqueue=lambda *by: None))
    monkeypatch.setattr("keshu.bureau.desk.audit_views.AT_ONCE", 2)
    auditor.post(CHECK)
    assert "排队中" in auditor.get(AUDIT).content.decode()
    with checking.counted(400) as counter:
        counter.step()
        bar = auditor.get(CHECK + "progress/")
        assert "正在核验：1 / 400 条" in bar.content.decode()
        assert "HX-Refresh" not in bar
        auditor.post(CHECK)
        assert not Act.objects.filter(verb="audit.check").exists(), "one at a time"
    assert auditor.get(CHECK + "progress/")["HX-Refresh"] == "true"


def test_checking_needs_a_post(auditor, acts):
    assert auditor.get(CHECK).status_code == 405
    assert not Act.objects.filter(verb="audit.check").exists()


def test_sign_ins_are_listed(auditor, users, django_assert_num_queries):
    from django.test import Client

    Client().post("/accounts/sign-in/", {"username": "clerk", "password": "wrong"})
    Client().post("/accounts/sign-in/", {"username": "clerk", "password": "Yunling#2026"})
    auditor.get("/accounts/sign-ins/")
    with django_assert_num_queries(5):  # session, user, memberships, unread, page
        rows = auditor.get("/accounts/sign-ins/?q=clerk").context["page"].rows
    assert [row.outcome for row in rows] == ["opened", "refused"]
    assert [r.outcome for r in auditor.get("/accounts/sign-ins/?outcome=refused").context["page"].rows] == ["refused"]


def test_a_grant_can_be_read_in_words(auditor, users):
    services.grant_role(users["clerk"].pk, role="head", place="990100", by=users["security"].actor, reason="任职")
    page = auditor.get(AUDIT + "?verb=role.grant").content.decode()
    assert "授予角色" in page
    assert "账号 clerk" in page


def test_every_kind_of_row_that_is_counted_again_has_words():
    from keshu.bureau.desk.subjects import PARTS
    from keshu.bureau.records import audit

    assert set(audit._recounts) <= set(PARTS)
