"""Sessions: opened by signing in, ended by signing out, by idleness, by newer ones or by an administrator."""

from dataclasses import dataclass
from datetime import datetime
from importlib import import_module

from django.conf import settings

from keshu.bureau.accounts.models import SignIn, User
from keshu.bureau.accounts.queries import open_sessions


@dataclass(frozen=True)
class Visit:
    """From where somebody comes."""

    address: str | None
    agent: str = ""


def note_refusal(username: str, visit: Visit, *, locked: bool, at: datetime) -> SignIn:
    """Keep an attempt that failed."""
    outcome = SignIn.Outcome.LOCKED if locked else SignIn.Outcome.REFUSED
    return SignIn.objects.create(
        username=username[:150], outcome=outcome, at=at, address=visit.address, agent=visit.agent[:200]
    )


def note_unproved(username: str, visit: Visit, *, at: datetime) -> SignIn:
    """Keep an attempt to get back into an account that failed."""
    return SignIn.objects.create(
        username=username[:150], outcome=SignIn.Outcome.UNPROVED, at=at, address=visit.address, agent=visit.agent[:200]
    )


def open_session(user: User, key: str, visit: Visit, *, at: datetime) -> SignIn:
    """Keep a sign-in; the oldest sessions above the permitted number end."""
    opened = SignIn.objects.create(
        username=user.username, user=user, outcome=SignIn.Outcome.OPENED, at=at,
        address=visit.address, agent=visit.agent[:200], session=key,
    )  # fmt: skip
    surplus = list(open_sessions([user.pk])[settings.SESSIONS_AT_MOST :])
    _end(surplus, at=at)
    return opened


def end_session(key: str, *, at: datetime) -> None:
    if key:
        SignIn.objects.filter(session=key, outcome="opened", ended_at__isnull=True).update(ended_at=at)


def end_sessions_of(user_id: int, *, at: datetime, but: str = "") -> None:
    """Everywhere this person is signed in, except in the session `but`."""
    _end([row for row in open_sessions([user_id]) if row.session != but], at=at)


def _end(rows: list[SignIn], *, at: datetime) -> None:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    for row in rows:
        store(row.session).delete()
    SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)


def renew_session(old: str, new: str, user: User, visit: Visit, *, at: datetime) -> None:
    """A changed password gives the session a new key: the old row ends where the new one begins."""
    if old != new:
        end_session(old, at=at)
        open_session(user, new, visit, at=at)
