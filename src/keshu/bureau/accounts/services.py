"""Accounts and roles. Each service is one act; which roles may lie in one hand is decided here, page or command."""

import re
import secrets
from collections.abc import Iterable

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _

from keshu.bureau.accounts import demo
from keshu.bureau.accounts.access import RIGHTS, refuses
from keshu.bureau.accounts.demo import DemoLogin
from keshu.bureau.accounts.models import UNIT_ROLES, Membership, OldPassword, Recovery, User
from keshu.bureau.accounts.queries import roles_of
from keshu.bureau.accounts.sessions import end_sessions_of
from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, Writing, digest_of, writing

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LETTERS, DIGITS, SIGNS = "abcdefghjkmnpqrstuvwxyz", "23456789", "#%+=@"


class AccountProblem(ValueError):
    """The change is not possible; the message says why and what to do."""


def add_user(
    username: str, *, name: str, password: str, by: Actor, email: str = "", must_change: bool = True, reason: str = ""
) -> User:
    """Open an account without any role; by default its first sign-in has to change the password.

    Raises AccountProblem, or ValidationError where the password is too weak.
    """
    username, name = username.strip().lower(), name.strip()
    if not USERNAME.fullmatch(username):
        raise AccountProblem(
            _("账号“%(name)s”不符合要求：用 2 至 40 位小写字母、数字、点、横线，以字母或数字开头") % {"name": username}
        )
    if not name:
        raise AccountProblem(_("请填写姓名"))
    user = User(username=username, name=name, email=email, must_change_password=must_change)
    validate_password(password, user)
    user.set_password(password)
    with writing(verb="user.add", by=by, reason=reason, subject=f"user:{username}") as under_way:
        if User.objects.filter(username=username).exists():
            raise AccountProblem(_("账号 %(name)s 已存在，请换一个，或在用户列表中启用原账号") % {"name": username})
        user.created_at = user.password_changed_at = under_way.act.at
        user.save()
        under_way.wrote(digest_of(["user", username, name, email]))
    return user


def set_password(
    user_id: int, password: str, *, by: Actor, must_change: bool = False, but: str = "", reason: str = ""
) -> User:
    """A new password, by its owner or (with `must_change`) by an administrator; other sessions end, except `but`.

    Checked and hashed before the transaction: a good hash takes a while, and the embedded database has one writer.
    """
    user = User.objects.get(pk=user_id)
    validate_password(password, user)
    hashed = make_password(password)
    with writing(verb="user.password", by=by, reason=reason, subject=_subject(user)) as under_way:
        store_password(user, hashed, within=under_way, must_change=must_change, but=but)
    return user


def store_password(user: User, hashed: str, *, within: Writing, must_change: bool = False, but: str = "") -> None:
    """Put a password that was checked and hashed in the place of the old one; part of a caller's act.

    Links and codes that were handed out for the old one end with it; printed codes stay good.
    """
    at = within.act.at
    OldPassword.objects.create(user=user, password=user.password, replaced_at=at)
    user.password, user.must_change_password, user.password_changed_at = hashed, must_change, at
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    within.wrote(digest_of(["user.password", user.username]))
    handed_out = Recovery.objects.filter(user=user, used_at__isnull=True, ended_at__isnull=True)
    handed_out.exclude(kind=Recovery.Kind.PRINTED).update(ended_at=at)
    end_sessions_of(user.pk, at=at, but=but)


def reset_password(user_id: int, *, by: Actor, reason: str) -> str:
    """A random first password for handing over in person, never by mail; the next sign-in has to change it."""
    password = first_password()
    set_password(user_id, password, by=by, must_change=True, reason=reason)
    return password


def first_password() -> str:
    """Twelve signs that can be read aloud, of three classes."""
    body = [secrets.choice(LETTERS) for _i in range(8)] + [secrets.choice(DIGITS) for _i in range(3)]
    secrets.SystemRandom().shuffle(body)
    return secrets.choice(LETTERS).upper() + "".join(body) + secrets.choice(SIGNS)


def deactivate_user(user_id: int, *, by: Actor, reason: str) -> User:
    """The account can no longer sign in; its acts and its name stay. Its sessions end."""
    return _switch(user_id, False, by=by, reason=reason)


def activate_user(user_id: int, *, by: Actor, reason: str) -> User:
    return _switch(user_id, True, by=by, reason=reason)


