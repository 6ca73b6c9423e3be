"""Making, renaming and merging parties."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from keshu.bureau.parties.models import Party, PartyMerge, PartyName
from keshu.bureau.parties.queries import final, merges
from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, Writing, digest_of, writing
from keshu.kernel.ids import uscc as code_rule
from keshu.kernel.typed.names import normal_name

FEW = 500  # as many parameters as a statement takes without harm


class PartyProblem(Exception):
    """The change is not possible; the message says why and what to do."""


@dataclass(frozen=True)
class PartySpec:
    name: str
    uscc: str = ""
    place_id: int | None = None
    short: str = ""
    former: tuple[str, ...] = ()


def add_parties(
    specs: Iterable[PartySpec], *, within: Writing, provisional: bool = False, ids: Sequence[int] = ()
) -> list[Party]:
    """Add organisations that nobody knew, in bulk, as part of a caller's act; returns them in the given order.

    `ids` are the numbers that they get, when the caller has reserved some.
    """
    wanted = list(specs)
    made = [_party(spec, within, provisional) for spec in wanted]
    for party, pk in zip(made, ids, strict=False):
        party.pk = pk
    parties = Party.objects.bulk_create(made, batch_size=1000)
    names: list[PartyName] = []
    for party, spec in zip(parties, wanted, strict=True):
        within.wrote(digest_of(["party", spec.name, spec.uscc, spec.former]))
        names.append(_name(party, spec.name, PartyName.Kind.CURRENT, within))
        names += [_name(party, former, PartyName.Kind.FORMER, within) for former in spec.former]
    PartyName.objects.bulk_create(names, batch_size=1000)
    return parties


def revive_parties(specs: Mapping[int, PartySpec], *, within: Writing) -> dict[int, int]:
    """Withdrawn parties that these are again (an import undone and repeated), brought back in a caller's act."""
    found = withdrawn_among(specs)
    revive(found.values(), within=within)
    return found


def withdrawn_among(specs: Mapping[int, PartySpec]) -> dict[int, int]:
    """Which of these are withdrawn parties: the caller's number to the party."""
    codes = {spec.uscc: key for key, spec in specs.items() if spec.uscc}
    names = {normal_name(spec.name): key for key, spec in specs.items() if not spec.uscc}
    found: dict[int, int] = {}
    gone = Party.objects.filter(withdrawn=True, kind=Party.Kind.ORGANISATION)
    if len(specs) <= FEW:
        gone = gone.filter(Q(uscc__in=list(codes)) | Q(uscc__isnull=True, normal_name__in=list(names)))
    for party in gone.only("pk", "uscc", "normal_name").order_by("pk"):
        key = codes.get(party.uscc) if party.uscc else names.get(party.normal_name)
        if key is not None:
            found.setdefault(key, party.pk)
    return found


def revive(ids: Iterable[int], *, within: Writing) -> None:
    """Bring these withdrawn parties back, in a caller's act."""
    wanted = list(ids)
    for pk in wanted:
        within.wrote(digest_of(["revive", pk]))
    for start in range(0, len(wanted), FEW):
        Party.objects.filter(pk__in=wanted[start : start + FEW]).update(withdrawn=False, act=within.act)


def learn_codes(codes: Mapping[int, str], *, within: Writing) -> None:
    """Parties known by name only turn out to have these codes; part of a caller's act. Known codes are left alone."""
    for pk, uscc in sorted(codes.items()):
        if Party.objects.filter(pk=pk, uscc__isnull=True).update(uscc=uscc):
            within.wrote(digest_of(["code", pk, uscc]))


def _party(spec: PartySpec, within: Writing, provisional: bool) -> Party:
    return Party(
        name=spec.name, normal_name=normal_name(spec.name), uscc=spec.uscc or None, place_id=spec.place_id,
        short=spec.short, provisional=provisional, act=within.act,
    )  # fmt: skip


def _name(party: Party, name: str, kind: str, within: Writing, until: date | None = None) -> PartyName:
    return PartyName(party=party, name=name, normal_name=normal_name(name), kind=kind, until=until, act=within.act)


def register_party(spec: PartySpec, *, by: Actor, reason: str = "") -> Party:
    """Add one organisation by hand. Raises PartyProblem for a wrong or known code."""
    verdict = code_rule.check(spec.uscc) if spec.uscc else None
    if verdict and not verdict.ok:
        raise PartyProblem(f"{verdict.message};{verdict.remedy}")
    if verdict and Party.objects.filter(uscc=verdict.value).exists():
        raise PartyProblem(_("统一社会信用代码 %(code)s 已登记") % {"code": verdict.value})
    with writing(verb="party.register", by=by, reason=reason) as under_way:
        return add_parties([spec], within=under_way)[0]


def rename_party(party_id: int, *, name: str, on: date, by: Actor, reason: str) -> Party:
    """The party bears a new name from that day; the old one stays as a former name and still finds it."""
    with writing(verb="party.rename", by=by, reason=reason, subject=f"party:{party_id}") as under_way:
        party = Party.objects.select_for_update().get(pk=party_id)
        _name(party, party.name, PartyName.Kind.FORMER, under_way, until=on).save()
        _name(party, name, PartyName.Kind.CURRENT, under_way).save()
        under_way.wrote(digest_of(["rename", party.pk, party.name, name, on]))
        party.name, party.normal_name = name, normal_name(name)
        party.save(update_fields=["name", "normal_name"])
    return party


def merge_parties(source_id: int, target_id: int, *, by: Actor, reason: str) -> None:
    """From now on `source` counts as `target`; figures frozen before keep both. Undone by `part_parties`."""
    with writing(verb="party.merge", by=by, reason=reason, subject=f"party:{target_id}") as under_way:
        merged = dict(merges().values_list("source_id", "target_id"))
        if final(target_id, merged) == source_id or source_id == target_id:
            raise PartyProblem(_("不能把主体并入它自己"))
        if source_id in merged:
            raise PartyProblem(_("该主体已并入其他主体，请先撤销原合并"))
        under_way.wrote(digest_of(["merge", source_id, target_id]))
        PartyMerge.objects.create(
            source_id=source_id, target_id=target_id, known_from=under_way.known_from, act=under_way.act
        )


def part_parties(source_id: int, *, by: Actor, reason: str) -> None:
    """Undo a merge from now on."""
    with writing(verb="party.part", by=by, reason=reason, subject=f"party:{source_id}") as under_way:
        under_way.wrote(digest_of(["part", source_id]))
        merges().filter(source_id=source_id).update(known_to=under_way.known_from)


def confirm_party(party_id: int, *, uscc: str, place: Place | None, by: Actor, reason: str = "") -> Party:
    """A provisional party of an import turns out to be real: give it its code."""
    verdict = code_rule.check(uscc)
    if not verdict.ok:
        raise PartyProblem(f"{verdict.message};{verdict.remedy}")
    with writing(verb="party.confirm", by=by, reason=reason, subject=f"party:{party_id}") as under_way:
        party = Party.objects.select_for_update().get(pk=party_id)
        if Party.objects.filter(uscc=verdict.value).exclude(pk=party.pk).exists():
            raise PartyProblem(_("该代码属于另一主体，请改用“合并”"))
        party.uscc, party.provisional, party.place = verdict.value, False, place or party.place
        party.save(update_fields=["uscc", "provisional", "place"])
        under_way.wrote(digest_of(["confirm", party.pk, verdict.value]))
    return party
