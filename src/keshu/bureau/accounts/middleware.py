"""Ends what has been idle too long and sends whoever must change the password to that page."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from keshu.bureau.accounts.passwords import expired

SEEN, IDLE, EVERY = "seen_at", "idle_seconds", 60


class SessionLimits:
    """Reads the clock once a request. `seen_at` is stored at most once a minute, so that reading stays cheap."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session:
            return self._marked(request, self.get_response(request))
        at = timezone.now()
        if _idle(request.session, at):
            return self._ended(request, at)
        if not request.user.is_authenticated:
            return self.get_response(request)
        if at.timestamp() - request.session.get(SEEN, 0) > EVERY:
            request.session[SEEN] = at.timestamp()
        if _must_change(request, at):
            return redirect("accounts:password")
        return self.get_response(request)

    def _ended(self, request: HttpRequest, at: datetime) -> HttpResponse:
        from keshu.bureau.accounts.sessions import end_session

        end_session(request.session.session_key or "", at=at)
        logout(request)
        request.session["notice"] = "idle"
        return self._marked(request, self.get_response(request))

    def _marked(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """A partial request answered by a redirect to the sign-in page reloads the whole page instead."""
        to = response.headers.get("Location", "") if response.status_code == HTTPStatus.FOUND else ""
        if request.headers.get("HX-Request") and to.startswith(reverse("accounts:sign-in")):
            return HttpResponse(headers={"HX-Refresh": "true"})
        return response


def _idle(session: Any, at: datetime) -> bool:
    seen = session.get(SEEN)
    return seen is not None and at.timestamp() - seen > session.get(IDLE, settings.SESSION_IDLE)


def _must_change(request: HttpRequest, at: datetime) -> bool:
    open_names = ("accounts:password", "accounts:sign-out", "set-language")
    if request.path in {reverse(name) for name in open_names}:
        return False
    user = request.user
    return bool(user.must_change_password or expired(user.password_changed_at, at=at))
