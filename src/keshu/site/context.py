"""What every page needs around its content."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Grant, Viewer, viewer_of
from keshu.bureau.accounts.models import Membership
from keshu.bureau.outbox.queries import unread_count
from keshu.bureau.pages.registry import searches
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
        "role_names": [_role_name(grant) for grant in viewer.grants],
        "may_search": not viewer.unit_only and any(one.right in viewer.rights for one in searches()),
        "unread": unread_count(viewer.actor.username),
        "where": request.session.get("where", ""),
    }


def _role_name(grant: Grant) -> str:
    label = Membership.Role(grant.role).label
    return _("代%(name)s：%(role)s") % {"name": grant.on_behalf_of, "role": label} if grant.on_behalf_of else label


def _viewer(request: HttpRequest) -> Viewer | None:
    known = getattr(request, "viewer", None)
    user = getattr(request, "user", None)
    if known is not None or user is None or not user.is_authenticated:
        return known
    request.viewer = viewer_of(user, on=localdate())  # type: ignore[attr-defined]
    return request.viewer  # type: ignore[attr-defined]
