"""The bureau's page of claims: what waits, its proof, and answering many at once."""

from django.contrib import messages
from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from keshu.bureau.accounts import claims
from keshu.bureau.accounts.access import requires
from keshu.bureau.accounts.models import Claim
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.accounts.unit_forms import ClaimFilter, DecideForm
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import whole_number
from keshu.bureau.records import files

SORTS = {"made": "made_at", "name": "name", "code": "uscc"}
INLINE = {"application/pdf", "image/png", "image/jpeg"}


@requires(claims.DECIDE)
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    form = ClaimFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows, state = claims.for_bureau(request.viewer), wanted.get("state") or Claim.State.PENDING
    if state != "all":
        rows = rows.filter(state=state)
    if text := wanted.get("q", "").strip():
        named = Q(user__name__icontains=text) | Q(user__username__icontains=text)
        rows = rows.filter(named | Q(name__icontains=text) | Q(uscc__startswith=text.upper()))
    page = page_of(rows, request.GET, sorts=SORTS, default="made")
    return render(request, "accounts/claims.html", {"form": form, "page": page, "total": rows.count()})


@requires(claims.DECIDE)
@require_POST
def decide(request: HttpRequest) -> HttpResponse:
    """First which and what it does, then, with the reason, for real."""
    chosen = [number for text in request.POST.getlist("claim") if (number := whole_number(text)) is not None]
    verdict = "refuse" if request.POST.get("verdict") == "refuse" else "approve"
    rows = list(claims.for_bureau(request.viewer).filter(pk__in=chosen, state=Claim.State.PENDING).order_by("pk"))
    if not rows:
        messages.error(request, _("请先勾选待审核的认领"))
        return redirect("accounts:claims")
    form = DecideForm(verdict, request.POST if request.POST.get("sure") else None)
    if form.is_bound and form.is_valid():
        decide_them = claims.approve_claims if verdict == "approve" else claims.refuse_claims
        try:
            decided = decide_them([row.pk for row in rows], by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except AccountProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已办理 %(n)d 件认领") % {"n": len(decided)})
            return redirect("accounts:claims")
    return render(request, "accounts/claims_decide.html", {"form": form, "rows": rows, "verdict": verdict})


@requires(claims.DECIDE)
@require_GET
def proof(request: HttpRequest, claim_id: int) -> HttpResponse:
    """The licence that the claimant uploaded."""
    row = get_object_or_404(claims.for_bureau(request.viewer), pk=claim_id)
    if row.proof is None:
        raise Http404
    try:
        path = files.path_of(row.proof.sha256).open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    return FileResponse(
        path, as_attachment=row.proof.mime not in INLINE, filename=row.proof.name, content_type=row.proof.mime
    )
