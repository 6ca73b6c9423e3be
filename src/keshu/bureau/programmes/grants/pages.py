"""What the pages of grants have in common: the case behind an address, and a form of one question."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from keshu.bureau.pages.posting import whole_number
from keshu.bureau.programmes.access import case_or_404, rights_in
from keshu.bureau.programmes.casing import Case
from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed
from keshu.bureau.records.services import now


def case_for(request: HttpRequest, application_id: int, *rights: str) -> Case:
    """The case for somebody who sees it and holds one of the rights in it; mere viewers get 403."""
    application = case_or_404(request.viewer, application_id)  # type: ignore[attr-defined]
    if rights and not rights_in(request.viewer, application).intersection(rights):  # type: ignore[attr-defined]
        raise PermissionDenied(" ".join(rights))
    return Case(application, at=now(), by=request.viewer.actor)  # type: ignore[attr-defined]


def seen(request: HttpRequest, application: Application) -> int:
    """The revision that the person had before them; it travels with the form."""
    return whole_number(request.POST.get("seen", "")) or application.revision


def facts_of(case: Case) -> list[tuple[str, str]]:
    application = case.application
    return [(application.number or "—", application.title), (case.call.name, application.party.name)]


def ask(
    request: HttpRequest, case: Case, form: Form, words: tuple[str, str, str], carry_out: Callable[[], Any], done: str
) -> HttpResponse:
    """A question of its own page: `words` are title, button and statement; after `carry_out` back to the case."""
    application = case.application
    back = reverse("programmes:case", args=[application.pk])
    if request.method == "POST" and form.is_valid():
        try:
            carry_out()
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, done)
            return redirect(back)
    title, label, statement = words
    context = {
        "title": title, "label": label, "statement": statement, "form": form, "back": back, "case": case,
        "facts": facts_of(case), "seen": seen(request, application),
    }  # fmt: skip
    return render(request, "programmes/grants/ask.html", context)


def mine_or_404(rows: Any, pk: int) -> Any:
    """The row of this number among those of the case."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
