"""Pages of targets: the list, one target, setting, adjusting, breaking down, withdrawing."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.posting import posted
from keshu.bureau.records.services import end_of
from keshu.bureau.targets import access, listing, services, sharing, showing
from keshu.bureau.targets.forms import BreakDownForm, RevisionForm, TargetFilter, TargetForm, WithdrawForm
from keshu.bureau.targets.models import TargetRevision
from keshu.bureau.targets.progress import Progress, aims_of, progress, tree_of
from keshu.bureau.targets.queries import current, history_of, years_with_targets
from keshu.bureau.targets.services import TargetProblem, spec_of
from keshu.catalogue import Indicator


@dataclass(frozen=True)
class Asked:
    """What the list is asked for."""

    form: TargetFilter
    place: str
    year: int
    concern: str
    known_at: datetime

    @property
    def place_name(self) -> str:
        names = dict(self.form.fields["place"].choices)
        return names.get(self.place, self.place).strip()


def _asked(request: HttpRequest) -> Asked:
    places, this = access.territories(), timezone.localdate().year
    years = sorted({*years_with_targets(), this, this + 1}, reverse=True)
    given = {"year": str(this), "place": access.own_place(request.viewer, "targets.view", places)}  # type: ignore[attr-defined]
    form = TargetFilter(given | {key: value for key, value in request.GET.items() if value}, years=years, places=places)
    data = form.cleaned_data if form.is_valid() else {}
    on = data.get("on")
    return Asked(
        form, data.get("place") or given["place"], data.get("year") or this, data.get("concern") or "",
        min(end_of(on), timezone.now()) if on else timezone.now(),
    )  # fmt: skip


def _found(asked: Asked) -> list[Progress]:
    return progress(asked.place, asked.year, asked.known_at)


@requires("targets.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """The targets of a place and year by theme, each against what is and against the time."""
    asked = _asked(request)
    aims = aims_of(_found(asked))
    shown = listing.chosen(aims, asked.concern)
    context = {
        "form": asked.form, "asked": asked, "themes": listing.by_theme(shown), "counts": listing.counts_of(aims),
        "period": aims[0].main.period if aims else None, "export_url": reverse("targets:export"),
        "may_set": access.EDIT in request.viewer.rights,  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "targets/index.html", context)


@requires("targets.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The same lines as a workbook, the striven ones on lines of their own."""
    asked = _asked(request)
    shown = listing.chosen(aims_of(_found(asked)), asked.concern)
    rows = (listing.cells(one) for aim in shown for one in (aim.main, aim.strive) if one is not None)
    name = _("%(place)s%(year)s年目标完成情况") % {"place": asked.place_name, "year": asked.year}
    return xlsx_response(name, [_(heading) for heading in listing.HEADINGS], rows)


@requires("targets.view")
@require_GET
def detail(request: HttpRequest, target_id: int) -> HttpResponse:
    """One target: how it stands, what it was broken down to, every revision."""
    row, indicator = _row(target_id)
    tree = tree_of(target_id, known_at=timezone.now())
    parent = current(row.parent_id) if row.parent_id else None
    context = {
        "row": row, "indicator": indicator, "name": showing.name_of(row, indicator), "tree": tree,
        "words": showing.value_words(row, indicator), "facts": sharing.facts_of(row, indicator, tree),
        "branches": list(sharing.lines_of(tree)) if tree else [], "parent": parent,
        "note": showing.branch_note(tree) if tree else "",
        "events": showing.history_events(history_of(target_id), indicator),
        "may_edit": not row.voided and access.may_edit(request.viewer, row, indicator),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "targets/detail.html", context)


def _row(target_id: int) -> tuple[TargetRevision, Indicator]:
    row = current(target_id)
    indicator = site_catalogue().indicators.get(row.indicator) if row else None
    if row is None or indicator is None:
        raise Http404
    return row, indicator


def _own_row(request: HttpRequest, target_id: int) -> tuple[TargetRevision, Indicator]:
    """The target, if the viewer may change it."""
    row, indicator = _row(target_id)
    if not access.may_edit(request.viewer, row, indicator):  # type: ignore[attr-defined]
        raise PermissionDenied(access.EDIT)
    return row, indicator


