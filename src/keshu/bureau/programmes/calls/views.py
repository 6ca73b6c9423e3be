"""Calls for the bureau: the list, one call, writing it, sending it out."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted, whole_number
from keshu.bureau.programmes import closing
from keshu.bureau.programmes.calls import forms, listing, queries, services, showing
from keshu.bureau.programmes.definitions import UnknownProgramme, programme_of, programmes
from keshu.bureau.programmes.models import Call
from keshu.bureau.records.services import Actor

SORTS = {"closes": "closes_at", "opens": "opens_at", "year": "year", "name": "name"}


@requires("cases.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The calls that concern this person, those that close last first."""
    form, rows, at = listing.asked(request)
    page = page_of(queries.with_counts(rows), request.GET, sorts=SORTS, default="-closes")
    context = {
        "form": form, "page": page, "lines": listing.lines(page.rows, at), "export_url": reverse("programmes:calls-export"),
        "may_add": services.EDIT in request.viewer.rights,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "programmes/calls/index.html", context)


@requires("cases.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    _form, rows, at = listing.asked(request)
    found = list(queries.with_counts(rows).order_by("-closes_at"))
    return xlsx_response(
        _("申报批次"), [_(one) for one in listing.HEADINGS], map(listing.cells, listing.lines(found, at))
    )


@requires("cases.view")
@require_GET
def call(request: HttpRequest, call_id: int) -> HttpResponse:
    """One call: its dates, its cases by state, what may be done with it."""
    viewer, one, at = request.viewer, _seen(request, call_id), timezone.now()  # type: ignore[attr-defined]
    programme = showing.programme_of_call(one)
    own = services.may_edit(viewer, section=one.section, place=one.place.code)
    closes = closing.closing_for_all([one])[one.pk]
    phase = queries.phase_of(one, at, closes)
    label, tone = listing.PHASES[phase]
    context = {
        "call": one, "programme": programme, "phase": phase, "phase_label": label, "phase_tone": tone,
        "facts": showing.facts_of(one, programme, closes), "may_edit": own, "seen": one.revision,
        "extensions": showing.extensions_of(one), "states": listing.states_of(one, programme, viewer),
        "problems": services.obstacles_to_publishing(one, at=at) if own and one.state == Call.State.DRAFT else [],
        "guide": one.guide,
    }  # fmt: skip
    return render(request, "programmes/calls/call.html", context)


@requires("calls.edit")
@require_GET
def choose(request: HttpRequest) -> HttpResponse:
    """A new call begins with its programme, or with an earlier call."""
    today = timezone.localdate()
    own = request.viewer.sections(services.EDIT)  # type: ignore[attr-defined]
    offered = [one for one in programmes().values() if one.open_on(today) and (own is None or one.owner in own)]
    themes: dict[str, list[Any]] = {}
    for one in sorted(offered, key=lambda one: one.code):
        themes.setdefault(listing.KINDS[one.kind], []).append(one)
    return render(request, "programmes/calls/choose.html", {"themes": themes})


@requires("calls.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, code: str) -> HttpResponse:
    """A new call of a programme, filled with what is known; `?from=` fills it from an earlier call."""
    try:
        programme = programme_of(code)
    except UnknownProgramme:
        raise Http404 from None
    earlier = whole_number(request.GET.get("from", ""))
    given = forms.initial_for(programme, at=timezone.now()) | _person(request)
    if earlier and (found := Call.objects.filter(pk=earlier, programme=code).select_related("place").first()):
        given |= forms.in_form(services.next_year(found, timezone.localdate()))
    form = _form(request, given, section=programme.owner)
    if request.method == "POST" and form.is_valid():
        _own(request, form.spec.section, form.spec.place)
        one = services.draft_call(form.spec, by=_by(request, form.spec.section, form.spec.place))
        messages.success(request, _("批次已存为草稿；核对无误后发布"))
        return redirect("programmes:call", one.pk)
    context = {"form": form, "title": _("新建批次"), "programme": programme, "back": reverse("programmes:calls")}
    return render(request, "programmes/calls/form.html", context)


def _person(request: HttpRequest) -> dict[str, Any]:
    """The contact is whoever drafts the call, until another is named; the number to publish is typed, never her own."""
    user: Any = request.user
    return {"contact": user.name}


def _form(request: HttpRequest, given: dict[str, Any], *, section: str, published: bool = False) -> forms.CallForm:
    viewer = request.viewer  # type: ignore[attr-defined]
    places, sections = listing.places_for(viewer), listing.sections_for(viewer, section)
    if places and "place" not in given:
        given["place"] = places[0][0]
    return forms.CallForm(posted(request), initial=given, places=places, sections=sections, published=published)


@requires("calls.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, call_id: int) -> HttpResponse:
    one = _editable(request, call_id)
    form = _form(request, forms.initial_of(one), section=one.section, published=one.state == Call.State.PUBLISHED)
    if request.method == "POST" and form.is_valid():
        _own(request, form.spec.section, form.spec.place)
        seen, reason = form.cleaned_data["seen"] or 0, form.cleaned_data.get("reason", "")
        try:
            by = _by(request, form.spec.section, form.spec.place)
            services.revise_call(one.pk, form.spec, seen=seen, by=by, reason=reason)
        except services.CallProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已保存"))
            return redirect("programmes:call", one.pk)
    context = {"form": form, "title": _("修改批次"), "call": one, "programme": showing.programme_of_call(one)}
    return render(request, "programmes/calls/form.html", context | {"back": reverse("programmes:call", args=[one.pk])})


@requires("calls.edit")
@require_http_methods(["GET", "POST"])
def publish(request: HttpRequest, call_id: int) -> HttpResponse:
    one = _editable(request, call_id)
    form = forms.SeenForm(posted(request), initial={"seen": one.revision})
    words = {
        "title": _("发布批次"), "label": _("发布"), "done": _("批次已发布，申报单位现在可以看到"),
        "statement": _("发布后申报单位可以看到并按时间申报；事项定义按现在的版本固定，截止时间此后只能延期。"),
    }  # fmt: skip
    return _confirmed(
        request, one, form, lambda data: services.publish_call(one.pk, by=_of(request, one), **data), words
    )


@requires("calls.edit")
@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, call_id: int) -> HttpResponse:
    one = _editable(request, call_id)
    form = forms.CancelForm(posted(request), initial={"seen": one.revision})
    words = {
        "title": _("取消批次"), "label": _("取消批次"), "done": _("批次已取消"), "danger": True,
        "statement": _("取消后不再接受新的申报，未提交的草稿不能再提交；已提交的申报不受影响，应逐件办理。"),
    }  # fmt: skip
    return _confirmed(
        request, one, form, lambda data: services.cancel_call(one.pk, by=_of(request, one), **data), words
    )


@requires("calls.edit")
@require_http_methods(["GET", "POST"])
def extend(request: HttpRequest, call_id: int) -> HttpResponse:
    one = _editable(request, call_id)
    places = listing.places_below(one.place.code)
    form = forms.ExtensionForm(posted(request), initial={"seen": one.revision}, places=places)
    words = {
        "title": _("延期"), "label": _("延期"), "done": _("已延期，新的截止时间立即生效"),
        "statement": _("延期作为一次记录留存，写明范围和原因；公开页面同时显示。"),
    }  # fmt: skip
    return _confirmed(
        request, one, form, lambda data: services.extend_call(one.pk, by=_of(request, one), **data), words
    )


def _confirmed(request: HttpRequest, one: Call, form: Any, write: Any, words: dict[str, Any]) -> HttpResponse:
    """A question of its own page; a refusal is written on its form."""
    if request.method == "POST" and form.is_valid():
        try:
            write(form.cleaned_data)
        except services.CallProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, words["done"])
            return redirect("programmes:call", one.pk)
    closes = closing.closing_for_all([one])[one.pk]
    facts = [(_("批次"), one.name), (_("开始"), showing.minute(one.opens_at)), (_("截止"), showing.minute(closes))]
    context = {**words, "form": form, "facts": facts, "back": reverse("programmes:call", args=[one.pk])}
    return render(request, "confirm.html", context)


def _by(request: HttpRequest, section: str, place: str) -> Actor:
    """Who writes a call of this section and place; a colleague who is away and whose right it takes is named."""
    actor: Actor = request.viewer.actor_for(services.EDIT, section=section, place=place)  # type: ignore[attr-defined]
    return actor


def _of(request: HttpRequest, one: Call) -> Actor:
    return _by(request, one.section, one.place.code)


def _seen(request: HttpRequest, call_id: int) -> Call:
    """The call, if this person may see it: a draft only where she may write it."""
    found = listing.visible(request.viewer).select_related("place").filter(pk=call_id).first()  # type: ignore[attr-defined]
    if found is None:
        raise Http404
    return found


def _editable(request: HttpRequest, call_id: int) -> Call:
    one = _seen(request, call_id)
    _own(request, one.section, one.place.code)
    return one


def _own(request: HttpRequest, section: str, place: str) -> None:
    if not services.may_edit(request.viewer, section=section, place=place):  # type: ignore[attr-defined]
        raise PermissionDenied(services.EDIT)
