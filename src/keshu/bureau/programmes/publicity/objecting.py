"""Objections 异议: raised under a real name that stays sealed, handled by a day, answered to whoever holds the ticket.

Nothing that names the objector leaves these rows: not into acts, messages, exports or pages. Who has to know her asks
for it with a reason, and that is kept.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.accounts.models import Unmasking
from keshu.bureau.ledgers.calendar import add_workdays
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.outbox.services import Notice, post
from keshu.bureau.parties.personal import blind, seal, seal_bytes, unseal, unseal_bytes
from keshu.bureau.programmes.access import rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling.telling import people_with
from keshu.bureau.programmes.machine import on
from keshu.bureau.programmes.models import Application, Objection, Publicity
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.publicity import due, lists
from keshu.bureau.programmes.services import held, pass_within
from keshu.bureau.records import files
from keshu.bureau.records.services import ZONE, Actor, Writing, digest_of, writing
from keshu.kernel.ids import phone

PUBLIC = Actor("public", "公众")
DAYS = 15  # where no parameter says how long handling may take
_NAMELESS = re.compile(r"匿名|无名|不愿|保密|群众|知情|路人|网友|某|[*＊xX×]{1,}|先生|女士|同志|举报人|异议人")
_NAME = re.compile(r"[\u3400-\u9fff·]{2,20}|[A-Za-z][A-Za-z .'-]{3,48}")
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LONGEST = 5000
SCAN = "异议材料"  # never the name that the sender gave it
Outcome = Objection.Outcome
SAID = {Outcome.UPHELD: "异议成立", Outcome.DISMISSED: "异议不成立", Outcome.INVALID: "不予受理"}  # as acts say it


@dataclass(frozen=True)
class Said:
    """What somebody brings: who, how to reach her, about which case (None: the list), what, and a stamped scan."""

    name: str
    contact: str
    content: str
    organisation: str = ""
    application: int | None = None
    file: tuple[bytes, str, str] | None = None  # content, kind, mime


@dataclass(frozen=True)
class Kept:
    """The objection and the ticket by which its fate can be asked; the ticket is told once and nowhere kept."""

    objection: Objection
    ticket: str


def wrong_with(said: Said) -> dict[str, str]:
    """What keeps this from being an objection under a real name, by field."""
    found: dict[str, str] = {}
    name = said.name.strip()
    if not _NAME.fullmatch(name) or _NAMELESS.search(name):
        found["name"] = _("匿名的异议按规定不予受理：请填写真实姓名；单位提出的填经办人姓名")
    if not phone.check(said.contact.strip()).ok and not (said.organisation and said.file):
        found["contact"] = _("请填写能联系到本人的电话；单位提出的，可以改为填写单位名称并上传盖章的书面材料")
    if said.organisation and not said.file:
        found["file"] = _("以单位名义提出的，请上传加盖公章的书面材料扫描件")
    if len(said.content.strip()) < 10:
        found["content"] = _("请写明异议的具体事实和理由，至少 10 个字")
    elif len(said.content) > LONGEST:
        found["content"] = _("异议内容超过 %(n)s 字，请精简，详细材料作为附件") % {"n": LONGEST}
    return found


def file_objection(publicity_id: int, said: Said, *, day: date) -> Kept:
    """Take an objection from the public, while the list is shown. Raises CaseProblem with every reason why not."""
    publicity = _shown(publicity_id)
    if not publicity.starts_on <= day <= publicity.ends_on:
        raise CaseProblem(_("公示已经期满，不再受理异议；如有线索，请按页面上的联系方式反映"))
    return _keep(publicity, said, received=day, by=PUBLIC, by_letter=False)


def register_objection(publicity_id: int, said: Said, *, received: date, viewer: Viewer, today: date) -> Kept:
    """Register what came on paper; it counts from the day on which it was received."""
    publicity = _shown(publicity_id)
    if not viewer.may(lists.RIGHT, section=publicity.call.section, place=publicity.call.place.code):
        raise CaseProblem(_("您没有登记这个批次异议的权限"))
    if not publicity.starts_on <= received <= min(publicity.ends_on, today):
        raise CaseProblem(_("收到日期应在公示期内且不晚于今天，请核对信封或签收记录"))
    return _keep(publicity, said, received=received, by=viewer.actor, by_letter=True)


def _shown(publicity_id: int) -> Publicity:
    rows = Publicity.objects.filter(withdrawn_by__isnull=True).select_related("call__place")
    found = rows.filter(pk=publicity_id).first()
    if found is None:
        raise CaseProblem(_("没有这份公示"))
    return found


def _keep(publicity: Publicity, said: Said, *, received: date, by: Actor, by_letter: bool) -> Kept:
    if wrong := wrong_with(said):
        raise CaseProblem("；".join(wrong.values()))
    if said.application is not None and not _on_list(publicity, said.application):
        raise CaseProblem(_("所选项目不在这份公示名单上，请刷新页面后重新选择"))
    ticket = new_ticket()
    with writing(verb="objection.file", by=by, subject=f"publicity:{publicity.pk}") as act:
        file = None
        if said.file is not None:
            content, kind, mime = said.file
            file = files.store(seal_bytes(content), name=SCAN, kind=kind, mime=mime, within=act)
        made = Objection.objects.create(
            publicity=publicity, application_id=said.application, name=seal(said.name.strip()),
            contact=seal(said.contact.strip()), organisation=seal(said.organisation.strip()) if said.organisation else "",
            content=seal(said.content.strip()), file=file, ticket=blind("objection", ticket), by_letter=by_letter,
            received_on=received, due_on=add_workdays(received, handling_days(publicity, received)), act=act.act,
        )  # fmt: skip
        due.lay_reminders(made)
        act.wrote(digest_of(["objection", made.pk, publicity.pk, said.application, received, made.due_on]))
        _tell(made, act)
    return Kept(made, ticket)


def _on_list(publicity: Publicity, application: int) -> bool:
    return publicity.items.filter(application_id=application, removed_by__isnull=True).exists()


def handling_days(publicity: Publicity, day: date) -> int:
    parameter = catalogue().parameters.get("project.objection_days")
    value = parameter.value_on(day, [publicity.call.place.code]) if parameter else None
    return DAYS if value is None else int(value)  # type: ignore[arg-type]


def new_ticket() -> str:
    """Twelve letters that are not mistaken for one another, in groups of four."""
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[start : start + 4] for start in (0, 4, 8))


def _tell(objection: Objection, within: Writing) -> None:
    """The people who announce learn that there is one, of which list, and by when it has to be handled."""
    call = objection.publicity.call
    words = {"n": objection.pk, "list": objection.publicity.title, "due": f"{objection.due_on:%Y-%m-%d}"}
    title = _("收到异议（第%(n)s号）：%(list)s") % words
    notices = [
        Notice(
            kind="objection.file", to_user=name, title=title, body=_("请在 %(due)s 前办结并答复。") % words,
            url=f"/programmes/objections/{objection.pk}/", subject=f"publicity:{objection.publicity_id}",
            place=call.place.code,
        )
        for name in people_with(lists.RIGHT, call.place.code, call.section)
    ]  # fmt: skip
    post(notices, within=within)


# asking how it stands


def by_ticket(text: str) -> Objection | None:
    """The objection of a ticket, however it is typed in."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper())
    if len(plain) != 12:
        return None
    ticket = "-".join(plain[start : start + 4] for start in (0, 4, 8))
    return Objection.objects.select_related("publicity").filter(ticket=blind("objection", ticket)).first()


