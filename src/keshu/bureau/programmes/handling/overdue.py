"""Whether a time has run out: by the due date that was stored when the stage began."""

from datetime import date

from django.utils.translation import gettext as _

from keshu.bureau.programmes.access import UNSUBMITTED
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.closing import closes_at
from keshu.bureau.programmes.machine import condition


@condition("overdue")
def overdue(case: Case) -> str:
    """A draft is overdue when its call has closed for it, everything else after its stage's due date."""
    if case.application.state in UNSUBMITTED:
        return _still_open(case)
    due = case.stage.due_on if case.stage is not None else None
    if due is None:
        return _("这一环节没有期限，不能按逾期处理")
    if due >= case.today:
        return _("期限是%(day)s，还没有逾期") % {"day": f"{due.year}年{due.month}月{due.day}日"}
    return ""


def _still_open(case: Case) -> str:
    if case.call.state == "cancelled" or closes_at(case.application) <= case.at:
        return ""
    return _("申报还没有截止，不能按过期处理")


def ran_out(due: date) -> str:
    """Why, where nobody said anything but that the time was over."""
    return _("期限是%(day)s，到期没有办理") % {"day": f"{due.year}年{due.month}月{due.day}日"}
