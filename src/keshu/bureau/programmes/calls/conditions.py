"""The condition `eligible`: nothing that the call asks for is known not to hold."""

from django.db import connection
from django.utils.translation import gettext as _

from keshu.bureau.programmes.applying.versions import draft_in
from keshu.bureau.programmes.calls.eligibility import reasons_against
from keshu.bureau.programmes.calls.leader_facts import leader_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.facts import About

COUNTING = 0x6B636E74  # "kcnt"; the class of advisory locks under which limits are counted


def eligible(case: Case) -> str:
    """By the form as it is now; what is unknown is left to the formal check."""
    application = case.application
    about = About(case.call, application.party_id, case.today, case.at, application, draft_in(case).form.values)
    if case.event:
        _alone(about)
    reasons = reasons_against(about)
    if not reasons:
        return ""
    said = "；".join(f"{one.name}：{one.said}" for one in reasons)
    return _("申报条件不符合：%(said)s。数据有误的，请先更正申报书或单位资料") % {"said": said}


def _alone(about: About) -> None:
    """Whoever hands in for the same unit or the same leader waits until this act is over: two do not take one last place.

    The other engine has one writer at a time anyway. Unit before leader, everywhere: nobody waits in a circle.
    """
    if connection.vendor != "postgresql":
        return
    leader = leader_of(about)
    keys = [about.party_id % 2**31, *([-1 - int(leader.blind[:8], 16) // 2] if leader else [])]  # never the same key
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [COUNTING, key])
