"""Changes of a grant: asked for, weighed, decided by whom the weight asks for, written as the next task book."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models import Max
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes import stages
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import accounting, contract, planning
from keshu.bureau.programmes.grants.reading import book_of, open_change, parameter
from keshu.bureau.programmes.grants.rules import DECIDES, budget_weight, strangers, weight_of
from keshu.bureau.programmes.grants.task_books import keep
from keshu.bureau.programmes.handling import panels as handling
from keshu.bureau.programmes.models import ChangeRequest, Decision, TaskBook
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import dealing
from keshu.bureau.records.services import Writing, digest_of
from keshu.kernel.workdays import add_months

Kind, Weight, State = ChangeRequest.Kind, ChangeRequest.Weight, ChangeRequest.State


def ask_change(case: Case, within: Writing) -> ChangeRequest:
    """Write down what the event `ask_change` brings: given["change"] = {kind, after: {path: text}}, and the reason."""
    change = _request(case, case.given["change"], case.reason)
    if change.weight == Weight.PLAIN:
        raise CaseProblem(_("这项调整由单位自行审批，在“变更”页备案即可，不必报批"))
    return _write(change, within)


def file_change(
    application_id: int, change: Mapping[str, object], *, reason: str, seen: int, viewer: Viewer
) -> ChangeRequest:
    """A change that is the unit's own matter: recorded, and in force at once."""
    if not reason.strip():
        raise CaseProblem(_("备案必须写明原因"))
    with dealing(
        application_id, verb="change.file", right="programmes.endorse", seen=seen, viewer=viewer, reason=reason
    ) as (case, act):
        row = _request(case, change, reason)
        if row.weight != Weight.PLAIN:
            raise CaseProblem(_("这项变更须经主管部门批准，请走变更审批"))
        row.state, row.decided_on, row.decided_act = State.FILED, case.today, act.act
        _write(row, act)
        _put_in_force(case, row, act)
    return row


def allow_change(case: Case, within: Writing) -> None:
    """The open request becomes the next task book; a major one only with the decision of a meeting."""
    row = _waiting(case)
    if row.weight == Weight.MAJOR and not _decided(case):
        raise CaseProblem(_("重大变更须先登记会议决定：会议名称、日期和决定"))
    _close(case, row, State.ALLOWED, within)
    _put_in_force(case, row, within)


def decision_form(case: Case, data: Mapping[str, Any] | None) -> forms.Form:
    """What the meeting decided about a major change; nothing is asked about lighter ones."""
    row = open_change(case.application)
    if row is None or row.weight != Weight.MAJOR:
        return forms.Form(data)
    form = handling.decision_form(case, data)
    del form.fields["grade"]
    return form


def deny_change(case: Case, within: Writing) -> None:
    _close(case, _waiting(case), State.DENIED, within)


def _waiting(case: Case) -> ChangeRequest:
    row = open_change(case.application)
    if row is None:
        raise CaseProblem(_("没有待审批的变更申请"))
    return row


def _decided(case: Case) -> bool:
    since = stages.entered(case, "changing")
    rows = Decision.objects.filter(application=case.application, withdrawn_by__isnull=True, state="changing")
    return rows.filter(act__at__gte=since).exists() if since else False


def _close(case: Case, row: ChangeRequest, state: str, within: Writing) -> None:
    row.state, row.decided_on, row.decided_act = state, case.today, within.act
    row.reply = case.reason
    row.save()
    within.wrote(digest_of(["change.decide", row.application_id, row.number, state]))


def _write(row: ChangeRequest, within: Writing) -> ChangeRequest:
    row.act = within.act
    row.save()
    within.wrote(digest_of(["change", row.application_id, row.number, row.kind, row.weight, row.before, row.after]))
    return row


def _put_in_force(case: Case, row: ChangeRequest, within: Writing) -> None:
    book = book_of(case.application)
    assert book is not None
    keep(case, {**book.values, **row.after}, within, agreed=(row.act, within.act))
    planning.plan(case, within)
    if case.application.state == "running" and (day := planning.running_due(case)):
        stages.set_due(case, day, within)


def _request(case: Case, given: object, reason: str) -> ChangeRequest:
    book = book_of(case.application)
    if book is None or book.agreed_on is None:
        raise CaseProblem(_("任务书还没有双方确认，请直接修改任务书"))
    if not isinstance(given, Mapping) or given.get("kind") not in Kind.values:
        raise CaseProblem(_("请选择变更事项"))
    kind = str(given["kind"])
    after = _really_new(book, given.get("after"))
    if not after:
        raise CaseProblem(_("变更前后没有差别，请填写变更后的内容"))
    if wrong := strangers(kind, after):
        raise CaseProblem(
            _("“%(kind)s”变更不能修改：%(paths)s") % {"kind": Kind(kind).label, "paths": "、".join(wrong)}
        )
    before = {path: book.values.get(path, "") for path in after}
    if kind == Kind.EXTENSION:
        _check_extension(case, book, after)
    weight = weight_in(case, book, kind, after)
    last = ChangeRequest.objects.filter(application=case.application).aggregate(last=Max("number"))["last"] or 0
    return ChangeRequest(
        application=case.application, number=last + 1, kind=kind, weight=weight, right=DECIDES[weight],
        before=before, after=after, reason=reason, asked_on=case.today,
    )  # fmt: skip


def _really_new(book: TaskBook, after: object) -> dict[str, str]:
    texts = {str(path): str(text).strip() for path, text in after.items()} if isinstance(after, Mapping) else {}
    return {path: text for path, text in texts.items() if text != book.values.get(path, "")}


def weight_in(case: Case, book: TaskBook, kind: str, after: Mapping[str, str]) -> str:
    """How heavy this change of this task book is."""
    if kind != Kind.BUDGET:
        return weight_of(kind, after)
    return budget_weight(
        total_moved=accounting.moves_total(case, book.values, after),
        beyond_own=bool(accounting.shifts_beyond(case, book.values, after)),
    )


def _check_extension(case: Case, book: TaskBook, after: Mapping[str, str]) -> None:
    """Once, in time, and not for longer than the parameter allows."""
    end, wished = contract.day(book.values, "plan_end"), contract.day(after, "plan_end")
    if end is None or wished is None or wished <= end:
        raise CaseProblem(_("请填写延期后的完成日期，须晚于原定日期"))
    rows = ChangeRequest.objects.filter(application=case.application, kind=Kind.EXTENSION, state=State.ALLOWED)
    if rows.exists():
        raise CaseProblem(_("该项目已经延期一次，不能再次延期；确实不能完成的，请申请终止"))
    months, notice = parameter("project.extension_months", case), parameter("project.extension_notice", case)
    if months is not None and wished > (last := add_months(end, int(months))):
        raise CaseProblem(_("延期不得超过%(n)s个月，最晚延至%(day)s") % {"n": int(months), "day": _said(last)})
    if notice is not None and case.today > (limit := end - timedelta(days=int(notice))):
        raise CaseProblem(
            _("延期须在到期前%(n)s天提出，本项目的最后提出日是%(day)s，已经错过")
            % {"n": int(notice), "day": _said(limit)}
        )


def _said(day: date) -> str:
    return _("%(y)s年%(m)s月%(d)s日") % {"y": day.year, "m": day.month, "d": day.day}
