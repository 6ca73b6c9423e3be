"""Members of organisations: joining, other roles, leaving; one administrator always stays."""

import pytest
from django.urls import reverse
from tests.accounts.conftest import BY, account, belongs, signed_in

from keshu.bureau.accounts import members
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import Invitation, Membership, User
from keshu.bureau.accounts.services import AccountProblem, grant_role
from keshu.bureau.outbox.models import Message
from keshu.bureau.parties.services import merge_parties
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act


def roles(party):
    return [(row.user.username, row.role) for row in members.members_of(party.pk)]


def acts():
    return list(Act.objects.order_by("-pk").values_list("verb", "by", "subject"))


def test_members_stand_with_administrators_first(firm):
    assert roles(firm.party) == [("lin", "unit_admin"), ("chen", "applicant")]


def test_the_only_administrator_stays(firm):
    """Neither leaving nor a lower role; nor when the other administrator's account is switched off."""
    User.objects.filter(pk=firm.chen.pk).update(is_active=False)
    second = account("sun")
    off = belongs(second, firm.party, "unit_admin")
    User.objects.filter(pk=second.pk).update(is_active=False)
    before = Act.objects.count()
    for change in (
        lambda: members.remove_member(firm.admin.pk, by=firm.lin.actor),
        lambda: members.change_role(firm.admin.pk, "applicant", by=firm.lin.actor),
    ):
        with pytest.raises(AccountProblem, match="唯一的管理员"):
            change()
    assert Act.objects.count() == before
    members.remove_member(off.pk, by=firm.lin.actor)
    assert roles(firm.party) == [("lin", "unit_admin"), ("chen", "applicant")]


def test_two_administrators_take_each_other_out_and_one_is_left(firm):
    members.change_role(firm.applicant.pk, "unit_admin", by=firm.lin.actor)
    chen = members.administrators_of(firm.party.pk).get(user=firm.chen)
    members.remove_member(chen.pk, by=firm.lin.actor)
    with pytest.raises(AccountProblem, match="唯一的管理员"):
        members.remove_member(firm.admin.pk, by=firm.chen.actor)
    with pytest.raises(AccountProblem, match="已不在本单位"):
        members.remove_member(chen.pk, by=firm.lin.actor)


def test_another_role_ends_the_first_and_begins_the_second_in_one_act(firm):
    made = members.change_role(firm.applicant.pk, "unit_admin", by=firm.lin.actor, reason="分管")
    firm.applicant.refresh_from_db()
    assert firm.applicant.ended_at == made.act.at
    assert acts()[0] == ("member.role", "lin", "user:chen")
    assert viewer_of(firm.chen).may("own.manage", party=firm.party.pk)
    assert Message.objects.filter(to_user="chen", channel="site").count() == 1
    assert list(faults()) == []


def test_handing_over_swaps_both_roles(firm):
    members.hand_over(firm.admin.pk, firm.applicant.pk, by=firm.lin.actor, reason="离任")
    assert roles(firm.party) == [("chen", "unit_admin"), ("lin", "applicant")]
    assert acts()[0] == ("member.hand-over", "lin", "user:lin")
    assert not viewer_of(firm.lin).may("own.manage", party=firm.party.pk)


def test_nothing_is_handed_over_to_somebody_of_another_organisation(firm):
    with pytest.raises(AccountProblem, match="本单位的另一名成员"):
        members.hand_over(firm.admin.pk, firm.stranger.pk, by=firm.lin.actor)
    assert roles(firm.party) == [("lin", "unit_admin"), ("chen", "applicant")]


def test_a_code_lets_one_person_in_once(firm):
    row, code = members.invite(firm.party.pk, "applicant", by=firm.lin.actor, note="给赵某")
    assert code not in str(Invitation.objects.values().get(pk=row.pk))
    members.redeem_code(code.lower().replace("-", " "), firm.zhao, by=firm.zhao.actor)
    assert roles(firm.party)[-1] == ("zhao", "applicant")
    with pytest.raises(AccountProblem, match="邀请无效"):
        members.redeem_code(code, account("late"), by=BY)
    assert list(faults()) == []


def test_a_wrong_an_old_and_a_withdrawn_code_are_refused_alike(firm):
    old, old_code = members.invite(firm.party.pk, "applicant", by=firm.lin.actor)
    Invitation.objects.filter(pk=old.pk).update(expires_at=old.made_at)
    gone, gone_code = members.invite(firm.party.pk, "applicant", by=firm.lin.actor)
    members.cancel_invitation(gone.pk, by=firm.lin.actor)
    said = set()
    for code in ("AAAA-BBBB-CCCC", old_code, gone_code, ""):
        with pytest.raises(AccountProblem) as problem:
            members.redeem_code(code, firm.zhao, by=firm.zhao.actor)
        said.add(str(problem.value))
    assert len(said) == 1
    assert not Membership.objects.filter(user=firm.zhao).exists()


def test_an_invitation_by_name_is_for_that_account_alone_and_tells_nothing(firm):
    known, _none = members.invite(firm.party.pk, "applicant", by=firm.lin.actor, username="Zhao")
    unknown, _none = members.invite(firm.party.pk, "applicant", by=firm.lin.actor, username="nobody")
    assert (known.username, known.digest, unknown.digest) == ("zhao", None, None)
    with pytest.raises(AccountProblem, match="邀请无效"):
        members.accept_invitation(known.pk, firm.wu, by=firm.wu.actor)
    members.accept_invitation(known.pk, firm.zhao, by=firm.zhao.actor)
    assert ("zhao", "applicant") in roles(firm.party)
    page = [
        signed_in(firm.lin).post(
            reverse("accounts:members", args=[firm.party.pk]), {"username": name, "role": "applicant"}
        )
        for name in ("wu", "nobody-at-all")
    ]
    assert [answer.url for answer in page] == [page[0].url] * 2


