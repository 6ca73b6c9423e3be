"""Personal fields: encrypted under a key of their own person, found by a blind index, shown masked.

A token reads "p1:<party>:<ciphertext>". Destroying the person's key makes every token of theirs unreadable for good,
in the database and in all its backups.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from keshu.bureau.parties.models import Party, PersonKey
from keshu.bureau.records.services import Actor, Writing, writing

PREFIX = "p1:"


class Erased(Exception):
    """The person's key was destroyed; the field can no longer be read."""


@lru_cache(maxsize=1)
def _master() -> Fernet:
    import base64

    raw = hashlib.sha256(settings.PATHS.secret("personal.key").encode()).digest()
    return Fernet(base64.urlsafe_b64encode(raw))


def blind(kind: str, text: str) -> str:
    """The same text always gives the same index, which tells nothing without the installation's key."""
    key = settings.PATHS.secret("blind.key").encode()
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def person_for(identity: str, *, within: Writing) -> Party:
    """The person with this identity (an ID number, else name and unit), made with a key when first met."""
    index = blind("person", identity)
    person = Party.objects.filter(blind=index).first()
    if person is None:
        person = Party.objects.create(
            kind=Party.Kind.PERSON, name="", normal_name="", blind=index, provisional=True, act=within.act
        )
        PersonKey.objects.create(party=person, wrapped=_master().encrypt(Fernet.generate_key()))
    return person


@lru_cache(maxsize=4096)
def _cipher(party_id: int, wrapped: bytes) -> Fernet:
    return Fernet(_master().decrypt(wrapped))


def _key_of(party_id: int) -> Fernet:
    row = PersonKey.objects.get(party_id=party_id)
    if row.wrapped is None:
        raise Erased(party_id)
    return _cipher(party_id, bytes(row.wrapped))


def encrypt(person: Party, text: str) -> str:
    return f"{PREFIX}{person.pk}:{_key_of(person.pk).encrypt(text.encode()).decode()}"


SEALED = "s1:"


def seal(text: str) -> str:
    """A personal value on its way in, before anybody knows whose key it will lie under."""
    return SEALED + _master().encrypt(text.encode()).decode()


def unseal(text: str) -> str:
    return _master().decrypt(text.removeprefix(SEALED).encode()).decode()


def is_sealed(value: object) -> bool:
    return isinstance(value, str) and value.startswith(SEALED)


def persons_for(identities: Iterable[str], *, within: Writing) -> dict[str, Party]:
    """`person_for` for many at once, in a handful of statements. Raises Erased for a person whose key was destroyed."""
    by_index = {blind("person", identity): identity for identity in identities}
    found: dict[str, Party] = {}
    indexes = list(by_index)
    for start in range(0, len(indexes), 500):
        part = indexes[start : start + 500]
        for party in Party.objects.filter(blind__in=part).select_related("personal_key"):
            if party.personal_key.wrapped is None:
                raise Erased(by_index[party.blind or ""])
            found[by_index[party.blind or ""]] = party
    fresh = [
        Party(kind=Party.Kind.PERSON, name="", normal_name="", blind=index, provisional=True, act=within.act)
        for index, identity in by_index.items()
        if identity not in found
    ]
    made = Party.objects.bulk_create(fresh, batch_size=500)
    keys = [PersonKey(party=party, wrapped=_master().encrypt(Fernet.generate_key())) for party in made]
    PersonKey.objects.bulk_create(keys, batch_size=500)
    return found | {by_index[party.blind or ""]: party for party in made}


def ciphers_of(party_ids: Iterable[int]) -> dict[int, Fernet]:
    """The open keys of these people; erased ones are left out."""
    found: dict[int, Fernet] = {}
    ids = sorted(set(party_ids))
    for start in range(0, len(ids), 500):
        rows = PersonKey.objects.filter(party_id__in=ids[start : start + 500], wrapped__isnull=False)
        found |= {row.party_id: _cipher(row.party_id, bytes(row.wrapped)) for row in rows}
    return found


def token_of(person: Party, text: str, cipher: Fernet) -> str:
    return f"{PREFIX}{person.pk}:{cipher.encrypt(text.encode()).decode()}"


def opened(tokens: Iterable[str]) -> dict[str, str]:
    """The texts behind many tokens, for comparing them with a file; unreadable ones are left out."""
    wanted = {token: int(token.split(":", 2)[1]) for token in tokens}
    ciphers = ciphers_of(wanted.values())
    found: dict[str, str] = {}
    for token, party in wanted.items():
        cipher = ciphers.get(party)
        if cipher is not None:
            try:
                found[token] = cipher.decrypt(token.split(":", 2)[2].encode()).decode()
            except InvalidToken:
                continue
    return found


def is_token(value: object) -> bool:
    return isinstance(value, str) and value.startswith(PREFIX)


def decrypt(token: str) -> str:
    """The text behind a token. Raises Erased when the person's key is gone; callers log who asked (see unmasking)."""
    _, party, cipher = token.split(":", 2)
    try:
        return _key_of(int(party)).decrypt(cipher.encode()).decode()
    except InvalidToken as error:
        raise Erased(party) from error


def mask(text: str, kind: str) -> str:
    """350423********3024 · 138****5678 · 张*"""
    if kind == "idcard" and len(text) >= 10:
        return text[:6] + "*" * (len(text) - 10) + text[-4:]
    if kind == "phone" and len(text) >= 7:
        return text[:3] + "*" * (len(text) - 7) + text[-4:]
    return text[:1] + "*" * max(1, len(text) - 1)


def erase(person: Party, *, by: Actor, reason: str, at: datetime) -> None:
    """Destroy the person's key: every personal field of theirs, in the past too, becomes unreadable."""
    with writing(verb="person.erase", by=by, reason=reason, subject=f"party:{person.pk}"):
        PersonKey.objects.filter(party=person).update(wrapped=None, erased_at=at)
    _cipher.cache_clear()


def seal_bytes(content: bytes) -> bytes:
    """An uploaded file that may hold personal fields, closed under the installation's key."""
    return _master().encrypt(content)


def unseal_bytes(content: bytes) -> bytes:
    return _master().decrypt(content)
