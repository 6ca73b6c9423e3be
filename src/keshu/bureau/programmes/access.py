"""Whose case it is: the one place that says who sees a case and which rights she has in it.

What may be done is asked here and nowhere else, so what a page offers and what a service allows cannot differ.
"""

from collections.abc import Iterable
from dataclasses import replace

from django.db.models import Q, QuerySet
from django.http import Http404

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.programmes.models import Application, Call
from keshu.bureau.records.services import Actor
from keshu.catalogue.schema.programme_words import RIGHTS

OWN = frozenset({"programmes.apply", "programmes.endorse"})
OF_PLACE = "programmes.recommend"
UNSUBMITTED = ("draft", "endorsing")


def rights_in(viewer: Viewer, application: Application) -> frozenset[str]:
    """The rights of this person in this case; needs the case's call and both places."""
    found = {right for right in OWN if application.party_id in viewer.parties(right)}
    if viewer.may(OF_PLACE, place=application.place.code):
        found.add(OF_PLACE)
    call = application.call
    bureau = [right for right in RIGHTS if right not in OWN and right != OF_PLACE]
    found.update(right for right in bureau if viewer.may(right, section=call.section, place=call.place.code))
    return frozenset(found)


def stands_in(viewer: Viewer) -> bool:
    """Whether some of this person's rights are those of a colleague who is away."""
    return any(grant.on_behalf_of for grant in viewer.grants)


def actor_in(viewer: Viewer, uses: Iterable[tuple[Application, str]]) -> Actor:
    """Who acts, using these rights in these cases: it names every absent colleague without whom a right were missing."""
    absent = dict.fromkeys(_absent(viewer, application, right) for application, right in uses)
    names = "、".join(name for name in absent if name)
    return replace(viewer.actor, on_behalf_of=names) if names else viewer.actor


def _absent(viewer: Viewer, application: Application, right: str) -> str | None:
    if right in OWN:
        return None
    if right == OF_PLACE:
        return viewer.acting_for(right, place=application.place.code)
    return viewer.acting_for(right, section=application.call.section, place=application.call.place.code)


def actor_of_call(viewer: Viewer, right: str, call_id: int) -> Actor:
    """Who acts in a call under this right; a colleague who is away is named. It asks only where somebody is."""
    if not stands_in(viewer):
        return viewer.actor
    call = Call.objects.select_related("place").get(pk=call_id)
    return viewer.actor_for(right, section=call.section, place=call.place.code)


def visible(viewer: Viewer) -> QuerySet[Application]:
    """The cases that this person may see: her organisations' own; submitted ones of her places or her bureau's calls."""
    return Application.objects.filter(may_see(viewer))


def may_see(viewer: Viewer, prefix: str = "") -> Q:
    """The same as a condition on rows that belong to cases: `prefix` leads from them to the case (`application__`)."""
    own = Q(**{f"{prefix}party_id__in": viewer.parties("own.view")})
    if "cases.view" not in viewer.rights:
        return own
    places = viewer.place_ids("cases.view")
    submitted = Q(**{f"{prefix}submitted_at__isnull": False})
    if places is None:
        return own | submitted
    near = Q(**{f"{prefix}place_id__in": places}) | Q(**{f"{prefix}call__place_id__in": places})
    return own | (submitted & near)


def case_or_404(viewer: Viewer, application_id: int) -> Application:
    """The case with call, places and party; absent and not yours answer alike."""
    rows = visible(viewer).select_related("call__place", "place", "party", "version", "act")
    found = rows.filter(pk=application_id).first()
    if found is None:
        raise Http404
    return found


def calls_of(viewer: Viewer, right: str) -> QuerySet[Call]:
    """The calls in which the viewer holds a bureau right, by place and section."""
    places, sections = viewer.place_ids(right), viewer.sections(right)
    rows = Call.objects.all() if right in viewer.rights else Call.objects.none()
    rows = rows if places is None else rows.filter(place_id__in=places)
    return rows if sections is None else rows.filter(section__in=sections)
