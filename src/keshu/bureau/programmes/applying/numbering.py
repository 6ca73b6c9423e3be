"""Numbers in a row without gaps: the counter's row stays locked from the number to the commit."""

from django.db.models import F

from keshu.bureau.programmes.models import Call, NumberSeries


def prefix_of(call: Call) -> str:
    """2026-KEYRD: the year of the call and the programme's own code."""
    return f"{call.year}-{call.programme.rsplit('.', 1)[-1].replace('_', '').upper()}"


def next_number(prefix: str) -> str:
    """The number after the last one. Inside a transaction; whoever comes next waits until it ends.

    An act that comes to nothing gives its number back with everything else that it wrote.
    """
    if not NumberSeries.objects.filter(prefix=prefix).update(last=F("last") + 1):
        NumberSeries.objects.get_or_create(prefix=prefix)
        NumberSeries.objects.filter(prefix=prefix).update(last=F("last") + 1)
    return f"{prefix}-{NumberSeries.objects.get(prefix=prefix).last:04d}"
