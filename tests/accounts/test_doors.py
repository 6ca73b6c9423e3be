"""Opening an account and getting back into one: nothing tells whether an account exists, and every key fits once."""

import re
from datetime import timedelta

import pytest
from django.core import signing
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from tests.accounts.conftest import PASSWORD, account, belongs, signed_in

from keshu.bureau.accounts import limits, recovery
from keshu.bureau.accounts.access import viewer_of
from keshu.bureau.accounts.models import Attempt, Recovery, SignIn, User
from keshu.bureau.accounts.recovery import recover_by_code, recover_by_link
from keshu.bureau.accounts.services import AccountProblem, grant_role, set_password
from keshu.bureau.outbox.models import Message
from keshu.bureau.outbox.sending import send
from keshu.bureau.parties.personal import is_sealed, unseal
from keshu.bureau.records.audit import faults
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import now

NEW = "Qiushi#2027"
REGISTER, RECOVER, BY_CODE = "/accounts/register/", "/accounts/recover/", "/accounts/recover/code/"
NEWCOMER = {
    "username": "Li.Na",
    "name": "李娜",
    "phone": "13800138000",
    "email": "",
    "password": PASSWORD,
    "again": PASSWORD,
}


@pytest.fixture(autouse=True)
def post_office(settings):
    settings.EMAIL_ON = True
    settings.CSRF_TRUSTED_ORIGINS = ["https://keji.example"]


def letters(user):
    return [unseal(row.body) for row in Message.objects.filter(to_user=user.username, channel="email").order_by("pk")]


def link_in(letter):
    return re.search(r"https://keji\.example/accounts/recover/link/([^/]+)/", letter).group(1)


def without_token(answer):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.content.decode())


# Opening an account


def test_a_new_account_may_do_nothing_and_lands_where_it_can_claim(db):
    answer = Client().post(REGISTER, NEWCOMER)
    user = User.objects.get()
    assert re.fullmatch(r"li\.na-\d{4}", user.username)
    assert user.username in answer.content.decode()
    assert (user.name, user.must_change_password, viewer_of(user).rights) == ("李娜", False, frozenset())
    assert (is_sealed(user.phone), unseal(user.phone)) == (True, "13800138000")
    assert Act.objects.values_list("verb", "by", "subject").get() == (
        "user.register",
        user.username,
        f"user:{user.username}",
    )
    client = Client()
    door = client.post("/accounts/sign-in/", {"username": user.username, "password": PASSWORD})
    assert door.url == reverse("accounts:unit")
    assert client.get(door.url).status_code == 200
    assert list(faults()) == []


def test_a_taken_name_cannot_be_told_from_a_free_one(users):
    """Also a name of the bureau's own: the answer is a name with digits, every time."""
    said = set()
    for wished in ("clerk", "nobody.here", "clerk"):
        answer = Client().post(REGISTER, NEWCOMER | {"username": wished})
        page = without_token(answer)
        said.add(re.sub(rf"{wished}-\d{{4}}", "NAME", page))
    assert len(said) == 1
    assert User.objects.filter(name="李娜").count() == 3
    assert User.objects.get(username="clerk").name == "clerk"


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("username", "李娜", "小写字母"),
        ("username", "a", "2 至 30 位"),
        ("username", "a-1234", "小写字母"),
        ("phone", "123", "应为11位"),
        ("password", "12345678", "三类"),
        ("again", "Other#2026", "不一致"),
        ("name", "", "id_name_error"),
        ("email", "nowhere", "id_email_error"),
    ],
)
def test_a_wrong_registration_is_refused_whole(db, field, value, says):
    answer = Client().post(REGISTER, NEWCOMER | {field: value})
    assert says in str(answer.context["form"].errors)
    assert not User.objects.exists()
    assert not Act.objects.exists()


def test_registering_is_slowed_down_by_address_and_the_address_is_not_kept(db):
    for _i in range(10):
        Client().post(REGISTER, NEWCOMER)
    answer = Client().post(REGISTER, NEWCOMER)
    assert answer.context["form"].non_field_errors() == ["尝试次数过多，请一小时后再试"]
    assert User.objects.count() == 10
    assert not Attempt.objects.filter(key__contains="127.0").exists()
    assert Client(REMOTE_ADDR="10.9.8.7").post(REGISTER, NEWCOMER).status_code == 200
    assert User.objects.count() == 11


