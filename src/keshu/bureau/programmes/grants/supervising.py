"""Supervision visits with their findings, and the three verdicts by three offices."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.grants.rules import OFFICES
from keshu.bureau.programmes.models import Verdict, Visit
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import dealing
from keshu.bureau.records.services import digest_of

RIGHT = "programmes.supervise"


@dataclass(frozen=True)
class Seen:
    """What a visit found."""

    on: date
    by: str
    findings: str
    serious: bool = False
    remedy: str = ""
    due_on: date | None = None


def record_visit(application_id: int, visit: Seen, *, seen: int, viewer: Viewer) -> Visit:
    """A visit that took place; what is to be mended has a day."""
    if visit.remedy and visit.due_on is None:
        raise CaseProblem(_("提出整改要求的，请写明完成期限"))
    with dealing(application_id, verb="visit.record", right=RIGHT, seen=seen, viewer=viewer) as (case, act):
        if visit.on > case.today:
            raise CaseProblem(_("监理日期不能晚于今天"))
        row = Visit.objects.create(application=case.application, act=act.act, **vars(visit))
        act.wrote(digest_of(["visit", row.application_id, row.on, row.by, row.findings, row.remedy, row.due_on]))
    return row


def close_visit(visit_id: int, *, closing: str, seen: int, viewer: Viewer) -> Visit:
    """What a visit demanded has been done."""
    if not closing.strip():
        raise CaseProblem(_("请写明整改完成的情况"))
    application_id = Visit.objects.values_list("application_id", flat=True).get(pk=visit_id)
    with dealing(application_id, verb="visit.close", right=RIGHT, seen=seen, viewer=viewer) as (case, act):
        row = Visit.objects.select_for_update(of=("self",)).get(pk=visit_id)
        if row.closed_on is not None:
            raise CaseProblem(_("这次监理的整改已经销号"))
        row.closed_on, row.closing, row.closed_act = case.today, closing[:500], act.act
        row.save(update_fields=["closed_on", "closing", "closed_act"])
        act.wrote(digest_of(["visit.close", row.pk, row.closing]))
    return row


@dataclass(frozen=True)
class Finding:
    """One of the three verdicts as its office gives it."""

    kind: str
    office: str
    result: str
    day: date
    points: str = ""
    note: str = ""


def give_verdict(application_id: int, finding: Finding, *, seen: int, viewer: Viewer) -> Verdict:
    """The verdict of an office; an earlier one of the same kind is replaced and stays readable.

    Raises CaseProblem when the office has given one of the other verdicts: three verdicts, three offices.
    """
    _check(finding)
    right = OFFICES[finding.kind]
    try:
        with dealing(application_id, verb="verdict.give", right=right, seen=seen, viewer=viewer) as (case, act):
            if finding.day > case.today:
                raise CaseProblem(_("结论日期不能晚于今天"))
            held = Verdict.objects.filter(application=case.application, kind=finding.kind, replaced_by__isnull=True)
            held.update(replaced_by=act.act)
            row = Verdict.objects.create(application=case.application, act=act.act, **vars(finding))
            act.wrote(digest_of(["verdict", row.application_id, row.kind, row.office, row.result, row.points, row.day]))
    except IntegrityError as error:
        raise CaseProblem(
            _("“%(office)s”已经出具另一项结论；三项结论须由三个部门分别出具") % {"office": finding.office}
        ) from error
    return row


def _check(finding: Finding) -> None:
    if finding.kind not in OFFICES or finding.result not in Verdict.Result.values:
        raise CaseProblem(_("请选择结论的种类和结果"))
    if not finding.office.strip():
        raise CaseProblem(_("请写明出具结论的部门"))
    scored = finding.points.isdecimal() and int(finding.points) <= 100
    if finding.kind == Verdict.Kind.PERFORMANCE and not scored:
        raise CaseProblem(_("绩效结论请填得分，0 至 100 的整数"))
