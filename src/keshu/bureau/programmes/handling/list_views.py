"""Lists of cases: what waits for me, all that I may see, and both as workbooks."""

from collections.abc import Collection, Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.places.models import Place
from keshu.bureau.programmes.definitions import programme_for, programmes
from keshu.bureau.programmes.handling import work
from keshu.bureau.programmes.handling.recommending import ON_BEHALF
from keshu.bureau.programmes.models import Call, Stage

SORTS = {
    "due": "due_on",
    "new": "application_id",
    "number": "application__number",
    "submitted": "application__submitted_at",
    "entered": "entered_at",
}
DUE = (
    ("", gettext_lazy("全部")), ("late", gettext_lazy("已逾期")), ("today", gettext_lazy("今天到期")),
    ("soon", gettext_lazy("七天内到期")), ("none", gettext_lazy("没有期限")),
)  # fmt: skip
ENDING = (("", gettext_lazy("全部")), ("open", gettext_lazy("在办")), ("ended", gettext_lazy("已办结")))
HEADINGS = (
    "受理编号", "名称", "申报单位", "统一社会信用代码", "负责人", "区划", "申报批次", "年度", "状态", "到期日",
    "提交时间", "受理时间", "决定日期",
)  # fmt: skip


class CaseFilter(forms.Form):
    """What a list of cases can be cut by; a slip in one of them cuts nothing."""

    q = forms.CharField(label=gettext_lazy("编号、名称、单位或负责人"), required=False)
    call = forms.TypedChoiceField(label=gettext_lazy("申报批次"), coerce=int, required=False)
    programme = forms.ChoiceField(label=gettext_lazy("申报事项"), required=False)
    state = forms.ChoiceField(label=gettext_lazy("状态"), required=False)
    county = forms.TypedChoiceField(label=gettext_lazy("区划"), coerce=int, required=False)
    due = forms.ChoiceField(label=gettext_lazy("期限"), choices=DUE, required=False)
    ending = forms.ChoiceField(label=gettext_lazy("办理情况"), choices=ENDING, required=False)

    def __init__(self, request: HttpRequest, *, ending: bool) -> None:
        super().__init__(request.GET)
        every = ("", _("全部"))
        calls = Call.objects.exclude(state=Call.State.DRAFT).order_by("-year", "name").values_list("pk", "name")
        visible = request.viewer.place_ids("cases.view")  # type: ignore[attr-defined]
        places = Place.objects.filter(kind__in=("city", "county", "zone")).values_list("pk", "name")
        self.fields["call"].choices = [every, *calls]
        self.fields["programme"].choices = [every, *((code, one.name) for code, one in programmes().items())]
        self.fields["state"].choices = [every, *work.state_names().items()]
        self.fields["county"].choices = [
            every,
            *((pk, name) for pk, name in places if visible is None or pk in visible),
        ]
        if not ending:
            del self.fields["ending"]

    def offer_states(self, codes: Collection[str]) -> None:
        """Show only these states to choose from; others in an address go on to work."""
        chosen = {*codes, self.query.get("state", "")}
        every = self.fields["state"].choices
        self.fields["state"].widget.choices = [(code, name) for code, name in every if not code or code in chosen]

    @property
    def query(self) -> dict[str, Any]:
        return self.cleaned_data if self.is_valid() else {name: v for name, v in self.cleaned_data.items() if v}


@requires("cases.view")
@require_GET
def mine(request: HttpRequest) -> HttpResponse:
    """待办: the cases that wait for me, what is due first on top."""
    today = timezone.localdate()
    form = CaseFilter(request, ending=False)
    waiting = work.work_of(request.viewer, today)  # type: ignore[attr-defined]
    rows = work.filtered(waiting, form.query, today)
    counts = work.tallies(work.filtered(waiting, {**form.query, "state": ""}, today), today)
    form.offer_states([one.state for one in counts])
    context = _listed(request, form, rows, default="due") | {
        "form": form, "today": today, "tallies": counts, "export_url": reverse("programmes:work-export"),
        "total": sum(one.n for one in counts if one.state == form.query.get("state", one.state) or not form.query.get("state")),
        "late": sum(one.late for one in counts), "filtered": any(form.query.values()),
    }  # fmt: skip
    return render(request, "programmes/handling/work.html", context)


@requires("cases.view")
@require_GET
def every(request: HttpRequest) -> HttpResponse:
    """All cases that I may see; counted only when a filter has made them few enough to be read."""
    today = timezone.localdate()
    form = CaseFilter(request, ending=True)
    rows = work.filtered(work.all_cases(request.viewer), form.query, today)  # type: ignore[attr-defined]
    context = _listed(request, form, rows, default="-new") | {
        "form": form, "today": today, "export_url": reverse("programmes:cases-export"),
        "filtered": any(form.query.values()),
    }  # fmt: skip
    return render(request, "programmes/handling/cases.html", context)


def _listed(request: HttpRequest, form: CaseFilter, rows: QuerySet[Stage], *, default: str) -> dict[str, Any]:
    page = page_of(rows, request.GET, sorts=SORTS, default=default)
    return {
        "page": page, "lines": [(row, state_name(row)) for row in page.rows], "may_act": True,
        "call": form.query.get("call"), "may_enter": ON_BEHALF in request.viewer.rights,  # type: ignore[attr-defined]
    }  # fmt: skip


def state_name(row: Stage) -> str:
    """The inner name of the state in the programme of the case."""
    state = programme_for(row.application.call).ladder.states.get(row.state)
    return state.name if state else row.state


@requires("cases.view")
@require_GET
def export_mine(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    waiting = work.work_of(request.viewer, today)  # type: ignore[attr-defined]
    return _workbook(
        _("待办"), work.filtered(waiting, CaseFilter(request, ending=False).query, today).order_by("due_on", "pk")
    )


@requires("cases.view")
@require_GET
def export_every(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = work.filtered(work.all_cases(request.viewer), CaseFilter(request, ending=True).query, today)  # type: ignore[attr-defined]
    return _workbook(_("申报"), rows.order_by("application_id"))


def _workbook(name: str, rows: QuerySet[Stage]) -> HttpResponse:
    return xlsx_response(name, [_(heading) for heading in HEADINGS], _cells(rows))


def _cells(rows: QuerySet[Stage]) -> Iterator[list[Any]]:
    for row in rows.iterator(chunk_size=2000):
        one = row.application
        yield [
            one.number, one.title, one.party.name, one.party.uscc, one.leader, one.place.name, one.call.name,
            one.call.year, state_name(row), row.due_on, one.submitted_at, one.accepted_at, one.decided_on,
        ]  # fmt: skip
