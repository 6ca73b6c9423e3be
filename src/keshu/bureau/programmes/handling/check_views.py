"""The page of the formal check: items at the left, what was handed in at the right, decided without the mouse."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.programmes.access import case_or_404, rights_in
from keshu.bureau.programmes.applying.pages import whole_form
from keshu.bureau.programmes.applying.reading import form_of
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.handling import checking, work
from keshu.bureau.programmes.handling.checking import RIGHT, Word
from keshu.bureau.programmes.handling.defects import lines_of
from keshu.bureau.programmes.handling.limits import fillers_of
from keshu.bureau.programmes.handling.showing import shown_slots
from keshu.bureau.programmes.models import Application, CheckVerdict
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.programmes.services import pass_case
from keshu.bureau.records.machine import NotAllowed

SAVE, AGAIN, NEXT = "save", "rejudge", "next"


@requires("programmes.check")
@require_http_methods(["GET", "POST"])
def check(request: HttpRequest, application_id: int) -> HttpResponse:
    """The formal check of one case; a POST keeps what was said and then takes the event that was asked for."""
    case = _case(request, application_id)
    if RIGHT not in rights_in(request.viewer, case.application):  # type: ignore[attr-defined]
        raise Http404
    if not checking.is_checked(case):
        messages.info(request, _("这件申报现在不在形式审查环节"))
        return redirect("programmes:case", application_id=application_id)
    if request.method == "POST":
        try:
            return _posted(request, case)
        except (CaseProblem, NotAllowed) as problem:
            messages.error(request, str(problem))
            case = _case(request, application_id)
    return render(request, "programmes/handling/check.html", _context(request, case))


def _case(request: HttpRequest, application_id: int) -> Case:
    viewer = request.viewer  # type: ignore[attr-defined]
    return Case(case_or_404(viewer, application_id), at=timezone.now(), by=viewer.actor)


def _posted(request: HttpRequest, case: Case) -> HttpResponse:
    data, viewer = request.POST, request.viewer  # type: ignore[attr-defined]
    seen, action = whole_number(data.get("seen", "")) or 0, data.get("action", SAVE)
    words = changed_words(case, data)
    application: Application = case.application
    if words:
        application = checking.say(application.pk, words, seen=seen, viewer=viewer)
        seen = application.revision
    if action == AGAIN:
        checking.rejudge(application.pk, seen=seen, viewer=viewer)
    elif action not in (SAVE, NEXT):
        moved = pass_case(application.pk, action, seen=seen, viewer=viewer, given=_given(data))
        label = next((step.label for step in case.ladder.steps if step.event == action), action)
        messages.success(request, _("已办理：%(label)s（%(number)s）") % {"label": label, "number": moved.number})
    elif words:
        messages.success(request, _("审查意见已保存"))
    return redirect(_address(request, case) if action in (SAVE, AGAIN) else _following(request, case))


def changed_words(case: Case, data: QueryDict) -> list[Word]:
    """What the form says otherwise than the verdicts that hold."""
    found = []
    for item, verdict in checking.checks_of(case):
        if f"truth-{item.code}" not in data:
            continue
        truth = data[f"truth-{item.code}"]
        reason = data.get(f"reason-{item.code}", "").strip() if truth else ""
        said = (verdict.said, verdict.reason) if verdict else ("", "")
        if (truth, reason) != said:
            found.append(Word(item.code, truth, reason))
    return found


def _given(data: QueryDict) -> dict[str, Any]:
    return {"reason": data.get("reason", "").strip(), "defects": lines_of(data.get("defects", ""))}


def _queue(request: HttpRequest, case: Case) -> Any:
    today = timezone.localdate()
    query = {"state": case.application.state, "call": request.GET.get("call", "")}
    return work.filtered(work.work_of(request.viewer, today), query, today)  # type: ignore[attr-defined]


def _following(request: HttpRequest, case: Case) -> str:
    """The next case of the same state in the work list; the list itself when nothing is left."""
    found = work.next_case(_queue(request, case), case.application.pk)
    if found is None:
        messages.info(request, _("这一环节没有等您办理的申报了"))
        return reverse("programmes:work")
    return _with_query(request, reverse("programmes:formal-check", args=[found]))


def _address(request: HttpRequest, case: Case) -> str:
    return _with_query(request, reverse("programmes:formal-check", args=[case.application.pk]))


def _with_query(request: HttpRequest, url: str) -> str:
    call = whole_number(request.GET.get("call", ""))
    return f"{url}?call={call}" if call else url


def _context(request: HttpRequest, case: Case) -> dict[str, Any]:
    form = form_of(case.application, at=case.at)
    history = checking.history_of(case.application.pk)
    rows = checking.checks_of(case)
    counts = {truth: sum(1 for _i, v in rows if (v.truth if v else "") == truth) for truth in ("yes", "no", "")}
    steps = [step for step in case.ladder.out_of(case.application.state) if step.right == RIGHT]
    return {
        "case": case, "application": case.application, "sections": whole_form(form, own=False), "slots": shown_slots(case, form),
        "problems": form.problems, "fillers": fillers_of(case), "counts": counts, "steps": _steps(steps),
        "items": [(item, verdict, _earlier(history.get(item.code, []), verdict)) for item, verdict in rows],
        "waiting": _queue(request, case).count(), "truths": CheckVerdict.Truth,
    }  # fmt: skip


def _earlier(rows: list[CheckVerdict], now: CheckVerdict | None) -> list[CheckVerdict]:
    return [row for row in rows if now is None or row.pk != now.pk]


def _steps(steps: list[Any]) -> list[tuple[Any, str, str]]:
    """Each way out with its key and its look: passing, returning, failing."""
    found = []
    for step in steps:
        if "no_defects" in step.conditions:
            found.append((step, "p", "btn-primary"))
        elif "list_defects" in step.effects:
            found.append((step, "b", ""))
        elif "overdue" not in step.conditions:
            found.append((step, "", "btn-ghost-danger" if step.reason else ""))
    return found
