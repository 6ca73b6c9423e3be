"""Pages of people who act for organisations: theirs, claims and invitations; what an organisation says of itself."""

import io
from collections.abc import Callable
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from keshu.bureau.accounts import claims, limits, members, recovery
from keshu.bureau.accounts.access import requires, signed_in
from keshu.bureau.accounts.acting import act_for, acting_party, landing
from keshu.bureau.accounts.models import Claim, Membership
from keshu.bureau.accounts.profile import change_profile, phone_of
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.accounts.unit_forms import (
    TEN_THOUSAND,
    ClaimForm,
    FactsForm,
    InvitationCodeForm,
    ProfileForm,
    RenameForm,
)
from keshu.bureau.pages.posting import posted
from keshu.bureau.parties.describing import WrongFacts, describe_party, facts_as_told
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.queries import party_facts
from keshu.bureau.parties.services import PartyProblem, rename_party
from keshu.office.filetypes import MEGABYTE, FileRefused, check_upload, safe_name

PROOFS, PROOF_MOST = frozenset({"pdf", "png", "jpg", "tif", "ofd"}), 10 * MEGABYTE


def own_party(request: HttpRequest, party_id: int, right: str) -> Party:
    """The organisation, if the viewer holds this right for it; otherwise there is no such page."""
    if not request.viewer.may(right, party=party_id):
        raise Http404
    return get_object_or_404(Party, pk=party_id)


@signed_in
@require_GET
def unit(request: HttpRequest) -> HttpResponse:
    """我的单位: the organisations of this person, what waits for them, and how to come to another."""
    user, at = request.user, timezone.now()
    held = Membership.objects.filter(user=user, party__isnull=False, ended_at__isnull=True).select_related("party")
    context = {
        "held": list(held.order_by("pk")),
        "acting": acting_party(request),
        "invitations": list(members.open_invitations(at).filter(username=user.username)),
        "claims": list(Claim.objects.filter(user=user).select_related("party").order_by("-pk")[:20]),
        "code_form": InvitationCodeForm(),
        "printed": recovery.printed_left(user.pk),
        "start": landing(request.viewer),
    }
    return render(request, "accounts/unit.html", context)


@signed_in
@require_POST
def switch_party(request: HttpRequest, party_id: int) -> HttpResponse:
    """当前单位: what pages start with from now on in this session; it permits nothing."""
    if not act_for(request, party_id):
        raise Http404
    party = Party.objects.get(pk=party_id)
    request.session["where"] = party.name
    messages.success(request, _("当前单位：%(party)s") % {"party": party})
    return redirect("accounts:unit")


@signed_in
@require_http_methods(["GET", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    form = ClaimForm(request.POST, request.FILES) if request.method == "POST" else ClaimForm()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            if not limits.try_once(limits.CLAIM, [request.user.username], at=timezone.now()):
                raise AccountProblem(_("尝试次数过多，请一小时后再试"))
            spec = claims.ClaimSpec(
                data["uscc"], data["name"], data["role"], _proof(request), data["note"], data["to_bureau"]
            )
            filed = claims.file_claim(request.user, spec, by=request.viewer.actor)
        except (AccountProblem, FileRefused) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request, _("认领已提交，由%(who)s审核；结果会发到您的消息") % {"who": filed.get_addressee_display()}
            )
            return redirect("accounts:unit")
    return render(request, "accounts/claim.html", {"form": form})


def _proof(request: HttpRequest) -> claims.Proof | None:
    file = request.FILES.get("proof")
    if file is None:
        return None
    if (file.size or 0) > PROOF_MOST:
        raise AccountProblem(_("证明材料超过 10 MB，请压缩图片或降低扫描分辨率后重新上传"))
    content = file.read()
    kind = check_upload(file.name or "", io.BytesIO(content), allowed=PROOFS, most=PROOF_MOST)
    return claims.Proof(content, safe_name(file.name or ""), kind.code, kind.mime)


@signed_in
@require_POST
def withdraw(request: HttpRequest, claim_id: int) -> HttpResponse:
    get_object_or_404(Claim, pk=claim_id, user=request.user)
    try:
        claims.withdraw_claim(claim_id, by=request.viewer.actor)
    except AccountProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("认领已撤回"))
    return redirect("accounts:unit")


@signed_in
@require_POST
def accept(request: HttpRequest, invitation_id: int) -> HttpResponse:
    return _join(request, lambda: members.accept_invitation(invitation_id, request.user, by=request.viewer.actor))


