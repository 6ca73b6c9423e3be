"""What the bureau knows already, as texts of the form: nobody types it a second time.

Prefilled texts are no cells. They stand in the form until somebody types over them, and are fixed with the version that
is handed in. Account fields are those of whoever began the case, so that two people of one unit see the same form.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.accounts.models import User
from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties import personal
from keshu.bureau.parties.models import PartyFacts
from keshu.bureau.parties.queries import phone_of
from keshu.bureau.programmes.applying.layout import Layout
from keshu.bureau.programmes.models import Application
from keshu.bureau.records.services import ZONE
from keshu.catalogue.schema import Field, Ledger
from keshu.catalogue.schema.programme_form import Table

_SOURCE = re.compile(r"(\w+)\.(\w+)(?:@-(\d))?\Z")


@dataclass(frozen=True)
class Known:
    """A text that is known already, and from where."""

    text: str
    source: str


def prefilled(layout: Layout, application: Application, facts: PartyFacts | None) -> dict[str, Known]:
    """Path to what is known; fields of which nothing is known are left out. Two queries, three with ledgers."""
    wanted = {code: field.prefill for code, (field, _section) in layout.fields.items() if field.prefill}
    found: dict[str, Known] = {}
    sources = {path: match for path, text in wanted.items() if (match := _SOURCE.match(text))}
    account = _account(application) if any(match[1] == "account" for match in sources.values()) else {}
    party, call = _party(application, facts), _call(application)
    ledgers = _ledgers({match[1] for match in sources.values()} & set(catalogue().ledgers), application)
    for path, match in sources.items():
        space, name, back = match[1], match[2], match[3]
        if space in ("party", "account", "call"):
            text = {"party": party, "account": account, "call": call}[space].get(name, "")
            source = {"party": _("单位资料"), "account": _("账号资料"), "call": _("申报批次")}[space]
        else:
            year = application.call.year - int(back) if back else None
            text, source = ledgers.text(space, name, year, layout.fields[path][0])
        if text:
            found[path] = Known(text, source)
    return found


def ledger_of(table: Table) -> Ledger | None:
    """The ledger whose rows the columns of a table name; None where there is nothing to bring in."""
    codes = {match[1] for column in table.columns if column.prefill and (match := _SOURCE.match(column.prefill))}
    return catalogue().ledgers.get(codes.pop()) if codes else None


def rows_known(table: Table, application: Application) -> list[dict[str, str]]:
    """Column to text for every row of the unit in that ledger, the earliest first; one that lacks what must be there is left."""
    ledger = ledger_of(table)
    if ledger is None:
        return []
    asked = [
        (column, match[2]) for column in table.columns if column.prefill and (match := _SOURCE.match(column.prefill))
    ]
    must = {column.code for column, _name in asked if column.required}
    found = []
    for values in reversed(_ledgers([ledger.code], application).rows.get(ledger.code, [])):
        texts = {column.code: _text(ledger, name, values) for column, name in asked}
        if all(texts[code] for code in must):
            found.append({code: text for code, text in texts.items() if text})
    return found


def _text(ledger: Ledger, name: str, values: Mapping[str, Any]) -> str:
    field, value = ledger.field(name), values.get(name)
    return "" if value is None or field is None else text_of(field, value)


def _party(application: Application, facts: PartyFacts | None) -> dict[str, str]:
    party = application.party
    found = {"name": party.name, "uscc": party.uscc or "", "place": application.place.name}
    if facts is not None:
        found |= {
            "registered_on": plain(facts.registered_on), "address": facts.address, "kind": facts.unit_type,
            "legal_person": facts.legal_person, "industry": facts.industry, "capital": plain(facts.capital),
            "phone": phone_of(facts),
        }  # fmt: skip
    return found


def _account(application: Application) -> dict[str, str]:
    user = User.objects.filter(username=application.created_by).first()
    if user is None:
        return {}
    told = {name: str(getattr(user, name, "")) for name in ("name", "phone", "email", "title")}
    told["phone"] = personal.unseal(told["phone"]) if personal.is_sealed(told["phone"]) else told["phone"]
    return {**told, "party": application.party.name}


def _call(application: Application) -> dict[str, str]:
    call = application.call
    closes = call.closes_at.astimezone(ZONE).date()
    return {"name": call.name, "year": str(call.year), "closes_on": closes.isoformat(), "contact": call.contact}


class _Ledgers:
    """The rows of one party in some ledgers, the latest first."""

    def __init__(self, rows: Iterable[Revision]) -> None:
        self.rows: dict[str, list[Mapping[str, Any]]] = {}
        for row in rows:
            self.rows.setdefault(row.ledger, []).append(values_of(catalogue().ledgers[row.ledger], row, []))

    def text(self, code: str, name: str, year: int | None, asked: Field) -> tuple[str, str]:
        """The value of the field and its source; "" where there is no row, or none that is certain to be meant."""
        ledger = catalogue().ledgers[code]
        rows = self.rows.get(code, [])
        if year is not None:
            rows = [row for row in rows if str(row.get("year", "")) == str(year)]
        else:
            rows = _of_kind(ledger, rows, asked.name)
        source = _("%(ledger)s %(year)s 年") % {"ledger": ledger.name, "year": year} if year else ledger.name
        return (_text(ledger, name, rows[0]) if rows else ""), source


def _of_kind(ledger: Ledger, rows: list[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    """Rows of the kind that the field's name speaks of (科小登记编号); all rows where it speaks of none."""
    kind = ledger.mapped("category")
    meant = kind.choice_in(name) if kind is not None else None
    return [row for row in rows if row.get(kind.code) == meant] if kind is not None and meant else rows


def _ledgers(codes: Iterable[str], application: Application) -> _Ledgers:
    wanted = sorted(codes)
    if not wanted:
        return _Ledgers([])
    rows = Revision.objects.filter(
        ledger__in=wanted, party_id=application.party_id, known_to__isnull=True, voided=False
    )
    return _Ledgers(rows.order_by("-decided_on", "-started_on", "-pk")[:200])


def text_of(field: Field, value: Any) -> str:
    """A typed value as somebody would type it; "" for what has no text of its own (a party, a place, a sealed name)."""
    if field.type in ("party", "parties", "place", "person") or personal.is_token(value):
        return ""
    if field.type == "code":
        return field.codes[value].name if value in field.codes else ""
    return plain(value)


def plain(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case Decimal():
            return format(value.normalize() + 0, "f")
        case date():
            return value.isoformat()
        case _:
            return str(value)
