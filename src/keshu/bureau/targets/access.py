"""Whose targets a person may set, and the places and indicators that their forms offer."""

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.places.models import PlaceSpan
from keshu.bureau.places.queries import spans_on
from keshu.bureau.statistics.trees import TERRITORIES
from keshu.bureau.targets.models import TargetRevision
from keshu.catalogue import Catalogue, Indicator

EDIT = "targets.edit"


def may_edit(viewer: Viewer, row: TargetRevision, indicator: Indicator | None) -> bool:
    """Targets of the viewer's places, for indicators that the viewer's sections answer for."""
    return viewer.may(EDIT, section=indicator.owner if indicator else "", place=row.place.code)


def editable_indicators(viewer: Viewer, catalogue: Catalogue) -> list[Indicator]:
    sections = viewer.sections(EDIT)
    return [one for one in catalogue.indicators.values() if sections is None or one.owner in sections]


def territories() -> list[tuple[str, str]]:
    """Code and name of all territories, indented by their depth, in the order of the tree. One query."""
    return _indented(_spans())


def editable_places(viewer: Viewer) -> list[tuple[str, str]]:
    visible = viewer.place_ids(EDIT)
    return _indented([span for span in _spans() if visible is None or span.place_id in visible])


def own_place(viewer: Viewer, right: str, places: list[tuple[str, str]]) -> str:
    """The place that a page opens with: the viewer's own, else the top of the tree."""
    known = [code for code, _name in places]
    return next((code for code in viewer.places(right) or () if code in known), known[0] if known else "")


def _spans() -> list[PlaceSpan]:
    rows = spans_on().filter(place__kind__in=TERRITORIES).select_related("place")
    return sorted(rows, key=lambda span: span.path)


def _indented(spans: list[PlaceSpan]) -> list[tuple[str, str]]:
    top = min((span.path.count("/") for span in spans), default=0)
    return [(span.place.code, "\u3000" * (span.path.count("/") - top) + span.place.name) for span in spans]