def test_tries_count_no_longer_than_they_matter(db):
    limit, at = limits.Limit("test", 2), now()
    assert [limits.try_once(limit, ["a"], at=at) for _i in range(3)] == [True, True, False]
    assert limits.try_once(limit, ["b"], at=at)
    assert limits.try_once(limit, ["a"], at=at + timedelta(hours=1))
    assert Attempt.objects.filter(what="test").count() == 2


# The link


def test_the_answer_is_the_same_whatever_account_is_named(firm, users):
    """An account with an address, one without, one that is off, an administrator of the system, and none at all."""
    User.objects.filter(pk=firm.wu.pk).update(is_active=False, email="wu@example.com")
    User.objects.filter(username="audit").update(email="audit@example.com")
    asked = ["lin", "LIN@example.com", "chen", "wu", "audit", "audit@example.com", "nobody", "no@example.com"]
    said = {
        without_token(Client(REMOTE_ADDR=f"10.0.0.{i}").post(RECOVER, {"account": name}))
        for i, name in enumerate(asked)
    }
    assert len(said) == 1
    assert set(Message.objects.filter(channel="email").values_list("to_user", flat=True)) == {"lin"}
    assert len(letters(firm.lin)) == 2


def test_the_letter_lies_sealed_and_the_newest_link_alone_opens(firm):
    for _i in range(2):
        Client().post(RECOVER, {"account": "lin"})
    assert not Message.objects.filter(body__contains="recover/link").exists()
    old, fresh = map(link_in, letters(firm.lin))
    assert (recovery.link_stands(old), recovery.link_stands(fresh)) == (False, True)
    with pytest.raises(AccountProblem):
        recover_by_link(old, NEW)


def test_the_letter_that_leaves_the_house_holds_the_link(firm, mailoutbox):
    Client().post(RECOVER, {"account": "lin"})
    send(Message.objects.get(channel="email"))
    assert mailoutbox[-1].to == ["lin@example.com"]
    assert recovery.link_stands(link_in(mailoutbox[-1].body))


def test_a_link_opens_once_and_looking_uses_nothing_up(firm):
    client = signed_in(firm.lin)
    Client().post(RECOVER, {"account": "lin@example.com"})
    url = reverse("accounts:recover-link", args=[link_in(letters(firm.lin)[0])])
    for _i in range(3):
        page = Client().get(url)
        assert (page.context["stands"], page["Referrer-Policy"]) == (True, "no-referrer")
    weak = Client().post(url, {"password": PASSWORD, "again": PASSWORD})
    assert "最近" in str(weak.context["form"].errors), "a refused password leaves the way open"
    assert Client().post(url, {"password": NEW, "again": NEW}).url == reverse("accounts:sign-in")
    firm.lin.refresh_from_db()
    assert firm.lin.check_password(NEW)
    assert client.get(reverse("accounts:unit")).status_code == 302, "sessions elsewhere have ended"
    again = Client().post(url, {"password": "Another#2028", "again": "Another#2028"})
    assert again.status_code == 200
    firm.lin.refresh_from_db()
    assert firm.lin.check_password(NEW)
    assert list(Act.objects.filter(subject="user:lin", verb__startswith="recovery").values_list("verb", "by")) == [
        ("recovery.ask", "lin"), ("recovery.use", "lin"),
    ]  # fmt: skip
    assert list(faults()) == []


def test_a_link_ends_after_half_an_hour_by_its_signature_and_by_its_row(firm, monkeypatch):
    Client().post(RECOVER, {"account": "lin"})
    token = link_in(letters(firm.lin)[0])
    row = Recovery.objects.get()
    assert row.expires_at - row.issued_at == timedelta(minutes=30)
    real = signing.time.time
    monkeypatch.setattr(signing.time, "time", lambda: real() + 30 * 60 + 1)
    assert not recovery.link_stands(token)
    monkeypatch.setattr(signing.time, "time", real)
    Recovery.objects.update(expires_at=now())
    with pytest.raises(AccountProblem):
        recover_by_link(token, NEW)


