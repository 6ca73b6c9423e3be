"""What may be done to targets: set, revise, break down, withdraw. One verb, one act."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import tree_on
from keshu.bureau.records.services import Actor, NothingWritten, Writing, writing
from keshu.bureau.targets.models import Target, TargetRevision
from keshu.bureau.targets.rules import direction_of, faults_of, rule_of, tiers_agree
from keshu.bureau.targets.writing import TargetSpec, close_revision, open_revision, spec_of
from keshu.catalogue import Catalogue

__all__ = [
    "Share", "StaleTarget", "TargetProblem", "TargetSpec", "break_down", "revise_target", "set_target", "set_targets",
    "spec_of", "withdraw_target",
]  # fmt: skip

OTHER_TIER = {"ensure": "strive", "strive": "ensure"}


class TargetProblem(Exception):
    """The target cannot be written; the message says why and what to do."""


class StaleTarget(TargetProblem):
    """Somebody else changed the target meanwhile."""


def set_target(
    spec: TargetSpec, *, by: Actor, reason: str = "", known_on: date | None = None, catalogue: Catalogue | None = None
) -> TargetRevision:
    """Set one target. `known_on` back-dates what was set before the site was in use; the act says so."""
    return set_targets([spec], by=by, reason=reason, known_on=known_on, catalogue=catalogue)[0]


def set_targets(
    specs: Iterable[TargetSpec], *, by: Actor, reason: str = "", known_on: date | None = None,
    catalogue: Catalogue | None = None,
) -> list[TargetRevision]:  # fmt: skip
    """Set all targets of a document as one act: all of them or none."""
    wanted, known = list(specs), catalogue or site_catalogue()
    with _once(), writing(verb="target.set", by=by, reason=reason, known_on=known_on, **_about(wanted)) as under_way:
        return [_set(spec, known, under_way) for spec in wanted]


@contextmanager
def _once() -> Iterator[None]:
    """Two people who set the same target in the same second: the database lets one of them through."""
    try:
        yield
    except IntegrityError as error:
        raise TargetProblem(_taken()) from error


def _about(specs: list[TargetSpec]) -> dict[str, str]:
    """Which page the act leads to: the targets of the year; and whose they are, if all are one place's."""
    years, places = {spec.year for spec in specs}, {spec.place for spec in specs}
    return {
        "subject": f"targets:{years.pop()}" if len(years) == 1 else "targets",
        "place": places.pop() if len(places) == 1 else "",
    }


def _set(spec: TargetSpec, catalogue: Catalogue, within: Writing) -> TargetRevision:
    place = _check(spec, catalogue)
    if _like(spec).filter(tier=spec.tier, issuer=spec.issuer).exists():
        raise TargetProblem(_taken())
    return open_revision(Target.objects.create(act=within.act), spec, place, within)


def revise_target(
    target_id: int, spec: TargetSpec, *, seen: int, by: Actor, reason: str, catalogue: Catalogue | None = None
) -> TargetRevision:
    """Adjust a target. `seen` is the number of the revision that the editor had open, `reason` on whose word.

    The same content again writes nothing. What the target is about (indicator, place, section, year) never changes.
    """
    if not reason.strip():
        raise TargetProblem(_("调整目标必须填写依据，如批文号"))
    subject = f"target:{target_id}"
    try:
        with _once(), writing(verb="target.revise", by=by, reason=reason, subject=subject) as under_way:
            row = _current(target_id, seen)
            if row.voided:
                raise TargetProblem(_("该目标已撤回，请另行下达"))
            if spec_of(row) == spec:
                raise NothingWritten
            return _revise(row, spec, catalogue or site_catalogue(), under_way)
    except NothingWritten:
        return TargetRevision.objects.select_related("place").get(target_id=target_id, known_to__isnull=True)


def _revise(row: TargetRevision, spec: TargetSpec, catalogue: Catalogue, within: Writing) -> TargetRevision:
    if spec_of(row).identity != spec.identity:
        raise TargetProblem(_("目标的指标、口径、区划、科室和年度不能改动，请撤回后重新下达"))
    place = _check(spec, catalogue, row.target_id)
    if _like(spec).filter(tier=spec.tier, issuer=spec.issuer).exclude(target_id=row.target_id).exists():
        raise TargetProblem(_taken())
    close_revision(row, within)
    return open_revision(row.target, spec, place, within, number=row.number + 1)


@dataclass(frozen=True)
class Share:
    """What one place or section gets of a target."""

    place: str
    low: Decimal
    section: str = ""


def break_down(
    target_id: int, shares: Iterable[Share], *, issuer: str, document: str, by: Actor, reason: str = "",
    known_on: date | None = None, catalogue: Catalogue | None = None,
) -> list[TargetRevision]:  # fmt: skip
    """Hand a target on to places below or to sections, as one act: new shares are set, those that differ revised.

    Shares that are as they were write nothing; none at all that is new writes no act. Returns what was written.
    """
    wanted, known = list(shares), catalogue or site_catalogue()
    subject = f"target:{target_id}"
    try:
        with _once(), writing(
            verb="target.break-down", by=by, reason=reason, subject=subject, known_on=known_on
        ) as under_way:  # fmt: skip
            whole = TargetRevision.objects.select_related("place").get(target_id=target_id, known_to__isnull=True)
            if whole.voided:
                raise TargetProblem(_("该目标已撤回，不能分解"))
            specs = [_share_spec(whole, share, issuer, document) for share in wanted]
            written = [row for spec in specs if (row := _put_share(spec, known, under_way)) is not None]
            if not written:
                raise NothingWritten
    except NothingWritten:
        return []
    return written


