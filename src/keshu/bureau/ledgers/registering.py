"""One row typed into a form, judged by the very reader of imports, and handed to the services."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.forms.engine import Judgement, Remark
from keshu.bureau.ledgers import services
from keshu.bureau.ledgers.importing import holders
from keshu.bureau.ledgers.importing.columns import Column
from keshu.bureau.ledgers.importing.context import context_for
from keshu.bureau.ledgers.importing.drafts import Draft, Filling, RowReader
from keshu.bureau.ledgers.importing.findings import ERROR
from keshu.bureau.ledgers.importing.rowchecks import check_row
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.snapshots import AS_TYPED, key_of, plain, values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.parties.resolving import Resolver
from keshu.bureau.parties.services import PartySpec, add_parties, learn_codes, revive_parties
from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, Writing
from keshu.catalogue.schema import Field, Ledger

_CODE = re.compile(r"[0-9A-HJ-NP-RTUWXY]{18}")
PARTIES = ("party", "parties")


@dataclass(frozen=True)
class Row:
    """A row ready to be written: typed values, its place, the parties that have to be registered with it."""

    values: dict[str, Any]
    place_id: int | None
    strangers: list[PartySpec] = field(default_factory=list)
    learnt: dict[int, str] = field(default_factory=dict)


@dataclass
class Registrar:
    """For one ledger and one form: reads texts; of an existing entry, keeps what nobody touched exactly as it is."""

    ledger: Ledger
    today: date
    before: Revision | None = None

    def __post_init__(self) -> None:
        self.old = values_of(self.ledger, self.before) if self.before else {}
        self.start = texts_of(self.ledger, self.old)

    def judge(self, texts: Mapping[str, str]) -> Judgement:
        context = context_for(None, today=self.today)
        columns = [Column(index, item.name, item) for index, item in enumerate(self.ledger.fields)]
        reader = RowReader(self.ledger, columns, context.around, "")
        draft = reader.read(0, [texts.get(item.code) or None for item in self.ledger.fields], Filling())
        draft.place_told = bool(texts.get(reader.place))
        self._keep_untouched(draft, reader, texts)
        remarks = list(self._by_code(draft))
        holders.settle(draft, reader, context.resolver)
        check_row(draft, reader)
        remarks += self._remarks(draft, context.resolver)
        place = draft.values.get(reader.place)
        if place is None:
            remarks.append(Remark(reader.place, _("缺少所属区划"), _("请选择")))
        if draft.typed_as:
            draft.values[AS_TYPED] = draft.typed_as
        return Judgement(_row(draft, place, context.resolver), tuple(remarks))

    def _keep_untouched(self, draft: Draft, reader: RowReader, texts: Mapping[str, str]) -> None:
        """A field whose text is still what the form began with keeps its stored value."""
        for item in self.ledger.fields:
            if item.code in self.old and texts.get(item.code, "") == self.start.get(item.code, ""):
                draft.values[item.code] = self.old[item.code]
                draft.names.pop(item.code, None)
                draft.typed_as.pop(item.code, None)
                if item.code in self.old.get(AS_TYPED, {}):
                    draft.typed_as[item.code] = self.old[AS_TYPED][item.code]
                heading = reader.heading(item.code)
                draft.findings = [found for found in draft.findings if found.column != heading]

    def _by_code(self, draft: Draft) -> list[Remark]:
        """A party may be named by its code alone."""
        remarks = []
        for item in self.ledger.fields:
            names = draft.names.get(item.code, ())
            if item.type not in PARTIES or not any(_CODE.fullmatch(name.strip().upper()) for name in names):
                continue
            named = {name: _registered(name) for name in names if _CODE.fullmatch(name.strip().upper())}
            draft.names[item.code] = tuple(named.get(name) or name for name in names if named.get(name, name))
            remarks += [
                Remark(item.code, _("没有代码为%(code)s的主体") % {"code": code}, _("请填单位全称，代码填在信用代码栏"))
                for code, name in named.items()
                if not name
            ]
        return remarks

    def _remarks(self, draft: Draft, resolver: Resolver) -> list[Remark]:
        code_of = {item.name: item.code for item in self.ledger.fields}
        remarks = [
            Remark(code_of.get(found.column, ""), found.message, found.remedy, warning=found.severity != ERROR)
            for found in draft.findings
        ]
        party = self.ledger.mapped("party")
        for stranger in resolver.strangers:
            message = _("“%(name)s”尚未登记，保存时一并登记为待核实主体") % {"name": stranger.name}
            remarks.append(Remark(party.code if party else "", message, _("请核对名称无误"), warning=True))
        return remarks

    def twin_of(self, row: Row) -> Revision | None:
        """The living row that this one would repeat, for the link beside the refusal."""
        if row.place_id is None or any(pk < 0 for pk in _mentioned(self.ledger, row.values)):
            return None
        key = key_of(self.ledger, row.values, place_id=row.place_id)
        rows = Revision.objects.filter(ledger=self.ledger.code, key=key, known_to__isnull=True, voided=False)
        if self.before is not None:
            rows = rows.exclude(entry_id=self.before.entry_id)
        return rows.select_related("place").first()

    def save(self, row: Row, *, seen: int = 0, by: Actor, reason: str = "") -> Revision:
        """Register the new parties and write the entry, both or neither. Raises EntryProblem and StaleEntry."""
        if row.place_id is None:  # the judge has said so already
            raise EntryProblem(_("缺少所属区划，请选择"))

        def settle(values: Mapping[str, Any], within: Writing) -> dict[str, Any]:
            return _named(self.ledger, values, _register(row, within))

        place = row.place_id
        if self.before is None:
            return services.create_entry(
                self.ledger.code, row.values, place_id=place, by=by, reason=reason, settle=settle
            )
        return services.revise_entry(
            self.before.entry_id, row.values, place_id=place, seen=seen, by=by, reason=reason, settle=settle
        )


def _row(draft: Draft, place: int | None, resolver: Resolver) -> Row:
    strangers = [PartySpec(one.name, one.uscc, one.place_id, former=one.former) for one in resolver.strangers]
    return Row(draft.values, place, strangers, dict(resolver.learnt))


def _registered(code: str) -> str:
    rows = Party.objects.filter(uscc=code.strip().upper(), withdrawn=False)
    return rows.values_list("name", flat=True).first() or ""


def _mentioned(ledger: Ledger, values: Mapping[str, Any]) -> list[int]:
    return holders.mentioned(dict(values), [item for item in ledger.fields if item.type in PARTIES])


def _register(row: Row, within: Writing) -> dict[int, int]:
    """Strangers as provisional parties and codes learnt on the way: part of the entry's act, and of its undo."""
    made = {-number: pk for number, pk in enumerate(add_strangers(row.strangers, within), start=1)}
    learn_codes(row.learnt, within=within)
    return made


