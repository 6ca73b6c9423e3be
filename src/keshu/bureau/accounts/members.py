"""Members of an organisation: joining, other roles, leaving. One administrator always stays."""

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import refuses
from keshu.bureau.accounts.codes import code_digest, new_code
from keshu.bureau.accounts.models import UNIT_ROLES, Invitation, Membership, User
from keshu.bureau.accounts.queries import roles_of
from keshu.bureau.accounts.services import AccountProblem, membership_digest
from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import family
from keshu.bureau.records.services import Actor, Writing, digest_of, writing

ADMIN, APPLICANT = Membership.Role.UNIT_ADMIN, Membership.Role.APPLICANT
INVITATION_DAYS = 7
MINE = "/accounts/unit/"


def members_of(party_id: int) -> QuerySet[Membership]:
    """Current members, administrators first, also of what was merged into it; for the page of members."""
    rows = Membership.objects.filter(party_id__in=family(party_id), ended_at__isnull=True).select_related("user")
    return rows.order_by("-role", "pk")


def administrators_of(party_id: int) -> QuerySet[Membership]:
    """Those whose accounts are in use: somebody who can still answer."""
    return members_of(party_id).filter(role=ADMIN, user__is_active=True)


def join(user: User, party: Party, role: str, *, within: Writing) -> Membership:
    """The person belongs to the organisation with this role from now on; part of a caller's act.

    An applicant becomes an administrator that way. Raises AccountProblem for the three administrators of the system,
    and for somebody who has the role or a higher one.
    """
    Party.objects.select_for_update().get(pk=party.pk)
    held = Membership.objects.filter(user=user, party=party, ended_at__isnull=True).first()
    if held is not None and held.role in (role, ADMIN):
        raise AccountProblem(
            _("%(user)s 已是该单位的%(role)s，无需重复") % {"user": user, "role": held.get_role_display()}
        )
    if refuses(roles_of(user.pk) | {role}):
        raise AccountProblem(_("系统管理员、安全管理员、审计管理员的账号不得加入单位，请本人另行注册账号"))
    if held is not None:
        _end(held, within)
    return _begin(user, party, role, within)


def _begin(user: User, party: Party, role: str, within: Writing) -> Membership:
    row = Membership.objects.create(user=user, role=role, scope=Membership.Scope.PARTY, party=party, act=within.act)
    within.wrote(membership_digest(row), "membership")
    return row


def _end(row: Membership, within: Writing) -> None:
    row.ended_at = within.act.at
    row.save(update_fields=["ended_at"])
    within.wrote(digest_of(["role.end", row.pk]))


def change_role(membership_id: int, role: str, *, by: Actor, reason: str = "") -> Membership:
    """An administrator of the organisation gives a member the other role; the last administrator stays one."""
    row = _current(membership_id)
    with writing(verb="member.role", by=by, reason=reason, subject=_subject(row), note={"role": role}) as under_way:
        row = _locked(row)
        if role not in UNIT_ROLES or role == row.role:
            raise AccountProblem(_("该成员已是%(role)s，请刷新页面") % {"role": row.get_role_display()})
        _keep_one(row)
        _end(row, under_way)
        made = _begin(row.user, row.party, role, under_way)
        _tell(
            row,
            _("您在%(party)s的角色已改为%(role)s") % {"party": row.party, "role": made.get_role_display()},
            by,
            under_way,
        )
    return made


def remove_member(membership_id: int, *, by: Actor, reason: str = "") -> Membership:
    """The person no longer belongs to the organisation, taken out or leaving; what they did stays under their name."""
    row = _current(membership_id)
    with writing(verb="member.remove", by=by, reason=reason, subject=_subject(row)) as under_way:
        row = _locked(row)
        _keep_one(row)
        _end(row, under_way)
        _tell(row, _("您已不再是%(party)s的成员") % {"party": row.party}, by, under_way)
    return row


def hand_over(membership_id: int, to_id: int, *, by: Actor, reason: str = "") -> Membership:
    """An administrator makes another member administrator and becomes an applicant, both in one act."""
    row = _current(membership_id)
    with writing(verb="member.hand-over", by=by, reason=reason, subject=_subject(row), note={"to": to_id}) as under_way:
        row = _locked(row)
        heir = members_of(row.party_id).filter(pk=to_id, user__is_active=True).exclude(pk=row.pk).first()
        if row.role != ADMIN or heir is None:
            raise AccountProblem(_("只能由管理员移交给本单位的另一名成员，请刷新页面后重选"))
        if heir.role != ADMIN:
            _end(heir, under_way)
            heir = _begin(heir.user, row.party, ADMIN, under_way)
        _end(row, under_way)
        _begin(row.user, row.party, APPLICANT, under_way)
        _tell(heir, _("%(by)s 已将%(party)s的管理移交给您") % {"by": by.name, "party": row.party}, by, under_way)
    return heir