# reading


@dataclass(frozen=True)
class Reading:
    """What a handler reads: the content with the objector's name taken out, the answer if there is one."""

    content: str
    reply: str
    from_unit: bool


def read(objection: Objection) -> Reading:
    secret = _secrets(objection)
    content = _without(unseal(objection.content), secret)
    return Reading(content, unseal(objection.reply) if objection.reply else "", bool(objection.organisation))


def _secrets(objection: Objection) -> list[str]:
    texts = (objection.name, objection.contact, objection.organisation)
    return [found for text in texts if text and (found := unseal(text))]


def _without(text: str, secret: list[str]) -> str:
    for one in sorted(secret, key=len, reverse=True):
        text = text.replace(one, "＊＊＊")
    return text


def unmask(objection_id: int, *, viewer: Viewer, at: datetime, reason: str) -> dict[str, str]:
    """Who the objector is; who asked, when and why is kept before it is shown."""
    if not reason.strip():
        raise CaseProblem(_("查看异议人信息必须填写原因"))
    row = Objection.objects.get(pk=objection_id)
    Unmasking.objects.create(
        by=viewer.actor.username, at=at, subject=f"objection:{row.pk}", field="objector", reason=reason.strip()[:200]
    )
    labels = {"name": _("姓名"), "contact": _("联系方式"), "organisation": _("单位")}
    return {label: unseal(text) for name, label in labels.items() if (text := getattr(row, name))}


def open_scan(objection_id: int, *, viewer: Viewer, at: datetime, reason: str) -> bytes:
    """The stamped material, opened; asking for it is kept as asking for the name is, for it shows the name."""
    unmask(objection_id, viewer=viewer, at=at, reason=reason)
    file = Objection.objects.select_related("file").get(pk=objection_id).file
    if file is None:
        raise CaseProblem(_("这件异议没有书面材料"))
    return unseal_bytes(files.read(file))


