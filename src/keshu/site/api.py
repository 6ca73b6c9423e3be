"""/api/v1: figures and entries for other systems. Every operation declares its right; the scope cuts its rows."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import localdate
from ninja import NinjaAPI
from ninja.errors import ValidationError
from ninja.security import SessionAuth

from keshu.bureau.accounts.access import signed_in, viewer_of

ROUTERS = {
    "figures": "keshu.bureau.statistics.api",
    "entries": "keshu.bureau.ledgers.api",
    "programmes": "keshu.bureau.programmes.calls.api",
}


class SignedIn(SessionAuth):
    """A session of the site; the viewer comes along as `request.viewer`."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        if not request.user.is_authenticated:
            return None
        request.viewer = viewer_of(request.user, on=localdate())  # type: ignore[attr-defined]
        return request.user


api = NinjaAPI(
    title="Keshu", version="1", auth=SignedIn(), urls_namespace="api", docs_url=None, docs_decorator=signed_in
)
for prefix, module in ROUTERS.items():
    api.add_router(f"/{prefix}", import_module(module).router)
# A text travels in the body of a POST that writes nothing: programs need no form token for it.
api.add_router("/texts", import_module("keshu.bureau.texts.api").router, auth=SignedIn(csrf=False))

SHOULD_BE = {"int": "应为整数", "date": "应写成 2025-12-31 的形式", "list": "应为一个或多个值", "string": "应为文字"}


@api.exception_handler(ValidationError)
def wrong_arguments(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """All arguments that cannot be used, at once, each with what it should be."""
    said = [f"参数 {one['loc'][-1]} {_should(one['type'])}" for one in error.errors]
    return api.create_response(request, {"detail": "；".join(dict.fromkeys(said))}, status=400)


@api.exception_handler(OverflowError)
def beyond_numbers(request: HttpRequest, error: OverflowError) -> HttpResponse:
    """A number that no database takes for an id names nothing."""
    return api.create_response(request, {"detail": "参数中的数字超出范围，请核对"}, status=400)


def _should(kind: str) -> str:
    if kind == "missing":
        return "没有给出，请补上"
    return next((words for start, words in SHOULD_BE.items() if kind.startswith(start)), "不能识别，请核对接口说明")
