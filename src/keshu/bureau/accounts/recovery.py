"""Ways back into an account without telephoning: a link by e-mail, a printed code, a code from one's administrator.

Nothing here tells whether an account exists: asking answers nothing, and every way that fails, fails with one sentence.
The three administrators of the system have none of these ways; theirs is in person.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.signing import BadSignature, TimestampSigner
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import ADMINISTRATORS
from keshu.bureau.accounts.codes import code_digest, new_code
from keshu.bureau.accounts.members import ADMIN
from keshu.bureau.accounts.models import Membership, Recovery, User
from keshu.bureau.accounts.queries import current_memberships, roles_of
from keshu.bureau.accounts.services import AccountProblem, store_password
from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.parties.personal import seal
from keshu.bureau.parties.queries import family
from keshu.bureau.records.services import Actor, Writing, digest_of, writing

Kind = Recovery.Kind
LINK_LIFE, HELPER_LIFE = timedelta(minutes=30), timedelta(hours=24)
PRINTED = 10
SALT = "accounts.recovery"


def ask_for_link(text: str, *, site: str) -> int:
    """Send a link to every account that this account name or e-mail address means; says how many, for tests alone."""
    wanted = text.strip()
    named = Q(username=wanted.lower()) | (Q(email__iexact=wanted) if "@" in wanted else Q(pk__in=[]))
    users = [user for user in User.objects.filter(named, is_active=True).exclude(email="") if _may_recover(user)]
    for user in users:
        _send_link(user, site, by=user.actor)
    return len(users)


def _may_recover(user: User) -> bool:
    return user.is_active and not roles_of(user.pk) & ADMINISTRATORS


def _send_link(user: User, site: str, *, by: Actor) -> None:
    """One fresh link; an older one no longer opens anything. The letter lies sealed in the outbox: it is a key."""
    with writing(verb="recovery.ask", by=by, subject=f"user:{user.username}") as under_way:
        secret = new_code()
        _end_open(user, under_way, Kind.LINK)
        row = _issue(user, Kind.LINK, secret, LINK_LIFE, by, under_way)
        link = site + reverse("accounts:recover-link", args=[signed(row.pk, secret)])
        said = _(
            "%(name)s：\n有人为账号 %(username)s 申请找回密码。如是本人，请在 30 分钟内打开以下链接设置新密码，"
            "链接只能使用一次：\n%(link)s\n如非本人申请，不必理会，密码不会改变。"
        )  # fmt: skip
        body = said % {"name": user.name, "username": user.username, "link": link}
        title = _("科枢：找回密码")
        notice = Notice("account.recovery", title, seal(body), to_user=user.username, channels=("email",))
        post([notice], within=under_way)


def signed(pk: int, secret: str) -> str:
    return TimestampSigner(salt=SALT).sign(f"{pk}.{secret}")


def _opened(token: str) -> str:
    """The secret of a link that this installation signed at most half an hour ago; raises AccountProblem."""
    try:
        return TimestampSigner(salt=SALT).unsign(token, max_age=LINK_LIFE).partition(".")[2]
    except BadSignature as wrong:
        raise AccountProblem(_("链接无效或已超过 30 分钟，请重新申请")) from wrong


def _issue(user: User, kind: str, code: str, life: timedelta | None, by: Actor, within: Writing) -> Recovery:
    at = within.act.at
    digest = code_digest(f"{kind}:{user.pk}", code)
    within.wrote(digest_of(["recovery", user.pk, kind, digest]))
    return Recovery.objects.create(
        user=user, kind=kind, digest=digest, issued_by=by.username, issued_at=at,
        expires_at=at + life if life else None, act=within.act,
    )  # fmt: skip


def _end_open(user: User, within: Writing, kind: str) -> None:
    rows = Recovery.objects.filter(user=user, kind=kind, used_at__isnull=True, ended_at__isnull=True)
    rows.update(ended_at=within.act.at)


def link_stands(token: str) -> bool:
    """Whether the page of this link may ask for a new password; looking at it uses nothing up."""
    try:
        secret = _opened(token)
    except AccountProblem:
        return False
    pk = int(token.partition(".")[0])
    rows = Recovery.objects.filter(pk=pk, kind=Kind.LINK, used_at__isnull=True, ended_at__isnull=True)
    row = rows.select_related("user").first()
    return row is not None and _fits(row, secret) and _may_recover(row.user)


def _fits(row: Recovery, code: str) -> bool:
    return row.digest == code_digest(f"{row.kind}:{row.user_id}", code)


def print_codes(user: User, *, by: Actor) -> list[str]:
    """Ten codes, shown this once; those printed before no longer open anything."""
    if not _may_recover(user):
        raise AccountProblem(_("系统管理员、安全管理员、审计管理员不使用恢复码，忘记密码须当面重置"))
    codes = [new_code() for _i in range(PRINTED)]
    with writing(verb="recovery.print", by=by, subject=f"user:{user.username}") as under_way:
        _end_open(user, under_way, Kind.PRINTED)
        for code in codes:
            _issue(user, Kind.PRINTED, code, None, by, under_way)
    return codes


def printed_left(user_id: int) -> int:
    return Recovery.objects.filter(
        user_id=user_id, kind=Kind.PRINTED, used_at__isnull=True, ended_at__isnull=True
    ).count()


def may_help(helper_id: int, user_id: int) -> bool:
    """True if all that the person may do lies in organisations that the helper administers.

    Whoever hands out the code could use it: so it must never open more than the helper has.
    """
    held = list(current_memberships().filter(user_id=user_id).values_list("party_id", flat=True))
    administered = current_memberships().filter(user_id=helper_id, role=ADMIN, user__is_active=True)
    own = {pk for party in administered.values_list("party_id", flat=True) for pk in family(party)}
    return helper_id != user_id and bool(held) and all(party in own for party in held)


def help_member(membership_id: int, helper: User, *, by: Actor, reason: str = "") -> str:
    """A code for a member who cannot get in, handed over by an administrator of the organisation; good for a day."""
    row = Membership.objects.select_related("user").get(pk=membership_id)
    user, code = row.user, new_code()
    if not may_help(helper.pk, user.pk):
        raise AccountProblem(
            _("%(user)s 在其他单位或局内另有角色，不能由您代办；请其用邮件链接或恢复码找回") % {"user": user}
        )
    with writing(verb="recovery.help", by=by, reason=reason, subject=f"user:{user.username}") as under_way:
        _end_open(user, under_way, Kind.HELPER)
        _issue(user, Kind.HELPER, code, HELPER_LIFE, by, under_way)
        title = _("%(by)s 为您的账号签发了一次性找回码") % {"by": by.name}
        said = _("如您没有请其代办，请立即登录修改密码，并告知本单位其他管理员。")
        notice = Notice("account.recovery", title, said, to_user=user.username)
        post([notice], within=under_way)
    return code


def recover_by_link(token: str, password: str) -> User:
    """A new password for the account of this link, once. Raises AccountProblem, or ValidationError when too weak."""
    secret = _opened(token)
    row = Recovery.objects.filter(pk=int(token.partition(".")[0]), kind=Kind.LINK).select_related("user").first()
    if row is None or not _fits(row, secret):
        raise AccountProblem(_("链接无效或已使用，请重新申请"))
    return _recover(row.user, Recovery.objects.filter(pk=row.pk), password, by=row.user.actor)


def recover_by_code(username: str, code: str, password: str) -> User:
    """A new password by a printed code or one from an administrator; whatever is wrong, the answer is the same."""
    user = User.objects.filter(username=username.strip().lower(), is_active=True).first()
    if user is None:
        raise AccountProblem(wrong_code())
    digests = [code_digest(f"{kind}:{user.pk}", code) for kind in (Kind.PRINTED, Kind.HELPER)]
    return _recover(user, Recovery.objects.filter(user=user, digest__in=digests), password, by=user.actor)


def wrong_code() -> str:
    return _("账号或恢复码不对，或恢复码已使用、已过期；请核对后重试，或换一种方式找回")


def _recover(user: User, rows: QuerySet[Recovery], password: str, *, by: Actor) -> User:
    """Use the row up and set the password in one act: a refused password leaves the way open.

    Looked at before hashing and again under the lock: a good hash takes a while, and only one of two may have it.
    """
    if _open_row(rows, user) is None:
        raise AccountProblem(wrong_code())
    validate_password(password, user)
    hashed = make_password(password)
    with writing(verb="recovery.use", by=by, subject=f"user:{user.username}") as under_way:
        row = _open_row(rows.select_for_update(), user, at=under_way.act.at)
        if row is None:
            raise AccountProblem(wrong_code())
        Recovery.objects.filter(pk=row.pk).update(used_at=under_way.act.at)
        under_way.wrote(digest_of(["recovery.use", row.pk, row.kind]))
        store_password(user, hashed, within=under_way)
    return user


def _open_row(rows: QuerySet[Recovery], user: User, *, at: datetime | None = None) -> Recovery | None:
    """The row, if it still opens the account; without an instant its age is left to the second look."""
    found = rows.filter(used_at__isnull=True, ended_at__isnull=True)
    if at is not None:
        found = found.filter(Q(expires_at__isnull=True) | Q(expires_at__gt=at))
    row = found.first()
    return row if row is not None and _may_recover(user) and _still_helps(row) else None


def _still_helps(row: Recovery) -> bool:
    """A helper's code lapses when the person has since got a role that the helper does not administer."""
    if row.kind != Kind.HELPER:
        return True
    helper = User.objects.filter(username=row.issued_by).first()
    return helper is not None and may_help(helper.pk, row.user_id)
