"""Reads for the home page and the audit pages."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from keshu.bureau.records.models import Act, Definition, Head

ZONE = ZoneInfo("Asia/Shanghai")
CHECK = "audit.check"


@dataclass(frozen=True)
class Wanted:
    """What the audit page is asked for; empty parts do not cut."""

    person: str = ""
    verb: str = ""
    subject: str = ""
    since: date | None = None
    until: date | None = None


def acts(wanted: Wanted) -> QuerySet[Act]:
    """Acts with their links, for the audit list and its export; unordered."""
    rows = Act.objects.select_related("link")
    if wanted.person:
        rows = rows.filter(Q(by__icontains=wanted.person) | Q(by_name__icontains=wanted.person))
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.subject:
        rows = rows.filter(Q(subject__icontains=wanted.subject) | Q(reason__icontains=wanted.subject))
    if wanted.since:
        rows = rows.filter(at__gte=_midnight(wanted.since))
    return rows.filter(at__lt=_midnight(wanted.until + timedelta(days=1))) if wanted.until else rows


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, ZONE)


def recent_acts(username: str, *, limit: int) -> list[Act]:
    """What somebody did last, for the home page."""
    return list(Act.objects.filter(by=username).order_by("-at", "-pk")[:limit])


def verbs_used() -> list[str]:
    return list(Act.objects.order_by("verb").values_list("verb", flat=True).distinct())


def last_check() -> Act | None:
    """The latest verification of the chain, an act itself."""
    return Act.objects.filter(verb=CHECK).order_by("-at", "-pk").first()


def chain_length() -> int:
    return Head.objects.values_list("position", flat=True).get(pk=1)


def versions_used(kind: str, code: str) -> list[Definition]:
    """The versions of a definition that records were made under, the newest first."""
    return list(Definition.objects.filter(kind__in=(kind, kind.removesuffix("s")), code=code).order_by("-version"))
