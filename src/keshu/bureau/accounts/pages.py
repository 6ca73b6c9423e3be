"""Pages of the 系统管理员 (accounts), the 安全管理员 (roles) and the 审计管理员 (sign-ins)."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from keshu.bureau.accounts import queries, services
from keshu.bureau.accounts.access import requires
from keshu.bureau.accounts.forms import GrantForm, NewUserForm, ReasonForm, SignInFilter, UserFilter
from keshu.bureau.accounts.models import Membership, User
from keshu.bureau.pages.keyset import page_of
from keshu.bureau.pages.posting import posted

SORTS = {"username": "username", "name": "name", "seen": "last_login", "made": "created_at"}


def _listed(request: HttpRequest) -> dict[str, object]:
    form = UserFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.accounts(
        text=wanted.get("q", ""),
        role=wanted.get("role", ""),
        active={"on": True, "off": False}.get(wanted.get("state", "")),
    )
    return {"form": form, "page": page_of(rows, request.GET, sorts=SORTS, default="username"), "total": rows.count()}


@requires("users.manage", "users.view")
@require_GET
def users(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/users.html", _listed(request))


@requires("users.manage")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """Open an account; its first password is shown once, on this answer, to be handed over in person."""
    form = NewUserForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data, first = form.cleaned_data, services.first_password()
        try:
            user = services.add_user(
                data["username"], name=data["name"], email=data["email"], password=first,
                by=request.viewer.actor, reason=data["reason"],
            )  # fmt: skip
        except (services.AccountProblem, ValidationError) as problem:
            form.add_error(None, str(problem) if isinstance(problem, services.AccountProblem) else problem)
        else:
            return render(request, "accounts/first_password.html", {"account": user, "first": first})
    return render(request, "accounts/add.html", {"form": form})


@requires("users.manage")
@require_http_methods(["GET", "POST"])
def reset(request: HttpRequest, user_id: int) -> HttpResponse:
    user, form = get_object_or_404(User, pk=user_id), ReasonForm(posted(request))
    if request.method == "POST" and form.is_valid():
        first = services.reset_password(user.pk, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        return render(request, "accounts/first_password.html", {"account": user, "first": first})
    return _ask(
        request,
        user,
        form,
        _("重置密码"),
        _("原密码立即失效，该用户在各处的登录全部退出；新密码只显示一次，须当面交给本人。"),
    )


@requires("users.manage")
@require_http_methods(["GET", "POST"])
def switch(request: HttpRequest, user_id: int, to: str) -> HttpResponse:
    user, form = get_object_or_404(User, pk=user_id), ReasonForm(posted(request))
    service = services.activate_user if to == "on" else services.deactivate_user
    if request.method == "POST" and form.is_valid():
        try:
            service(user.pk, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except services.AccountProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(
                request, _("已启用 %(u)s") % {"u": user} if to == "on" else _("已停用 %(u)s") % {"u": user}
            )
            return redirect("accounts:users")
    if to == "on":
        return _ask(request, user, form, _("启用账号"), _("该用户可以重新登录，角色照旧。"))
    return _ask(
        request, user, form, _("停用账号"), _("该用户立即退出且不能再登录；其经办的记录和姓名保留不变。"), danger=True
    )


def _ask(
    request: HttpRequest, user: User, form: ReasonForm, title: str, statement: str, *, danger: bool = False
) -> HttpResponse:
    facts = [(_("账号"), user.username), (_("姓名"), user.name)]
    context = {"title": title, "statement": statement, "label": title, "facts": facts, "form": form, "danger": danger}
    return render(request, "confirm.html", context | {"back": reverse("accounts:users")})


@requires("roles.grant")
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/roles.html", _listed(request))


@requires("roles.grant")
@require_http_methods(["GET", "POST"])
def grant(request: HttpRequest, user_id: int) -> HttpResponse:
    """A person's roles, and the form that gives one more."""
    user = get_object_or_404(queries.accounts(), pk=user_id)
    form = GrantForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.grant_role(
                user.pk, role=data["role"], place=data["place"].code if data["place"] else "",
                sections=data["sections"], by=request.viewer.actor, reason=data["reason"],
            )  # fmt: skip
        except services.AccountProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("已授予 %(u)s 新的角色，其下次登录生效") % {"u": user})
            return redirect("accounts:grant", user_id=user.pk)
    ended = (
        Membership.objects.filter(user=user, ended_at__isnull=False)
        .select_related("place", "party")
        .order_by("-ended_at")
    )
    return render(request, "accounts/grant.html", {"account": user, "form": form, "ended": ended})


@requires("roles.grant")
@require_http_methods(["GET", "POST"])
def end(request: HttpRequest, membership_id: int) -> HttpResponse:
    row = get_object_or_404(Membership.objects.select_related("user", "place", "party"), pk=membership_id)
    form, back = ReasonForm(posted(request)), reverse("accounts:grant", args=[row.user_id])
    if request.method == "POST" and form.is_valid():
        try:
            services.end_role(row.pk, by=request.viewer.actor, reason=form.cleaned_data["reason"])
        except services.AccountProblem as problem:
            form.add_error(None, str(problem))
        else:
            messages.success(request, _("角色已终止，该用户的登录已退出"))
            return redirect(back)
    facts = [
        (_("用户"), row.user.name),
        (_("角色"), row.get_role_display()),
        (_("范围"), row.place or row.party or _("全部")),
    ]
    title = _("终止角色")
    statement = _("终止后该用户立即退出，重新登录后不再具有此角色；以往经办的记录保留不变。")
    context = {"title": title, "label": title, "statement": statement, "facts": facts, "form": form, "danger": True}
    return render(request, "confirm.html", context | {"back": back})


@requires("audit.view")
@require_GET
def sign_ins(request: HttpRequest) -> HttpResponse:
    form = SignInFilter(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    rows = queries.sign_ins(text=wanted.get("q", ""), outcome=wanted.get("outcome", ""))
    page = page_of(rows, request.GET, sorts={"at": "at", "username": "username"}, default="-at")
    return render(request, "accounts/sign_ins.html", {"form": form, "page": page})
