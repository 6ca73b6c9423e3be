"""Composing, signing and freezing a county's summary as its people do."""

from datetime import date

from keshu.bureau.reports.handing_on import sign_off
from keshu.bureau.reports.services import compose_summary
from keshu.bureau.reports.signing import pass_step, sign_falls, sign_section
from tests.reports.conftest import CLERK, COUNTY, PERIOD, viewer

HEAD, DIRECTOR, OFFICE = viewer("head"), viewer("director"), viewer("office")


def composed(*, public=False, period=PERIOD, place=COUNTY, kind="county"):
    return compose_summary(place, period, kind, by=CLERK, due_on=date(2026, 11, 9), public=public)


def signed(summary):
    for section in summary.sections.filter(included=True, state="draft"):  # the rest stayed signed
        sign_section(section.pk, seen=section.version, viewer=HEAD)
    if summary.lists["falls"]:
        sign_falls(summary.pk, viewer=DIRECTOR)
    for step in range(len(summary.chain)):
        pass_step(summary.pk, seen=step, viewer=DIRECTOR if "director" in summary.chain[step]["roles"] else OFFICE)
    return summary


def frozen_of(summary):
    return sign_off(signed(summary).pk, by=DIRECTOR.actor, rights=DIRECTOR.rights)
