"""Signing in and out, and one's own password."""

from axes.helpers import get_client_ip_address
from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from keshu.bureau.accounts import services, sessions
from keshu.bureau.accounts.access import public, signed_in, viewer_of
from keshu.bureau.accounts.acting import landing
from keshu.bureau.accounts.forms import PasswordForm, SignInForm
from keshu.bureau.accounts.passwords import NOTICE_DAYS, days_left, expired
from keshu.bureau.accounts.queries import place_names, roles_of
from keshu.bureau.accounts.rules import idle_limit
from keshu.bureau.pages.posting import posted


@public
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The only way in. Says the same whether the account or the password was wrong."""
    if request.user.is_authenticated:
        return redirect(landing(viewer_of(request.user)))
    form = SignInForm(posted(request))
    if request.method == "POST" and form.is_valid():
        username = form.cleaned_data["username"].strip().lower()
        user = authenticate(request, username=username, password=form.cleaned_data["password"])
        if user is not None:
            return _opened(request, user)
        locked = bool(getattr(request, "axes_locked_out", False))
        sessions.note_refusal(username, _visit(request), locked=locked, at=timezone.now())
        form.add_error(None, _("账号或密码不对，或账号已停用；连续 5 次不对将锁定 15 分钟"))
    context = {"form": form, "next": request.GET.get("next", ""), "logins": services.demo_logins()}
    context["notice"] = request.session.get("notice", "")
    return render(request, "accounts/sign_in.html", context)


def _opened(request: HttpRequest, user: services.User) -> HttpResponse:
    at = timezone.now()
    login(request, user)
    request.session.pop("notice", None)
    request.session["seen_at"] = at.timestamp()
    request.session["idle_seconds"] = idle_limit(roles_of(user.pk))
    request.session["where"] = "、".join(place_names(user.pk)[:2])
    sessions.open_session(user, request.session.session_key or "", _visit(request), at=at)
    left = days_left(user.password_changed_at, at=at)
    if left is not None and 0 <= left <= NOTICE_DAYS:
        messages.warning(request, _("密码将在 %(n)s 天后到期，请在右上角菜单中修改") % {"n": left})
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return redirect(target if safe else landing(viewer_of(user)))


def _visit(request: HttpRequest) -> sessions.Visit:
    return sessions.Visit(get_client_ip_address(request) or None, request.headers.get("User-Agent", ""))


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    sessions.end_session(request.session.session_key or "", at=timezone.now())
    logout(request)
    return redirect("accounts:sign-in")


@signed_in
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; every other session of the account ends."""
    form = PasswordForm(request.user, posted(request))
    if request.method == "POST" and form.is_valid():
        key = request.session.session_key or ""
        user = services.set_password(request.user.pk, form.cleaned_data["new"], by=request.viewer.actor, but=key)
        update_session_auth_hash(request, user)
        sessions.renew_session(key, request.session.session_key or "", user, _visit(request), at=timezone.now())
        messages.success(request, _("密码已修改，其他设备上的登录已全部退出"))
        return redirect(landing(request.viewer))
    forced = request.user.must_change_password
    old = not forced and expired(request.user.password_changed_at, at=timezone.now())
    return render(request, "accounts/password.html", {"form": form, "forced": forced, "old": old})
