"""Whose documents and values a person may change: those that speak of the person's own places and of no other."""

from collections.abc import Iterable

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.places.models import Place
from keshu.bureau.statistics.models import ReceivedValue
from keshu.bureau.statistics.queries import root_place

EDIT = "sources.edit"


def may_change(viewer: Viewer, source_id: int) -> bool:
    """A document without values yet is open to everybody who holds the right somewhere."""
    return _within(viewer, ReceivedValue.objects.filter(source_id=source_id).values_list("place_id", flat=True))


def may_undo(viewer: Viewer, act_id: int) -> bool:
    """Whether all that the act wrote stands at the viewer's places."""
    return _within(viewer, ReceivedValue.objects.filter(act_id=act_id).values_list("place_id", flat=True))


def may_write(viewer: Viewer, place_id: int) -> bool:
    return _within(viewer, [place_id])


def _within(viewer: Viewer, places: Iterable[int]) -> bool:
    visible = viewer.place_ids(EDIT) if EDIT in viewer.rights else frozenset()
    return visible is None or visible.issuperset(places)


def own_places(viewer: Viewer, places: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Of the (code, name) pairs those at which the viewer may enter values."""
    visible = viewer.place_ids(EDIT)
    if visible is None:
        return tuple(places)
    codes = set(Place.objects.filter(pk__in=visible).values_list("code", flat=True))
    return tuple(pair for pair in places if pair[0] in codes)


def whole_place(viewer: Viewer, right: str = EDIT) -> str:
    """What 全市 or 合计 means in a document that this person brings: the person's own place, else the bureau's."""
    return next((grant.place for grant in viewer.grants if grant.place and right in grant.rights), "") or root_place()


def foreign_places(viewer: Viewer, codes: Iterable[str]) -> list[str]:
    """Names of the places that are none of the viewer's, for the sentence that refuses them."""
    visible = viewer.place_ids(EDIT)
    if visible is None:
        return []
    found = Place.objects.filter(code__in=set(codes)).exclude(pk__in=visible).order_by("order", "code")
    return list(found.values_list("name", flat=True))