@pytest.mark.parametrize(
    "forge",
    [
        lambda t: t + "x",
        lambda t: "1." + t,
        lambda t: t.split(":")[0],
        lambda t: "x",
        lambda t: t.replace(t.split(".")[0], "999", 1),
    ],
)
def test_a_forged_link_opens_nothing(firm, forge):
    Client().post(RECOVER, {"account": "lin"})
    token = forge(link_in(letters(firm.lin)[0]))
    assert not recovery.link_stands(token)
    with pytest.raises(AccountProblem):
        recover_by_link(token, NEW)


def test_the_link_of_one_account_is_no_key_to_another(firm):
    User.objects.filter(pk=firm.wu.pk).update(email="lin@example.com")
    Client().post(RECOVER, {"account": "lin@example.com"})
    recover_by_link(link_in(letters(firm.wu)[0]), NEW)
    firm.lin.refresh_from_db()
    firm.wu.refresh_from_db()
    assert (firm.wu.check_password(NEW), firm.lin.check_password(PASSWORD)) == (True, True)


def test_whoever_became_an_administrator_or_was_switched_off_meanwhile_is_not_let_in(firm, users):
    Client().post(RECOVER, {"account": "lin"})
    User.objects.filter(pk=firm.lin.pk).update(is_active=False)
    with pytest.raises(AccountProblem):
        recover_by_link(link_in(letters(firm.lin)[0]), NEW)
    User.objects.filter(pk=firm.zhao.pk).update(email="z@example.com")
    Client().post(RECOVER, {"account": "zhao"})
    grant_role(firm.zhao.pk, role="audit", by=users["security"].actor)
    with pytest.raises(AccountProblem):
        recover_by_link(link_in(letters(firm.zhao)[0]), NEW)


def test_without_e_mail_the_page_names_the_other_ways(db, settings):
    settings.EMAIL_ON = False
    page = Client().get(RECOVER).content.decode()
    assert "发送链接" not in page
    assert "恢复码" in page


# Printed codes


def test_ten_codes_are_shown_once_and_each_opens_once(firm):
    made = signed_in(firm.lin).post(reverse("accounts:codes")).context["made"]
    assert len(set(made)) == 10
    stored = str(list(Recovery.objects.values()))
    assert not any(code in stored or code.replace("-", "") in stored for code in made)
    form = {"username": " LIN ", "code": made[3].lower().replace("-", " "), "password": NEW, "again": NEW}
    assert Client().post(BY_CODE, form).url == reverse("accounts:sign-in")
    firm.lin.refresh_from_db()
    assert firm.lin.check_password(NEW)
    with pytest.raises(AccountProblem):
        recover_by_code("lin", made[3], "Another#2028")
    assert recovery.printed_left(firm.lin.pk) == 9
    recover_by_code("lin", made[4], "Another#2028")


def test_new_codes_take_the_place_of_the_old(firm):
    (old, *_rest), _new = (recovery.print_codes(firm.lin, by=firm.lin.actor) for _i in range(2))
    with pytest.raises(AccountProblem):
        recover_by_code("lin", old, NEW)
    assert recovery.printed_left(firm.lin.pk) == 10


def test_every_wrong_code_gets_the_same_answer_and_is_kept_in_the_log(firm, users):
    (used, *_rest) = recovery.print_codes(firm.lin, by=firm.lin.actor)
    recover_by_code("lin", used, NEW)
    tries = [
        ("lin", used),
        ("lin", "AAAA-BBBB-CCCC"),
        ("nobody", used),
        ("chen", _rest[0]),
        ("audit", used),
        ("lin", "-"),
    ]
    said = set()
    for i, (name, code) in enumerate(tries):
        form = {"username": name, "code": code, "password": "Another#2028", "again": "Another#2028"}
        answer = Client(REMOTE_ADDR=f"10.0.1.{i}").post(BY_CODE, form)
        said.add(tuple(answer.context["form"].non_field_errors()))
    assert len(said) == 1
    assert SignIn.objects.filter(outcome="unproved").count() == len(tries)


