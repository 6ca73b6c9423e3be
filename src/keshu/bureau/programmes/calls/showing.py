"""A call in words: for its page in the bureau and for everybody outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.programmes.calls import listing
from keshu.bureau.programmes.calls.wording import in_words
from keshu.bureau.programmes.definitions import programme_for, programme_of
from keshu.bureau.programmes.models import Call, Extension
from keshu.bureau.records.services import ZONE
from keshu.catalogue.schema.programme import Programme

LEVELS = {"national": "国家级", "provincial": "省级", "municipal": "市级", "county": "县级"}


@dataclass(frozen=True)
class Asked:
    """A condition as an applicant reads it: what it is, the rule in words, by which document."""

    name: str
    says: str
    basis: str
    needs: str
    warns: bool


def programme_of_call(call: Call) -> Programme:
    """The definition: of a call that is out the pinned one, of a draft today's."""
    return programme_for(call) if call.published_at else programme_of(call.programme)


def minute(instant: datetime) -> str:
    """2026-11-01 09:00, as the clock in Shanghai shows it."""
    return instant.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")


def facts_of(call: Call, programme: Programme, closes: datetime) -> list[tuple[str, str]]:
    """Label and value, in the order in which people ask."""
    closing = minute(closes)
    if closes > call.closes_at:
        closing = _("%(closes)s（原定 %(before)s，已延期）") % {"closes": closing, "before": minute(call.closes_at)}
    return [
        (_("申报事项"), f"{programme.name}（{_kind(programme)}）"),
        (_("申报时间"), _("%(opens)s 至 %(closes)s") % {"opens": minute(call.opens_at), "closes": closing}),
        (_("主管科室"), f"{call.place.name} {call.section}"),
        (_("依据"), call.basis or programme.basis or "—"),
        (_("申报主体"), _who(programme)),
        (_("限报"), limits_of(call) or _("不另设限额，见申报条件")),
        (_("预算"), "—" if call.budget is None else _("%(n)s 万元") % {"n": f"{(call.budget / 10_000).normalize():,f}"}),
        (_("联系人"), f"{call.contact} {call.phone}"),
    ]  # fmt: skip


def _kind(programme: Programme) -> str:
    return f"{LEVELS[programme.level]}·{listing.KINDS[programme.kind]}"


def _who(programme: Programme) -> str:
    applicants = programme.applicants
    if applicants is None:
        return "—"
    said = "、".join(applicants.types)
    if applicants.joint:
        said += _("；可联合申报")
    return f"{said}；{applicants.says}" if applicants.says else said


def limits_of(call: Call) -> str:
    """How many applications the call takes of one unit and of one person; "" where it says nothing."""
    said = []
    if call.unit_limit is not None:
        said.append(_("每个单位限报 %(n)s 项") % {"n": call.unit_limit})
    if call.person_limit is not None:
        said.append(_("每人作为负责人限报 %(n)s 项") % {"n": call.person_limit})
    return _("，").join(said)


def conditions_of(call: Call, programme: Programme) -> list[Asked]:
    """Every condition in words, with the values that its parameters have on the day the call opens."""
    day = call.opens_at.astimezone(ZONE).date()
    words = in_words(programme, catalogue().parameters, on=day, places=[call.place.code])
    return [
        Asked(one.name, words(one.rule), one.basis, one.needs, one.warns)
        for one in programme.requirements
    ]  # fmt: skip


def slots_of(programme: Programme) -> Iterator[dict[str, Any]]:
    """Attachments as the applicant has to prepare them."""
    for slot in programme.attachments:
        kinds = "、".join(slot.types)
        many = _("可多份") if slot.many else ""
        said = _("%(kinds)s，不超过 %(n)s MB") % {"kinds": kinds, "n": slot.megabytes}
        need = _("必须") if slot.required and not slot.when else _("符合情形的必须") if slot.required else _("选交")
        yield {"name": slot.name, "need": need, "says": said, "many": many, "help": slot.help}


def extensions_of(call: Call) -> list[dict[str, Any]]:
    """Every extension with its scope, the newest first."""
    rows = Extension.objects.filter(call=call).select_related("place", "application", "act").order_by("-pk")
    return [
        {
            "at": one.act.at, "closes_at": one.closes_at, "reason": one.reason, "by": one.act.by_name or one.act.by,
            "scope": one.place.name if one.place else str(one.application) if one.application else _("全部申报"),
            "of_case": one.application_id is not None,
        }
        for one in rows
    ]  # fmt: skip
