"""/api/v1/programmes: calls that are out, and what an organisation may apply for."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.errors import HttpError

from keshu.bureau.accounts.access import requires
from keshu.bureau.accounts.acting import acting_party
from keshu.bureau.parties.models import Party
from keshu.bureau.programmes.applying.home_views import may_ask
from keshu.bureau.programmes.calls import listing, queries
from keshu.bureau.programmes.calls.eligibility import Answer, answers_for

router = Router(tags=["programmes"])


@router.get("/calls", summary="申报批次")
@requires("own.view", "cases.view")
def calls(request: HttpRequest) -> dict[str, Any]:
    """Open, coming and lately closed calls; times with their offset, the deadline as extended for all."""
    at = timezone.now()
    lines = listing.lines(list(queries.published(at).select_related("place")), at)
    return {"calls": [_call(line) for line in lines]}


@router.get("/eligibility", summary="某单位能报什么")
@requires("own.view", "cases.view")
def eligibility(request: HttpRequest, party: int | None = None) -> dict[str, Any]:
    """Each open and coming call with its verdict: yes, later (the form tells), need, no; why, and what is missing."""
    asked = acting_party(request) if party is None else party
    found = Party.objects.filter(pk=asked, withdrawn=False).first() if asked else None
    if found is None or not may_ask(request.viewer, found):  # type: ignore[attr-defined]
        raise HttpError(404, "没有这家单位")
    answers = answers_for(found.pk, at=timezone.now())
    return {"party": found.pk, "name": found.name, "calls": [_answer(one) for one in answers]}


def _call(line: listing.Line) -> dict[str, Any]:
    call = line.call
    return {
        "id": call.pk, "name": call.name, "programme": call.programme, "version": call.version, "year": call.year,
        "section": call.section, "place": call.place.code, "opens_at": call.opens_at.isoformat(),
        "closes_at": line.closes.isoformat(), "phase": line.phase, "contact": call.contact, "phone": call.phone,
    }  # fmt: skip


def _answer(one: Answer) -> dict[str, Any]:
    return {
        "call": one.call.pk, "name": one.call.name, "phase": one.phase, "closes_at": one.closes.isoformat(),
        "verdict": one.verdict,
        "reasons": [{"condition": why.name, "said": why.said, "basis": why.basis} for why in one.reasons],
        "needs": [{"fact": need.name, "where": need.where, "in_form": need.in_form} for need in one.needs],
        "points": None if one.estimate is None else [str(value) for value in one.estimate],
    }  # fmt: skip
