"""Taking over last year's text: its figures as references or received values, its sections as the place's skeleton."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.records import definitions, files
from keshu.bureau.records.services import ZONE, Actor, digest_of, writing
from keshu.bureau.reports.compose import OWN, adopted, whole_of
from keshu.bureau.statistics.forming.base import scoped
from keshu.bureau.statistics.services import SourceSpec, Upload, ValueSpec, add_source
from keshu.bureau.texts.comparing import Standing, Verdict, compare
from keshu.bureau.texts.conflicts import figure_of
from keshu.bureau.texts.models import Text
from keshu.bureau.texts.outlines import Adopting, NoOutline, Skeleton, skeleton_of
from keshu.bureau.texts.passages import quote
from keshu.bureau.texts.promises import Promise, over_by, promises
from keshu.catalogue import Catalogue
from keshu.catalogue.schema.summary import Summary
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.figure import Figure, Role
from keshu.kernel.prose.reference import Form, Reference

RECEIVABLE = frozenset((Form.VALUE, Form.GROWTH, Form.RANK))


class NothingToAdopt(Exception):
    """The text holds nothing that could be taken over; the message says why and what to do."""


@dataclass(frozen=True)
class Told:
    """A figure of the text with what the records say of it."""

    figure: Figure
    verdict: Verdict
    sentence: str


@dataclass
class Adoption:
    """What taking over would do, before anything is written."""

    place: Place
    year: int
    title: str
    skeleton: Skeleton
    told: list[Told]
    received: list[ValueSpec] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)

    def standing(self, *wanted: Standing) -> list[Told]:
        return [one for one in self.told if one.verdict.verdict in wanted]

    def as_json(self) -> dict[str, Any]:
        counted = {standing.value: len(self.standing(standing)) for standing in Standing}
        return {
            "place": self.place.code, "year": self.year, "kind": self.skeleton.content["code"],
            "version": self.skeleton.content["version"], "figures": len(self.told), "verdicts": counted,
            "referenced": self.skeleton.referenced, "standing": self.skeleton.standing,
            "received": [_received(one) for one in self.received],
            "stale": [{"sentence": one.sentence, "reason": one.reason} for one in self.skeleton.stale],
            "promises": [one.as_json() for one in self.promises],
            "not_found": [_told(one) for one in self.standing(Standing.UNKNOWN, Standing.SEVERAL)],
            "differs": [_told(one) for one in self.standing(Standing.DIFFERS, Standing.OTHER_DATE)],
        }  # fmt: skip


def _received(one: ValueSpec) -> dict[str, str]:
    numbers = {"value": one.value, "growth": one.growth, "rank": one.rank}
    found = {name: str(number) for name, number in numbers.items() if number is not None}
    return {"indicator": one.indicator, "scope": one.scope, "place": one.place, "period": str(one.period), **found}


def _told(one: Told) -> dict[str, Any]:
    figure = one.figure
    return {"text": figure.text, "subject": figure.subject, "sentence": one.sentence, **one.verdict.as_json()}


def plan(
    text: str, figures: Sequence[Figure], *, title: str, place: str, year: int, known_at: datetime,
    headings: Mapping[int, int] | None = None, catalogue: Catalogue | None = None,
) -> Adoption:  # fmt: skip
    """What taking over the text of a year would bring. Reads only. Raises NothingToAdopt."""
    catalogue = catalogue or site_catalogue()
    if not figures:
        raise NothingToAdopt(_("文稿中没有读到数字,请确认选择的是年度总结的正文"))
    found = Place.objects.get(code=place)
    period = Period.of_year(year)
    verdicts = compare(text, figures, place=place, period=period, known_at=known_at, catalogue=catalogue)
    told = [
        Told(figure, verdict, quote(text, [(figure.start, figure.end)]))
        for figure, verdict in zip(figures, verdicts, strict=True)
    ]
    received = _receivable(told, period, catalogue)
    code = OWN + place
    before = adopted(code)
    what = Adopting(
        code, before.version + 1 if before else 1, found.code, found.name, whole_of(found), year, author=title
    )
    try:
        skeleton = skeleton_of(text, figures, verdicts, what, catalogue, headings)
    except NoOutline:
        raise NothingToAdopt(_("文稿中没有可以作为栏目的部分，请确认选择的是年度总结的正文")) from None
    until = over_by(known_at.astimezone(ZONE).date(), year + 1)
    due = promises(text, figures, place=place, year=year, known_at=known_at, until=until, catalogue=catalogue)
    return Adoption(found, year, title, skeleton, told, received, due)


def _can_be_received(one: Told, period: Period, catalogue: Catalogue) -> bool:
    """Known by name beyond doubt, of the year itself, reported as done, and missing from the records."""
    figure, verdict = one.figure, one.verdict
    if verdict.verdict is not Standing.UNKNOWN or not verdict.reference or figure.role is not Role.ACTUAL:
        return False
    reference = Reference.parse(verdict.reference)
    code, _scope = scoped(reference.code, catalogue)
    indicator = catalogue.indicators.get(code)
    whole = indicator is not None and indicator.kind != "formula"
    return whole and reference.form in RECEIVABLE and reference.period == str(period) and figure.value is not None


def _receivable(told: Sequence[Told], period: Period, catalogue: Catalogue) -> list[ValueSpec]:
    """Values with growth and rank beside them, one for each indicator, scope and place; the first mention goes."""
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    for one in told:
        if not _can_be_received(one, period, catalogue):
            continue
        reference = Reference.parse(one.verdict.reference)
        code, scope = scoped(reference.code, catalogue)
        parts = found.setdefault((code, scope, reference.place), {})
        value = one.figure.value
        assert value is not None
        match reference.form:
            case Form.GROWTH:
                parts.setdefault("growth", value)
            case Form.RANK:
                parts.setdefault("rank", int(value))
            case _:
                parts.setdefault("value", value)
                parts.setdefault("cell", one.figure.text)
    return [
        ValueSpec(code, place, period, scope=scope, **parts)
        for (code, scope, place), parts in found.items()
        if isinstance(parts.get("value"), Decimal)
    ]


@dataclass(frozen=True)
class Adopted:
    """What was written: the skeleton's code, and the document of the values that were received (None: there were none)."""

    kind: str
    version: int
    source: int | None


