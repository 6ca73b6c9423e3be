"""Who is behind a username or an organisation, asked of the app above that knows (accounts)."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Addressee:
    """A person as messages reach them; without `email` or `phone` that way is closed."""

    username: str
    name: str = ""
    email: str = ""
    phone: str = ""


@dataclass(frozen=True)
class Addressees:
    """The people asked for: accounts in use by username, the administrators of organisations by party."""

    users: dict[str, Addressee] = field(default_factory=dict)
    parties: dict[int, tuple[Addressee, ...]] = field(default_factory=dict)


Lookup = Callable[[Collection[str], Collection[int]], Addressees]
_lookups: list[Lookup] = []


def register_addressees(lookup: Lookup) -> None:
    """The one function that answers for usernames and parties; a later registration takes the place of the first."""
    _lookups[:] = [lookup]


def addressees(usernames: Collection[str], party_ids: Collection[int]) -> Addressees:
    """Everybody at once: as many statements for three hundred people as for one."""
    if not _lookups or not (usernames or party_ids):
        return Addressees()
    return _lookups[0](frozenset(usernames), frozenset(party_ids))
