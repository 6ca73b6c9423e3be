"""What the form of an entry shows around its fields: places, suggestions, drafts, somebody else's changes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from keshu.bureau.forms import drafts
from keshu.bureau.forms.engine import DefinitionForm
from keshu.bureau.forms.models import Draft
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.registering import texts_of
from keshu.bureau.ledgers.snapshots import values_of
from keshu.bureau.parties.models import Party
from keshu.bureau.places.models import Place
from keshu.catalogue.schema import Field, Ledger

MOST = 12
_SEPARATORS = re.compile(r"^(.*[、;；,，])\s*(.*)$", re.DOTALL)


def place_choices(places: list[Place], row: Revision | None) -> list[tuple[str, str]]:
    """The places where the viewer may register, and the one where the entry is."""
    choices = [(place.code, f"　{place.name}" if place.kind == Place.Kind.TOWN else place.name) for place in places]
    if row is not None and all(code != row.place.code for code, _name in choices):
        choices.append((row.place.code, row.place.name))
    return choices


def only_place(form: DefinitionForm) -> str:
    """The one place that can be chosen, "" where there is a choice."""
    item = next((item for item in form.items if item.maps == "place"), None)
    codes = [code for code, _name in form.fields[item.code].choices if code] if item else []
    return codes[0] if len(codes) == 1 else ""


def suggestions(text: str) -> Iterator[tuple[str, str]]:
    """(what the control would hold, the party's code) for the name that is being typed."""
    found = _SEPARATORS.match(text)
    before, last = (found.group(1), found.group(2)) if found else ("", text)
    last = last.strip()
    if len(last) < 2:
        return
    parties = Party.objects.filter(kind=Party.Kind.ORGANISATION, withdrawn=False)
    wanted = Q(name__icontains=last) | Q(short__icontains=last) | Q(uscc__startswith=last.upper())
    for name, uscc in parties.filter(wanted).order_by("name").values_list("name", "uscc")[:MOST]:
        yield before + name, uscc or ""


@dataclass(frozen=True)
class Waiting:
    """A draft of something new: under which key, called what, kept when."""

    key: str
    title: str
    saved_at: datetime

    @classmethod
    def of(cls, draft: Draft, ledger: Ledger) -> "Waiting":
        texts = drafts.texts_of(draft)
        items = [ledger.mapped(column) for column in ("title", "party", "number")]
        named = [texts.get(item.code, "") for item in items if item is not None and not item.personal]
        title = next((text for text in named if text), "")
        return cls(draft.subject.partition(":")[2], title, draft.saved_at)


@dataclass(frozen=True)
class Difference:
    """One field that two people left differently."""

    name: str
    before: str
    theirs: str
    mine: str
    clashing: bool  # both changed it


@dataclass(frozen=True)
class Clash:
    """What the entry holds by now, who changed it, and one's own changes on top of that."""

    now: Revision
    differences: list[Difference]
    merged: dict[str, str]


def clash_of(ledger: Ledger, now: Revision | None, seen: int, mine: Mapping[str, str]) -> Clash:
    """Compare three states; a field that only one side changed goes as that side has it, in doubt it is one's own."""
    if now is None:
        raise ValueError("only an existing entry can be changed by two people")
    base = Revision.objects.filter(entry_id=now.entry_id, number_in_entry=seen).first() or now
    start, theirs = (texts_of(ledger, values_of(ledger, one)) for one in (base, now))
    merged = {code: mine[code] if mine.get(code, "") != start.get(code, "") else text for code, text in theirs.items()}
    merged |= {code: text for code, text in mine.items() if code not in merged and text != start.get(code, "")}
    differences = [
        _difference(item, start, theirs, mine)
        for item in ledger.fields
        if len({texts.get(item.code, "") for texts in (start, theirs, mine)}) > 1
    ]
    return Clash(now, differences, merged)


def _difference(
    item: Field, start: Mapping[str, str], theirs: Mapping[str, str], mine: Mapping[str, str]
) -> Difference:
    before, other, own = (_shown(item, texts.get(item.code, "")) for texts in (start, theirs, mine))
    return Difference(item.name, before, other, own, clashing=len({before, other, own}) == 3)


def _shown(item: Field, text: str) -> str:
    if item.personal and text:
        return "******"
    if item.type == "place" and text:
        return Place.objects.values_list("name", flat=True).filter(code=text).first() or text
    return item.codes[text].name if text in item.codes else text
