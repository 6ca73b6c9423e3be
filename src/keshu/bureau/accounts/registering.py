"""Opening one's own account, for people outside the bureau. It may do nothing until an organisation takes it in."""

import re
import secrets
from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _

from keshu.bureau.accounts.models import User
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.parties.personal import seal
from keshu.bureau.records.services import Actor, digest_of, writing
from keshu.kernel.ids import phone as phone_rule

WANTED = re.compile(r"[a-z0-9][a-z0-9._]{1,29}")
DIGITS = 4


@dataclass(frozen=True)
class Newcomer:
    """What somebody says of themselves."""

    username: str
    name: str
    email: str
    phone: str
    title: str = ""


def register(newcomer: Newcomer, password: str, *, reason: str = "") -> User:
    """Open an account under the wished name with four digits behind it; returns it, so that the page can say the name.

    The digits always come: whether the wished name is taken cannot be told from the answer, and nobody outside can
    take a name that looks like the bureau's own. Raises AccountProblem, or ValidationError for a weak password.
    """
    wished, name, phone = newcomer.username.strip().lower(), newcomer.name.strip(), telephone(newcomer.phone)
    if not WANTED.fullmatch(wished):
        raise AccountProblem(_("账号用 2 至 30 位小写字母、数字、点，以字母或数字开头，如姓名拼音"))
    if not name:
        raise AccountProblem(_("请填写姓名"))
    user = User(username=_free(wished), name=name, email=newcomer.email, title=newcomer.title)
    user.phone = seal(phone) if phone else ""
    validate_password(password, user)
    user.password = make_password(password)
    return _open(user, by=user.actor, reason=reason)


def _open(user: User, *, by: Actor, reason: str) -> User:
    with writing(verb="user.register", by=by, reason=reason, subject=f"user:{user.username}") as under_way:
        user.created_at = user.password_changed_at = under_way.act.at
        user.save(force_insert=True)
        under_way.wrote(digest_of(["user", user.username, user.name, user.email]))
    return user


def _free(wished: str) -> str:
    for digits in (DIGITS,) * 20 + (DIGITS * 2,) * 20:
        name = f"{wished}-{secrets.randbelow(10**digits):0{digits}d}"
        if not User.objects.filter(username=name).exists():
            return name
    raise AccountProblem(_("该账号名已无余号，请换一个"))


def telephone(text: str) -> str:
    """The number as it is kept; raises AccountProblem where it is none. Empty stays empty."""
    if not text.strip():
        return ""
    verdict = phone_rule.check(text)
    if not verdict.ok:
        raise AccountProblem(f"{verdict.message}；{verdict.remedy}")
    return verdict.value
