"""Calls for everybody: what is open, what one call asks for. No personal data but the contact that the bureau names."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import public
from keshu.bureau.programmes import closing
from keshu.bureau.programmes.applying.case_page_ladder import main_way
from keshu.bureau.programmes.calls import listing, queries, showing
from keshu.bureau.programmes.models import Call

MINUTES = 5
cacheable = cache_control(max_age=MINUTES * 60, public=True)


@public
@require_GET
@cacheable
def guides(request: HttpRequest) -> HttpResponse:
    """Open, coming and lately closed calls."""
    at = timezone.now()
    lines = listing.lines(list(queries.published(at)), at)
    groups = [(str(label), _in_phase(lines, phase)) for phase, (label, _tone) in listing.PHASES.items()]
    return render(request, "programmes/calls/guides.html", {"groups": [one for one in groups if one[1]]})


def _in_phase(lines: list[listing.Line], phase: str) -> list[listing.Line]:
    """What closes next comes first; of what is closed, what closed last: by the last instant, extensions included."""
    found = [line for line in lines if line.phase == phase]
    return sorted(found, key=lambda line: line.closes, reverse=phase == "closed")


@public
@require_GET
@cacheable
def guide(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call with its guide, conditions in words, attachments, dates and contact."""
    rows = Call.objects.filter(published_at__isnull=False).select_related("place")
    call, at = rows.filter(pk=call_id).first(), timezone.now()
    if call is None:
        raise Http404
    programme, closes = showing.programme_of_call(call), closing.closing_for_all([call])[call.pk]
    phase = queries.phase_of(call, at, closes)
    states = programme.ladder.states
    context = {
        "call": call, "programme": programme, "phase": phase, "phase_label": listing.PHASES[phase][0],
        "phase_tone": listing.PHASES[phase][1], "facts": showing.facts_of(call, programme, closes),
        "conditions": showing.conditions_of(call, programme), "slots": list(showing.slots_of(programme)),
        "extensions": [one for one in showing.extensions_of(call) if not one["of_case"]],
        "way": list(dict.fromkeys(states[code].public for codes in main_way(programme) for code in codes)),
    }  # fmt: skip
    return render(request, "programmes/calls/guide.html", context)
