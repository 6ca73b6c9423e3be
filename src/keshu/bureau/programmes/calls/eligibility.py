"""May this applicant apply, and why not: conditions of a call judged by what is known before anybody has typed a word."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.programmes.calls import queries
from keshu.bureau.programmes.calls.party_facts import ELSEWHERE
from keshu.bureau.programmes.calls.shared import cases_of, once, party_of, rows_of, told_of
from keshu.bureau.programmes.calls.showing import limits_of
from keshu.bureau.programmes.calls.wording import choices_of, reason_in_words, short
from keshu.bureau.programmes.closing import closing_for
from keshu.bureau.programmes.facts import About, known_facts
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.records.services import ZONE
from keshu.catalogue import programme_judging
from keshu.catalogue.programme_judging import Judged, sheet_of
from keshu.catalogue.schema.programme import Programme
from keshu.catalogue.schema.programme_words import FACTS
from keshu.kernel.rules import compile_rule

PARTY_WORDS = ("申报单位.类型", "申报单位.注册日期", "申报单位.本地注册", "所属区划", "推荐单位")
LEDGER_WORDS = {
    "申报单位.规上": "企业年度数据台账", "申报单位.有效高企": "资质认定台账", "申报单位.有效省高": "资质认定台账",
    "申报单位.有效科小": "资质认定台账", "申报单位.有效发明专利数": "专利台账", "申报单位.近五年科技奖数": "科技奖励台账",
    "申报单位.省级以上平台数": "创新平台台账", "申报单位.同级同类平台数": "创新平台台账",
}  # fmt: skip


@dataclass(frozen=True)
class Reason:
    """Why not, or what is only a warning: the condition, what was found, by which document."""

    name: str
    said: str
    basis: str = ""


@dataclass(frozen=True)
class Need:
    """What has to be known before it can be said: which fact, where it is supplied; `url` leads there."""

    name: str
    where: str
    url: str = ""
    of: str = ""  # the condition that asks for it
    in_form: bool = False


@dataclass(frozen=True)
class Answer:
    """One call for one applicant. `verdict`: no, need (something missing before the form), later (the form tells), yes."""

    call: Call
    programme: Programme
    phase: str
    closes: datetime
    verdict: str
    reasons: tuple[Reason, ...]
    needs: tuple[Need, ...]
    warnings: tuple[Reason, ...]
    limits: str
    estimate: tuple[Decimal, Decimal, Decimal] | None  # least, most, full mark
    drafts: tuple[Application, ...]

    @property
    def needs_before(self) -> list[Need]:
        return [need for need in self.needs if not need.in_form]

    @property
    def needs_in_form(self) -> list[Need]:
        return [need for need in self.needs if need.in_form]


def answers_for(party_id: int, *, at: datetime, calls: Sequence[Call] | None = None) -> list[Answer]:
    """Every open and coming call for the applicant; what concerns the applicant is read once for all of them."""
    shelf: dict[str, Any] = {}
    rows = list(queries.open_or_coming(at)) if calls is None else list(calls)
    today = at.astimezone(ZONE).date()
    abouts = [About(call, party_id, today, at, shelf=shelf) for call in rows]
    place_id = party_of(abouts[0]).place_id if abouts else None
    closing = closing_for(rows, place_id)
    if calls is None:  # one that was extended for others only is over for this one
        abouts = [one for one in abouts if closing[one.call.pk] > at]
    return [answer_of(one, closing[one.call.pk]) for one in abouts]


def answer_of(about: About, closes: datetime) -> Answer:
    """One call judged."""
    programme = about.programme
    known = facts_before(about)
    judged = judge(about, known)
    failed = [one for one in judged if one.verdict.truth is False]
    unknown = [one for one in judged if one.verdict.truth is None and not _warns(one)]
    reasons = _reasons(about, judged)
    needs = (*_type_needed(about), *_needs(about, unknown))
    return Answer(
        call=about.call,
        programme=programme,
        phase=queries.phase_of(about.call, about.at, closes),
        closes=closes,
        verdict=_verdict(reasons, needs, unknown),
        reasons=reasons,
        needs=needs,
        warnings=tuple(reason_of(about, one) for one in failed if _warns(one)),
        limits=limits_of(about.call),
        estimate=_estimate(about, known),
        drafts=tuple(one.application for one in cases_of(about) if _is_draft_in(one.application, about.call)),
    )


def reasons_against(about: About) -> tuple[Reason, ...]:
    """Why this applicant may not apply, by what is known now; what is unknown is no reason."""
    return _reasons(about, judge(about, facts_before(about)))


def _reasons(about: About, judged: Sequence[Judged]) -> tuple[Reason, ...]:
    failed = (one for one in judged if one.verdict.truth is False and not _warns(one))
    return (*_by_type(about), *_by_limit(about), *(reason_of(about, one) for one in failed))


def _is_draft_in(application: Application, call: Call) -> bool:
    return application.call_id == call.pk and application.submitted_at is None and not application.end


def _verdict(reasons: Sequence[Reason], needs: Sequence[Need], unknown: Sequence[Judged]) -> str:
    if reasons:
        return "no"
    if any(not need.in_form for need in needs):
        return "need"
    return "later" if unknown else "yes"


def judge(about: About, known: Mapping[str, Any]) -> tuple[Judged, ...]:
    """Every condition of the call, judged today at its place."""
    places = [about.call.place.code]
    return programme_judging.judge(about.programme, known, catalogue().parameters, on=about.today, places=places)


def facts_before(about: About) -> dict[str, Any]:
    """What is known of the applicant, and what the form would be filled with."""
    filled = {**prefilled(about), **about.values}
    whole = About(about.call, about.party_id, about.today, about.at, about.application, filled, about.shelf)
    return known_facts(whole, names_asked(about.programme))


def names_asked(programme: Programme) -> tuple[str, ...]:
    """Every fact that the conditions and the score sheet go back to."""
    rules = [text for one in programme.requirements for text in (one.rule, one.when) if text]
    names = [name for text in rules for name in compile_rule(text).names]
    if programme.scoring:
        names += [item.of for group in programme.scoring.groups for item in group.items if item.of]
    return sheet_of(programme).missing(tuple(dict.fromkeys(names)), {})


def prefilled(about: About) -> dict[str, Any]:
    """Fields of the form that the bureau can fill in from the party's own words and its rows in ledgers."""
    found: dict[str, Any] = {}
    for section in about.programme.sections:
        for field in section.fields:
            if field.prefill and (value := _prefill(about, field.prefill)) is not None:
                found[field.fact or field.name] = value
    return found


