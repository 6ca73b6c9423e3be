"""请假委托: a deputy may what the absent colleague may, while it lasts, in both names, and nothing more."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.utils.timezone import localdate
from tests.promises.two_counties import member

from keshu.bureau.accounts import delegation
from keshu.bureau.accounts.access import RIGHTS, viewer_of
from keshu.bureau.accounts.delegation import DelegationProblem, Leave
from keshu.bureau.accounts.models import Delegation, Membership, User
from keshu.bureau.outbox.queries import inbox
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, freezing, now, writing

TODAY = localdate()
DAY = timedelta(days=1)


def away(user, deputy, start=TODAY, end=TODAY + 5 * DAY, reason="年休假"):
    return delegation.begin(Leave(user.username, deputy.username, start, end, reason), by=user.actor)


@pytest.fixture
def two(users, places):
    """(head, clerk): a head of 高新科 in the city and a clerk of 成果科 in 青岩县."""
    head = member("zhou", "head", places["990100"], sections=["高新科"])
    clerk = member("wu", "clerk", places["990121"], sections=["成果科"])
    User.objects.filter(pk=head.pk).update(name="周科长")
    head.refresh_from_db()
    return head, clerk


def on(user, day=TODAY):
    return viewer_of(user, on=day)


def test_the_deputy_may_what_the_absent_may_and_says_for_whom(two):
    head, clerk = two
    away(head, clerk)
    viewer = on(clerk)
    assert viewer.may("programmes.conclude", section="高新科", place="990102")
    assert viewer.acting_for("programmes.conclude", section="高新科", place="990102") == "周科长"
    assert not viewer.may("programmes.conclude", section="成果科"), "the head's section, not the deputy's own"
    assert not viewer.may("programmes.accept", section="成果科", place="990102"), "the clerk's own place"
    assert viewer.acting_for("programmes.accept", section="成果科", place="990121") is None, (
        "one's own right comes first"
    )
    assert viewer.acting_for("programmes.accept", section="高新科", place="990121") == "周科长"
    assert viewer.acting_for("roles.grant") is None
    assert viewer.actor == clerk.actor
    assert viewer.actor.on_behalf_of == ""
    assert viewer.actor_for("programmes.conclude", section="高新科").on_behalf_of == "周科长"
    assert viewer.actor_for("programmes.accept", section="成果科", place="990121").on_behalf_of == ""
    assert on(head).may("programmes.conclude", section="高新科"), "the absent keep what is theirs"
    assert list(faults()) == []


def test_own_grants_come_first(two):
    head, clerk = two
    away(head, clerk)
    assert [grant.on_behalf_of for grant in on(clerk).grants] == ["", "周科长"]


@pytest.mark.parametrize(("day", "holds"), [(-1, False), (0, True), (5, True), (6, False), (400, False)])
def test_it_holds_on_its_days_only(two, day, holds):
    head, clerk = two
    away(head, clerk)
    assert on(clerk, TODAY + day * DAY).may("programmes.conclude") is holds


def test_it_begins_when_it_begins(two):
    head, clerk = two
    away(head, clerk, TODAY + 3 * DAY, TODAY + 4 * DAY)
    assert not on(clerk).may("programmes.conclude")
    assert on(clerk, TODAY + 3 * DAY).may("programmes.conclude")


def test_without_a_day_nothing_is_borrowed(two):
    head, clerk = two
    away(head, clerk)
    assert not viewer_of(clerk).may("programmes.conclude")


def test_an_ended_one_opens_nothing(two):
    head, clerk = two
    row = away(head, clerk)
    delegation.end(row.pk, by=head.actor, reason="提前回来")
    assert not on(clerk).may("programmes.conclude")
    with pytest.raises(DelegationProblem, match="已经结束"):
        delegation.end(row.pk, by=head.actor)
    assert list(faults()) == []


def test_there_are_no_chains(two, users):
    head, clerk = two
    away(head, clerk)
    third = users["finance"]
    away(users["director"], users["office"])
    with pytest.raises(DelegationProblem, match="也请假"):
        away(third, head)
    Delegation.objects.create(
        user=clerk, deputy=third, starts_on=TODAY, ends_on=TODAY, reason="绕过检查", act=Act.objects.first()
    )
    assert on(third).may("programmes.accept", section="成果科", place="990121")
    assert not on(third).may("programmes.conclude"), "what the clerk borrowed is not lent on"


def forced(user, deputy):
    """A row that the services would have refused."""
    return Delegation.objects.create(
        user=user, deputy=deputy, starts_on=TODAY, ends_on=TODAY, reason="绕过检查", act=Act.objects.first()
    )


@pytest.mark.parametrize("role", ["system", "security", "audit"])
def test_administrators_neither_lend_nor_borrow(users, role):
    for pair in ((users[role], users["clerk"]), (users["clerk"], users[role])):
        with pytest.raises(DelegationProblem):
            away(*pair)
        forced(*pair)
    assert on(users["clerk"]).rights == RIGHTS["clerk"]
    assert on(users[role]).rights == RIGHTS[role]


def test_a_deputy_who_becomes_an_administrator_borrows_nothing(two):
    head, clerk = two
    away(head, clerk)
    Membership.objects.filter(user=clerk).update(role="audit", scope="all", place=None)
    assert on(clerk).rights == RIGHTS["audit"]


def test_a_deputy_who_left_the_bureau_borrows_nothing(two, users):
    head, clerk = two
    away(head, clerk)
    Membership.objects.filter(user=clerk).update(ended_at=now())
    assert on(clerk).rights == frozenset()
    firm = users["unit_admin"].memberships.get().party
    Membership.objects.create(user=clerk, role="unit_admin", scope="party", party=firm, act=Act.objects.first())
    assert on(clerk).rights == RIGHTS["unit_admin"]


def test_roles_that_ended_are_not_lent(two):
    head, clerk = two
    away(head, clerk)
    Membership.objects.filter(user=head).update(ended_at=now())
    assert not on(clerk).may("programmes.conclude")


def test_a_closed_account_lends_nothing(two):
    head, clerk = two
    away(head, clerk)
    User.objects.filter(pk=head.pk).update(is_active=False)
    assert not on(clerk).may("programmes.conclude")


def test_what_somebody_is_in_a_firm_is_never_lent(users):
    clerk, firm = users["clerk"], users["unit_admin"].memberships.get().party
    Membership.objects.create(user=clerk, role="unit_admin", scope="party", party=firm, act=Act.objects.first())
    away(clerk, users["head"])
    assert on(clerk).parties("own.view") == {firm.pk}
    assert on(users["head"]).parties("own.view") == frozenset()
    with pytest.raises(DelegationProblem, match="单位账号"):
        away(users["applicant"], users["head"])
    with pytest.raises(DelegationProblem, match="不能代办"):
        away(users["county"], users["applicant"])


def test_a_seat_on_a_panel_is_never_lent(users):
    Membership.objects.create(user=users["clerk"], role="director", scope="panel", act=Act.objects.first())
    away(users["clerk"], users["finance"])
    assert "programmes.decide" in on(users["clerk"]).rights
    assert "programmes.decide" not in on(users["finance"]).rights


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"end": TODAY - DAY}, "早于起始日期"),
        ({"start": TODAY - DAY}, "早于今天"),
        ({"end": TODAY + 400 * DAY}, "最长一年"),
    ],
)
def test_days_that_cannot_be_are_refused(two, change, says):
    with pytest.raises(DelegationProblem, match=says):
        away(*two, **change)
    assert not Delegation.objects.exists()


def test_one_deputy_at_a_time_and_never_oneself(two, users):
    head, clerk = two
    away(head, clerk)
    with pytest.raises(DelegationProblem, match="已委托"):
        away(head, users["office"], TODAY + 5 * DAY, TODAY + 9 * DAY)
    away(head, users["office"], TODAY + 6 * DAY, TODAY + 9 * DAY)
    with pytest.raises(DelegationProblem, match="不能委托自己"):
        away(clerk, clerk)


def test_nobody_sends_another_on_leave(two):
    _head, clerk = two
    with pytest.raises(DelegationProblem, match="为自己"):
        delegation.begin(Leave("zhou", "wu", TODAY, TODAY, "代办"), by=clerk.actor)


def test_only_the_two_may_end_it(two, users):
    row = away(*two)
    with pytest.raises(DelegationProblem, match="请假的人和代办的人"):
        delegation.end(row.pk, by=users["office"].actor)
    with pytest.raises(DelegationProblem):
        delegation.end(0, by=users["office"].actor)
    delegation.end(row.pk, by=two[1].actor, reason="另有任务")
    assert [(m.to_user, m.body) for m in inbox("zhou")] == [("zhou", "另有任务")]


def test_the_deputy_is_told(two):
    away(*two)
    (message,) = inbox("wu")
    assert message.title == "周科长 请您代办工作"
    assert TODAY.isoformat() in message.body
    assert message.url == "/leave/"


def test_an_act_under_no_known_right_names_for_whom_its_actor_stood_in(two, users):
    head, clerk = two
    away(head, clerk)
    away(users["office"], clerk)
    with writing(verb="test.edit", by=on(clerk).actor, note={"n": 1}):
        pass
    assert Act.objects.order_by("-pk").first().note == {"n": 1, "stands_in_for": "office、周科长"}
    with writing(verb="test.edit", by=on(clerk, TODAY + 9 * DAY).actor):
        pass
    assert Act.objects.order_by("-pk").first().note == {}
    assert list(faults()) == []


def test_an_act_names_both(two):
    head, clerk = two
    away(head, clerk)
    by = on(clerk).actor_for("programmes.conclude", section="高新科")
    with writing(verb="test.conclude", by=by, note={"grade": "通过"}) as under_way:
        under_way.wrote(b"x")
    act = Act.objects.order_by("-pk").first()
    assert (act.by, act.note) == ("wu", {"grade": "通过", "on_behalf_of": "周科长"})
    with freezing(verb="test.freeze", by=by):
        pass
    assert Act.objects.order_by("-pk").first().note == {"on_behalf_of": "周科长"}
    assert list(faults()) == []
    plain = Actor("wu", "wu")
    assert plain == by, "one and the same person"


def test_the_database_keeps_it_as_it_was(two):
    row = away(*two)
    for change in ({"reason": "改"}, {"deputy": two[0]}, {"ends_on": TODAY + 90 * DAY}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Delegation.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.filter(pk=row.pk).delete()
    Delegation.objects.filter(pk=row.pk).update(ended_at=now())
    with pytest.raises(DatabaseError), transaction.atomic():
        Delegation.objects.filter(pk=row.pk).update(ended_at=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        forced(two[0], two[0])


def test_reading_all_rights_stays_one_statement(two, django_assert_num_queries):
    head, clerk = two
    away(head, clerk)
    with django_assert_num_queries(1):
        assert len(on(clerk).grants) == 2


# Pages


def sign_in(client, user):
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_the_page_from_beginning_to_end(two, client):
    head, clerk = two
    sign_in(client, head)
    filled = {"deputy": "wu", "starts_on": TODAY, "ends_on": TODAY + DAY, "reason": "出差"}
    assert client.post("/leave/", filled).url == "/leave/"
    page = client.get("/leave/").content.decode()
    assert "由 wu 代我办理" in page
    row = Delegation.objects.get()
    assert client.post("/leave/", filled).status_code == 200, "twice is refused on the form"
    sign_in(client, clerk)
    page = client.get("/leave/").content.decode()
    assert "我代 周科长 办理" in page
    assert "代周科长：科室负责人" in page
    client.post("/leave/end/", {"id": row.pk})
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "代周科长" not in client.get("/leave/").content.decode().split("k-content")[0]


def test_heads_see_the_leave_of_their_people_only(two, users, places, client):
    head, clerk = two
    away(clerk, users["office"])
    away(users["county"], users["finance"])
    assert {row.user.username for row in delegation.overseen(on(users["head"]), TODAY)} == {"wu", "county"}
    assert delegation.overseen(on(head), TODAY) == [], "another section"
    own = member("li", "head", places["990100"], sections=["成果科"])
    assert [row.user.username for row in delegation.overseen(on(own), TODAY)] == ["wu"]
    assert delegation.overseen(on(users["finance"]), TODAY) == []
    assert "wu" in sign_in(client, own).get("/leave/").content.decode()


def test_administrators_and_firms_have_no_such_page(client_as):
    for role in ("system", "security", "audit", "unit_admin", "applicant"):
        assert client_as(role).get("/leave/").status_code == 403


@pytest.mark.parametrize("pk", ["", "x", "0", "99999999999999999999999"])
def test_a_wrong_number_ends_nothing(client_as, pk):
    assert client_as("clerk").post("/leave/end/", {"id": pk}).status_code == 302


def test_a_page_open_only_through_the_absent_writes_in_both_names(users, client):
    """导出以外的写入: the office's places are not open to the finance officer, until the office is away."""
    finance, office = users["finance"], users["office"]
    filled = {
        "name": "新镇",
        "kind": "town",
        "code": "990121002",
        "parent": "990121",
        "since": "2026-01-01",
        "reason": "新设",
    }
    sign_in(client, finance)
    assert client.post("/places/add/", filled).status_code == 403
    away(office, finance)
    assert client.post("/places/add/", filled).status_code == 302
    act = Act.objects.order_by("-pk").first()
    assert (act.verb, act.by, act.note.get("on_behalf_of")) == ("places.plant", "finance", "office")
