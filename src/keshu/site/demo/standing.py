"""What the city says about its ledgers: since when they are kept, and which years have been collected in full."""

from datetime import date

from keshu.bureau.ledgers.services import begin_records, report_ledger
from keshu.bureau.records.services import Actor
from keshu.site.demo import city
from keshu.site.demo.world import GENERATORS, LAST_DAY, YEARS

#: ledgers whose first rows are about the year before, and what is collected of a year when it is confirmed
ABOUT_LAST_YEAR = {"profile": date(2000, 6, 30), "rd_deduction": date(2000, 5, 31)}
ABOUT_THIS_YEAR = {"park": date(2000, 12, 31)}


def declare(places: dict[str, int], by: Actor) -> None:
    """Nothing is known of the years before; a year's reports of firms are complete in the next one's early summer."""
    place = places[city.CITY]
    first = date(YEARS[0] - 1, 12, 31)
    for code in sorted(GENERATORS):
        since = date(YEARS[0] - (code in ABOUT_LAST_YEAR), 1, 1)
        begin_records(code, place_id=place, begins_on=since, by=by, known_on=first)
    for year in YEARS:
        for code, day in ABOUT_LAST_YEAR.items():
            report_ledger(
                code, place_id=place, period=str(year - 1), zero=False, by=by, known_on=day.replace(year=year)
            )
        for code, day in ABOUT_THIS_YEAR.items():
            known = min(day.replace(year=year), LAST_DAY)
            report_ledger(code, place_id=place, period=str(year), zero=False, by=by, known_on=known)
