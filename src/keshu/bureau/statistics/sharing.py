"""One engine for all parts of a page."""

from django.http import HttpRequest

from keshu.bureau.records.services import now
from keshu.bureau.statistics.engine import Engine
from keshu.bureau.statistics.queries import engine_at


def engine_for(request: HttpRequest) -> Engine:
    """The one engine of a page: what its parts ask for is of one instant, and read once."""
    if not hasattr(request, "figures_engine"):
        request.figures_engine = engine_at(now())  # type: ignore[attr-defined]
    return request.figures_engine  # type: ignore[attr-defined]
