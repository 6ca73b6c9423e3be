"""For which organisation somebody works just now: what a page starts with, never what it permits."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from keshu.bureau.accounts.access import Viewer

KEY = "acting_party"


def acting_party(request: HttpRequest) -> int | None:
    """The organisation chosen last, if the person still belongs to it; else the first of theirs; None without any.

    Only a default: whoever does something asks `viewer.may(right, party=...)` of the very row that it concerns.
    """
    own = request.viewer.parties("own.view")  # type: ignore[attr-defined]
    chosen = request.session.get(KEY)
    return chosen if chosen in own else min(own, default=None)


def act_for(request: HttpRequest, party_id: int) -> bool:
    """Choose one of one's own; False, and nothing changed, for any other."""
    if party_id not in request.viewer.parties("own.view"):  # type: ignore[attr-defined]
        return False
    request.session[KEY] = party_id
    return True


def landing(viewer: Viewer) -> str:
    """Where somebody arrives after signing in: members at their applications, newcomers where they can claim."""
    if not viewer.unit_only:
        return reverse("desk:home")
    if not viewer.grants:
        return reverse("accounts:unit")
    try:
        return reverse("programmes:mine")
    except NoReverseMatch:
        return reverse("accounts:unit")
