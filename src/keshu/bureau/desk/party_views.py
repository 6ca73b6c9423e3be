"""Organisations: the list, the page of one, and the few things that may be changed about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.desk import parties
from keshu.bureau.desk.party_forms import ConfirmForm, MergeForm, PartyFilter, PartyForm, ReasonForm, RenameForm
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.pages.registry import verb_name
from keshu.bureau.parties import services
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import directory, merges
from keshu.bureau.records.models import Act

SORTS = {"name": "normal_name", "uscc": "uscc", "made": "pk"}


@requires("parties.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form, rows = _filtered(request)
    page = page_of(rows, request.GET, sorts=SORTS, default="name")
    return render(request, "desk/parties.html", {"form": form, "page": page, "total": rows.count()})


def _filtered(request: HttpRequest) -> tuple[PartyFilter, Any]:
    form = PartyFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    place = wanted.get("place")
    return form, parties.organisations(
        text=wanted.get("q", ""), place=place.code if place else "", state=wanted.get("state", "")
    )


@requires("parties.view")
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    _form, rows = _filtered(request)
    headings = [_("名称"), _("统一社会信用代码"), _("属地"), _("登记情况")]
    lines = (
        (p.name, p.uscc, p.place.name if p.place else "", _state(p)) for p in rows.order_by("normal_name").iterator()
    )
    return xlsx_response(_("主体名录"), headings, lines)


def _state(party: Party) -> str:
    if party.withdrawn:
        return _("已撤回")
    return _("待核实") if party.provisional else _("已核实")


@requires("parties.view")
@require_GET
def detail(request: HttpRequest, party_id: int) -> HttpResponse:
    """One organisation, everything about it on one page; a merged one leads to the one that is left."""
    last = parties.last_of(party_id)
    if last != party_id:
        return redirect("parties:detail", party_id=last)
    party = get_object_or_404(Party.objects.select_related("place"), pk=party_id, kind=Party.Kind.ORGANISATION)
    context = {
        "party": party,
        "dossier": parties.dossier(party.pk, places=request.viewer.place_ids("entries.view")),
        "former": [name for name in party.names.order_by("pk") if name.name != party.name],
        "merged": list(merges().filter(target=party).select_related("source").order_by("pk")),
        "events": _events(party.pk),
        "may_edit": _may_edit(request, party),
    }
    return render(request, "desk/party.html", context)


def _events(party_id: int) -> list[dict[str, Any]]:
    acts = Act.objects.filter(subject=f"party:{party_id}").order_by("-at", "-pk")[:20]
    return [
        {"at": act.at, "title": verb_name(act.verb), "text": act.reason, "by": act.by_name or act.by} for act in acts
    ]


def _may_edit(request: HttpRequest, party: Party) -> bool:
    return request.viewer.may("parties.edit", place=party.place.code if party.place else "")


@requires("parties.edit")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    form = PartyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        spec = services.PartySpec(
            data["name"].strip(), data["uscc"].strip(), data["place"].pk if data["place"] else None
        )
        try:
            party = services.register_party(spec, by=request.viewer.actor, reason=data["reason"])
        except services.PartyProblem as problem:
            form.add_error(None, str(problem))
        else:
            return redirect("parties:detail", party_id=party.pk)
    return render(request, "desk/party_add.html", {"form": form})


def _change(
    request: HttpRequest,
    party: Party,
    form: Form,
    *,
    title: str,
    statement: str,
    change: Callable[[dict[str, Any]], Any],
) -> HttpResponse:
    """Ask for what a change needs on a page of its own, then make it; a refusal stands above the form."""
    if not _may_edit(request, party):
        raise PermissionDenied("parties.edit")
    back = reverse("parties:detail", args=[party.pk])
    if request.method == "POST" and form.is_valid():
        try:
            change(form.cleaned_data)
        except services.PartyProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已完成：%(what)s") % {"what": title})
            return redirect(back)
    facts = [(_("名称"), party.name), (_("统一社会信用代码"), party.uscc)]
    context = {"title": title, "label": title, "statement": statement, "facts": facts, "form": form, "back": back}
    return render(request, "confirm.html", context)


@requires("parties.edit")
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, party_id: int) -> HttpResponse:
    party = get_object_or_404(Party, pk=party_id)
    says = _("原名称作为曾用名保留，以往的条目照旧能按原名称查到。")

    def change(data: dict[str, Any]) -> None:
        services.rename_party(
            party.pk, name=data["name"], on=data["on"], by=request.viewer.actor, reason=data["reason"]
        )

    return _change(request, party, RenameForm(posted(request)), title=_("更名"), statement=says, change=change)


@requires("parties.edit")
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest, party_id: int) -> HttpResponse:
    party = get_object_or_404(Party, pk=party_id)
    says = _("导入时登记的主体补上统一社会信用代码后即为已核实；若该代码已属于另一主体，请改用合并。")

    def change(data: dict[str, Any]) -> None:
        services.confirm_party(
            party.pk, uscc=data["uscc"], place=data["place"], by=request.viewer.actor, reason=data["reason"]
        )

    return _change(request, party, ConfirmForm(posted(request)), title=_("核实"), statement=says, change=change)


@requires("parties.edit")
@require_http_methods(["GET", "POST"])
def merge(request: HttpRequest, party_id: int) -> HttpResponse:
    party = get_object_or_404(Party, pk=party_id)
    says = _("自合并起，本主体的条目都算作并入的那一家；已冻结的数不变。合并可以撤销。")

    def change(data: dict[str, Any]) -> None:
        target = _found(data["target"])
        services.merge_parties(party.pk, target, by=request.viewer.actor, reason=data["reason"])

    return _change(request, party, MergeForm(posted(request)), title=_("合并"), statement=says, change=change)


def _found(text: str) -> int:
    known = directory(names=[text])
    found = known.of_code(text.strip().upper())
    names = known.of_name(text)
    if found is None and len(names) == 1:
        found = names[0]
    if found is None:
        raise services.PartyProblem(
            _("有多家叫“%(t)s”的主体，请改填统一社会信用代码") % {"t": text}
            if names
            else _("没有找到“%(t)s”，请核对全称或统一社会信用代码") % {"t": text}
        )
    return found


@requires("parties.edit")
@require_http_methods(["GET", "POST"])
def part(request: HttpRequest, party_id: int) -> HttpResponse:
    party = get_object_or_404(Party, pk=party_id)
    says = _("自撤销起，两家重新分开统计；已冻结的数不变。")

    def change(data: dict[str, Any]) -> None:
        services.part_parties(party.pk, by=request.viewer.actor, reason=data["reason"])

    return _change(request, party, ReasonForm(posted(request)), title=_("撤销合并"), statement=says, change=change)