def _switch(user_id: int, active: bool, *, by: Actor, reason: str) -> User:
    subject = _subject(User.objects.get(pk=user_id))
    verb = "user.activate" if active else "user.deactivate"
    with writing(verb=verb, by=by, reason=reason, subject=subject) as under_way:
        user = User.objects.select_for_update().get(pk=user_id)
        if user.actor == by:
            raise AccountProblem(_("不能停用或启用自己的账号，请由另一名系统管理员办理"))
        if user.is_active == active:
            raise AccountProblem(_("该账号已处于所要的状态，请刷新页面"))
        user.is_active = active
        user.save(update_fields=["is_active"])
        under_way.wrote(digest_of([verb, user.username]))
        if not active:
            end_sessions_of(user.pk, at=under_way.act.at)
    return user


def grant_role(
    user_id: int, *, role: str, by: Actor, place: str = "", sections: Iterable[str] = (), reason: str = ""
) -> Membership:
    """Give a role within a place (empty: everywhere), for some sections (empty: all).

    Refuses what may not lie in one hand, a second equal grant, and a grant to oneself.
    """
    if role not in RIGHTS:
        raise AccountProblem(_("没有角色“%(role)s”；可用：%(all)s") % {"role": role, "all": " ".join(RIGHTS)})
    sections = sorted(set(sections))
    subject, note = _subject(User.objects.get(pk=user_id)), {"role": role, "sections": sections}
    with writing(verb="role.grant", by=by, reason=reason, place=place, subject=subject, note=note) as under_way:
        user = User.objects.select_for_update().get(pk=user_id)
        _refuse_grant(user, role, by)
        found = _place(place)
        row = Membership(user=user, role=role, place=found, sections=sections, act=under_way.act)
        row.scope = Membership.Scope.PLACE if found else Membership.Scope.ALL
        _refuse_equal(row)
        row.save()
        under_way.wrote(membership_digest(row), "membership")
        end_sessions_of(user.pk, at=under_way.act.at)
    return row


def _refuse_grant(user: User, role: str, by: Actor) -> None:
    if user.actor == by:
        raise AccountProblem(_("不能给自己授权，请由另一名安全管理员办理"))
    held = roles_of(user.pk)
    if refuses(held | {role}):
        names = "、".join(str(Membership.Role(r).label) for r in sorted(held | {role}))
        raise AccountProblem(
            _("不得由一人同时担任：%(names)s。三员须分别由三人担任，且不兼任业务角色；请先终止原有角色，或另选人员")
            % {"names": names}
        )
    if role in UNIT_ROLES:
        raise AccountProblem(_("单位管理员和申报人由单位自己管理：请其登录后认领单位，或由该单位管理员邀请"))


def _refuse_equal(row: Membership) -> None:
    same = Membership.objects.filter(user=row.user, role=row.role, place=row.place, ended_at__isnull=True)
    if any(sorted(other.sections) == row.sections for other in same):
        raise AccountProblem(_("该用户已有同一范围的此角色，无需重复授予"))


def _place(code: str) -> Place | None:
    if not code:
        return None
    found = Place.objects.filter(code=code).first()
    if found is None:
        raise AccountProblem(_("没有代码为 %(code)s 的区划，请在区划页核对") % {"code": code})
    return found


def end_role(membership_id: int, *, by: Actor, reason: str) -> Membership:
    """The role ends now; what was done under it stays. The person's sessions end, so that it takes effect at once."""
    row = Membership.objects.select_related("user").get(pk=membership_id)
    note = {"role": row.role, "membership": row.pk}
    with writing(verb="role.end", by=by, reason=reason, subject=_subject(row.user), note=note) as under_way:
        row = Membership.objects.select_for_update(of=("self",)).select_related("user").get(pk=membership_id)
        if row.ended_at is not None:
            raise AccountProblem(_("该角色已经终止，请刷新页面"))
        if row.user.actor == by:
            raise AccountProblem(_("不能终止自己的角色，请由另一名安全管理员办理"))
        row.ended_at = under_way.act.at
        row.save(update_fields=["ended_at"])
        under_way.wrote(digest_of(["role.end", row.pk]))
        end_sessions_of(row.user_id, at=under_way.act.at)
    return row


def membership_digest(row: Membership) -> bytes:
    """What of a membership never changes after it was granted."""
    return digest_of(["membership", row.user_id, row.role, row.scope, row.place_id, row.party_id, sorted(row.sections)])


def _subject(user: User) -> str:
    return f"user:{user.username}"


def demo_logins() -> list[DemoLogin]:
    """One login for each role, for the sign-in page of the demo city; empty outside demo mode."""
    return demo.demo_logins()
