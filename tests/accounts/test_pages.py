"""The pages of the system and the security administrator, button by button."""

import pytest
from django.urls import reverse

from keshu.bureau.accounts.models import UNIT_ROLES, Membership, User
from keshu.bureau.records.models import Act

USERS, ADD, ROLES = "/accounts/users/", "/accounts/users/add/", "/accounts/roles/"
NEW = {"username": "liu.yang", "name": "刘洋", "email": "", "reason": "新到岗"}


def test_a_new_account_shows_its_password_once(client_as):
    answer = client_as("system").post(ADD, NEW)
    first = answer.context["first"]
    user = User.objects.get(username="liu.yang")
    assert (user.name, user.must_change_password, user.check_password(first)) == ("刘洋", True, True)
    assert first in answer.content.decode()
    assert Act.objects.filter(verb="user.add", subject="user:liu.yang", by="system", reason="新到岗").count() == 1


def test_pressed_twice_it_is_made_once(client_as):
    client = client_as("system")
    client.post(ADD, NEW)
    again = client.post(ADD, NEW)
    assert again.context["form"].non_field_errors() == ["账号 liu.yang 已存在，请换一个，或在用户列表中启用原账号"]
    assert Act.objects.filter(verb="user.add").count() == 1


@pytest.mark.parametrize("role", ["security", "audit", "director", "office", "clerk", "county"])
def test_nobody_else_makes_resets_or_switches_off(client_as, users, role):
    client, before = client_as(role), Act.objects.count()
    target = users["head"].pk
    for url in (ADD, *(reverse(f"accounts:{name}", args=[target]) for name in ("reset", "activate", "deactivate"))):
        assert client.post(url, NEW).status_code == 403
    assert Act.objects.count() == before


def test_a_reset_is_asked_for_with_a_reason(client_as, users):
    client, url = client_as("system"), reverse("accounts:reset", args=[users["clerk"].pk])
    assert client.get(url).status_code == 200
    assert "reason" in client.post(url, {}).context["form"].errors
    answer = client.post(url, {"reason": "遗忘"})
    users["clerk"].refresh_from_db()
    assert users["clerk"].check_password(answer.context["first"])


def test_switching_off_and_on(client_as, users):
    client, clerk = client_as("system"), users["clerk"]
    assert client.post(reverse("accounts:deactivate", args=[clerk.pk]), {"reason": "调离"}).url == USERS
    clerk.refresh_from_db()
    assert not clerk.is_active
    assert client.post(reverse("accounts:activate", args=[clerk.pk]), {"reason": "调回"}).url == USERS
    clerk.refresh_from_db()
    assert clerk.is_active
    own = client.post(reverse("accounts:deactivate", args=[users["system"].pk]), {"reason": "试"})
    assert own.context["form"].non_field_errors() == ["不能停用或启用自己的账号，请由另一名系统管理员办理"]


def test_granting_and_ending_on_the_page(client_as, users):
    client, page = client_as("security"), reverse("accounts:grant", args=[users["clerk"].pk])
    form = {"role": "head", "place": "990121", "sections": "成果科，高新科", "reason": "任职"}
    assert client.post(page, form).url == page
    row = Membership.objects.get(user=users["clerk"], role="head")
    assert (row.place.code, row.sections) == ("990121", ["成果科", "高新科"])
    end = reverse("accounts:end-role", args=[row.pk])
    assert client.get(end).status_code == 200
    assert client.post(end, {"reason": "免职"}).url == page
    row.refresh_from_db()
    assert row.ended_at is not None
    assert "已终止" in client.get(page).content.decode()


def test_the_page_refuses_what_may_not_lie_in_one_hand(client_as, users):
    page = reverse("accounts:grant", args=[users["clerk"].pk])
    answer = client_as("security").post(page, {"role": "audit", "place": "", "sections": "", "reason": "试"})
    assert "三员须分别由三人担任" in answer.context["form"].non_field_errors()[0]
    assert Membership.objects.filter(user=users["clerk"]).count() == 1


@pytest.mark.parametrize("role", ["system", "audit", "director", "office", "clerk"])
def test_nobody_else_grants_or_ends(client_as, users, role):
    client, held = client_as(role), users["head"].memberships.get()
    form = {"role": "office", "place": "", "sections": "", "reason": "试"}
    assert client.post(reverse("accounts:grant", args=[users["head"].pk]), form).status_code == 403
    assert client.post(reverse("accounts:end-role", args=[held.pk]), {"reason": "试"}).status_code == 403
    held.refresh_from_db()
    assert held.ended_at is None


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?q=cler", ["clerk"]),
        ("?role=office", ["office"]),
        ("?state=off", []),
        (
            "?sort=-username",
            ["system", "security", "office", "head", "finance", "director", "deputy", "county", "clerk", "audit"],
        ),
        ("?role=nonsense", sorted(set(Membership.Role.values) - set(UNIT_ROLES))),
    ],
)
def test_the_list_is_filtered_and_sorted(client_as, query, found):
    assert [row.username for row in client_as("system").get(USERS + query).context["page"].rows] == found


@pytest.mark.parametrize("address", [USERS, ROLES])
def test_lists_cost_the_same_for_one_and_for_ten(client_as, users, address, django_assert_num_queries):
    client = client_as("system" if address == USERS else "security")
    client.get(address)
    for query in ("?q=clerk", ""):
        with django_assert_num_queries(
            7
        ):  # session, user, memberships, unread, total, page, its roles with their places
            client.get(address + query)