@signed_in
@require_POST
def redeem(request: HttpRequest) -> HttpResponse:
    """The code of an invitation."""
    form = InvitationCodeForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("请填写邀请码"))
        return redirect("accounts:unit")
    if not limits.try_once(limits.CODE, [request.user.username], at=timezone.now()):
        messages.error(request, _("尝试次数过多，请一小时后再试"))
        return redirect("accounts:unit")
    code = form.cleaned_data["code"]
    return _join(request, lambda: members.redeem_code(code, request.user, by=request.viewer.actor))


def _join(request: HttpRequest, accept_it: Callable[[], Membership]) -> HttpResponse:
    try:
        made = accept_it()
    except AccountProblem as problem:
        messages.error(request, str(problem))
    else:
        request.session["acting_party"], request.session["where"] = made.party_id, made.party.name
        messages.success(
            request, _("您已成为%(party)s的%(role)s") % {"party": made.party, "role": made.get_role_display()}
        )
    return redirect("accounts:unit")


@requires("own.view")
@require_http_methods(["GET", "POST"])
def facts(request: HttpRequest, party_id: int) -> HttpResponse:
    """单位资料. Members read it, administrators write it; what was said before stays as it was said."""
    party, now = own_party(request, party_id, "own.view"), party_facts(party_id)
    may_manage = request.viewer.may("own.manage", party=party_id)
    form = FactsForm(posted(request), initial=_shown(facts_as_told(now)) if now else {})
    if request.method == "POST":
        if not may_manage:
            raise Http404
        if form.is_valid():
            try:
                describe_party(party.pk, form.cleaned_data, by=request.viewer.actor)
            except WrongFacts as problem:
                form.add_error(None, str(problem))
            else:
                messages.success(request, _("单位资料已保存"))
                return redirect("accounts:facts", party_id=party.pk)
    context = {"party": party, "form": form, "may_manage": may_manage, "now": now, "told": _told(form, now)}
    context["names"] = [name for name in party.names.order_by("-pk") if name.name != party.name]
    return render(request, "accounts/facts.html", context)


def _shown(told: dict[str, object]) -> dict[str, object]:
    capital = told["capital"]
    shown = None if capital is None else format((capital / TEN_THOUSAND).normalize(), "f")
    return told | {"capital": shown}


def _told(form: FactsForm, now: object) -> list[tuple[str, object]]:
    """Label and value, for those who may only read."""
    return [(field.label, field.initial) for field in form] if now else []


@requires("own.manage")
@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, party_id: int) -> HttpResponse:
    party, form = own_party(request, party_id, "own.manage"), RenameForm(posted(request))
    today, back = timezone.localdate(), reverse("accounts:facts", args=[party_id])
    if request.method == "POST" and form.is_valid():
        try:
            _rename(party, form.cleaned_data, today, request)
        except (AccountProblem, PartyProblem) as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("单位名称已更改，原名称作为曾用名保留"))
            return redirect(back)
    statement = _(
        "以市场监管（登记管理）部门核准的变更为准。原名称作为曾用名保留，以往的申报和记录照旧能按原名称查到。"
    )
    facts_now = [(_("现名称"), party.name), (_("统一社会信用代码"), party.uscc)]
    context = {"title": _("更名"), "label": _("更名"), "statement": statement, "facts": facts_now, "form": form}
    return render(request, "confirm.html", context | {"back": back})


def _rename(party: Party, data: dict[str, object], today: date, request: HttpRequest) -> None:
    name = str(data["name"]).strip()
    if name == party.name:
        raise AccountProblem(_("新名称与现名称相同"))
    if data["on"] > today:
        raise AccountProblem(_("更名日期不能在今天以后"))
    rename_party(party.pk, name=name, on=data["on"], by=request.viewer.actor, reason=str(data["reason"]))


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    form = ProfileForm(posted(request), initial={"email": user.email, "phone": phone_of(user), "title": user.title})
    if request.method == "POST" and form.is_valid():
        try:
            change_profile(user.pk, by=request.viewer.actor, **form.cleaned_data)
        except AccountProblem as problem:
            form.add_error("phone", str(problem))
        else:
            messages.success(request, _("个人资料已保存"))
            return redirect("accounts:profile")
    return render(request, "accounts/profile.html", {"form": form, "printed": recovery.printed_left(user.pk)})


@signed_in
@never_cache
@require_http_methods(["GET", "POST"])
def codes(request: HttpRequest) -> HttpResponse:
    """恢复码: printed once, on the answer to the button; the former ones lapse."""
    if request.method == "POST":
        try:
            made = recovery.print_codes(request.user, by=request.viewer.actor)
        except AccountProblem as problem:
            messages.error(request, str(problem))
        else:
            return render(request, "accounts/codes.html", {"made": made})
    return render(request, "accounts/codes.html", {"printed": recovery.printed_left(request.user.pk)})
