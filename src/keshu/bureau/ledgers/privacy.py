"""Personal fields of ledger rows: encrypted under the key of the person they are about before they are stored."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from keshu.bureau.parties import personal
from keshu.bureau.records.services import Writing
from keshu.catalogue.schema import Field, Ledger

_codes: dict[int, tuple[Ledger, tuple[str, ...]]] = {}


def personal_codes(ledger: Ledger) -> tuple[str, ...]:
    """Worked out once for each definition: it is asked for every row."""
    known = _codes.get(id(ledger))
    if known is None or known[0] is not ledger:
        known = _codes[id(ledger)] = (ledger, tuple(field.code for field in ledger.personal_fields()))
    return known[1]


def identity_of(ledger: Ledger, item: Field, values: Mapping[str, Any]) -> str:
    """Whose the value is: the row's ID number, else the contact of the organisation, else name and organisation."""
    for other in ledger.personal_fields():
        if other.type == "idcard" and values.get(other.code) and (item.of is None or other.of == item.of):
            return f"id:{_open(values[other.code])}"
    holder = values.get(item.of or "") or values.get(_holder(ledger))
    contact = next(
        (
            _open(values[other.code])
            for other in ledger.personal_fields()
            if other.of == item.of
            and other.type in ("text", "person")
            and "contact" in other.code
            and values.get(other.code)
        ),
        "",
    )
    title = ledger.mapped("title")
    name = contact if item.of else contact or (values.get(title.code, "") if title else "")
    return f"name:{name}:{holder}"


def _holder(ledger: Ledger) -> str:
    field = ledger.mapped("party")
    return field.code if field else ""


def _open(value: str) -> str:
    return personal.unseal(value) if personal.is_sealed(value) else value


def sealed(ledger: Ledger, values: dict[str, Any]) -> dict[str, Any]:
    """The row for staging: personal values closed under the installation's key."""
    codes = [code for code in personal_codes(ledger) if isinstance(values.get(code), str)]
    if not codes:
        return values
    closed = {c: values[c] for c in codes if not personal.is_token(values[c]) and not personal.is_sealed(values[c])}
    return values | {code: personal.seal(text) for code, text in closed.items()}


def unsealed(values: dict[str, Any]) -> dict[str, Any]:
    """The row with its personal values open, in memory only: opening takes time that nobody should have to wait for."""
    return {code: _open(value) if isinstance(value, str) else value for code, value in values.items()}


def protect(ledger: Ledger, rows: Sequence[dict[str, Any]], *, within: Writing) -> None:
    """Replace open and sealed personal values by tokens, in place. Raises personal.Erased for an erased person."""
    if not personal_codes(ledger):
        return
    wanted: list[tuple[dict[str, Any], str, str, str]] = []
    for values in rows:
        for item in ledger.personal_fields():
            value = values.get(item.code)
            if isinstance(value, str) and value and not personal.is_token(value):
                wanted.append((values, item.code, identity_of(ledger, item, values), _open(value)))
    people = personal.persons_for({identity for _, _, identity, _ in wanted}, within=within)
    ciphers = personal.ciphers_of(person.pk for person in people.values())
    for values, code, identity, text in wanted:
        person = people[identity]
        values[code] = personal.token_of(person, text, ciphers[person.pk])


def open_values(ledger: Ledger, rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The texts behind all tokens of these rows, for comparing; never for showing."""
    codes = personal_codes(ledger)
    tokens = [row[code] for row in rows for code in codes if personal.is_token(row.get(code))] if codes else []
    return personal.opened(tokens) if tokens else {}
