"""What grants bring to the machine of cases."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from keshu.bureau.pages.registry import Subject, register_subject, register_verbs
from keshu.bureau.programmes import machine, stages
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.grants import (
    account_panel,
    changing,
    concluding,
    crediting,
    panel,
    planning,
    task_books,
    views,
)
from keshu.bureau.programmes.panels import Panel, Question, register_door, register_panel, register_question
from keshu.bureau.records.services import Writing


def register() -> None:
    from keshu.bureau.programmes.grants import file_parts, printing  # noqa: F401 - by importing

    for name in ("task_book_agreed", "reports_filed", "three_verdicts", "audit_filed", "logs_filed"):
        machine.condition(name)(getattr(concluding, name))
    machine.effect("open_milestones")(_open_milestones)
    machine.effect("record_credit")(crediting.mark)
    machine.effect("bar_applicant")(crediting.bar)
    machine.given("change", "ask_change")(_change)
    machine.on("issue")(_draw_up)
    machine.on("allow_change")(changing.allow_change)
    machine.on("deny_change")(changing.deny_change)
    machine.on(*concluding.OUTCOMES)(concluding.conclude)
    machine.take_back(concluding.withdraw_conclusion)
    stages.due_rule("running")(planning.running_due)
    register_panel(Panel("account", 35, None, "programmes/grants/account.html", account_panel.context))
    register_panel(Panel("grants", 30, None, "programmes/grants/panel.html", panel.context))
    register_door("ask_change", views.change_door)
    register_question(Question("decision", frozenset({"allow_change"}), changing.decision_form))
    register_verbs(VERBS)
    register_subject("credit", Subject(_("信用记录"), lambda _pk: reverse("programmes:credits")))


def _open_milestones(case: Case, within: Writing) -> None:
    """The signed task book as rows. After a change the change itself has put the new plan in its place."""
    if case.event != "allow_change":
        planning.plan(case, within)


def _change(case: Case, within: Writing) -> None:
    changing.ask_change(case, within)


def _draw_up(case: Case, within: Writing) -> None:
    if case.application.state == "contracting":
        task_books.draw_up(case, within)


VERBS = {
    "taskbook.edit": _("修改任务书"),
    "taskbook.agree": _("确认任务书"),
    "change.file": _("备案变更"),
    "report.file": _("提交报告"),
    "report.accept": _("审核通过报告"),
    "report.return": _("退回报告"),
    "milestone.reach": _("登记节点完成"),
    "visit.record": _("登记监理"),
    "visit.close": _("监理整改销号"),
    "verdict.give": _("出具验收结论"),
    "credit.add": _("登记信用记录"),
    "credit.repair": _("信用修复"),
}