# handling


def take_up(objection_id: int, *, viewer: Viewer) -> Application:
    """The case that the objection is about goes to the handling of objections."""
    with writing(verb="objection.take_up", by=viewer.actor, subject=_case_subject(objection_id)) as act:
        row = _open(objection_id)
        if row.application_id is None:
            raise CaseProblem(_("这件异议没有指明项目，直接写明结论和答复即可"))
        case = _case(row, viewer, act, "object", f"收到异议（第{row.pk}号）")
        pass_within(case, rights_in(viewer, case.application), act)
        act.wrote(digest_of(["objection.take_up", row.pk]))
    return case.application


def settle(objection_id: int, *, outcome: str, reply: str, viewer: Viewer) -> Objection:
    """Write the outcome and the answer; the last open one of a case moves it, one that is upheld ends it.

    Raises CaseProblem, and NotAllowed where the outcome is a leader's to decide.
    """
    if outcome not in Outcome.values or not outcome:
        raise CaseProblem(_("请选择处理结论"))
    if not reply.strip():
        raise CaseProblem(_("请填写对异议人的答复"))
    with writing(verb="objection.settle", by=viewer.actor, subject=_case_subject(objection_id)) as act:
        row = _open(objection_id)
        if any(one in reply for one in _secrets(row)):
            raise CaseProblem(_("答复中出现了异议人的姓名、单位或联系方式，请改用“您”或“你单位”"))
        _close(row, outcome, reply.strip(), act)
        _move(row, outcome, viewer, act)
    return row


def _move(row: Objection, outcome: str, viewer: Viewer, within: Writing) -> None:
    if row.application_id is None:
        _refuse_undecided(row, outcome, viewer)
        return
    others = Objection.objects.select_for_update().filter(application=row.application, outcome="").exclude(pk=row.pk)
    upheld = outcome == Outcome.UPHELD
    state = row.application.state
    if outcome != Outcome.INVALID and state != lists.DISPUTED:
        raise CaseProblem(_("请先把这件申报转入异议处理，再写结论"))
    if state != lists.DISPUTED or (others.exists() and not upheld):
        return
    if upheld:
        for other in others:
            _close(other, Outcome.UPHELD, "同一项目的异议已经成立，一并答复。", within)
    reason = f"第{row.pk}号异议办理结论：{SAID[outcome]}"
    case = _case(row, viewer, within, "uphold" if upheld else "dismiss", reason)
    pass_within(case, rights_in(viewer, case.application), within)


def _refuse_undecided(row: Objection, outcome: str, viewer: Viewer) -> None:
    """An objection against the list as a whole is decided by a leader; a clerk may only find it inadmissible."""
    call = row.publicity.call
    if outcome != Outcome.INVALID and not viewer.may("programmes.decide", place=call.place.code):
        raise CaseProblem(_("异议是否成立由局领导决定，请由有会议决定权限的人员办理"))


def _close(row: Objection, outcome: str, reply: str, within: Writing) -> None:
    row.outcome, row.reply = outcome, seal(reply)
    row.handled_on, row.handled_act = within.act.at.astimezone(ZONE).date(), within.act
    row.save(update_fields=["outcome", "reply", "handled_on", "handled_act"])
    due.drop_reminders(row)
    within.wrote(digest_of(["objection.settle", row.pk, outcome, row.handled_on]))


def _open(objection_id: int) -> Objection:
    rows = Objection.objects.select_for_update(of=("self",)).select_related("publicity__call__place", "application")
    row = rows.get(pk=objection_id)
    if row.outcome:
        raise CaseProblem(_("这件异议已经办结，请刷新页面查看结论"))
    return row


def _case(row: Objection, viewer: Viewer, within: Writing, event: str, reason: str) -> Case:
    given: dict[str, Any] = {"reason": reason}
    assert row.application_id is not None
    return Case(held(row.application_id), at=within.act.at, by=viewer.actor, given=given, event=event)


def _case_subject(objection_id: int) -> str:
    application, publicity = Objection.objects.values_list("application_id", "publicity_id").get(pk=objection_id)
    return f"application:{application}" if application else f"publicity:{publicity}"


@on("dismiss", "uphold")
def nothing_left_open(case: Case, within: Writing) -> None:
    """The case leaves the handling of objections only with every one of them answered."""
    if Objection.objects.filter(application=case.application, outcome="").exists():
        raise CaseProblem(_("这件申报还有异议没有写结论和答复，请在异议办理页逐件办结"))
