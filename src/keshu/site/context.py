"""What every page needs around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from keshu.bureau.accounts.access import Viewer, viewer_of
from keshu.bureau.accounts.models import Membership
from keshu.bureau.outbox.queries import unread_count
from keshu.site.navigation import menu


def shell(request: HttpRequest) -> dict[str, Any]:
    """`viewer` (None when nobody is signed in), the sidebar, the roles and the place for the person's menu."""
    viewer = _viewer(request)
    if viewer is None:
        return {"viewer": None, "demo": settings.DEMO}
    return {
        "viewer": viewer,
        "demo": settings.DEMO,
        "sidebar": SimpleLazyObject(lambda: menu(viewer, request.path)),
        "role_names": [Membership.Role(grant.role).label for grant in viewer.grants],
        "unread": unread_count(viewer.actor.username),
        "where": request.session.get("where", ""),
    }


def _viewer(request: HttpRequest) -> Viewer | None:
    known = getattr(request, "viewer", None)
    user = getattr(request, "user", None)
    if known is not None or user is None or not user.is_authenticated:
        return known
    request.viewer = viewer_of(user)  # type: ignore[attr-defined]
    return request.viewer  # type: ignore[attr-defined]
