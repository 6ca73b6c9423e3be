"""Pages of figures: the list, one indicator, one figure."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from keshu.bureau.accounts.access import requires
from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.pages.downloads import xlsx_response
from keshu.bureau.statistics.bases import base_words
from keshu.bureau.statistics.definitions import UnknownIndicator
from keshu.bureau.statistics.engine import Ask, Engine, Figure
from keshu.bureau.statistics.measures import UnknownScope
from keshu.bureau.statistics.pages import choosing, figure, indicator, listing
from keshu.bureau.statistics.showing import marks, with_unit
from keshu.bureau.statistics.trees import UnknownPlace
from keshu.kernel.prose.reference import BadReference, Reference


@requires("figures.view")
@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """Indicators by theme with this year's value, last year's, growth and target."""
    known_at, catalogue = timezone.now(), site_catalogue()
    choice = _choice(request, known_at)
    themes = listing.themes_of(catalogue)
    theme = request.GET.get("theme", "")
    theme = theme if theme in themes else next(iter(themes), "")
    text = request.GET.get("q", "")
    lines = listing.lines_of(
        listing.chosen(catalogue, theme=theme, text=text), place=choice.place, period=choice.period,
        known_at=known_at, catalogue=catalogue,
    )  # fmt: skip
    context = {"choice": choice, "themes": themes, "theme": theme, "text": text, "lines": lines}
    return render(request, "statistics/index.html", context)


@requires("figures.view")
@require_GET
def index_export(request: HttpRequest) -> HttpResponse:
    """The list as a workbook: the theme, or what was looked for, or with `all=1` everything."""
    known_at, catalogue = timezone.now(), site_catalogue()
    choice = _choice(request, known_at, exact=True)
    theme = "" if request.GET.get("all") else request.GET.get("theme", "")
    found = listing.chosen(catalogue, theme=theme, text=request.GET.get("q", ""))
    lines = listing.lines_of(found, place=choice.place, period=choice.period, known_at=known_at, catalogue=catalogue)
    name = f"{choice.place_name.strip()}{choice.period.flow_words(with_year=True)}{theme or _('全部')}{_('指标')}"
    return xlsx_response(name, [_(word) for word in listing.HEADINGS], (line.cells() for line in lines))


@requires("figures.view")
@require_GET
def indicator_page(request: HttpRequest, code: str) -> HttpResponse:
    """One indicator: definition, values, series, places, rows."""
    engine, ask, choice = _asked(request, code)
    whole = indicator.whole_of(engine, ask, request.viewer)
    context = {
        "choice": choice, "indicator": engine.definitions.newest(code), "versions": engine.definitions.all_of(code),
        "whole": whole, "figure": whole.figure, "said": with_unit(whole.figure), "marks": marks(whole.figure),
        "counted": with_unit(whole.figure, whole.figure.counted) if whole.figure.differs else "",
        "received": _received(whole.figure), "operands": [(one, with_unit(one)) for one in whole.operands],
        "base": base_words(whole.figure.kind), "scope": ask.scope, "limit": indicator.ROWS,
    }  # fmt: skip
    return render(request, "statistics/indicator.html", context)


@requires("figures.view")
@require_GET
def rows_export(request: HttpRequest, code: str) -> HttpResponse:
    """The rows of a figure as a workbook, as far as the viewer may see them."""
    engine, ask, choice = _asked(request, code, exact=True)
    engine.figures([ask])
    found = indicator.lineage_of(engine, ask, request.viewer)
    rows = indicator.row_lines(engine, found.rows)
    cells = (
        [r.ledger, r.entry, r.title, r.party, r.place, r.day, r.amount, "、".join(_part(part) for part in r.parts)]
        for r in rows
    )
    headings = [_("台账"), _("条目"), _("名称"), _("主体"), _("区划"), _("日期"), _("数额"), _("计入")]
    name = f"{engine.figure(ask).name}{choice.period.flow_words(with_year=True)}{_('明细')}"
    return xlsx_response(name, headings, cells)


@requires("figures.view")
@require_GET
def places_export(request: HttpRequest, code: str) -> HttpResponse:
    """The figure of every place below as a workbook."""
    engine, ask, choice = _asked(request, code, exact=True)
    whole = indicator.whole_of(engine, ask, request.viewer)
    unit = next((line.unit for line in whole.place_lines), "")
    base = base_words(whole.figure.kind)
    headings = [_("代码"), _("区划"), f"{_('数值')}({unit})", f"{base}({unit})", _("增长(%)"), _("位次")]
    name = f"{whole.figure.name}{choice.period.flow_words(with_year=True)}{_('各地')}"
    return xlsx_response(name, headings, indicator.by_place_cells(whole.place_lines))


@requires("figures.view")
@require_GET
def figure_page(request: HttpRequest) -> HttpResponse:
    """The figure behind `?ref=code@place/period:form`, as known now or `&at=` an instant."""
    known_at = _instant(request)
    choice = _choice(request, known_at)
    try:
        reference = Reference.parse("{" + request.GET.get("ref", "").strip("{}") + "}")
        opened = figure.open_figure(
            reference, place=choice.place, period=choice.period, known_at=known_at,
            viewer=request.viewer,
        )  # fmt: skip
    except (BadReference, KeyError, UnknownIndicator, UnknownPlace, UnknownScope) as error:
        raise Http404(str(error)) from error
    context = {
        "opened": opened, "facts": figure.facts_of(opened), "marks": marks(opened.figure), "known_at": known_at,
        "received": _received(opened.figure), "limit": indicator.ROWS, "wrong": choice.wrong,
        "parts": [(part.name, with_unit(part.figure)) for part in opened.formed.parts],
    }  # fmt: skip
    return render(request, "statistics/figure.html", context)


def _part(code: str) -> str:
    return {"numerator": _("分子"), "denominator": _("分母")}.get(code, _("数值"))


def _choice(request: HttpRequest, known_at: datetime, *, exact: bool = False) -> choosing.Choice:
    """What the address asks for; a page says where it shows something else, a file (`exact`) has no place to."""
    choice = choosing.choice_of(request.GET, request.viewer, known_at=known_at, today=timezone.localdate())
    if exact and choice.wrong:
        raise Http404(choice.wrong)
    return choice


def _asked(request: HttpRequest, code: str, *, exact: bool = False) -> tuple[Engine, Ask, choosing.Choice]:
    known_at = timezone.now()
    choice = _choice(request, known_at, exact=exact)
    known = site_catalogue().indicators.get(code)
    if known is None:
        raise Http404(code)
    scope = request.GET.get("scope", "")
    scope = scope if scope in known.scopes else ""
    return Engine(known_at, site_catalogue()), Ask(code, choice.place, choice.period, scope), choice


def _received(one: Figure) -> str:
    """The document's value with its unit, or nothing."""
    if one.received is None or one.received.value is None:
        return ""
    return with_unit(one, one.received.value)


def _instant(request: HttpRequest) -> datetime:
    try:
        found = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        found = None
    return found if found is not None and timezone.is_aware(found) else timezone.now()