def test_codes_are_not_guessed(firm):
    (good, *_rest) = recovery.print_codes(firm.lin, by=firm.lin.actor)
    form = {"username": "lin", "code": "AAAA-BBBB-CCCC", "password": NEW, "again": NEW}
    for i in range(10):
        Client(REMOTE_ADDR=f"10.0.2.{i}").post(BY_CODE, form)
    answer = Client(REMOTE_ADDR="10.0.2.99").post(BY_CODE, form | {"code": good})
    assert answer.context["form"].non_field_errors() == ["尝试次数过多，请一小时后再试"]
    firm.lin.refresh_from_db()
    assert firm.lin.check_password(PASSWORD)


def test_administrators_of_the_system_have_no_codes(users):
    with pytest.raises(AccountProblem, match="当面重置"):
        recovery.print_codes(users["security"], by=users["security"].actor)
    client = signed_in(users["security"])
    assert "made" not in (client.post(reverse("accounts:codes")).context or {})
    assert not Recovery.objects.exists()


# Help from one's administrator


def test_an_administrator_helps_a_member_once(firm):
    url = reverse("accounts:member-help", args=[firm.applicant.pk])
    client = signed_in(firm.lin)
    assert client.get(url).status_code == 200
    code = client.post(url, {"reason": "忘记密码"}).context["code"]
    recover_by_code("chen", code, NEW)
    with pytest.raises(AccountProblem):
        recover_by_code("chen", code, "Another#2028")
    firm.chen.refresh_from_db()
    assert firm.chen.check_password(NEW)
    assert Message.objects.filter(to_user="chen", kind="account.recovery").count() == 1
    assert list(Act.objects.filter(subject="user:chen", verb__startswith="recovery").values_list("verb", "by", "reason")) == [
        ("recovery.help", "lin", "忘记密码"), ("recovery.use", "chen", ""),
    ]  # fmt: skip


def test_help_never_opens_more_than_the_helper_has(firm, users):
    """Whoever hands out the code could use it: not for a clerk, not for a member of other organisations, not for oneself."""
    belongs(firm.chen, firm.other, "applicant")
    with pytest.raises(AccountProblem, match="另有角色"):
        recovery.help_member(firm.applicant.pk, firm.lin, by=firm.lin.actor)
    clerk = belongs(users["clerk"], firm.party, "applicant")
    with pytest.raises(AccountProblem, match="另有角色"):
        recovery.help_member(clerk.pk, firm.lin, by=firm.lin.actor)
    with pytest.raises(AccountProblem, match="另有角色"):
        recovery.help_member(firm.admin.pk, firm.lin, by=firm.lin.actor)
    assert not Recovery.objects.exists()


def test_help_lapses_when_the_member_gets_another_role_meanwhile(firm, users):
    sun = account("sun")
    code = recovery.help_member(belongs(sun, firm.party, "applicant").pk, firm.lin, by=firm.lin.actor)
    grant_role(sun.pk, role="clerk", place="990100", by=users["security"].actor)
    with pytest.raises(AccountProblem):
        recover_by_code("sun", code, NEW)


def test_help_is_good_for_a_day(firm):
    code = recovery.help_member(firm.applicant.pk, firm.lin, by=firm.lin.actor)
    row = Recovery.objects.get()
    assert row.expires_at - row.issued_at == timedelta(hours=24)
    Recovery.objects.update(expires_at=row.issued_at)
    with pytest.raises(AccountProblem):
        recover_by_code("chen", code, NEW)


def test_a_weak_password_uses_nothing_up(firm):
    (code, *_rest) = recovery.print_codes(firm.lin, by=firm.lin.actor)
    with pytest.raises(ValidationError):
        recover_by_code("lin", code, "kurz")
    recover_by_code("lin", code, NEW)


def test_a_changed_password_ends_links_and_help_but_not_the_printed_codes(firm):
    Client().post(RECOVER, {"account": "lin"})
    recovery.print_codes(firm.lin, by=firm.lin.actor)
    set_password(firm.lin.pk, NEW, by=firm.lin.actor)
    assert not recovery.link_stands(link_in(letters(firm.lin)[0]))
    assert recovery.printed_left(firm.lin.pk) == 10
