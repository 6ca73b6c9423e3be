"""What an organisation says of itself: one revision after the other, never written over."""

from collections.abc import Mapping
from datetime import UTC, date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.parties import personal
from keshu.bureau.parties.models import Party, PartyFacts
from keshu.bureau.parties.queries import party_facts, phone_of
from keshu.bureau.records.services import ZONE, Actor, digest_of, writing
from keshu.catalogue.schema.programme_words import APPLICANT_TYPES

FIELDS = ("unit_type", "registered_on", "address", "legal_person", "industry", "capital", "phone")
EMPTY: dict[str, Any] = dict.fromkeys(FIELDS, "") | {"registered_on": None, "capital": None}


class WrongFacts(ValueError):
    """What was said of an organisation cannot be; the message says what and how to mend it."""


def describe_party(party_id: int, values: Mapping[str, Any], *, by: Actor, reason: str = "") -> PartyFacts:
    """Say anew what the organisation is; fields that `values` leaves out stay as they were.

    Raises WrongFacts. Saying the same again writes nothing and returns the row that stands.
    """
    if unknown := set(values) - set(FIELDS):
        raise KeyError(sorted(unknown))
    now = party_facts(party_id)
    if now is not None and facts_as_told(now) == facts_as_told(now) | _clean(values):
        return now
    with writing(verb="party.describe", by=by, reason=reason, subject=f"party:{party_id}") as under_way:
        Party.objects.select_for_update().get(pk=party_id, kind=Party.Kind.ORGANISATION)
        former = party_facts(party_id)
        told = (facts_as_told(former) if former else EMPTY) | _clean(values)
        _refuse_impossible(told, today=under_way.act.at.astimezone(ZONE).date())
        since = max(under_way.known_from, former.known_from) if former else under_way.known_from
        if former:
            PartyFacts.objects.filter(pk=former.pk).update(known_to=since)
        stored = told | {"phone": personal.seal(told["phone"]) if told["phone"] else ""}
        row = PartyFacts(party_id=party_id, known_from=since, act=under_way.act, **stored)
        row.save()
        under_way.wrote(facts_digest(row), "party.facts")
    return row


def facts_as_told(row: PartyFacts) -> dict[str, Any]:
    """The fields as people say them, the telephone number in full."""
    return {name: getattr(row, name) for name in FIELDS} | {"phone": phone_of(row)}


def facts_digest(row: PartyFacts) -> bytes:
    """What of a description never changes after it was written; the closing is not part of it."""
    return digest_of(
        [row.party_id, row.known_from.astimezone(UTC).isoformat(), *(_plain(getattr(row, name)) for name in FIELDS)]
    )


def _plain(value: Any) -> str | None:
    return None if value is None else format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def _clean(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}


def _refuse_impossible(told: Mapping[str, Any], *, today: date) -> None:
    if told["unit_type"] and told["unit_type"] not in APPLICANT_TYPES:
        raise WrongFacts(
            _("没有单位类型“%(type)s”，请从这些中选：%(all)s")
            % {"type": told["unit_type"], "all": "、".join(APPLICANT_TYPES)}
        )
    if told["registered_on"] is not None and told["registered_on"] > today:
        raise WrongFacts(_("注册日期 %(day)s 在今天以后，请核对营业执照") % {"day": told["registered_on"]})
    if told["capital"] is not None and told["capital"] < 0:
        raise WrongFacts(_("注册资本不能为负，请核对后重填"))
