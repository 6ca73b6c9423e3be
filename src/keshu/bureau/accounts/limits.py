"""How often something may be tried, counted in the database so that every worker sees the same number."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from keshu.bureau.accounts.models import Attempt
from keshu.bureau.parties.personal import blind

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Limit:
    """At most so many tries of this in that time, for each key."""

    what: str
    most: int
    within: timedelta = HOUR


REGISTER = Limit("register", 10)
ASK = Limit("recovery.ask", 5)
REDEEM = Limit("recovery.redeem", 10)
CLAIM = Limit("claim", 10)
CODE = Limit("invitation.code", 10)


def try_once(limit: Limit, keys: Iterable[str], *, at: datetime) -> bool:
    """Count one try under each key; True while none has had more than its share. Refused tries count too."""
    open_still = True
    for key in keys:
        hidden = blind(limit.what, key)
        tries = Attempt.objects.filter(what=limit.what, key=hidden)
        tries.filter(at__lte=at - limit.within).delete()
        open_still &= tries.filter(at__gt=at - limit.within).count() < limit.most
        Attempt.objects.create(what=limit.what, key=hidden, at=at)
    return open_still
