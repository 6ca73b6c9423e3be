"""Members of an organisation, by its administrators: inviting, roles, leaving, handing over, helping back in."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from keshu.bureau.accounts import claims, members, recovery
from keshu.bureau.accounts.access import requires
from keshu.bureau.accounts.acting import acting_party
from keshu.bureau.accounts.models import Invitation, Membership
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.accounts.unit_forms import DecideForm, HeirForm, InviteForm, OptionalReasonForm
from keshu.bureau.accounts.unit_views import own_party
from keshu.bureau.pages.posting import posted
from keshu.bureau.parties.models import Party

OWN, MANAGE = "own.view", "own.manage"


@requires(OWN)
@require_http_methods(["GET", "POST"])
def people(request: HttpRequest, party_id: int) -> HttpResponse:
    """成员. Everybody sees who belongs; administrators invite, answer claims and change roles."""
    party = own_party(request, party_id, OWN)
    may_manage, form = request.viewer.may(MANAGE, party=party_id), InviteForm(posted(request))
    if request.method == "POST":
        if not may_manage:
            raise Http404
        if form.is_valid():
            return _invited(request, party, form.cleaned_data)
    context = {
        "party": party,
        "form": form,
        "may_manage": may_manage,
        "members": members.members_of(party_id),
        "claims": claims.for_unit(party_id) if may_manage else (),
        "invitations": members.open_invitations(timezone.now()).filter(party=party) if may_manage else (),
    }
    return render(request, "accounts/members.html", context)


def _invited(request: HttpRequest, party: Party, data: dict[str, str]) -> HttpResponse:
    row, code = members.invite(
        party.pk, data["role"], by=request.viewer.actor, username=data["username"], note=data["note"]
    )
    if code:
        back = reverse("accounts:members", args=[party.pk])
        says = _("请把邀请码交给对方：对方登录（没有账号的先注册）后，在“我的单位”中填写。七天内有效，只能用一次。")
        return _code_page(request, _("邀请码"), code, says, back)
    messages.success(request, _("邀请已发出；如账号 %(name)s 存在，对方登录后可以接受") % {"name": row.username})
    return redirect("accounts:members", party_id=party.pk)


def _code_page(request: HttpRequest, title: str, code: str, says: str, back: str) -> HttpResponse:
    return render(request, "accounts/one_code.html", {"title": title, "code": code, "says": says, "back": back})


@requires(OWN)
@require_http_methods(["GET"])
def own_people(request: HttpRequest) -> HttpResponse:
    """The members' page of the organisation that the person works for just now; messages lead here."""
    party = acting_party(request)
    return redirect("accounts:unit") if party is None else redirect("accounts:members", party_id=party)


@requires(MANAGE)
@require_POST
def uninvite(request: HttpRequest, invitation_id: int) -> HttpResponse:
    row = get_object_or_404(Invitation, pk=invitation_id)
    own_party(request, row.party_id, MANAGE)
    try:
        members.cancel_invitation(row.pk, by=request.viewer.actor)
    except AccountProblem as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("邀请已撤回"))
    return redirect("accounts:members", party_id=row.party_id)


def _member(request: HttpRequest, membership_id: int) -> Membership:
    """A current member of an organisation that the viewer administers; for everything else there is no such page."""
    rows = Membership.objects.filter(ended_at__isnull=True, party__isnull=False).select_related("user", "party")
    row = get_object_or_404(rows, pk=membership_id)
    own_party(request, row.party_id, MANAGE)
    return row


def _ask(
    request: HttpRequest,
    row: Membership,
    form: Form,
    words: tuple[str, str],
    change: Callable[[], HttpResponse | None],
    *,
    danger: bool = False,
) -> HttpResponse:
    """A question of its own page (`words`: title, statement), then the change; a refusal stands above the form."""
    title, statement = words
    back = reverse("accounts:members", args=[row.party_id])
    if request.method == "POST" and form.is_valid():
        try:
            answer = change()
        except AccountProblem as problem:
            form.add_error(None, str(problem))
        else:
            if answer is None:
                messages.success(request, _("已完成：%(what)s") % {"what": title})
            return answer or redirect(back)
    facts = [(_("成员"), row.user.name), (_("角色"), row.get_role_display()), (_("单位"), row.party)]
    context = {"title": title, "label": title, "statement": statement, "facts": facts, "form": form, "back": back}
    return render(request, "confirm.html", context | {"danger": danger})


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def change_role(request: HttpRequest, membership_id: int) -> HttpResponse:
    row, form = _member(request, membership_id), OptionalReasonForm(posted(request))
    to_admin = row.role != members.ADMIN
    says = (
        _("该成员将能办理单位审核、管理成员和单位资料，与您的权限相同。")
        if to_admin
        else _("该成员将只能填写申报，不再办理单位审核、成员和单位资料。")
    )
    title = _("设为单位管理员") if to_admin else _("改为申报人")

    def change() -> None:
        role = members.ADMIN if to_admin else members.APPLICANT
        members.change_role(row.pk, role, by=request.viewer.actor, reason=form.cleaned_data["reason"])

    return _ask(request, row, form, (title, says), change)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def remove(request: HttpRequest, membership_id: int) -> HttpResponse:
    row, form = _member(request, membership_id), OptionalReasonForm(posted(request))
    says = _("移出后立即不能再看到和办理本单位的申报；以往经办的记录和姓名保留不变。")

    def change() -> None:
        members.remove_member(row.pk, by=request.viewer.actor, reason=form.cleaned_data["reason"])

    return _ask(request, row, form, (_("移出本单位"), says), change, danger=True)