def test_an_administrator_of_the_system_joins_nothing_and_a_member_never_becomes_one(firm, users):
    with pytest.raises(AccountProblem, match="不得加入单位"):
        belongs(users["audit"], firm.party, "applicant")
    with pytest.raises(AccountProblem, match="三员"):
        grant_role(firm.chen.pk, role="system", by=users["security"].actor)


def test_of_merged_organisations_the_members_stay_together(firm):
    merge_parties(firm.other.pk, firm.party.pk, by=BY, reason="吸收合并")
    assert [name for name, _role in roles(firm.party)] == ["lin", "wu", "chen"]
    assert viewer_of(firm.wu).may("programmes.apply", party=firm.party.pk)
    assert not viewer_of(firm.lin).may("programmes.apply", party=firm.other.pk)


ADDRESSES = ("facts", "members", "leave", "rename", "hand-over")


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize("who", ["wu", "zhao", "chen"])
def test_nobody_else_sees_or_changes_an_organisation(firm, name, who):
    client, before = signed_in(getattr(firm, who)), Act.objects.count()
    url = reverse(f"accounts:{name}", args=[firm.party.pk])
    form = {
        "name": "改名",
        "on": "2026-01-01",
        "reason": "试",
        "unit_type": "企业",
        "heir": firm.applicant.pk,
        "role": "applicant",
    }
    answers = (
        client.get(url).status_code,
        client.post(url, form).status_code if (who, name) != ("chen", "leave") else 0,
    )
    expected = {
        "wu": (404, 404),
        "zhao": (403, 403),
        "chen": {"facts": (200, 404), "members": (200, 404), "leave": (200, 0)}.get(name, (403, 403)),
    }[who]
    assert answers == expected
    assert Act.objects.count() == before
    firm.party.refresh_from_db()
    assert firm.party.name == "云岭测试仪器有限公司"


@pytest.mark.parametrize("name", ["member-role", "member-remove", "member-help"])
@pytest.mark.parametrize("who", ["wu", "zhao", "chen"])
def test_nobody_else_manages_a_member(firm, name, who):
    client, before = signed_in(getattr(firm, who)), Act.objects.count()
    url = reverse(f"accounts:{name}", args=[firm.admin.pk])
    code = {"wu": 404, "zhao": 403, "chen": 403}[who]
    assert (client.get(url).status_code, client.post(url, {"reason": "试"}).status_code) == (code, code)
    assert Act.objects.count() == before


def test_a_membership_of_the_bureau_is_not_managed_by_a_unit(firm, users):
    own = users["clerk"].memberships.get()
    assert signed_in(firm.lin).post(reverse("accounts:member-remove", args=[own.pk])).status_code == 404
    own.refresh_from_db()
    assert own.ended_at is None


def test_the_pages_of_an_administrator_work(firm):
    client, url = signed_in(firm.lin), reverse("accounts:members", args=[firm.party.pk])
    assert "陈某" in client.get(url).content.decode()
    code = client.post(url, {"username": "", "role": "applicant", "note": "给赵某"}).context["code"]
    joined = signed_in(firm.zhao).post(reverse("accounts:redeem"), {"code": code})
    assert joined.url == reverse("accounts:unit")
    zhao = Membership.objects.get(user=firm.zhao)
    role = reverse("accounts:member-role", args=[zhao.pk])
    assert client.get(role).status_code == 200
    assert client.post(role, {"reason": ""}).url == url
    heir = Membership.objects.get(user=firm.zhao, ended_at=None)
    assert heir.role == "unit_admin"
    over = reverse("accounts:hand-over", args=[firm.party.pk])
    assert client.post(over, {"heir": heir.pk}).url == reverse("accounts:unit")
    assert client.post(reverse("accounts:leave", args=[firm.party.pk]), {"reason": ""}).url == reverse("accounts:unit")
    assert roles(firm.party) == [("zhao", "unit_admin"), ("chen", "applicant")]


def test_switching_the_organisation_permits_nothing(firm):
    belongs(firm.chen, firm.other, "applicant")
    client = signed_in(firm.chen)
    switch = "accounts:act-for"
    assert client.get(reverse(switch, args=[firm.other.pk])).status_code == 405
    assert client.post(reverse(switch, args=[firm.other.pk])).status_code == 302
    assert client.session["acting_party"] == firm.other.pk
    assert signed_in(firm.lin).post(reverse(switch, args=[firm.other.pk])).status_code == 404
    session = client.session
    session["acting_party"] = 999999
    session.save()
    assert client.get(reverse("accounts:own-members")).url == reverse("accounts:members", args=[firm.party.pk])


def test_the_page_of_members_costs_the_same_for_one_and_for_three(firm, django_assert_num_queries):
    client, url = signed_in(firm.lin), reverse("accounts:members", args=[firm.party.pk])
    client.get(url)
    for more in range(2):
        belongs(account(f"more{more}"), firm.party, "applicant")
        # session, user, memberships, merges; organisation, merges, members, claims, invitations; unread messages
        with django_assert_num_queries(10):
            client.get(url)
