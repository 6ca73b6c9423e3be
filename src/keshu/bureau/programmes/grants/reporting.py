"""Reports and nodes of a grant: filed by the unit, accepted or sent back by the bureau."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import accounting
from keshu.bureau.programmes.grants.reading import book_of
from keshu.bureau.programmes.models import CaseReport, Milestone
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import dealing
from keshu.bureau.records import files
from keshu.bureau.records.services import Writing, digest_of


@dataclass(frozen=True)
class Paper:
    """An uploaded file whose type was checked at the door."""

    content: bytes
    name: str
    kind: str
    mime: str


@dataclass(frozen=True)
class Filing:
    """What a report says: its texts, target by target what was delivered, and by path what was spent."""

    kind: str
    period: str = ""
    text: str = ""
    delivered: Mapping[str, str] | None = None
    spent: Mapping[str, str] | None = None

    @property
    def values(self) -> dict[str, Any]:
        said = {"text": self.text, "delivered": dict(self.delivered or {}), "spent": dict(self.spent or {})}
        return {name: value for name, value in said.items() if value}


def file_report(
    application_id: int, filing: Filing, *, seen: int, viewer: Viewer, paper: Paper | None = None
) -> CaseReport:
    """File the report that is due, or one that nobody asked for; filed before, it is replaced by the new one."""
    if not filing.text.strip() and paper is None:
        raise CaseProblem(_("请填写报告内容或上传报告文件"))
    with dealing(application_id, verb="report.file", right="programmes.apply", seen=seen, viewer=viewer) as (case, act):
        _check_account(case, filing)
        row = _row(case, filing, act)
        file = None
        if paper is not None:
            file = files.store(paper.content, name=paper.name, kind=paper.kind, mime=paper.mime, within=act)
        row.values, row.file, row.filed_on, row.filed_act = filing.values, file, case.today, act.act
        row.save()
        act.wrote(
            digest_of(["report", row.application_id, row.kind, row.period, row.values, file.sha256 if file else ""])
        )
    return row


def _check_account(case: Case, filing: Filing) -> None:
    """Who asks for acceptance says what was spent, head by head. Raises CaseProblem with everything that is wrong."""
    book = book_of(case.application)
    if filing.kind != CaseReport.Kind.ACCEPTANCE or book is None:
        return
    if accounting.table_of(case) is not None and not filing.spent:
        raise CaseProblem(_("请按科目填写经费决算；没有支出的填 0"))
    if wrong := accounting.wrong_in(case, book.values, filing.spent or {}):
        raise CaseProblem("；".join(wrong.values()))


def _row(case: Case, filing: Filing, within: Writing) -> CaseReport:
    """The row that waits for this report; one that was filed before makes room, unless it was accepted."""
    rows = CaseReport.objects.select_for_update().filter(
        application=case.application, kind=filing.kind, period=filing.period, replaced_by__isnull=True
    )
    before = rows.first()
    if before is None:
        return CaseReport(application=case.application, kind=filing.kind, period=filing.period, act=within.act)
    if before.accepted_on is not None:
        raise CaseProblem(_("这份报告已经审核通过，不能再改"))
    if before.filed_on is None:
        return before
    before.replaced_by = within.act
    before.save(update_fields=["replaced_by"])
    return CaseReport(
        application=case.application, kind=filing.kind, period=filing.period, due_on=before.due_on, act=within.act
    )


def accept_report(report_id: int, *, seen: int, viewer: Viewer) -> CaseReport:
    """The bureau is content with the report."""
    application_id = CaseReport.objects.values_list("application_id", flat=True).get(pk=report_id)
    with dealing(application_id, verb="report.accept", right="programmes.supervise", seen=seen, viewer=viewer) as (
        case,
        act,
    ):
        row = _filed(report_id)
        row.accepted_on, row.accepted_act = case.today, act.act
        row.save(update_fields=["accepted_on", "accepted_act"])
        act.wrote(digest_of(["report.accept", row.pk]))
    return row


def return_report(report_id: int, *, reason: str, seen: int, viewer: Viewer) -> CaseReport:
    """The report goes back with the reason; a fresh row waits for the better one, with the same due date."""
    if not reason.strip():
        raise CaseProblem(_("退回报告必须写明原因"))
    application_id = CaseReport.objects.values_list("application_id", flat=True).get(pk=report_id)
    with dealing(
        application_id, verb="report.return", right="programmes.supervise", seen=seen, viewer=viewer, reason=reason
    ) as (_case, act):
        row = _filed(report_id)
        row.replaced_by = act.act
        row.save(update_fields=["replaced_by"])
        act.wrote(digest_of(["report.return", row.pk]))
        return CaseReport.objects.create(
            application_id=application_id, kind=row.kind, period=row.period, due_on=row.due_on, note=reason[:500],
            act=act.act,
        )  # fmt: skip


def _filed(report_id: int) -> CaseReport:
    row = CaseReport.objects.select_for_update(of=("self",)).get(pk=report_id)
    if row.filed_on is None or row.accepted_on is not None or row.replaced_by_id is not None:
        raise CaseProblem(_("这份报告没有待审核的内容，请刷新页面"))
    return row


def reach_milestone(milestone_id: int, *, day: date, proof: str, seen: int, viewer: Viewer) -> Milestone:
    """The unit says that a node of the plan was reached, on which day, proved by what."""
    if not proof.strip():
        raise CaseProblem(_("请写明完成情况的依据"))
    application_id = Milestone.objects.values_list("application_id", flat=True).get(pk=milestone_id)
    with dealing(application_id, verb="milestone.reach", right="programmes.apply", seen=seen, viewer=viewer) as (
        case,
        act,
    ):
        row = Milestone.objects.select_for_update(of=("self",)).get(pk=milestone_id)
        if row.replaced_by_id is not None or row.done_on is not None:
            raise CaseProblem(_("这个节点已经登记完成或已被调整，请刷新页面"))
        if day > case.today:
            raise CaseProblem(_("完成日期不能晚于今天"))
        row.done_on, row.proof, row.done_act = day, proof[:300], act.act
        row.save(update_fields=["done_on", "proof", "done_act"])
        act.wrote(digest_of(["milestone.reach", row.pk, day, row.proof]))
    return row