@transaction.atomic
def adopt(plan: Adoption, *, by: Actor, today: date, upload: Upload | None = None) -> Adopted:
    """Write what was planned: a source with the received values, then the skeleton; both or neither."""
    source = None
    if plan.received:
        spec = SourceSpec(
            issuer=f"{plan.place.name}科学技术局", title=plan.title, cut_off=date(plan.year, 12, 31),
            obtained_on=today, status="annual", release="internal", note=_("由上年总结文稿读入"),
        )  # fmt: skip
        source = add_source(spec, by=by, values=plan.received, upload=upload).source
    definition = Summary.model_validate(plan.skeleton.content)
    subject = f"summary-definition:{definition.code}"
    with writing(verb="summary.adopt", by=by, subject=subject, place=plan.place.code, note=_note(plan)) as act:
        definitions.use("summary", definition, at=act.known_from)
        act.wrote(digest_of(["adopt", definition.code, definition.version, definition.model_dump(mode="json")]))
    return Adopted(definition.code, definition.version, source)


def _note(plan: Adoption) -> dict[str, Any]:
    return {"title": plan.title, "year": plan.year, "received": len(plan.received), "stale": len(plan.skeleton.stale)}


def plan_kept(kept: Text, *, known_at: datetime) -> Adoption:
    """What taking over a text of the library would bring. Raises NothingToAdopt."""
    reading = kept.reading
    figures = [figure_of(one) for one in reading.figures]
    return plan(
        reading.content, figures, title=kept.title, place=kept.place.code, year=kept.year, known_at=known_at,
        headings=headings_of(reading.blocks),
    )  # fmt: skip


def headings_of(blocks: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """Levels of the headings that the file itself says, by offset; the title is none."""
    return {one["start"]: one["level"] for one in blocks if one["kind"] == "heading" and one.get("level")}


def upload_of(kept: Text) -> Upload:
    """The kept file, so that received values open the very document they came from."""
    return Upload(files.path_of(kept.sha256).read_bytes(), kept.file_name)
