"""Putting revisions of targets into the database: the only code that inserts them."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal

from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Writing, digest_of
from keshu.bureau.statistics.fields import plain
from keshu.bureau.targets.models import Target, TargetRevision


@dataclass(frozen=True)
class TargetSpec:
    """What is set: `place` by code, `parent` by the number of the target that this one is a part of."""

    indicator: str
    place: str
    year: int
    kind: str
    low: Decimal | None = None
    high: Decimal | None = None
    tier: str = ""
    section: str = ""
    scope: str = ""
    issuer: str = ""
    document: str = ""
    promised_in: str = ""
    parent: int | None = None
    weight: Decimal | None = None
    note: str = ""

    @property
    def identity(self) -> tuple[str, str, str, str, int]:
        """What a target is about. Another one of these is another target, not a change of this one."""
        return self.indicator, self.scope, self.place, self.section, self.year


def spec_of(row: TargetRevision) -> TargetSpec:
    return TargetSpec(
        indicator=row.indicator, place=row.place.code, year=row.year, kind=row.kind, low=row.low, high=row.high,
        tier=row.tier, section=row.section, scope=row.scope, issuer=row.issuer, document=row.document,
        promised_in=row.promised_in, parent=row.parent_id, weight=row.weight, note=row.note,
    )  # fmt: skip


def open_revision(
    target: Target, spec: TargetSpec, place: Place, within: Writing, *, number: int = 1, voided: bool = False
) -> TargetRevision:
    content = asdict(spec)
    parent = content.pop("parent")
    content["place"] = place
    row = TargetRevision(
        target=target, parent_id=parent, number=number, voided=voided, known_from=within.known_from, act=within.act,
        **content,
    )  # fmt: skip
    row.save(force_insert=True)
    within.wrote(revision_digest(row), "target")
    return row


def close_revision(row: TargetRevision, within: Writing) -> None:
    """A back-dated act never closes a revision before it was opened."""
    within.known_from = max(within.known_from, row.known_from)
    TargetRevision.objects.filter(pk=row.pk).update(known_to=within.known_from)


def revision_digest(row: TargetRevision) -> bytes:
    numbers = [None if value is None else plain(value) for value in (row.low, row.high, row.weight)]
    words = ("indicator", "scope", "section", "kind", "tier", "issuer", "document", "promised_in", "note")
    said = [str(getattr(row, name)) for name in words]
    return digest_of([row.target_id, row.number, row.voided, row.place_id, row.year, row.parent_id, *said, *numbers])


def revision_digests() -> Iterator[tuple[int, bytes]]:
    """(act, digest) of every revision, for the audit."""
    for row in TargetRevision.objects.order_by("pk").iterator(chunk_size=2000):
        yield row.act_id, revision_digest(row)