@requires("targets.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Set a target for one's own places and indicators: the form offers no others."""
    viewer, catalogue = request.viewer, site_catalogue()  # type: ignore[attr-defined]
    places = access.editable_places(viewer)
    initial = {"year": timezone.localdate().year, "place": access.own_place(viewer, access.EDIT, places)}
    asked = {key: request.GET[key] for key in ("year", "place", "indicator") if request.GET.get(key)}
    indicators = access.editable_indicators(viewer, catalogue)
    form = TargetForm(posted(request), places=places, indicators=indicators, initial=initial | asked)
    if request.method == "POST" and form.is_valid():
        try:
            row = services.set_target(form.spec, by=viewer.actor)
        except TargetProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("目标已下达"))
            return redirect("targets:detail", target_id=row.target_id)
    context = {"form": form, "title": _("下达目标"), "back": reverse("targets:index")}
    return render(request, "targets/form.html", context)


@requires("targets.edit")
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, target_id: int) -> HttpResponse:
    row, indicator = _own_row(request, target_id)
    form = RevisionForm(posted(request), row=row, indicator=indicator)
    if request.method == "POST" and form.is_valid():
        spec = services.TargetSpec(**{**vars(spec_of(row)), **form.said()})
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        try:
            services.revise_target(target_id, spec, seen=seen, by=request.viewer.actor, reason=reason)  # type: ignore[attr-defined]
        except TargetProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("目标已调整，原目标保留在沿革中"))
            return redirect("targets:detail", target_id=target_id)
    context = {"form": form, "title": _("调整目标"), "name": showing.name_of(row, indicator), "row": row}
    return render(request, "targets/form.html", context | {"back": reverse("targets:detail", args=[target_id])})


@requires("targets.edit")
@require_http_methods(["GET", "POST"])
def break_down(request: HttpRequest, target_id: int) -> HttpResponse:
    """Hand the target on to the places below or to the sections, all on one page and as one act."""
    row, indicator = _own_row(request, target_id)
    if row.voided:
        raise Http404
    takers = sharing.takers_of(row, indicator, known_at=timezone.now())
    form = BreakDownForm(
        posted(request), places=takers, kind=row.kind, indicator=indicator, initial=sharing.signature_of(row)
    )
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("issuer", "document", "reason")}
        try:
            written = services.break_down(target_id, form.shares, by=request.viewer.actor, **said)  # type: ignore[attr-defined]
        except TargetProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已分解，新增或调整 %(n)s 个下级目标") % {"n": len(written)})
            return redirect("targets:detail", target_id=target_id)
    context = {
        "form": form, "row": row, "name": showing.name_of(row, indicator), "unit": showing.unit_of(indicator),
        "words": showing.value_words(row, indicator),
    }  # fmt: skip
    return render(request, "targets/break_down.html", context)


@requires("targets.edit")
@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest, target_id: int) -> HttpResponse:
    row, indicator = _own_row(request, target_id)
    form = WithdrawForm(posted(request), initial={"seen": row.number})
    if request.method == "POST" and form.is_valid():
        seen, reason = form.cleaned_data["seen"], form.cleaned_data["reason"]
        try:
            services.withdraw_target(target_id, seen=seen, by=request.viewer.actor, reason=reason)  # type: ignore[attr-defined]
        except TargetProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("目标已撤回"))
            return redirect("targets:index")
    facts = [(_("指标"), showing.name_of(row, indicator)), (_("区划"), row.place.name), (_("年度"), row.year),
             (_("目标"), showing.value_words(row, indicator))]  # fmt: skip
    context = {
        "title": _("撤回目标"), "label": _("撤回"), "danger": True, "form": form, "facts": facts,
        "statement": _("撤回后该目标不再计入考核和文稿；撤回之前按它写成的文稿不变，沿革仍可查看。"),
        "back": reverse("targets:detail", args=[target_id]),
    }  # fmt: skip
    return render(request, "confirm.html", context)
