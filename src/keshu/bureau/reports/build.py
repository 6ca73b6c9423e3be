"""From a composed or stored text to a .docx, and back from a file to what was changed in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from keshu.bureau.places.models import Place
from keshu.bureau.records.services import ZONE
from keshu.bureau.reports.compose import Wish, compose, definition_of, seed_of
from keshu.bureau.reports.composing.text import Counts, Draft, counts_of, shown_of
from keshu.bureau.reports.loose import loose_in
from keshu.bureau.reports.papers import Paper, Sending, document_of
from keshu.bureau.reports.standing import standing_for
from keshu.kernel.measure.period import Period
from keshu.office.gbt9704 import OfficialDocument, write_official


@dataclass(frozen=True)
class Built:
    """A text that was composed, with its document."""

    wish: Wish
    draft: Draft
    document: OfficialDocument
    counts: Counts
    loose: tuple[str, ...]


def wish_for(place: str, period: Period, kind: str, known_at: datetime, *, public: bool = False) -> Wish:
    """What is wanted, with the standing text that people wrote for this place before."""
    found = Place.objects.get(code=place)
    return Wish(found, period, definition_of(kind), known_at, public=public, standing=standing_for(place, period, kind))


def build_text(wish: Wish, sending: Sending | None = None) -> Built:
    """Compose and lay out; every figure, name and record of the document is marked. `sending` makes it an upward one."""
    draft = compose(wish)
    parts = [shown_of(part) for part in draft.included]
    loose = tuple(loose_in(parts))
    return Built(wish, replace(draft, loose=loose), paper_of(wish, draft, sending), counts_of(draft), loose)


def paper_of(wish: Wish, draft: Draft, sending: Sending | None = None) -> OfficialDocument:
    parts = [shown_of(part) for part in draft.included]
    annex = wish.definition.annex
    title, first = (annex.title, annex.first) if annex else ("", False)
    return document_of(draft.title, parts, draft.annex, title, _paper(wish, sending or Sending()), table_first=first)


def _paper(wish: Wish, sent: Sending) -> Paper:
    return Paper(
        organ=f"{wish.place.name}科学技术局", dated=_day(wish.known_at), made_at=wish.known_at, place=wish.place.code,
        period=str(wish.period), summary=seed_of(wish),
        number=sent.number, signers=sent.signers, addressee=sent.addressee,
    )  # fmt: skip


def _day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


def write(document: OfficialDocument, path: Path) -> None:
    """Write the file beside its place and move it there when it is complete."""
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f"{path.name}.part")
    try:
        write_official(document, scratch)
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)


def write_pdf(docx: Path, pdf: Path) -> Sequence[str]:
    """Print to PDF; returns the fonts that had to be stood in for, as sentences."""
    from keshu.office.soffice import to_pdf

    return [f"{one.official} → {one.used}" for one in to_pdf(docx, pdf)]
