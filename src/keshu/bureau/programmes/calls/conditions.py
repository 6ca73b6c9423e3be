"""The condition `eligible`: nothing that the call asks for is known not to hold."""

from django.utils.translation import gettext as _

from keshu.bureau.programmes.applying.versions import draft_in
from keshu.bureau.programmes.calls.eligibility import answer_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About


def eligible(case: Case) -> str:
    """By the form as it is now; what is unknown is left to the formal check."""
    application = case.application
    about = About(case.call, application.party_id, case.today, case.at, application, draft_in(case).form.values)
    reasons = answer_of(about, case.call.closes_at).reasons
    if not reasons:
        return ""
    said = "；".join(f"{one.name}：{one.said}" for one in reasons)
    return _("申报条件不符合：%(said)s。数据有误的，请先更正申报书或单位资料") % {"said": said}