def add_strangers(specs: Sequence[PartySpec], within: Writing) -> list[int]:
    """Parties that nobody knows, provisional until somebody has looked; withdrawn ones are brought back instead."""
    wanted = dict(enumerate(specs))
    revived = revive_parties(wanted, within=within)
    fresh = {number: spec for number, spec in wanted.items() if number not in revived}
    made = add_parties(fresh.values(), within=within, provisional=True)
    found = revived | {number: party.pk for number, party in zip(fresh, made, strict=True)}
    return [found[number] for number in wanted]


def _named(ledger: Ledger, given: Mapping[str, Any], parties: Mapping[int, int]) -> dict[str, Any]:
    values = dict(given)
    for item in ledger.fields:
        value = values.get(item.code)
        if item.type == "party" and value is not None:
            values[item.code] = parties.get(value, value)
        elif item.type == "parties" and value:
            values[item.code] = list(dict.fromkeys(parties.get(pk, pk) for pk in value))
    return values


def texts_of(ledger: Ledger, values: Mapping[str, Any]) -> dict[str, str]:
    """Stored values as a form shows them: names for parties, codes for places, nothing for personal fields."""
    names = dict(Party.objects.filter(pk__in=_mentioned(ledger, values)).values_list("pk", "name"))
    return {item.code: _text(item, values[item.code], names) for item in ledger.fields if item.code in values}


def _text(item: Field, value: Any, names: Mapping[int, str]) -> str:
    if item.personal or value is None:
        return ""
    match item.type:
        case "party":
            return names.get(value, "")
        case "parties":
            return "、".join(names.get(pk, "") for pk in value)
        case "place":
            return Place.objects.values_list("code", flat=True).get(pk=value)
        case "bool":
            return "是" if value else "否"
        case _:
            return str(plain(value)) if isinstance(value, Decimal | date) else str(value)
