"""Last year's summaries, signed and frozen; this year's, being written nine days before its deadline."""

from datetime import date, timedelta

from keshu.bureau.accounts.access import Viewer, viewer_of
from keshu.bureau.accounts.models import User
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.services import revise_entry
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.records.services import Actor
from keshu.bureau.reports.handing_on import sign_off, subject_of
from keshu.bureau.reports.models import Section, Summary
from keshu.bureau.reports.services import compose_summary
from keshu.bureau.reports.signing import next_step, pass_step, sign_falls, sign_section
from keshu.bureau.targets.measures import taken_up
from keshu.bureau.targets.tasks import LEDGER
from keshu.kernel.measure.period import Period
from keshu.site.demo import city

OFFICE = Actor("office", "苏文")
FROZEN_ON = date(2026, 1, 8)


def load_summaries(today: date) -> None:
    """Two places, two years each: 2025 as it was known in January 2026, 2026 as of the end of October."""
    for place, kind in ((city.CITY, "city"), (city.COUNTY, "county")):
        last = compose_summary(
            place, Period.parse("2025"), kind, by=OFFICE, due_on=date(2026, 1, 10), known_on=FROZEN_ON
        )
        sign_all(last)
        sign_off(last.pk, by=OFFICE, rights=_viewer("office").rights)
        _note_progress(last, today)
        compose_summary(place, Period.parse("2026-01..2026-10"), kind, by=OFFICE, due_on=today + timedelta(days=9))


def _note_progress(last: Summary, today: date) -> None:
    """Last year's measures are this year's tasks; each has its monthly note."""
    ledger = ledger_of(LEDGER)
    for row in (taken_up(subject_of(last)) or (None, []))[1]:
        values = values_of(ledger, row) | {"status": "running", "note": "已列入月度调度，按计划推进", "noted_on": today}
        revise_entry(row.entry_id, values, place_id=row.place_id, seen=row.number_in_entry, by=OFFICE)


def _viewer(username: str) -> Viewer:
    return viewer_of(User.objects.get(username=username))


def sign_all(summary: Summary) -> None:
    """Every section, the list of falls, and the steps of the chain, each by whoever may."""
    office = _viewer("office")
    for section in Section.objects.filter(summary=summary):
        sign_section(section.pk, seen=section.version, viewer=office)
    sign_falls(summary.pk, viewer=_viewer("director"), note="已阅")
    while (step := next_step(Summary.objects.get(pk=summary.pk))) is not None:
        signer = "director" if "director" in step["roles"] else "office"
        pass_step(summary.pk, seen=Summary.objects.get(pk=summary.pk).step, viewer=_viewer(signer))
