"""Addresses of pages that other apps serve; empty while nobody serves them."""

from urllib.parse import urlencode

from django.urls import reverse

from keshu.bureau.records.facts import source_of
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.reference import Reference


def entry_url(source: str, entry: int) -> str:
    """The page of a row: an entry of a ledger, or what a source of facts counts."""
    try:
        return source_of(source).url(entry)
    except KeyError:
        return ""


def figure_url(reference: Reference, *, place: str, period: Period, at: str = "") -> str:
    """The page of a figure: its reference whole, so that it opens the same figure from anywhere."""
    whole = Reference(
        code=reference.code, place=reference.place or place, period=str(reference.resolve_period(period)),
        form=reference.form, argument=reference.argument,
    )  # fmt: skip
    query = {"ref": str(whole).strip("{}")} | ({"at": at} if at else {})
    return f"{reverse('statistics:figure')}?{urlencode(query)}"