def _prefill(about: About, source: str) -> Any:
    space, _dot, rest = source.partition(".")
    name, _at, back = rest.partition("@-")
    if space == "party":
        told = told_of(about)
        return getattr(told, name, None) or None if told else None
    if space != "profile" or not back:  # a single row is meant only where the year is told
        return None
    return _profile(about).get(about.call.year - int(back), {}).get(name)


def _profile(about: About) -> dict[int, dict[str, Any]]:
    ledger = catalogue().ledgers["profile"]
    rows = rows_of(about, "profile")
    values = once(about, ("profile", about.party_id), lambda: [values_of(ledger, row, []) for row in rows])
    return {one["year"]: one for one in values if "year" in one}


def _warns(one: Judged) -> bool:
    return bool(getattr(one.item, "warns", False))


def reason_of(about: About, one: Judged) -> Reason:
    """Why a condition does not hold, parameters and choices by their names."""
    choices = choices_of(about.programme)
    said = "；".join(reason_in_words(text, catalogue().parameters, choices) for text in one.verdict.reasons)
    return Reason(one.item.name, said, one.item.basis)


def _by_type(about: About) -> list[Reason]:
    applicants, told = about.programme.applicants, told_of(about)
    kind = told.unit_type if told else ""
    if applicants is None or not kind or kind in applicants.types:
        return []
    said = _("您的单位类型是“%(kind)s”，本事项面向%(types)s") % {"kind": kind, "types": "、".join(applicants.types)}
    return [Reason(_("申报主体"), said, about.programme.basis)]


def _type_needed(about: About) -> list[Need]:
    told = told_of(about)
    if about.programme.applicants is None or (told and told.unit_type):
        return []
    return [_need(about, "申报单位.类型", _("申报主体"))]


def _by_limit(about: About) -> list[Reason]:
    most = about.call.unit_limit
    if most is None:
        return []
    own = about.application.pk if about.application else None
    others = (one for one in cases_of(about) if one.application.call_id == about.call.pk and one.application.pk != own)
    used = sum(one.counts_as_applied for one in others)
    if used < most:
        return []
    said = _("本批次每个单位限报 %(most)s 项，您的单位已提交 %(used)s 项") % {"most": most, "used": used}
    return [Reason(_("限报"), said, about.call.basis)]


def _needs(about: About, unknown: Sequence[Judged]) -> list[Need]:
    found: dict[str, Need] = {}
    for one in unknown:
        for name in one.missing:
            found.setdefault(name, _need(about, name, one.item.name))
    return list(found.values())


def _need(about: About, name: str, of: str) -> Need:
    """Where the fact is supplied."""
    sections = _sections(about.programme)
    if name in sections:
        return Need(name, _("在申报书“%(section)s”栏目填写") % {"section": sections[name]}, of=of, in_form=True)
    if name in PARTY_WORDS:
        said = _("在单位资料中补填")
        return Need(short(name), said, reverse("accounts:facts", args=[about.party_id]), of)
    if name in LEDGER_WORDS:
        return Need(short(name), _("%(ledger)s，由主管科室登记") % {"ledger": LEDGER_WORDS[name]}, of=of, in_form=True)
    if name in ELSEWHERE:
        return Need(short(name), ELSEWHERE[name], of=of, in_form=True)
    if name.startswith("负责人."):
        return Need(short(name), _("在申报书“项目负责人”栏目填写后核对"), of=of, in_form=True)
    if name == "申报单位.重大事故":
        return Need(short(name), _("在申报书“承诺”栏目确认，受理时核对"), of=of, in_form=True)
    fact = FACTS.get(name)
    return Need(short(name), fact.says if fact else _("在申报书中填写"), of=of, in_form=True)


def _sections(programme: Programme) -> dict[str, str]:
    """Names that rules know, with the section of the form in which they are filled in."""
    found = {}
    for section in programme.sections:
        for part in (*section.fields, *section.tables):
            found[part.fact or part.name] = section.name
    return found


def _estimate(about: About, known: Mapping[str, Any]) -> tuple[Decimal, Decimal, Decimal] | None:
    """The span of points that the known facts allow; None without a sheet, or where nothing is known yet."""
    sheet = about.programme.scoring
    if sheet is None or not any(item.by == "computed" for group in sheet.groups for item in group.items):
        return None
    places = [about.call.place.code]
    whole = programme_judging.facts_of(
        about.programme, known, catalogue().parameters, on=about.today, places=places
    )  # fmt: skip
    least, most = programme_judging.estimate(sheet, whole)
    full = sum((group.most for group in sheet.groups), Decimal(0))
    return None if (least, most) == (Decimal(0), full) else (least, most, full)


def days_left(answer: Answer, today: date) -> int:
    """Days to the deadline, or to the opening of a call that is only announced."""
    day = (answer.call.opens_at if answer.phase == "coming" else answer.closes).astimezone(ZONE).date()
    return (day - today).days
