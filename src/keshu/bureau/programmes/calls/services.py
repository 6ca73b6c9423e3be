"""Writing calls: drafted, published with the definition's version pinned, extended, cancelled. Every change one act."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import place_of
from keshu.bureau.programmes.closing import closes_at, closing_for, closing_for_all
from keshu.bureau.programmes.definitions import pin, programme_of
from keshu.bureau.programmes.machine import check_all
from keshu.bureau.programmes.models import Application, Call, Extension
from keshu.bureau.records.services import ZONE, Actor, Writing, digest_of, writing

EDIT = "calls.edit"
COLUMNS = (
    "programme", "version", "year", "name", "place_id", "section", "guide", "basis", "opens_at", "closes_at", "budget",
    "unit_limit", "person_limit", "contact", "phone", "state", "revision", "published_at",
)  # fmt: skip
#: what may still be changed of a call that is out; its dates move by an extension, its programme not at all
OPEN_COLUMNS = ("guide", "contact", "phone", "budget", "basis")


class CallProblem(Exception):
    """It cannot be done; the message says why and what to do."""


class StaleCall(CallProblem):
    """Somebody else saved the call since it was opened."""

    def __init__(self) -> None:
        super().__init__(_("这个批次刚刚由他人修改过；您填写的内容还在下面，请另开一页核对最新内容后再保存"))


@dataclass(frozen=True)
class CallSpec:
    """What is said of a call, as its form has it."""

    programme: str
    year: int
    name: str
    place: str
    section: str
    opens_at: datetime
    closes_at: datetime
    contact: str
    phone: str
    guide: str = ""
    basis: str = ""
    budget: Decimal | None = None
    unit_limit: int | None = None
    person_limit: int | None = None


def may_edit(viewer: Viewer, *, section: str, place: str) -> bool:
    """Who answers for the section and the place of a call may write it."""
    return viewer.may(EDIT, section=section, place=place)


def draft_call(spec: CallSpec, *, by: Actor) -> Call:
    """A new call that nobody outside sees yet."""
    with writing(verb="call.draft", by=by, place=spec.place, note={"programme": spec.programme}) as act:
        call = Call(state=Call.State.DRAFT, version=programme_of(spec.programme).version)
        _put(call, spec)
        call.act = act.act
        call.save()
        act.wrote(call_digest(call))
    return call


def revise_call(call_id: int, spec: CallSpec, *, seen: int, by: Actor, reason: str = "") -> Call:
    """Another content. Of a call that is out only guide, contact, budget and basis change, with a reason."""
    with writing(verb="call.revise", by=by, reason=reason, subject=f"call:{call_id}", place=spec.place) as act:
        call = _held(call_id, seen)
        if call.state == Call.State.CANCELLED:
            raise CallProblem(_("批次已取消，不能再修改；需要时请复制为新批次"))
        if call.state == Call.State.PUBLISHED:
            _only_open_columns(call, spec, reason)
        _put(call, spec)
        call.version = call.version if call.published_at else programme_of(spec.programme).version
        _touch(call, act)
    return call


def publish_call(call_id: int, *, seen: int, by: Actor) -> Call:
    """The call goes out; the definition is kept as it stands today and holds for all its cases."""
    with writing(verb="call.publish", by=by, subject=f"call:{call_id}") as act:
        call = _held(call_id, seen)
        if problems := obstacles_to_publishing(call, at=act.act.at):
            raise CallProblem("；".join(problems))
        programme = programme_of(call.programme)
        pin(programme, at=act.act.at)
        call.version, call.state, call.published_at = programme.version, Call.State.PUBLISHED, act.act.at
        _touch(call, act)
    return call


def obstacles_to_publishing(call: Call, *, at: datetime) -> list[str]:
    """Everything that stands in the way of publishing, each as a sentence with its remedy."""
    if call.state != Call.State.DRAFT:
        return [_("批次已经发布或取消，不能重复发布")]
    programme = programme_of(call.programme)
    found = []
    if not programme.open_on(_day(call.opens_at)):
        found.append(_window(programme.name, programme.valid_from, programme.valid_to))
    if call.closes_at <= at:
        found.append(_("截止时间已过，请先改为将来的时间"))
    if not call.guide.strip():
        found.append(_("还没有写申报指南，请先填写"))
    missing = sorted({name for _code, name in check_all([programme])})
    if missing:
        found.append(_("流程中有系统尚未实现的条件或动作：%(names)s；请改正定义") % {"names": "、".join(missing)})
    return found


def cancel_call(call_id: int, *, seen: int, by: Actor, reason: str) -> Call:
    """No call any more; cases that were submitted go on, drafts cannot be handed in."""
    with writing(verb="call.cancel", by=by, reason=reason, subject=f"call:{call_id}") as act:
        call = _held(call_id, seen)
        if call.state == Call.State.CANCELLED:
            raise CallProblem(_("批次已经取消"))
        if not reason.strip():
            raise CallProblem(_("请写明取消的原因，申报单位会看到"))
        call.state = Call.State.CANCELLED
        _touch(call, act)
    return call


def extend_call(
    call_id: int, *, seen: int, closes_at: datetime, reason: str, by: Actor, place: str = "", number: str = ""
) -> Extension:
    """A later deadline for all, for the cases of one place, or for the one case of this number (or id of a draft)."""
    with writing(verb="call.extend", by=by, reason=reason, subject=f"call:{call_id}", place=place) as act:
        call = _held(call_id, seen)
        if call.state != Call.State.PUBLISHED:
            raise CallProblem(_("只有已发布的批次可以延期"))
        if place and number:
            raise CallProblem(_("延期范围只能选一种：区划或单件申报"))
        scope = {"place": place_of(place) if place else None, "application": _case(call, number) if number else None}
        latest = _latest(call, **scope)
        if closes_at <= latest:
            said = latest.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
            raise CallProblem(_("延期后的时间应晚于现在的截止时间 %(at)s") % {"at": said})
        extension = Extension.objects.create(call=call, closes_at=closes_at, reason=reason, act=act.act, **scope)
        act.wrote(digest_of(["extension", call.pk, closes_at, place, number, reason]))
        _touch(call, act)
    return extension


def next_year(call: Call, today: date) -> dict[str, Any]:
    """The form of a new call, filled from an older one: the same words, every year and date one year later."""
    shift = max(today.year - call.year, 1)
    copied = {name: getattr(call, name) for name in COLUMNS[:-3] if name not in ("version", "place_id")}
    for name in ("opens_at", "closes_at"):
        copied[name] = _later(getattr(call, name), shift)
    copied["year"] = call.year + shift
    copied["name"] = call.name.replace(str(call.year), str(call.year + shift))
    copied["guide"] = call.guide.replace(str(call.year), str(call.year + shift))
    return copied | {"place": call.place.code}


def _only_open_columns(call: Call, spec: CallSpec, reason: str) -> None:
    said = {**vars(spec), "place": spec.place}
    now = {name: getattr(call, name) for name in said if name != "place"} | {"place": call.place.code}
    changed = [name for name in said if said[name] != now[name] and name not in OPEN_COLUMNS]
    if changed:
        names = "、".join(str(Call._meta.get_field(name).verbose_name) for name in changed)
        raise CallProblem(
            _("批次已发布，不能再改：%(names)s。截止时间请用“延期”；其他的请取消后另立批次") % {"names": names}
        )
    if not reason.strip():
        raise CallProblem(_("批次已发布，修改请写明原因"))


def _put(call: Call, spec: CallSpec) -> None:
    for name, value in vars(spec).items():
        if name != "place":
            setattr(call, name, value)
    if call.place_id is None or call.place.code != spec.place:
        call.place = place_of(spec.place)


def _touch(call: Call, within: Writing) -> None:
    call.revision += 1
    call.act = within.act
    call.save()
    within.wrote(call_digest(call))


def _held(call_id: int, seen: int) -> Call:
    call = Call.objects.select_for_update(of=("self",)).select_related("place").get(pk=call_id)
    if call.revision != seen:
        raise StaleCall
    return call


def call_digest(call: Call) -> bytes:
    """What an act seals of a call: everything it says."""
    return digest_of(["call", call.pk, *(getattr(call, name) for name in COLUMNS)])


def _case(call: Call, number: str) -> Application:
    rows = Application.objects.filter(call=call)
    found = rows.filter(pk=int(number)) if number.isdecimal() and len(number) < 10 else rows.filter(number=number)
    case = found.first()
    if case is None:
        raise CallProblem(_("本批次没有编号为“%(number)s”的申报，请核对") % {"number": number})
    return case


def _latest(call: Call, *, place: Place | None, application: Application | None) -> datetime:
    """Until when it is open already for those whom the extension is for."""
    if application is not None:
        return closes_at(application)
    found = closing_for([call], place.pk) if place else closing_for_all([call])
    return found[call.pk]


def _window(name: str, since: date | None, until: date | None) -> str:
    words = {"name": name, "since": since or _("起初"), "until": until or _("长期")}
    return _("“%(name)s”的执行期是 %(since)s 至 %(until)s，开始时间不在其内；请改时间或换一个事项") % words


def _later(instant: datetime, years: int) -> datetime:
    local = instant.astimezone(ZONE)
    day = 28 if (local.month, local.day) == (2, 29) else local.day
    return local.replace(year=local.year + years, day=day)


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()
