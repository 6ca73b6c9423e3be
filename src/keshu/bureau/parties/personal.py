"""Personal fields: encrypted under a key of their own person, found by a blind index, shown masked.

A token reads "p1:<party>:<ciphertext>". Destroying the person's key makes every token of theirs unreadable for good,
in the database and in all its backups.
"""

import hashlib
import hmac
from datetime import datetime
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings

from keshu.bureau.parties.models import Party, PersonKey
from keshu.bureau.records.services import Actor, Writing, writing
from keshu.site.paths import secret

PREFIX = "p1:"


class Erased(Exception):
    """The person's key was destroyed; the field can no longer be read."""


@lru_cache(maxsize=1)
def _master() -> Fernet:
    import base64

    raw = hashlib.sha256(secret(settings.PATHS, "personal.key").encode()).digest()
    return Fernet(base64.urlsafe_b64encode(raw))


def blind(kind: str, text: str) -> str:
    """The same text always gives the same index, which tells nothing without the installation's key."""
    key = secret(settings.PATHS, "blind.key").encode()
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