@requires(OWN)
@require_http_methods(["GET", "POST"])
def leave(request: HttpRequest, party_id: int) -> HttpResponse:
    """The person's own leaving; the last administrator hands over first."""
    own_party(request, party_id, OWN)
    rows = members.members_of(party_id).filter(user=request.user).select_related("party")
    row, form = get_object_or_404(rows), OptionalReasonForm(posted(request))
    says = _("退出后不能再看到和办理该单位的申报；需要时可以重新认领或接受邀请。")

    def change() -> HttpResponse:
        members.remove_member(row.pk, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        messages.success(request, _("您已退出%(party)s") % {"party": row.party})
        return redirect("accounts:unit")

    return _ask(request, row, form, (_("退出单位"), says), change, danger=True)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, party_id: int) -> HttpResponse:
    """One's administration to another member; oneself stays as an applicant."""
    own_party(request, party_id, MANAGE)
    rows = members.members_of(party_id).filter(user__is_active=True).select_related("party")
    row = get_object_or_404(rows, user=request.user)
    others = [(one.pk, f"{one.user.name}（{one.user.username}）") for one in rows if one.pk != row.pk]
    form = HeirForm(others, posted(request))
    says = _("对方成为单位管理员，您改为申报人。需要同时退出的，移交后再办理退出。")

    def change() -> HttpResponse:
        data = form.cleaned_data
        members.hand_over(row.pk, int(data["heir"]), by=request.viewer.actor, reason=data["reason"])
        messages.success(request, _("管理已移交，您现在是申报人"))
        return redirect("accounts:unit")

    return _ask(request, row, form, (_("移交管理"), says), change)


@requires(MANAGE)
@never_cache
@require_http_methods(["GET", "POST"])
def help_back(request: HttpRequest, membership_id: int) -> HttpResponse:
    """A one-time code for a member who cannot get into the account."""
    row, form = _member(request, membership_id), OptionalReasonForm(posted(request))
    says = _("为忘记密码的成员签发一次性找回码，一天内有效；由您当面交给本人，签发会记录在案并通知本人。")

    def change() -> HttpResponse:
        code = recovery.help_member(row.pk, request.user, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        told = _("请当面交给%(name)s（账号 %(username)s）：在登录页点“忘记密码”，选“用恢复码”，填写账号和此码。")
        back = reverse("accounts:members", args=[row.party_id])
        return _code_page(
            request, _("一次性找回码"), code, told % {"name": row.user.name, "username": row.user.username}, back
        )

    return _ask(request, row, form, (_("签发找回码"), says), change)


@requires(MANAGE)
@require_http_methods(["GET", "POST"])
def decide(request: HttpRequest, party_id: int, claim_id: int, verdict: str) -> HttpResponse:
    """A claim of one's organisation: let in, or turn down with a reason."""
    party = own_party(request, party_id, MANAGE)
    row, form = get_object_or_404(claims.for_unit(party_id), pk=claim_id), DecideForm(verdict, posted(request))
    back = reverse("accounts:members", args=[party_id])
    if request.method == "POST" and form.is_valid():
        decide_it = claims.approve_claims if verdict == "approve" else claims.refuse_claims
        try:
            decide_it([row.pk], by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except AccountProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已办理 %(name)s 的认领") % {"name": row.user.name})
            return redirect(back)
    title = _("通过认领") if verdict == "approve" else _("不予通过")
    statement = (
        _("通过后，申请人立即具有所申请的角色。请确认其确为本单位人员。")
        if verdict == "approve"
        else _("申请人会看到您填写的原因，可以重新提交。")
    )
    facts = [(_("申请人"), f"{row.user.name}（{row.user.username}）"), (_("角色"), row.get_role_display())]
    facts += [(_("单位"), party), (_("说明"), row.note or "—")]
    context = {"title": title, "label": title, "statement": statement, "facts": facts, "form": form, "back": back}
    return render(request, "confirm.html", context | {"danger": verdict != "approve"})
