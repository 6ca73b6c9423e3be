"""What a password has to be: long enough, mixed, not one of the last few. Told in words before and after."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import ADMINISTRATORS
from keshu.bureau.accounts.models import Membership, OldPassword

LENGTH, ADMINISTRATOR_LENGTH, CLASSES, REMEMBERED = 8, 12, 3, 5
NOTICE_DAYS = 7  # before a password gets too old


def classes_in(password: str) -> int:
    """How many of capital letters, small letters, digits and other signs occur."""
    tests = (str.isupper, str.islower, str.isdigit, lambda sign: not sign.isalnum())
    return sum(any(test(sign) for sign in password) for test in tests)


def is_administrator(user: Any) -> bool:
    """True if the account holds, or held, one of the three administrators' roles."""
    if user is None or user.pk is None:
        return False
    return Membership.objects.filter(user_id=user.pk, role__in=ADMINISTRATORS, ended_at__isnull=True).exists()


def expired(changed_at: datetime | None, *, at: datetime) -> bool:
    return changed_at is None or at - changed_at > timedelta(days=settings.PASSWORD_MAX_AGE_DAYS)


def days_left(changed_at: datetime | None, *, at: datetime) -> int | None:
    """Whole days until the password is too old; None if nobody ever set it."""
    return None if changed_at is None else settings.PASSWORD_MAX_AGE_DAYS - (at - changed_at).days


class Strength:
    """At least 8 signs (administrators 12) of at least three of the four classes."""

    def validate(self, password: str, user: Any = None) -> None:
        length = ADMINISTRATOR_LENGTH if is_administrator(user) else LENGTH
        if len(password) < length:
            raise ValidationError(
                _("密码至少需要 %(length)s 位，现为 %(now)s 位，请加长后重试"),
                code="password_too_short",
                params={"length": length, "now": len(password)},
            )
        if classes_in(password) < CLASSES:
            raise ValidationError(
                _("密码须包含大写字母、小写字母、数字、符号中的至少三类，请补充后重试"), code="password_too_plain"
            )

    def get_help_text(self) -> str:
        return _("至少 8 位（管理员至少 12 位），含大写字母、小写字母、数字、符号中的至少三类")


class NotRecentlyUsed:
    """Not the current password, nor one of the five before it."""

    def validate(self, password: str, user: Any = None) -> None:
        if user is None or user.pk is None:
            return
        former = OldPassword.objects.filter(user=user).order_by("-replaced_at", "-pk")
        used = [user.password, *former.values_list("password", flat=True)[: REMEMBERED - 1]]
        if any(old and check_password(password, old) for old in used):
            raise ValidationError(
                _("不能使用最近 %(n)s 次用过的密码，请换一个"), code="password_used", params={"n": REMEMBERED}
            )

    def get_help_text(self) -> str:
        return _("不能与最近 5 次用过的密码相同")
