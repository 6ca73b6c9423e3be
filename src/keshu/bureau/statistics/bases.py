"""What a figure is held against when nobody says it: one rule for the pages, the home page and the summaries."""

from django.utils.translation import gettext as _

from keshu.kernel.measure.period import Period


def base_period(kind: str, period: Period) -> Period:
    """A stock stands beside the end of last year, everything else beside the same months of it."""
    return period.whole_year().last_year() if kind == "stock" else period.last_year()


def base_words(kind: str) -> str:
    """上年末 or 上年同期, as a label."""
    return _("上年末") if kind == "stock" else _("上年同期")
