"""When a form may be handed in: within the call's time, complete, with its pledges given."""

from datetime import datetime

from django.utils.translation import gettext as _

from keshu.bureau.programmes.applying.versions import draft_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.closing import closes_at
from keshu.bureau.programmes.machine import condition
from keshu.bureau.programmes.models import Call
from keshu.bureau.records.services import ZONE

SHOWN = 3  # problems that a refusal names; the check page has all of them


@condition("within_call")
def within_call(case: Case) -> str:
    """The call is published and open at this very minute."""
    call = case.call
    words = {"name": call.name, "contact": call.contact, "phone": call.phone}
    if call.state == Call.State.CANCELLED:
        return _("“%(name)s”已取消；如有疑问请联系%(contact)s（%(phone)s）") % words
    if call.state != Call.State.PUBLISHED or case.at < call.opens_at:
        return _("“%(name)s”尚未开始，%(opens)s 起可以提交") % {**words, "opens": told(call.opens_at)}
    closes = closes_at(case.application)
    if case.at >= closes:
        said = {**words, "closed": told(closes)}
        return _("“%(name)s”已于 %(closed)s 截止；确需补报的请联系%(contact)s（%(phone)s）") % said
    return ""


@condition("complete")
def complete(case: Case) -> str:
    """Nothing that the form demands is missing or unreadable."""
    problems = draft_in(case).form.problems
    if not problems:
        return ""
    first = "；".join(f"{one.where}：{one.message}" for one in problems[:SHOWN])
    words = {"n": len(problems), "first": first}
    if len(problems) > SHOWN:
        return _("还有 %(n)s 处需要补充或改正，如：%(first)s。全部问题见“检查”页") % words
    return _("还有 %(n)s 处需要补充或改正：%(first)s") % words


@condition("committed")
def committed(case: Case) -> str:
    """Every pledge of the form is given."""
    draft = draft_in(case)
    section = draft.layout.sections.get("pledge")
    fields = section.fields if section else ()
    open_ones = [f.name for f in fields if f.type == "bool" and draft.form.read(f.code, f).value is not True]
    if not open_ones:
        return ""
    return _("请在“承诺”栏目中对以下各项选“是”：%(names)s；不能承诺的不得申报") % {"names": "、".join(open_ones)}


def told(at: datetime) -> str:
    """To the minute, as it stands in the guide."""
    local = at.astimezone(ZONE)
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
