"""/api/v1/figures: figures for other systems, in the shape of the command line."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from ninja.errors import HttpError

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.records.services import end_of, now
from keshu.bureau.statistics import commands
from keshu.bureau.statistics.definitions import UnknownIndicator
from keshu.bureau.statistics.forming.base import scoped
from keshu.bureau.statistics.measures import UnknownScope
from keshu.bureau.statistics.queries import Ask, figures, lineage
from keshu.bureau.statistics.trees import UnknownPlace
from keshu.kernel.measure.period import BadPeriod, Period

router = Router(tags=["figures"])
WRONG = (BadPeriod, UnknownIndicator, UnknownPlace, UnknownScope)
MOST = 200


@router.get("", summary="指标数")
@requires("figures.view")
def figures_of(
    request: HttpRequest, place: str, period: str, code: Annotated[list[str], Query()], as_of: date | None = None
) -> list[dict[str, Any]]:  # fmt: skip
    """Figures of up to 200 codes for one place and period, each as the staff of the city may see it."""
    if len(code) > MOST:
        raise HttpError(400, f"一次最多查询 {MOST} 个指标，请分批查询")
    known_at = end_of(as_of) if as_of else now()
    try:
        asks = [_ask(one, place, period) for one in code]
        found = figures(asks, known_at=known_at)
    except WRONG as error:
        raise HttpError(400, str(error)) from error
    return [commands.figure_json(found[ask]) for ask in asks]


@router.get("/{code}/lineage", summary="指标数的依据")
@requires("figures.view")
def lineage_of(request: HttpRequest, code: str, place: str, period: str, as_of: date | None = None) -> dict[str, Any]:
    """The rows or the document that the figure stands on; rows outside one's scope are counted in `hidden`."""
    known_at = end_of(as_of) if as_of else now()
    try:
        found = lineage(_ask(code, place, period), known_at=known_at, viewer=request.viewer)
    except WRONG as error:
        raise HttpError(400, str(error)) from error
    return commands.figure_json(found.figure) | commands.lineage_json(found)


def _ask(code: str, place: str, period: str) -> Ask:
    code, scope = scoped(code, site_catalogue())
    return Ask(code, place, Period.parse(period), scope)
