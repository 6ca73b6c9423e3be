"""/api/v1: figures and entries for other systems. Every operation declares its right; the scope cuts its rows."""

from importlib import import_module
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.security import SessionAuth

from keshu.bureau.accounts.access import signed_in, viewer_of

ROUTERS = {"figures": "keshu.bureau.statistics.api", "entries": "keshu.bureau.ledgers.api"}


class SignedIn(SessionAuth):
    """A session of the site; the viewer comes along as `request.viewer`."""

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        if not request.user.is_authenticated:
            return None
        request.viewer = viewer_of(request.user)  # type: ignore[attr-defined]
        return request.user


api = NinjaAPI(
    title="Keshu", version="1", auth=SignedIn(), urls_namespace="api", docs_url=None, docs_decorator=signed_in
)
for prefix, module in ROUTERS.items():
    api.add_router(f"/{prefix}", import_module(module).router)
