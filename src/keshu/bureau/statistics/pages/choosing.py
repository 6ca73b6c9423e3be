"""Which place and period a page is about."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from keshu.bureau.accounts.access import Viewer
from keshu.bureau.statistics.trees import TERRITORIES, Trees
from keshu.kernel.measure.period import BadPeriod, Period


@dataclass(frozen=True)
class Choice:
    """Place and period, and what else could be chosen."""

    place: str
    place_name: str
    period: Period
    places: tuple[tuple[str, str], ...]
    periods: tuple[tuple[str, str], ...]
    wrong: str = ""


def running_period(today: date) -> Period:
    """New year to the end of the last finished month; last year while January runs."""
    last = today if (today + timedelta(days=1)).month != today.month else today.replace(day=1) - timedelta(days=1)
    return Period.until(last)


def choice_of(query: Mapping[str, str], viewer: Viewer, *, known_at: datetime, today: date) -> Choice:
    """From the query string; without one, the viewer's own place and the running year. A slip gives the default."""
    trees = Trees(known_at)
    places = tuple(_places(trees, today))
    known = dict(places)
    wrong = []
    place = query.get("place", "")
    if place not in known:
        asked, place = place, _own(viewer, known) or (places[0][0] if places else "")
        if asked:
            said = {"asked": asked, "shown": trees.names.get(place, place)}
            wrong.append(_("没有代码为“%(asked)s”的区划，现显示%(shown)s") % said)
    period = running_period(today)
    if text := query.get("period", ""):
        try:
            period = Period.parse(text)
        except BadPeriod as error:
            shown = period.flow_words(with_year=True)
            wrong.append(_("%(problem)s；现显示%(shown)s") % {"problem": error, "shown": shown})
    named = trees.names.get(place, place)
    return Choice(place, named, period, places, tuple(_periods(today, period)), "。".join(wrong))


def _places(trees: Trees, today: date) -> list[tuple[str, str]]:
    """Territories with their depth as indent, in the order of the tree; towns only below what is no town."""
    paths = {code: path for code, path in trees.paths(today).items() if trees.kinds[code] in TERRITORIES}
    top = min((path.count("/") for path in paths.values()), default=0)
    ordered = sorted(paths.items(), key=lambda item: item[1])
    return [(code, "\u3000" * (path.count("/") - top) + trees.names[code]) for code, path in ordered]


def _own(viewer: Viewer, known: Mapping[str, str]) -> str:
    scope = viewer.places("figures.view")
    return next((code for code in scope or () if code in known), "")


def _periods(today: date, chosen: Period) -> list[tuple[str, str]]:
    """The running year, its quarters and halves that are over, and the five years before."""
    running = running_period(today)
    found = [running, *(Period.of_year(year) for year in range(today.year - 1, today.year - 6, -1))]
    found += [part for name in ("H1", "Q1", "Q2", "Q3") if (part := Period.parse(f"{today.year}{name}")).end < today]
    found.append(Period.of_years(today.year - 4, today.year))
    if chosen not in found:
        found.insert(0, chosen)
    return [(str(period), period.flow_words(with_year=True)) for period in dict.fromkeys(found)]