def _share_spec(whole: TargetRevision, share: Share, issuer: str, document: str) -> TargetSpec:
    kind = "about" if whole.kind == "range" else whole.kind
    return replace(
        spec_of(whole), place=share.place, section=share.section, kind=kind, low=share.low, high=None, issuer=issuer,
        document=document, parent=whole.target_id, promised_in="", weight=None, note="",
    )  # fmt: skip


def _put_share(spec: TargetSpec, catalogue: Catalogue, within: Writing) -> TargetRevision | None:
    found = _like(spec).filter(parent_id=spec.parent, tier=spec.tier).select_related("target")
    row = found.select_for_update(of=("self",)).first()
    if row is None:
        return _set(spec, catalogue, within)
    changed = replace(spec_of(row), low=spec.low, issuer=spec.issuer, document=spec.document)
    return None if changed == spec_of(row) else _revise(row, changed, catalogue, within)


def withdraw_target(target_id: int, *, seen: int, by: Actor, reason: str) -> TargetRevision:
    """The target no longer holds from now on; what was known of it stays. Parts have to be withdrawn first."""
    if not reason.strip():
        raise TargetProblem(_("撤回目标必须填写原因"))
    with writing(verb="target.withdraw", by=by, reason=reason, subject=f"target:{target_id}") as under_way:
        row = _current(target_id, seen)
        if row.voided:
            raise TargetProblem(_("该目标已经撤回"))
        parts = TargetRevision.objects.filter(parent_id=target_id, known_to__isnull=True, voided=False).count()
        if parts:
            raise TargetProblem(_("该目标已分解为 %(n)s 个下级目标，请先撤回下级目标") % {"n": parts})
        close_revision(row, under_way)
        return open_revision(row.target, spec_of(row), row.place, under_way, number=row.number + 1, voided=True)


def _current(target_id: int, seen: int) -> TargetRevision:
    current = TargetRevision.objects.filter(target_id=target_id, known_to__isnull=True)
    found = current.select_related("target", "place", "act")
    held = found.select_for_update(of=("self",)).first()
    row = held or found.get()  # PostgreSQL: the revision that we waited for was closed by whoever held it
    if held is None or row.number != seen:
        raise StaleTarget(_("该目标已被 %(by)s 修改，请刷新后重做您的修改") % {"by": row.act.by_name or row.act.by})
    return row


def _like(spec: TargetSpec) -> QuerySet[TargetRevision]:
    """Current targets about the same thing."""
    return TargetRevision.objects.filter(
        indicator=spec.indicator, scope=spec.scope, place__code=spec.place, section=spec.section, year=spec.year,
        known_to__isnull=True, voided=False,
    ).select_related("place")  # fmt: skip


def _check(spec: TargetSpec, catalogue: Catalogue, target_id: int | None = None) -> Place:
    """The place of a sound target. Raises TargetProblem with everything that is wrong, in one message."""
    indicator = catalogue.indicators.get(spec.indicator)
    if indicator is None:
        raise TargetProblem(_("指标库中没有“%(code)s”，请从列表中选择指标") % {"code": spec.indicator})
    place = Place.objects.filter(code=spec.place).first()
    if place is None:
        raise TargetProblem(_("没有代码为“%(code)s”的区划，请从列表中选择区划") % {"code": spec.place})
    found = faults_of(spec, indicator)
    if not found:
        found = [*_parent_faults(spec, target_id), *_tier_faults(spec, catalogue)]
    if found:
        raise TargetProblem("；".join(found))
    return place


def _parent_faults(spec: TargetSpec, target_id: int | None) -> list[str]:
    if spec.parent is None:
        return []
    parent = TargetRevision.objects.filter(target_id=spec.parent, known_to__isnull=True).select_related("place").first()
    if parent is None or parent.voided:
        return [_("上级目标不存在或已撤回，请重新选择")]
    if (parent.indicator, parent.scope, parent.year) != (spec.indicator, spec.scope, spec.year):
        return [_("上级目标须是同一指标、同一口径、同一年度的目标")]
    if spec.parent == target_id or not _lies_below(spec, parent):
        return [_("分解目标的区划须在上级目标的区划之下，或是同一区划的科室")]
    return []


def _lies_below(spec: TargetSpec, parent: TargetRevision) -> bool:
    if spec.place == parent.place.code:
        return bool(spec.section) and not parent.section
    return spec.place in tree_on().below(parent.place.code)


def _tier_faults(spec: TargetSpec, catalogue: Catalogue) -> list[str]:
    """确保 and 争取 of the same issuer: the second is the better one."""
    other = _like(spec).filter(tier=OTHER_TIER[spec.tier], issuer=spec.issuer).first() if spec.tier else None
    if other is None:
        return []
    direction = direction_of(catalogue.indicators[spec.indicator])
    rules = {spec.tier: rule_of(spec, direction), other.tier: rule_of(spec_of(other), direction)}
    if tiers_agree(ensure=rules["ensure"], strive=rules["strive"]):
        return []
    return [_("争取目标须优于确保目标，请核对两档的目标值")]


def _taken() -> str:
    return _("同一单位对该区划、科室、年度的这一指标已下达同一档次的目标，请修改原有目标")
