"""Rules about accounts that need no database."""

from collections.abc import Iterable

from django.conf import settings

from keshu.bureau.accounts.access import ADMINISTRATORS


def idle_limit(roles: Iterable[str]) -> int:
    """Seconds without a request after which a session ends: shorter for the three administrators."""
    administrator = bool(set(roles) & ADMINISTRATORS)
    return settings.SESSION_IDLE_ADMINISTRATORS if administrator else settings.SESSION_IDLE
