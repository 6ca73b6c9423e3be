"""What a password has to be."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from keshu.bureau.accounts import services
from keshu.bureau.accounts.passwords import classes_in, expired
from keshu.bureau.records.services import Actor

BY = Actor("setup", "系统安装")
NOW = datetime(2026, 10, 31, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "classes"),
    [
        pytest.param("abcdefgh", 1, id="small letters only"),
        pytest.param("Abcdefgh", 2, id="two kinds of letters"),
        pytest.param("Abcdef12", 3, id="letters and digits"),
        pytest.param("Abcd#f12", 4, id="all four"),
    ],
)
def test_classes_are_counted(password, classes):
    assert classes_in(password) == classes


@pytest.mark.parametrize(
    ("role", "password", "code"),
    [
        pytest.param("clerk", "Ab#4567", "password_too_short", id="a clerk with seven signs"),
        pytest.param("clerk", "Ab#45678", None, id="a clerk with eight"),
        pytest.param("clerk", "abcdefgh1", "password_too_plain", id="two classes only"),
        pytest.param("system", "Ab#45678901", "password_too_short", id="an administrator with eleven"),
        pytest.param("system", "Ab#456789012", None, id="an administrator with twelve"),
    ],
)
def test_strength_depends_on_the_role(users, role, password, code):
    if code is None:
        validate_password(password, users[role])
        return
    with pytest.raises(ValidationError) as problem:
        validate_password(password, users[role])
    assert [error.code for error in problem.value.error_list] == [code]


def test_the_last_five_passwords_are_refused_and_the_sixth_is_not(users):
    clerk = users["clerk"]
    used = ["Yunling#2026", *(f"Qiushi#{n:04}" for n in range(1, 6))]
    for password in used[1:]:
        services.set_password(clerk.pk, password, by=clerk.actor)
    for password in used[1:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            services.set_password(clerk.pk, password, by=clerk.actor)
    services.set_password(clerk.pk, used[0], by=clerk.actor)
    clerk.refresh_from_db()
    assert clerk.check_password(used[0])


@pytest.mark.parametrize(
    ("days", "old"), [pytest.param(90, False, id="on the ninetieth day"), pytest.param(91, True, id="after it")]
)
def test_a_password_lasts_ninety_days(days, old):
    assert expired(NOW - timedelta(days=days), at=NOW) == old


def test_a_password_that_was_never_set_by_anybody_is_old():
    assert expired(None, at=NOW)


def test_first_passwords_satisfy_even_the_administrators_rule(users):
    for _try in range(50):
        password = services.first_password()
        validate_password(password, users["system"])
        assert not set("0O1lI") & set(password)
