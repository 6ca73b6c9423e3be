"""「我能报什么」 and the button that begins a case; a bureau clerk sees the same of an enterprise with `?party=`."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import Viewer, requires
from keshu.bureau.accounts.acting import acting_party
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.parties.models import Party
from keshu.bureau.programmes.applying import home
from keshu.bureau.programmes.calls.eligibility import answers_for, days_left
from keshu.bureau.programmes.calls.listing import PHASES
from keshu.bureau.programmes.models import Call
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.services import ZONE


@requires("own.view", "cases.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """Open and coming calls with yes, no because, need; below them the organisation's cases."""
    viewer, at = request.viewer, timezone.now()  # type: ignore[attr-defined]
    party = _party(request)
    if party is None:
        return render(request, "programmes/calls/no_party.html", {"bureau": "cases.view" in viewer.rights})
    own = party.pk in viewer.parties("own.view")
    today = at.astimezone(ZONE).date()
    answers = [_shown(one, today) for one in answers_for(party.pk, at=at)]
    context = {
        "party": party, "answers": answers, "today": today, "own": own, "may_apply": viewer.may(home.APPLY, party=party.pk),
        "cases": home.cases_of(party.pk, at) if own else [],
    }  # fmt: skip
    return render(request, "programmes/calls/mine.html", context)


def _shown(answer: Any, today: Any) -> dict[str, Any]:
    label, tone = home.VERDICTS[answer.verdict]
    phase, phase_tone = PHASES[answer.phase]
    return {
        "answer": answer, "call": answer.call, "label": label, "tone": tone, "phase": phase, "phase_tone": phase_tone,
        "left": days_left(answer, today),
    }  # fmt: skip


def _party(request: HttpRequest) -> Party | None:
    """The organisation that is asked about: one's own, or for the bureau one of its places."""
    viewer = request.viewer  # type: ignore[attr-defined]
    asked = whole_number(request.GET.get("party", ""))
    if asked is None:
        own = acting_party(request)
        return Party.objects.select_related("place").filter(pk=own).first() if own else None
    found = Party.objects.select_related("place").filter(pk=asked, withdrawn=False).first()
    if found is None or not may_ask(viewer, found):
        raise Http404
    return found


def may_ask(viewer: Viewer, party: Party) -> bool:
    """Whether this person may see what the organisation could apply for: its members, and the bureau of its place."""
    if party.pk in viewer.parties("own.view"):
        return True
    if "cases.view" not in viewer.rights:
        return False
    places = viewer.place_ids("cases.view")
    return places is None or party.place_id in places


@requires("programmes.apply")
@require_http_methods(["GET", "POST"])
def begin(request: HttpRequest, call_id: int) -> HttpResponse:
    """Begin a case. Asks first where a draft is there already or a condition is known not to hold."""
    viewer, at = request.viewer, timezone.now()  # type: ignore[attr-defined]
    call = Call.objects.select_related("place").filter(pk=call_id, state=Call.State.PUBLISHED).first()
    party = _party(request)
    if call is None or party is None:
        raise Http404
    answer = answers_for(party.pk, at=at, calls=[call])[0]
    asks = bool(answer.drafts or answer.reasons)
    if request.method == "POST" and (not asks or request.POST.get("again")):
        try:
            made = home.begin(call, party, viewer=viewer, answer=answer)
        except CaseProblem as problem:
            messages.error(request, str(problem))
            return redirect("programmes:mine")
        messages.success(request, _("已建立草稿，边填边自动保存"))
        return redirect("programmes:form", made.pk)
    context = {"call": call, "party": party, "answer": answer, "back": reverse("programmes:mine")}
    return render(request, "programmes/calls/begin.html", context)
