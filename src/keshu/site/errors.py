"""Error pages that say what happened and what to do next."""

import sys
from http import HTTPStatus

from django.db import OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

AGAIN = 5  # seconds


def is_locked(error: BaseException | None) -> bool:
    """Whether SQLite gave up waiting for another writer: a large import, a backup put back."""
    return isinstance(error, OperationalError) and "locked" in str(error)


def waiting(request: HttpRequest) -> HttpResponse:
    """Somebody else's data is being put in: nothing of this request was written, and it may be said again."""
    headers = {"Retry-After": str(AGAIN)}
    if request.path_info.startswith("/api/"):
        said = {"detail": _("正在入库另一批数据，请稍候再试；本次请求没有写入任何数据")}
        return JsonResponse(said, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
    page = render_to_string("errors/503.html", {"again": AGAIN if request.method == "GET" else 0})
    return HttpResponse(page, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/400.html", status=HTTPStatus.BAD_REQUEST)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/403.html", status=HTTPStatus.FORBIDDEN)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "errors/csrf.html", status=HTTPStatus.FORBIDDEN)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "errors/404.html", {"path": request.path}, status=HTTPStatus.NOT_FOUND)


def failed(request: HttpRequest) -> HttpResponse:
    """Without the request's context: whatever broke must not break this page too."""
    if is_locked(sys.exc_info()[1]):
        return waiting(request)
    return HttpResponse(render_to_string("errors/500.html"), status=HTTPStatus.INTERNAL_SERVER_ERROR)
