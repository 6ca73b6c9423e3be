"""A question of its own page: sent, sound, done or refused with a sentence on the form itself."""

from collections.abc import Callable
from typing import Any

from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from keshu.bureau.programmes.models import Application
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed


def carried_out(request: HttpRequest, form: Form, act: Callable[[dict[str, Any]], Any]) -> bool:
    """Whether the form was sent and `act` did what it asks; a refusal stands on the form, which is shown again."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(dict(form.cleaned_data))
    except (CaseProblem, NotAllowed) as problem:
        form.add_error(None, str(problem))
        return False
    return True


def about_case(application: Application, title: str, form: Form, statement: str, **more: Any) -> dict[str, Any]:
    """What the page of a question about a case shows; it leads back to the case where nothing else is said."""
    return {
        "title": title, "label": title, "form": form, "statement": statement,
        "facts": [(_("名称"), str(application)), (_("单位"), application.party.name)],
        "back": reverse("programmes:case", args=[application.pk]), **more,
    }  # fmt: skip
