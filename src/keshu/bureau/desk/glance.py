"""The year's figures at a glance: the strip at the top of the home page."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.pages.registry import Stat
from keshu.bureau.places.models import Place
from keshu.bureau.statistics.bases import base_period, base_words
from keshu.bureau.statistics.queries import Ask, Figure, root_place
from keshu.bureau.statistics.sharing import engine_for
from keshu.bureau.statistics.showing import shown, unit_of
from keshu.kernel.measure.arithmetic import growth
from keshu.kernel.measure.period import Period
from keshu.kernel.measure.presence import Presence

HEADLINES = (
    "hte.valid",
    "tsme.valid",
    "contract.total",
    "patent.invention.valid",
    "platform.count",
    "activity.count",
)
SMALL_BASE = 10  # a rate on less than this says little


def period_to(day: date) -> Period:
    """This year up to the last whole month; in January the whole of last year."""
    last = day.replace(day=1) - timedelta(days=1)
    return Period(last.replace(month=1, day=1), last)


def place_of(viewer: Viewer) -> str:
    """The place whose figures somebody wants first: that of the first membership, else the bureau's own."""
    return next((grant.place for grant in viewer.grants if grant.place), "") or root_place()


def headline_stats(request: HttpRequest, day: date) -> Sequence[Stat]:
    """The headline figures of the viewer's place with last year's beside them; those without a value are left out."""
    pairs = _headlines(request.viewer, day)
    found = engine_for(request).figures(ask for pair in pairs for ask in pair) if pairs else {}
    return [_stat(found[now], found[before]) for now, before in pairs if found[now].value is not None]


def expect_headlines(request: HttpRequest, day: date) -> None:
    """The rest of the page asks for figures too: all of them are read together."""
    engine_for(request).expect(ask for pair in _headlines(request.viewer, day) for ask in pair)


def _headlines(viewer: Viewer, day: date) -> list[tuple[Ask, Ask]]:
    """What is asked of the viewer's place, now and for last year."""
    place, period = place_of(viewer), period_to(day)
    if not place or not Place.objects.filter(code=place).exists():
        return []
    codes = [code for code in HEADLINES if code in catalogue().indicators]
    return [(Ask(code, place, period), _before(code, place, period)) for code in codes]


def _before(code: str, place: str, period: Period) -> Ask:
    return Ask(code, place, base_period(catalogue().indicators[code].kind, period))


def _stat(figure: Figure, before: Figure) -> Stat:
    change, tone = _change(figure, before)
    return Stat(
        label=figure.name,
        value=shown(figure, figure.value),
        unit=unit_of(figure),
        change=change,
        tone=tone,
        url=_address(figure),
        note=_("较%(base)s") % {"base": base_words(figure.kind)} if change else "",
    )


def _change(figure: Figure, before: Figure) -> tuple[str, str]:
    """Growth in percent (on a small base the difference), its tone by whether more is better; "" without a base."""
    if figure.value is None or before.value is None or Presence.PARTIAL in (figure.presence, before.presence):
        return "", "quiet"
    moved = figure.value - before.value
    small = before.value < SMALL_BASE
    rate = None if small else growth(now=figure.value, before=before.value)
    amount = f"{shown(figure, abs(moved))}" if rate is None else f"{abs(round(rate, 1))}%"
    text = f"{'+' if moved > 0 else '−' if moved < 0 else ''}{amount}"
    if not moved or figure.direction == "none":
        return text, "quiet"
    return text, "ok" if (moved > 0) == (figure.direction == "higher") else "bad"


def _address(figure: Figure) -> str:
    try:
        address = reverse("statistics:indicator", args=[figure.code])
    except NoReverseMatch:
        return ""
    return f"{address}?place={figure.place}&period={figure.period}"
