"""Coming in, staying in, being sent out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse

from keshu.bureau.accounts import middleware, services
from keshu.bureau.accounts.models import SignIn

DOOR, HOME, PASSWORD = "/accounts/sign-in/", "/", "/accounts/password/"
RIGHT = "Yunling#2026"


def enter(client, username="clerk", password=RIGHT, **more):
    return client.post(DOOR, {"username": username, "password": password, **more})


@pytest.fixture
def tick(monkeypatch):
    """The clock that the middleware reads, to be pushed on."""

    class Clock:
        at = datetime.now(UTC)

        def now(self):
            return self.at

        def push(self, **by):
            self.at += timedelta(**by)

    clock = Clock()
    monkeypatch.setattr(middleware.timezone, "now", clock.now)
    return clock


def test_the_right_password_opens_the_home_page(client, users):
    answer = enter(client)
    assert (answer.status_code, answer.url) == (302, HOME)
    assert client.get(HOME).status_code == 200
    row = SignIn.objects.get()
    assert (row.username, row.outcome, row.user, row.ended_at, row.address) == (
        "clerk",
        "opened",
        users["clerk"],
        None,
        "127.0.0.1",
    )


def test_capitals_in_the_account_do_not_matter(client, users):
    assert enter(client, username=" CLERK ").url == HOME


@pytest.mark.parametrize(("username", "password"), [("clerk", "wrong"), ("nobody", RIGHT)])
def test_a_wrong_account_and_a_wrong_password_get_the_same_answer(client, users, username, password):
    answer = enter(client, username=username, password=password)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors() == ["账号或密码不对，或账号已停用；连续 5 次不对将锁定 15 分钟"]
    assert SignIn.objects.get().outcome == "refused"
    assert client.get(HOME).status_code == 302


def test_a_switched_off_account_does_not_come_in(client, users):
    services.deactivate_user(users["clerk"].pk, by=users["system"].actor, reason="调离")
    assert enter(client).status_code == 200
    assert client.get(HOME).status_code == 302


@pytest.mark.parametrize(
    ("target", "lands"),
    [
        pytest.param("/accounts/password/", "/accounts/password/", id="a page of ours"),
        pytest.param("https://elsewhere.example/", "/", id="somebody else's page"),
        pytest.param("//elsewhere.example/", "/", id="without its scheme"),
    ],
)
def test_one_is_sent_on_within_the_site_only(client, users, target, lands):
    assert enter(client, next=target).url == lands


def test_five_wrong_passwords_lock_the_account_for_this_address(client, users, settings):
    settings.AXES_ENABLED = True
    for _try in range(4):
        assert enter(client, password="wrong").status_code == 200
    locked = enter(client, password="wrong")
    assert locked.status_code == 429
    assert "accounts/locked.html" in [template.name for template in locked.templates]
    assert enter(client).status_code == 429, "the right password does not open a locked account"
    assert list(SignIn.objects.order_by("pk").values_list("outcome", flat=True)) == ["refused"] * 4 + ["locked"] * 2
    assert enter(client, username="head").url == HOME, "others come in from the same address"


def test_signing_out_ends_the_session(client, users):
    enter(client)
    assert client.get(reverse("accounts:sign-out")).status_code == 405
    assert client.post(reverse("accounts:sign-out")).url == DOOR
    assert client.get(HOME).status_code == 302
    assert SignIn.objects.get().ended_at is not None


@pytest.mark.parametrize(("role", "minutes"), [("clerk", 30), ("system", 10), ("security", 10), ("audit", 10)])
def test_an_idle_session_ends(client, users, tick, role, minutes):
    enter(client, username=role)
    tick.push(minutes=minutes - 1)
    assert client.get(HOME).status_code == 200
    tick.push(minutes=minutes, seconds=1)
    assert client.get(HOME).status_code == 302
    assert SignIn.objects.get().ended_at is not None
    assert "较长时间没有操作" in client.get(DOOR).content.decode()


def test_a_partial_request_of_an_ended_session_reloads_the_page(client, users, tick):
    enter(client)
    tick.push(minutes=31)
    answer = client.get("/search/?q=x", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (200, "true")


def test_a_fourth_session_ends_the_first(users):
    from django.test import Client

    clients = [Client() for _n in range(4)]
    for one in clients:
        enter(one)
    assert [one.get(HOME).status_code for one in clients] == [302, 200, 200, 200]
    assert SignIn.objects.filter(ended_at__isnull=True).count() == 3


def test_the_first_sign_in_has_to_change_the_password(client, users):
    services.set_password(users["clerk"].pk, "Qiushi#2027", by=users["system"].actor, must_change=True)
    enter(client, password="Qiushi#2027")
    assert client.get(HOME).url == PASSWORD
    assert "首次登录" in client.get(PASSWORD).content.decode()
    answer = client.post(PASSWORD, {"current": "Qiushi#2027", "new": "Gezhi#2028", "again": "Gezhi#2028"})
    assert answer.url == HOME
    assert client.get(HOME).status_code == 200


def test_an_old_password_has_to_be_changed(client, users, tick):
    tick.push(days=91)
    enter(client)
    assert client.get(HOME).url == PASSWORD
    assert "超过使用期限" in client.get(PASSWORD).content.decode()


@pytest.mark.parametrize(
    ("days", "says"),
    [pytest.param(82, "", id="eight days before"), (83, "密码将在 7 天后到期"), (89, "密码将在 1 天后到期")],
)
def test_a_week_before_it_is_too_old_one_is_told(client, users, monkeypatch, days, says):
    from keshu.bureau.accounts import views

    at = datetime.now(UTC) + timedelta(days=days)
    monkeypatch.setattr(views.timezone, "now", lambda: at)
    enter(client)
    page = client.get(HOME).content.decode()
    assert says in page
    assert ("天后到期" in page) == bool(says)


@pytest.mark.parametrize(
    ("current", "new", "again", "field", "says"),
    [
        ("wrong", "Gezhi#2028", "Gezhi#2028", "current", "现密码不对，请重新输入"),
        (RIGHT, "Gezhi#2028", "Gezhi#2029", "again", "两次输入的新密码不一致，请重新输入"),
        (RIGHT, RIGHT, RIGHT, "new", "不能使用最近 5 次用过的密码，请换一个"),
    ],
)
def test_a_wrong_change_says_which_field(client_as, current, new, again, field, says):
    answer = client_as("clerk").post(PASSWORD, {"current": current, "new": new, "again": again})
    assert answer.context["form"].errors == {field: [says]}


def test_a_new_password_ends_the_sessions_elsewhere(users):
    from django.test import Client

    here, elsewhere = Client(), Client()
    enter(here), enter(elsewhere)
    here.post(PASSWORD, {"current": RIGHT, "new": "Gezhi#2028", "again": "Gezhi#2028"})
    assert [one.get(HOME).status_code for one in (here, elsewhere)] == [200, 302]
    assert Session.objects.count() == 1
    assert SignIn.objects.filter(ended_at__isnull=True).count() == 1


def test_a_granted_role_ends_the_sessions_so_that_it_counts_at_once(client, users):
    enter(client)
    services.grant_role(users["clerk"].pk, role="head", place="990100", by=users["security"].actor)
    assert client.get(HOME).status_code == 302


def test_a_sign_in_cannot_be_rewritten(client, users):
    from django.db import DatabaseError, transaction

    enter(client)
    with pytest.raises(DatabaseError), transaction.atomic():
        SignIn.objects.update(username="somebody")
    with pytest.raises(DatabaseError), transaction.atomic():
        SignIn.objects.all().delete()


def test_demo_logins_show_in_demo_mode_only(client, db, settings, tmp_path):
    (tmp_path / "demo-logins.json").write_text(
        '[{"role": "办公室", "username": "office9", "password": "Yunling#2026"}]'
    )
    settings.PATHS = type(settings.PATHS)(data=tmp_path, keys=tmp_path / "keys")
    settings.DEMO = False
    assert "office9" not in client.get(DOOR).content.decode()
    settings.DEMO = True
    assert "office9" in client.get(DOOR).content.decode()
