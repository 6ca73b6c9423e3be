"""Doors for people who are not signed in: opening an account, and the ways back into one."""

from axes.helpers import get_client_ip_address
from axes.utils import reset as unlock
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from keshu.bureau.accounts import limits, recovery, sessions
from keshu.bureau.accounts.access import public
from keshu.bureau.accounts.registering import Newcomer, register
from keshu.bureau.accounts.services import AccountProblem
from keshu.bureau.accounts.unit_forms import AskForm, NewPasswordForm, RecoverCodeForm, RegisterForm
from keshu.bureau.pages.posting import posted


def _address(request: HttpRequest) -> str:
    return get_client_ip_address(request) or "nowhere"


def _too_often(form: Form) -> None:
    form.add_error(None, _("尝试次数过多，请一小时后再试"))


def _say(form: Form, problem: AccountProblem | ValidationError) -> None:
    """A weak password is said beside its field, everything else above the form."""
    if isinstance(problem, ValidationError):
        form.add_error("password", problem)
    else:
        form.add_error(None, str(problem))


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def open_account(request: HttpRequest) -> HttpResponse:
    """注册. The answer is the account's name: the wished one with digits, so that it tells nothing about others."""
    form = RegisterForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        newcomer = Newcomer(data["username"], data["name"], data["email"], data["phone"])
        if not limits.try_once(limits.REGISTER, [_address(request)], at=timezone.now()):
            _too_often(form)
        else:
            try:
                user = register(newcomer, data["password"])
            except (AccountProblem, ValidationError) as problem:
                _say(form, problem)
            else:
                return render(request, "accounts/registered.html", {"account": user})
    return render(request, "accounts/register.html", {"form": form})


@public
@never_cache
@require_http_methods(["GET", "POST"])
def recover(request: HttpRequest) -> HttpResponse:
    """The ways back; asking for a link gives the same answer whatever was typed."""
    form, asked = AskForm(posted(request)), False
    if request.method == "POST" and form.is_valid():
        account = form.cleaned_data["account"]
        if limits.try_once(limits.ASK, [_address(request), account.strip().lower()], at=timezone.now()):
            recovery.ask_for_link(account, site=_site(request))
            form, asked = AskForm(), True
        else:
            _too_often(form)
    return render(request, "accounts/recover.html", {"form": form, "asked": asked, "by_email": settings.EMAIL_ON})


def _site(request: HttpRequest) -> str:
    """This site as people reach it; the configured address first, for what a request says of itself may be forged."""
    return next(iter(settings.CSRF_TRUSTED_ORIGINS), "") or request.build_absolute_uri("/").rstrip("/")


@public
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def recover_link(request: HttpRequest, token: str) -> HttpResponse:
    """The page of a link: looking at it uses nothing up, because mail servers look too."""
    form = NewPasswordForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            user = recovery.recover_by_link(token, form.cleaned_data["password"])
        except (AccountProblem, ValidationError) as problem:
            _say(form, problem)
        else:
            return _recovered(request, user.username)
    context = {"form": form, "stands": recovery.link_stands(token)}
    answer = render(request, "accounts/recover_link.html", context)
    answer["Referrer-Policy"] = "no-referrer"  # the address is a key
    return answer


@public
@never_cache
@sensitive_post_parameters("password", "again", "code")
@require_http_methods(["GET", "POST"])
def recover_code(request: HttpRequest) -> HttpResponse:
    """By a printed code or one from an administrator of one's organisation."""
    form = RecoverCodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        data, at = form.cleaned_data, timezone.now()
        username = data["username"].strip().lower()
        if not limits.try_once(limits.REDEEM, [_address(request), username], at=at):
            _too_often(form)
        else:
            try:
                recovery.recover_by_code(username, data["code"], data["password"])
            except (AccountProblem, ValidationError) as problem:
                _say(form, problem)
                visit = sessions.Visit(get_client_ip_address(request) or None, request.headers.get("User-Agent", ""))
                sessions.note_unproved(username, visit, at=at)
            else:
                return _recovered(request, username)
    return render(request, "accounts/recover_code.html", {"form": form})


def _recovered(request: HttpRequest, username: str) -> HttpResponse:
    unlock(username=username)
    messages.success(request, _("新密码已设置，其他设备上的登录已全部退出；请用新密码登录"))
    return redirect("accounts:sign-in")
