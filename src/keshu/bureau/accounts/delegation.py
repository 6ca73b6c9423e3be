"""请假委托: while somebody of the bureau is away, a colleague stands in. What that opens is decided in `access`."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import ADMINISTRATORS, DELEGABLE, Viewer
from keshu.bureau.accounts.models import Delegation, Membership, User
from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.records.services import ZONE, Actor, Writing, digest_of, writing

LONGEST = timedelta(days=366)
PAGE = "/leave/"


class DelegationProblem(ValueError):
    """The delegation is not possible; the message says why and what to do."""


@dataclass(frozen=True)
class Leave:
    """Who is away from when to when, both days included, and who stands in."""

    user: str
    deputy: str
    starts_on: date
    ends_on: date
    reason: str


def staff() -> QuerySet[User]:
    """Who may be away and who may stand in: people of the bureau, none of the three administrators."""
    held = Membership.objects.filter(ended_at__isnull=True)
    working = held.filter(scope__in=DELEGABLE).exclude(role__in=ADMINISTRATORS).values("user")
    barred = held.filter(role__in=ADMINISTRATORS).values("user")
    return User.objects.filter(is_active=True, pk__in=working).exclude(pk__in=barred).order_by("name", "username")


def begin(leave: Leave, *, by: Actor) -> Delegation:
    """One's own absence with its deputy, who is told. Raises DelegationProblem."""
    if by.username != leave.user:
        raise DelegationProblem(_("只能为自己办理请假委托"))
    with writing(verb="leave.begin", by=by, reason=leave.reason, subject=f"user:{leave.user}") as act:
        people = staff().filter(username__in=[leave.user, leave.deputy]).order_by("pk")
        found = {user.username: user for user in people.select_for_update(of=("self",))}
        _refuse(leave, found, act.act.at.astimezone(ZONE).date())
        row = Delegation.objects.create(
            user=found[leave.user], deputy=found[leave.deputy], starts_on=leave.starts_on, ends_on=leave.ends_on,
            reason=leave.reason, act=act.act,
        )  # fmt: skip
        act.wrote(delegation_digest(row), "delegation")
        facts = _facts(row)
        body = _("%(name)s 自 %(start)s 至 %(end)s 请假，其工作由您代办；所办事项会注明受其委托。") % facts
        _tell(row.deputy, _("%(name)s 请您代办工作") % facts, body, act)
    return row


def _refuse(leave: Leave, found: dict[str, User], today: date) -> None:
    if leave.user == leave.deputy:
        raise DelegationProblem(_("不能委托自己，请另选一人"))
    if leave.user not in found:
        raise DelegationProblem(_("您没有可以委托的业务角色；三员和单位账号的职责不能委托"))
    if leave.deputy not in found:
        raise DelegationProblem(_("所选的人不能代办：须是在用的局内账号，且不是三员；请另选一人"))
    if leave.starts_on < today:
        raise DelegationProblem(_("起始日期不能早于今天，请改为今天或以后"))
    if leave.ends_on < leave.starts_on:
        raise DelegationProblem(_("截止日期早于起始日期，请核对"))
    if leave.ends_on - leave.starts_on >= LONGEST:
        raise DelegationProblem(_("一次委托最长一年，请分次办理"))
    for row in _overlapping(leave).select_related("user", "deputy"):
        if row.user == found[leave.user]:
            raise DelegationProblem(
                _("这段时间已委托 %(deputy)s（%(start)s 至 %(end)s），请先终止原委托") % _facts(row)
            )
        raise DelegationProblem(_("%(name)s 自 %(start)s 至 %(end)s 也请假，不能代办；请另选一人") % _facts(row))


def _overlapping(leave: Leave) -> QuerySet[Delegation]:
    """Absences of either of the two within these days."""
    either = Q(user__username=leave.user) | Q(user__username=leave.deputy)
    return Delegation.objects.filter(
        either, ended_at__isnull=True, starts_on__lte=leave.ends_on, ends_on__gte=leave.starts_on
    ).order_by("pk")


def end(delegation_id: int, *, by: Actor, reason: str = "") -> Delegation:
    """Over before its time, by whoever was away or whoever stood in; the other one is told."""
    with writing(verb="leave.end", by=by, reason=reason, note={"delegation": delegation_id}) as act:
        rows = Delegation.objects.select_related("user", "deputy").select_for_update(of=("self",))
        row = rows.filter(pk=delegation_id).first()
        if row is None or by.username not in (row.user.username, row.deputy.username):
            raise DelegationProblem(_("只有请假的人和代办的人可以终止委托"))
        if row.ended_at is not None or row.ends_on < act.act.at.astimezone(ZONE).date():
            raise DelegationProblem(_("该委托已经结束，请刷新页面"))
        row.ended_at = act.act.at
        row.save(update_fields=["ended_at"])
        act.wrote(digest_of(["leave.end", row.pk]))
        other = row.deputy if by.username == row.user.username else row.user
        title = _("%(name)s 与 %(deputy)s 的请假委托已终止") % _facts(row)
        _tell(other, title, reason, act)
    return row


def _facts(row: Delegation) -> dict[str, str]:
    return {
        "name": row.user.name, "deputy": row.deputy.name,
        "start": row.starts_on.isoformat(), "end": row.ends_on.isoformat(),
    }  # fmt: skip


def _tell(user: User, title: str, body: str, within: Writing) -> None:
    post([Notice("leave", title, body, PAGE, to_user=user.username)], within=within)


def delegation_digest(row: Delegation) -> bytes:
    """What of a delegation never changes after it was made."""
    days = [row.starts_on.isoformat(), row.ends_on.isoformat()]
    return digest_of(["delegation", row.user_id, row.deputy_id, *days, row.reason])


def open_delegations(on: date) -> QuerySet[Delegation]:
    """Those that hold on the day or are still to come, the next first."""
    rows = Delegation.objects.filter(ended_at__isnull=True, ends_on__gte=on)
    return rows.select_related("user", "deputy").order_by("starts_on", "pk")


def of_person(username: str, on: date) -> list[Delegation]:
    """One's own and those in which one stands in."""
    return list(open_delegations(on).filter(Q(user__username=username) | Q(deputy__username=username)))


def overseen(viewer: Viewer, on: date) -> list[Delegation]:
    """Those of people of the sections and places that the viewer leads; a constant number of statements."""
    if "delegations.view" not in viewer.rights:
        return []
    rows = list(open_delegations(on).exclude(user=viewer.user_id).exclude(deputy=viewer.user_id))
    held = Membership.objects.filter(user__in={row.user_id for row in rows}, ended_at__isnull=True)
    led = {member.user_id for member in held.select_related("place") if _leads(viewer, member)}
    return [row for row in rows if row.user_id in led]


def _leads(viewer: Viewer, member: Membership) -> bool:
    """Who covers no section in particular belongs to nobody's section, only to the heads of the whole."""
    right, place = "delegations.view", member.place.code if member.place else ""
    if not member.sections:
        return viewer.sections(right) is None and viewer.may(right, place=place)
    return any(viewer.may(right, section=section, place=place) for section in member.sections)
