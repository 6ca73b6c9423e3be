"""How a grant comes out, written with the event that decides it; and what has to be there before."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.models import Revision
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants.reading import book_of, granted, parameter, reports_due, verdicts_of
from keshu.bureau.programmes.grants.rules import ASKED_BY
from keshu.bureau.programmes.models import CaseReport, Conclusion, Verdict
from keshu.bureau.records.services import Writing, digest_of

Outcome = Conclusion.Outcome
OUTCOMES = {
    "pass_acceptance": Outcome.PASSED, "order_repair": Outcome.MENDED, "close_partly": Outcome.CLOSED,
    "fail_acceptance": Outcome.FAILED, "terminate": Outcome.TERMINATED, "revoke": Outcome.REVOKED,
}  # fmt: skip
CONCLUDING = frozenset({"pass_acceptance", "close_partly", "fail_acceptance"})


def conclude(case: Case, within: Writing) -> None:
    """One of the six outcomes; the day of the conclusion is the case's own from then on."""
    outcome = OUTCOMES[case.event]
    row = Conclusion.objects.create(
        application=case.application, outcome=outcome, day=case.today, note=case.reason[:1000], act=within.act
    )
    if case.event in CONCLUDING:
        case.application.concluded_on = case.today
    within.wrote(digest_of(["conclusion", row.application_id, row.outcome, row.day]))


def withdraw_conclusion(case: Case, act_id: int, within: Writing) -> None:
    """For the undo of a batch: what the act concluded no longer holds."""
    Conclusion.objects.filter(application=case.application, act_id=act_id).update(withdrawn_by=within.act)


def task_book_agreed(case: Case) -> str:
    book = book_of(case.application)
    if book is None:
        return _("还没有任务书，发文公布后系统按申报书生成")
    if book.agreed_on is None:
        missing = _("申报单位") if book.agreed_by_unit_id is None else _("主管部门")
        return _("任务书还差%(who)s确认，请在任务书页办理") % {"who": missing}
    return ""


def reports_filed(case: Case) -> str:
    """The report that this event is about, filed since the stage began, and every other one whose day has come."""
    kind = ASKED_BY.get(case.event)
    if kind and not _filed_for(case, kind).exists():
        return _("还没有提交%(name)s，请先在“报告”页提交") % {"name": CaseReport.Kind(kind).label}
    late = [row for row in reports_due(case.application, case.today) if row.kind != CaseReport.Kind.AUDIT]
    if late:
        names = "、".join(f"{row.get_kind_display()}{row.period}" for row in late)
        return _("还有应交的报告没有提交：%(names)s") % {"names": names}
    return ""


def _filed_for(case: Case, kind: str) -> QuerySet[CaseReport]:
    rows = CaseReport.objects.filter(
        application=case.application, kind=kind, filed_on__isnull=False, replaced_by__isnull=True
    )
    since = stages.entered(case, case.application.state)
    return rows if since is None or case.event == "ask_acceptance" else rows.filter(filed_act__at__gte=since)


def three_verdicts(case: Case) -> str:
    held = verdicts_of(case.application)
    missing = [label for kind, label in Verdict.Kind.choices if kind not in held]
    if missing:
        return _("还缺%(kinds)s结论，三项结论由三个部门分别出具") % {"kinds": "、".join(str(one) for one in missing)}
    bad = [row for row in held.values() if row.result != Verdict.Result.PASSED]
    if bad and case.event == "pass_acceptance":
        said = "、".join(f"{row.get_kind_display()}：{row.get_result_display()}" for row in bad)
        return _("有结论不是合格，不能通过验收（%(said)s）；请整改后复验、结题或不通过") % {"said": said}
    return ""


def audit_filed(case: Case) -> str:
    """An audit report is asked for from an amount on; where the amount is unknown, nobody asks."""
    amount, floor = granted(case), parameter("project.audit_grant", case)
    if amount is None or floor is None or amount < floor:
        return ""
    rows = CaseReport.objects.filter(
        application=case.application, kind=CaseReport.Kind.AUDIT, filed_on__isnull=False, replaced_by__isnull=True
    )
    if rows.exists():
        return ""
    return _("资助金额达到%(n)s元的项目须提交审计报告") % {"n": f"{floor:,.0f}"}


def logs_filed(case: Case) -> str:
    """Service records are filed here as reports, or stand in the ledger under the applicant's name."""
    rows = CaseReport.objects.filter(
        application=case.application, kind=CaseReport.Kind.LOG, filed_on__isnull=False, replaced_by__isnull=True
    )
    known = Revision.objects.filter(
        ledger="tepaiyuan_log", party_id=case.application.party_id, known_to__isnull=True, voided=False
    )
    if rows.exists() or known.exists():
        return ""
    return _("还没有服务记录，请先提交服务记录或在服务记录台账中登记")
