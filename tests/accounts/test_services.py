"""Accounts and roles: each service leaves exactly one act, and refuses with a sentence."""

import pytest
from django.core.exceptions import ValidationError

from keshu.bureau.accounts import services
from keshu.bureau.accounts.access import ADMINISTRATORS, RIGHTS, refuses, viewer_of
from keshu.bureau.accounts.models import Membership, OldPassword, User
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor

BY = Actor("setup", "系统安装")


def newest():
    act = Act.objects.order_by("-pk").first()
    return act.verb, act.by, act.subject, act.reason


def add(username="zhou.min", **more):
    return services.add_user(
        username, **{"name": "周敏", "password": "Yunling#2026", "by": BY, "reason": "新到岗"} | more
    )


def test_a_new_account_has_no_role_and_must_change_its_password(db):
    user = add(username=" Zhou.Min ")
    assert (user.username, user.must_change_password, user.is_active) == ("zhou.min", True, True)
    assert viewer_of(user).rights == frozenset()
    assert newest() == ("user.add", "setup", "user:zhou.min", "新到岗")
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("more", "says"),
    [
        pytest.param({"username": "周敏"}, "不符合要求", id="a Chinese account name"),
        pytest.param({"username": "a"}, "不符合要求", id="one letter"),
        pytest.param({"name": "  "}, "请填写姓名", id="no name"),
        pytest.param({"username": "clerk"}, "已存在", id="a name that is taken"),
    ],
)
def test_a_wrong_account_is_refused_whole(users, more, says):
    before = Act.objects.count(), User.objects.count()
    with pytest.raises(AccountProblem, match=says):
        add(**more)
    assert (Act.objects.count(), User.objects.count()) == before


def test_a_weak_password_is_refused(db):
    with pytest.raises(ValidationError):
        add(password="12345678")
    assert not User.objects.exists()


def test_setting_a_password_remembers_the_old_one(users):
    clerk = users["clerk"]
    old = clerk.password
    services.set_password(clerk.pk, "Qiushi#2027", by=clerk.actor)
    clerk.refresh_from_db()
    assert clerk.check_password("Qiushi#2027")
    assert list(OldPassword.objects.values_list("user_id", "password")) == [(clerk.pk, old)]
    assert newest() == ("user.password", "clerk", "user:clerk", "")


def test_a_reset_gives_a_password_that_has_to_be_changed(users):
    first = services.reset_password(users["clerk"].pk, by=users["system"].actor, reason="遗忘")
    users["clerk"].refresh_from_db()
    assert users["clerk"].check_password(first)
    assert users["clerk"].must_change_password
    assert newest() == ("user.password", "system", "user:clerk", "遗忘")


def test_switching_off_and_on_again(users):
    services.deactivate_user(users["clerk"].pk, by=users["system"].actor, reason="调离")
    assert newest() == ("user.deactivate", "system", "user:clerk", "调离")
    with pytest.raises(AccountProblem, match="已处于"):
        services.deactivate_user(users["clerk"].pk, by=users["system"].actor, reason="调离")
    services.activate_user(users["clerk"].pk, by=users["system"].actor, reason="调回")
    assert User.objects.get(username="clerk").is_active


def test_nobody_switches_off_or_grants_or_ends_their_own(users):
    own = users["security"].memberships.get()
    for change in (
        lambda: services.deactivate_user(users["system"].pk, by=users["system"].actor, reason="试"),
        lambda: services.grant_role(users["security"].pk, role="clerk", by=users["security"].actor),
        lambda: services.end_role(own.pk, by=users["security"].actor, reason="试"),
    ):
        with pytest.raises(AccountProblem, match="自己"):
            change()


def test_granting_and_ending_a_role(users):
    by = users["security"].actor
    row = services.grant_role(
        users["clerk"].pk, role="head", place="990100", sections=("成果科", "高新科"), by=by, reason="任职"
    )
    assert newest() == ("role.grant", "security", "user:clerk", "任职")
    assert (row.scope, row.place.code, row.sections) == ("place", "990100", ["成果科", "高新科"])
    assert "summaries.sign" in viewer_of(users["clerk"]).rights
    services.end_role(row.pk, by=by, reason="免职")
    assert newest() == ("role.end", "security", "user:clerk", "免职")
    assert "summaries.sign" not in viewer_of(users["clerk"]).rights
    with pytest.raises(AccountProblem, match="已经终止"):
        services.end_role(row.pk, by=by, reason="免职")
    assert list(faults()) == []


def test_a_grant_everywhere_names_no_place(users):
    row = services.grant_role(users["clerk"].pk, role="office", by=users["security"].actor)
    assert (row.scope, row.place) == ("all", None)
    assert viewer_of(users["clerk"]).places("summaries.compose") is None


def test_the_same_grant_twice_is_refused(users):
    grant = {"role": "head", "place": "990100", "sections": ("高新科",), "by": users["security"].actor}
    services.grant_role(users["clerk"].pk, **grant)
    with pytest.raises(AccountProblem, match="无需重复"):
        services.grant_role(users["clerk"].pk, **grant)


@pytest.mark.parametrize("role", ["nobody", ""])
def test_an_unknown_role_or_place_is_refused(users, role):
    with pytest.raises(AccountProblem, match="没有角色"):
        services.grant_role(users["clerk"].pk, role=role, by=users["security"].actor)
    with pytest.raises(AccountProblem, match="没有代码为 000000"):
        services.grant_role(users["clerk"].pk, role="head", place="000000", by=users["security"].actor)


@pytest.mark.parametrize("held", sorted(ADMINISTRATORS))
def test_an_administrator_holds_nothing_else(users, held):
    """Every pair with an administrator in it is refused, whichever of the two came first."""
    for other in sorted(RIGHTS):
        if other == held:
            continue
        assert users[other].pk
        for first, second in ((held, other), (other, held)):
            before = Membership.objects.count()
            with pytest.raises(AccountProblem, match="三员"):
                services.grant_role(users[first].pk, role=second, by=BY)
            assert Membership.objects.count() == before


def test_an_ended_role_no_longer_stands_in_the_way(users):
    by = users["security"].actor
    services.end_role(users["clerk"].memberships.get().pk, by=by, reason="转岗")
    services.grant_role(users["clerk"].pk, role="audit", by=by, reason="转岗")
    assert viewer_of(users["clerk"]).rights == RIGHTS["audit"]


def test_several_business_roles_lie_in_one_hand():
    assert not refuses({"office", "head", "clerk", "deputy"})
    assert refuses({"system", "clerk"})
    assert refuses({"system", "audit"})
    assert not refuses({"audit"})


def test_the_recount_finds_a_membership_changed_behind_our_back(users):
    row = services.grant_role(users["clerk"].pk, role="head", place="990100", by=users["security"].actor)
    Membership.objects.filter(pk=row.pk).update(role="director")
    assert [(fault.act, fault.kind) for fault in faults()] == [(row.act_id, "membership")]