def _current(membership_id: int) -> Membership:
    row = Membership.objects.filter(pk=membership_id, party__isnull=False).select_related("user", "party").first()
    if row is None or row.ended_at is not None:
        raise AccountProblem(_("该成员已不在本单位，请刷新页面"))
    return row


def _locked(row: Membership) -> Membership:
    """Read again under the organisation's lock: two administrators may take each other out in the same second."""
    Party.objects.select_for_update().get(pk=row.party_id)
    return _current(row.pk)


def _keep_one(row: Membership) -> None:
    if row.role == ADMIN and not administrators_of(row.party_id).exclude(pk=row.pk).exists():
        raise AccountProblem(_("这是本单位唯一的管理员，请先把管理移交给另一名成员，或增加一名管理员"))


def _subject(row: Membership) -> str:
    return f"user:{row.user.username}"


def _tell(row: Membership, title: str, by: Actor, within: Writing) -> None:
    """Tell the member, unless it was they who did it."""
    if row.user.actor != by:
        post([Notice("account.member", title, url=MINE, to_user=row.user.username)], within=within)


def invite(party_id: int, role: str, *, by: Actor, username: str = "", note: str = "") -> tuple[Invitation, str]:
    """Ask an account by its name (it need not exist: nobody learns whether it does), or anybody who brings the code.

    Returns the code to hand over; it is shown this once. Empty for an invitation by name.
    """
    if role not in UNIT_ROLES:
        raise AccountProblem(_("请选择单位管理员或申报人"))
    username, code = username.strip().lower(), "" if username.strip() else new_code()
    told = {"role": role, "username": username}
    with writing(verb="member.invite", by=by, subject=f"party:{party_id}", note=told) as under_way:
        at = under_way.act.at
        row = Invitation.objects.create(
            party_id=party_id, role=role, username=username, digest=code_digest("invite", code) if code else None,
            note=note, made_at=at, expires_at=at + timedelta(days=INVITATION_DAYS), act=under_way.act,
        )  # fmt: skip
        under_way.wrote(invitation_digest(row), "invitation")
        if username and User.objects.filter(username=username, is_active=True).exists():
            title = _("%(party)s邀请您加入") % {"party": Party.objects.get(pk=party_id)}
            post([Notice("account.invitation", title, url=MINE, to_user=username)], within=under_way)
    return row, code


def invitation_digest(row: Invitation) -> bytes:
    return digest_of(["invitation", row.party_id, row.role, row.username, row.digest])


def open_invitations(at: datetime) -> QuerySet[Invitation]:
    """Neither used nor taken back nor too old, the newest first."""
    rows = Invitation.objects.filter(used_at__isnull=True, ended_at__isnull=True, expires_at__gt=at)
    return rows.select_related("party").order_by("-pk")


def cancel_invitation(invitation_id: int, *, by: Actor) -> None:
    subject = f"party:{Invitation.objects.get(pk=invitation_id).party_id}"
    with writing(verb="member.uninvite", by=by, subject=subject) as under_way:
        rows = open_invitations(under_way.act.at).filter(pk=invitation_id)
        if not rows.update(ended_at=under_way.act.at):
            raise AccountProblem(_("该邀请已使用、撤回或过期，请刷新页面"))
        under_way.wrote(digest_of(["uninvite", invitation_id]))


def accept_invitation(invitation_id: int, user: User, *, by: Actor) -> Membership:
    """The invited account says yes."""
    return _accept({"pk": invitation_id, "username": user.username}, user, by=by)


def redeem_code(code: str, user: User, *, by: Actor) -> Membership:
    """Whoever brings the code of an invitation joins; a code is good once. The page limits how often one may guess."""
    return _accept({"digest": code_digest("invite", code), "username": ""}, user, by=by)


def _accept(which: dict[str, object], user: User, *, by: Actor) -> Membership:
    with writing(verb="member.join", by=by, subject=f"user:{user.username}") as under_way:
        at = under_way.act.at
        row = open_invitations(at).filter(**which).select_for_update(of=("self",)).first()
        if row is None:
            raise AccountProblem(_("邀请无效：邀请码不对，或已使用、撤回、过期；请向邀请人索取新的邀请"))
        made = join(user, row.party, row.role, within=under_way)
        Invitation.objects.filter(pk=row.pk).update(used_at=at, used_by=user)
        _tell_administrators(row.party, user, under_way)
    return made


def _tell_administrators(party: Party, user: User, within: Writing) -> None:
    title = _("%(user)s 已加入%(party)s") % {"user": user.name, "party": party}
    people = administrators_of(party.pk).exclude(user=user)
    post(
        [Notice("account.joined", title, url=f"{MINE}members/", to_user=m.user.username) for m in people],
        within=within,
    )
