"""Finding the one party that a name or a code means."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q, QuerySet

from keshu.bureau.parties import personal
from keshu.bureau.parties.models import Party, PartyFacts, PartyMerge, PartyName
from keshu.kernel.typed.names import normal_name


@dataclass(frozen=True)
class Directory:
    """Parties by code and by any name they bear or bore, loaded at once for a whole import."""

    by_code: dict[str, int]
    by_name: dict[str, tuple[int, ...]]
    names: dict[int, str] = field(default_factory=dict)
    codes: dict[int, str] = field(default_factory=dict)
    by_form: dict[str, int | None] = field(default_factory=dict)

    def of_form(self, form: str) -> int | None:
        """The one party whose name is this but for 有限公司 or 有限责任公司; None when there is none or several."""
        return self.by_form.get(form)

    def of_code(self, uscc: str) -> int | None:
        return self.by_code.get(uscc)

    def of_name(self, name: str) -> tuple[int, ...]:
        return self.by_name.get(normal_name(name), ())


def directory(*, names: Iterable[str] | None = None) -> Directory:
    """Every organisation that is neither merged away nor withdrawn; former names point to today's party."""
    merged = dict(merges().values_list("source_id", "target_id"))
    parties = Party.objects.filter(kind=Party.Kind.ORGANISATION, withdrawn=False)
    by_code: dict[str, int] = {}
    shown: dict[int, str] = {}
    codes: dict[int, str] = {}
    by_form: dict[str, int | None] = {}
    for pk, uscc, name, normal in parties.values_list("pk", "uscc", "name", "normal_name"):
        last = final(pk, merged)
        if uscc:
            by_code[uscc] = last
        if last == pk:
            shown[pk], codes[pk] = name, uscc or ""
            form = normal.replace("有限责任公司", "有限公司")
            by_form[form] = None if form in by_form else pk
    by_name: dict[str, dict[int, None]] = {}
    rows = PartyName.objects.filter(party__withdrawn=False, party__kind=Party.Kind.ORGANISATION)
    if names is not None:
        rows = rows.filter(normal_name__in={normal_name(name) for name in names})
    for normal, pk in rows.values_list("normal_name", "party_id"):
        by_name.setdefault(normal, {})[final(pk, merged)] = None
    return Directory(by_code, {name: tuple(found) for name, found in by_name.items()}, shown, codes, by_form)


def meant_by(text: str) -> int | None:
    """The one organisation that this code, name, former name, alias or short name means; None for none or several."""
    wanted = text.strip()
    known = directory(names=[wanted])
    if (found := known.of_code(wanted.upper())) is not None:
        return found
    short = Party.objects.filter(short=wanted, withdrawn=False, kind=Party.Kind.ORGANISATION).exclude(short="")
    ids = {*known.of_name(wanted), *heirs(short.values_list("pk", flat=True)).values()}
    return ids.pop() if len(ids) == 1 else None


def lookalikes(text: str, most: int) -> list[Party]:
    """Organisations of whose code this is the beginning, or of any of whose names a part; at most so many, by name."""
    wanted = text.strip()
    if len(wanted) < 2:
        return []
    named = PartyName.objects.filter(name__icontains=wanted).values("party")
    rows = Party.objects.filter(kind=Party.Kind.ORGANISATION, withdrawn=False)
    rows = rows.exclude(pk__in=merges().values("source"))
    like = Q(pk__in=named) | Q(name__icontains=wanted) | Q(short__icontains=wanted)
    return list(rows.filter(like | Q(uscc__startswith=wanted.upper())).select_related("place").order_by("name")[:most])


def final(pk: int, merged: dict[int, int]) -> int:
    """Follow merges to the party that is left."""
    seen = set()
    while pk in merged and pk not in seen:
        seen.add(pk)
        pk = merged[pk]
    return pk


def merges(known_at: datetime | None = None) -> QuerySet[PartyMerge]:
    if known_at is None:
        return PartyMerge.objects.filter(known_to__isnull=True)
    open_then = Q(known_to__isnull=True) | Q(known_to__gt=known_at)
    return PartyMerge.objects.filter(open_then, known_from__lte=known_at)


def heirs(party_ids: Iterable[int]) -> dict[int, int]:
    """The party that each of these counts as today: itself, or what it was merged into; one query."""
    merged = dict(merges().values_list("source_id", "target_id"))
    return {pk: final(pk, merged) for pk in party_ids}


def family(party_id: int) -> tuple[int, ...]:
    """The ids under which this organisation may stand in old rows: its own, and all merged into the same one."""
    merged = dict(merges().values_list("source_id", "target_id"))
    last = final(party_id, merged)
    return (last, *(source for source in merged if final(source, merged) == last))


def party_facts(party_id: int, *, known_at: datetime | None = None) -> PartyFacts | None:
    """What the organisation says of itself now, or as it was known at an instant; None when it never said anything."""
    rows = PartyFacts.objects.filter(party_id=party_id)
    if known_at is None:
        return rows.filter(known_to__isnull=True).first()
    open_then = Q(known_to__isnull=True) | Q(known_to__gt=known_at)
    return rows.filter(open_then, known_from__lte=known_at).order_by("-known_from", "-pk").first()


def phone_of(facts: PartyFacts) -> str:
    """The telephone number in full, for whoever may see it; callers mask it for everybody else."""
    return personal.unseal(facts.phone) if facts.phone else ""
