"""The page 请假委托: one's own absences and standings-in; for heads those of their people."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from keshu.bureau.accounts import delegation
from keshu.bureau.accounts.access import requires
from keshu.bureau.accounts.delegation_forms import LeaveForm
from keshu.bureau.pages.posting import posted, whole_number


@requires("entries.view")
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """What there is, and the form that adds one's own."""
    own, today = request.viewer.actor.username, localdate()
    form = LeaveForm(own, posted(request), initial={"starts_on": today})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = delegation.Leave(own, data["deputy"].username, data["starts_on"], data["ends_on"], data["reason"])
        try:
            delegation.begin(wanted, by=request.viewer.actor)
        except delegation.DelegationProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已委托 %(name)s，并已通知本人") % {"name": data["deputy"].name})
            return redirect("leave:index")
    context = {"form": form, "mine": delegation.of_person(own, today), "own": own, "today": today}
    return render(request, "accounts/leave.html", context | {"others": delegation.overseen(request.viewer, today)})


@requires("entries.view")
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    pk = whole_number(request.POST.get("id", ""))
    try:
        delegation.end(pk or 0, by=request.viewer.actor, reason=request.POST.get("reason", "")[:200])
    except delegation.DelegationProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("委托已终止，并已通知对方"))
    return redirect("leave:index")
