"""Places: the tree on any day, and the acts that change it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.desk.party_forms import EndForm, MoveForm, PlaceForm
from keshu.bureau.pages.posting import posted
from keshu.bureau.places import services
from keshu.bureau.places.models import Place, PlaceSpan
from keshu.bureau.places.queries import spans_on

EDIT = "places.edit"


@requires("entries.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    day = _day(request.GET.get("on", ""))
    rows = [_row(span) for span in spans_on(day).select_related("place")]
    return render(
        request, "desk/places.html", {"rows": rows, "day": day, "may_edit": "places.edit" in request.viewer.rights}
    )


def _day(text: str) -> date:
    try:
        return parse_date(text) or timezone.localdate()
    except ValueError:
        return timezone.localdate()


def _row(span: PlaceSpan) -> dict[str, Any]:
    return {"span": span, "place": span.place, "depth": span.path.count("/") - 1}


@requires("entries.view")
@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    place = get_object_or_404(Place, code=code)
    spans = list(PlaceSpan.objects.filter(place=place, known_to__isnull=True).order_by("valid_from"))
    if not spans:
        raise Http404(code)
    names = dict(Place.objects.values_list("code", "name"))
    history = [(span, [names[part] for part in span.path.rstrip("/").split("/")]) for span in spans]
    below = spans_on(timezone.localdate()).filter(path__startswith=spans[-1].path).exclude(place=place)
    context = {
        "place": place,
        "history": history,
        "below": [_row(span) for span in below.select_related("place")],
        "may_edit": request.viewer.may(EDIT, place=code) and spans[-1].valid_to is None,
    }
    return render(request, "desk/place.html", context)


@requires("places.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = PlaceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        aliases = tuple(part.strip() for part in data["aliases"].replace("，", "、").split("、") if part.strip())
        parent = data["parent"].code if data["parent"] else ""
        _require(request, parent)
        spec = services.PlaceSpec(data["code"].strip(), data["name"].strip(), data["kind"], parent, "", aliases)
        try:
            services.plant_places([spec], by=request.viewer.actor, since=data["since"], reason=data["reason"])
        except services.PlaceProblem as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("places:detail", code=spec.code)
    return render(request, "desk/place_add.html", {"form": form})


@requires("places.edit")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, code: str) -> HttpResponse:
    place, form = get_object_or_404(Place, code=code), MoveForm(posted(request))
    _require(request, code)
    title, says = _("变更隶属"), _("自该日起连同所有下级改归新上级；该日以前的数按原隶属统计。")
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        _require(request, data["parent"].code)
        try:
            services.move_place(
                code, parent=data["parent"].code, on=data["on"], by=request.viewer.actor, reason=data["reason"]
            )
        except services.PlaceProblem as problem:
            form.add_error(None, str(problem))
        else:
            return _done(request, title, place)
    return _ask(request, place, form, title, says)


@requires("places.edit")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, code: str) -> HttpResponse:
    place, form = get_object_or_404(Place, code=code), EndForm(posted(request))
    _require(request, code)
    title, says = _("撤销区划"), _("该日以后不再有此区划；以往的条目保留，仍计入该日以前的数。")
    if request.method == "POST" and form.is_valid():
        try:
            services.end_place(
                code, on=form.cleaned_data["on"], by=request.viewer.actor, reason=form.cleaned_data["reason"]
            )
        except PlaceSpan.DoesNotExist:
            form.add_error(None, _("该区划已经撤销"))
        else:
            return _done(request, title, place)
    return _ask(request, place, form, title, says)


def _require(request: HttpRequest, code: str) -> None:
    """The tree is changed only at or below one's own place, also where that place has ended; a new top only by those
    whose scope is everything."""
    roots = request.viewer.places(EDIT)
    if roots is None:
        return
    span = PlaceSpan.objects.filter(place__code=code, known_to__isnull=True).order_by("valid_from").last()
    if span is None or not set(roots) & set(span.path.split("/")):
        raise PermissionDenied(EDIT)


def _done(request: HttpRequest, title: str, place: Place) -> HttpResponse:
    messages.success(request, _("已完成：%(what)s") % {"what": title})
    return redirect("places:detail", code=place.code)


def _ask(request: HttpRequest, place: Place, form: Any, title: str, statement: str) -> HttpResponse:
    facts = [(_("名称"), place.name), (_("区划代码"), place.code)]
    context = {"title": title, "label": title, "statement": statement, "facts": facts, "form": form}
    return render(request, "confirm.html", context | {"back": reverse("places:detail", args=[place.code])})
