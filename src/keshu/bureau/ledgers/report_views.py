"""A place says that a ledger is complete for a period, or that there was nothing."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers import services
from keshu.bureau.ledgers.entry_forms import BeginningForm, ReportForm
from keshu.bureau.ledgers.guards import ledger_to, places_for
from keshu.bureau.ledgers.pages import reporting
from keshu.bureau.pages.posting import posted
from keshu.bureau.places.models import Place
from keshu.bureau.places.queries import place_of
from keshu.catalogue.schema import Ledger

RIGHT = "entries.edit"
SHOWN = 60


@requires(RIGHT)
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm a period, and see what was confirmed before."""
    ledger = ledger_to(request, code, RIGHT)
    periods = reporting.periods(ledger, timezone.localdate())
    form = ReportForm(posted(request), places=places_for(request, RIGHT), periods=periods)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        place, zero = place_of(given["place"]), given["zero"] == "yes"
        if request.viewer.may(RIGHT, section=ledger.owner, place=place.code):
            services.report_ledger(code, place_id=place.pk, period=given["period"], zero=zero, by=request.viewer.actor)
            said = _("%(place)s %(period)s：零报告") if zero else _("%(place)s %(period)s：已确认报齐")
            messages.success(request, said % {"place": place.name, "period": given["period"]})
            return redirect("ledgers:report", code)
        form.add_error("place", _("您没有填报该区划这本台账的权限"))
    asked = {"place": request.GET.get("place", "")}
    return _page(request, ledger, form, BeginningForm(places=places_for(request, RIGHT), initial=asked))


@requires(RIGHT)
@require_POST
def begin(request: HttpRequest, code: str) -> HttpResponse:
    """Say since when a place keeps this ledger, or take that back."""
    ledger = ledger_to(request, code, RIGHT)
    places = places_for(request, RIGHT)
    form = BeginningForm(request.POST, places=places)
    if form.is_valid():
        place, day = place_of(form.cleaned_data["place"]), form.cleaned_data["begins_on"]
        if request.viewer.may(RIGHT, section=ledger.owner, place=place.code):
            return _begin(request, code, place, day)
        form.add_error("place", _("您没有填报该区划这本台账的权限"))
    blank = ReportForm(places=places, periods=reporting.periods(ledger, timezone.localdate()))
    return _page(request, ledger, blank, form)


def _begin(request: HttpRequest, code: str, place: Place, day: date | None) -> HttpResponse:
    try:
        services.begin_records(code, place_id=place.pk, begins_on=day, by=request.viewer.actor)
    except services.NothingWritten:
        said = _("%(place)s：起始日本来就是 %(day)s，没有改动") if day else _("%(place)s：没有登记过起始日，不必取消")
        messages.info(request, said % {"place": place.name, "day": day})
    else:
        said = _("%(place)s：台账自 %(day)s 起登记") if day else _("%(place)s：已取消起始日")
        messages.success(request, said % {"place": place.name, "day": day})
    return redirect("ledgers:report", code)


def _page(request: HttpRequest, ledger: Ledger, form: ReportForm, beginning: BeginningForm) -> HttpResponse:
    visible = request.viewer.place_ids("entries.view")
    context = {
        "form": form, "beginning": beginning, "ledger": ledger,
        "reports": reporting.standing(ledger.code, visible)[:SHOWN],
        "beginnings": reporting.beginnings(ledger.code, visible)[:SHOWN],
    }  # fmt: skip
    return render(request, "ledgers/report.html", context)
