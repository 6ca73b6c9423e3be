"""The credit record: who is marked, for what, until when; marks from elsewhere; repair."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.entry_forms import ReasonForm
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted
from keshu.bureau.parties.models import Party
from keshu.bureau.programmes.grants import crediting
from keshu.bureau.programmes.grants.forms import CreditForm
from keshu.bureau.programmes.models import Credit
from keshu.bureau.programmes.problems import CaseProblem
from keshu.bureau.records.machine import NotAllowed


@requires("cases.view")
@require_GET
def credits(request: HttpRequest) -> HttpResponse:  # noqa: A001 - the word of the field
    """Marks of organisations and people of the viewer's places, newest first."""
    today = timezone.localdate()
    rows = crediting.credits_for(request.viewer)  # type: ignore[attr-defined]
    if request.GET.get("barred"):
        rows = rows.filter(crediting.in_force(today))
    if text := request.GET.get("q", "").strip()[:50]:
        rows = rows.filter(party__name__icontains=text)
    page = page_of(rows, request.GET, sorts={"since": "since"}, default="-since")
    context = {"page": page, "today": today, "may": crediting.RIGHT in request.viewer.rights}  # type: ignore[attr-defined]
    return render(request, "programmes/grants/credits.html", context)


@requires(crediting.RIGHT)
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A mark that another office or a court has given."""
    form = CreditForm(posted(request), initial={"since": timezone.localdate()})
    if request.method == "POST" and form.is_valid() and _add(request, form):
        messages.success(request, _("信用记录已登记"))
        return redirect("programmes:credits")
    context = {
        "title": _("登记信用记录"), "label": _("登记"), "form": form, "back": reverse("programmes:credits"),
        "statement": _("登记后在限制期内申报时自动提示；请附认定文件的名称和文号。"),
    }  # fmt: skip
    return render(request, "confirm.html", context)


def _add(request: HttpRequest, form: CreditForm) -> bool:
    said = dict(form.cleaned_data)
    code = said.pop("uscc").strip().upper()
    party = Party.objects.filter(uscc=code, withdrawn=False).first()
    if party is None:
        form.add_error("uscc", _("没有代码为%(code)s的主体，请先登记该单位") % {"code": code})
        return False
    try:
        crediting.add_credit(crediting.Mark(party.pk, **said), viewer=request.viewer)  # type: ignore[attr-defined]
    except (CaseProblem, NotAllowed) as problem:
        form.add_error(None, str(problem))
        return False
    return True


@requires(crediting.RIGHT)
@require_http_methods(["GET", "POST"])
def repair(request: HttpRequest, credit_id: int) -> HttpResponse:
    """A mark is repaired: it bars no longer from today on."""
    row: Credit | None = crediting.credits_for(request.viewer).filter(pk=credit_id).first()  # type: ignore[attr-defined]
    if row is None:
        raise Http404
    if crediting.RIGHT not in request.viewer.rights:  # type: ignore[attr-defined]
        raise PermissionDenied(crediting.RIGHT)
    form = ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            crediting.repair_credit(credit_id, note=form.cleaned_data["reason"], viewer=request.viewer)  # type: ignore[attr-defined]
        except (CaseProblem, NotAllowed) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("信用修复已登记"))
            return redirect("programmes:credits")
    name = row.party.name if row.party else row.person_name
    context = {
        "title": _("信用修复"), "label": _("登记修复"), "form": form, "back": reverse("programmes:credits"),
        "statement": _("写明修复依据：整改验收、退回资金或有关机关的决定。"),
        "facts": [(_("主体"), name), (_("失信事实"), row.what)],
    }  # fmt: skip
    return render(request, "confirm.html", context)
