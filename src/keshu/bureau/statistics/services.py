"""What may be done to sources and received values: add, correct, withdraw, undo. One verb, one act."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import catalogue as site_catalogue
from keshu.bureau.places.models import Place
from keshu.bureau.records import files
from keshu.bureau.records.models import Act, File
from keshu.bureau.records.services import Actor, NothingWritten, Writing, writing
from keshu.bureau.statistics.models import Heading, ReceivedValue, Source
from keshu.bureau.statistics.writing import (
    SourceSpec,
    ValueSpec,
    Written,
    open_heading,
    put_values,
    replace_values,
)
from keshu.catalogue import Catalogue

__all__ = [
    "SourceProblem", "SourceSpec", "StaleSource", "Upload", "ValueSpec", "Written", "add_source", "record_values",
    "revise_source", "undo_received", "void_value", "withdraw_source",
]  # fmt: skip


class SourceProblem(Exception):
    """The source or value cannot be written; the message says why and what to do."""


class StaleSource(SourceProblem):
    """Somebody else changed the source meanwhile."""


@dataclass(frozen=True)
class Upload:
    """A file as it came: its bytes, name and type."""

    content: bytes
    name: str
    mime: str = "application/octet-stream"


def add_source(
    spec: SourceSpec, *, by: Actor, values: Iterable[ValueSpec] = (), upload: Upload | None = None, reason: str = "",
    known_on: date | None = None, catalogue: Catalogue | None = None,
) -> Written:  # fmt: skip
    """Take in a document, its file and what it says, as one act."""
    wanted = list(values)
    _refuse_strange(wanted, catalogue or site_catalogue())
    with writing(verb="source.add", by=by, reason=reason, subject="source", known_on=known_on) as under_way:
        source = Source.objects.create(act=under_way.act)
        open_heading(source, spec, under_way, file=_file(upload, under_way))
        return put_values(source, spec.status, wanted, under_way)


def _file(upload: Upload | None, within: Writing) -> File | None:
    if upload is None:
        return None
    return files.store(upload.content, name=upload.name, kind="source", mime=upload.mime, within=within)


def revise_source(
    source_id: int, spec: SourceSpec, *, seen: int, by: Actor, upload: Upload | None = None, reason: str = ""
) -> Heading:
    """Correct what a document says of itself. `seen` is the number of the heading that the editor had open."""
    with writing(verb="source.revise", by=by, reason=reason, subject=f"source:{source_id}") as under_way:
        heading = _current(source_id, seen)
        file = _file(upload, under_way) or heading.file
        _close(heading, under_way)
        return open_heading(heading.source, spec, under_way, file=file, number=heading.number_in_source + 1)


def withdraw_source(source_id: int, *, seen: int, by: Actor, reason: str) -> None:
    """The document no longer holds; none of its values counts from now on."""
    if not reason.strip():
        raise SourceProblem(_("撤下来源件必须填写原因"))
    with writing(verb="source.withdraw", by=by, reason=reason, subject=f"source:{source_id}") as under_way:
        heading = _current(source_id, seen)
        if heading.voided:
            raise SourceProblem(_("该来源件已经撤下"))
        _close(heading, under_way)
        number = heading.number_in_source + 1
        open_heading(heading.source, spec_of(heading), under_way, file=heading.file, number=number, voided=True)


def spec_of(heading: Heading) -> SourceSpec:
    return SourceSpec(
        issuer=heading.issuer, title=heading.title, cut_off=heading.cut_off, obtained_on=heading.obtained_on,
        number=heading.number, status=heading.status, release=heading.release, note=heading.note,
    )  # fmt: skip


def _current(source_id: int, seen: int) -> Heading:
    found = Heading.objects.filter(source_id=source_id, known_to__isnull=True).select_related("source", "file", "act")
    held = found.select_for_update(of=("self",)).first()
    heading = held or found.get()  # PostgreSQL: the heading that we waited for was closed by whoever held it
    if held is None or heading.number_in_source != seen:
        raise StaleSource(_("该来源件已被 %(by)s 修改，请刷新后重做您的修改") % {"by": heading.act.by_name})
    return heading


def _close(heading: Heading, within: Writing) -> None:
    within.known_from = max(within.known_from, heading.known_from)
    Heading.objects.filter(pk=heading.pk).update(known_to=within.known_from)


def record_values(
    source_id: int, values: Iterable[ValueSpec], *, by: Actor, reason: str = "", catalogue: Catalogue | None = None
) -> Written:
    """Enter what a document says; values that it said before are corrected. The same values again write nothing."""
    wanted = list(values)
    _refuse_strange(wanted, catalogue or site_catalogue())
    heading = Heading.objects.get(source_id=source_id, known_to__isnull=True)
    if heading.voided:
        raise SourceProblem(_("该来源件已撤下，不能再录入数值"))
    try:
        with writing(verb="received.record", by=by, reason=reason, subject=f"source:{source_id}") as under_way:
            written = put_values(heading.source, heading.status, wanted, under_way)
            if not written.rows:
                raise NothingWritten
    except NothingWritten:
        return Written(source_id, unchanged=len(wanted))
    return written


def _refuse_strange(values: list[ValueSpec], catalogue: Catalogue) -> None:
    known = set(Place.objects.filter(code__in={one.place for one in values}).values_list("code", flat=True))
    seen = set()
    for one in values:
        if one.indicator not in catalogue.indicators:
            raise SourceProblem(_("指标库中没有“%(code)s”，请从列表中选择指标") % {"code": one.indicator})
        if one.place not in known:
            raise SourceProblem(_("没有代码为“%(code)s”的区划，请从列表中选择区划") % {"code": one.place})
        if one.rank is not None and one.rank_of is not None and one.rank > one.rank_of:
            counts = {"rank": one.rank, "of": one.rank_of}
            raise SourceProblem(_("位次 %(rank)s 大于参加排位的 %(of)s 个，请核对通报") % counts)
        if one.key in seen:
            name = catalogue.indicators[one.indicator].name
            raise SourceProblem(_("“%(name)s”同一区划同一期间出现两次，请删去一个") % {"name": name})
        seen.add(one.key)


def void_value(value_id: int, *, by: Actor, reason: str) -> None:
    """One value of a document no longer holds."""
    if not reason.strip():
        raise SourceProblem(_("作废必须填写原因"))
    with writing(verb="received.void", by=by, reason=reason, subject=f"received:{value_id}") as under_way:
        row = ReceivedValue.objects.select_for_update(of=("self",)).get(pk=value_id)
        if row.known_to is not None or row.voided:
            raise SourceProblem(_("该数值已被更正或作废，请刷新后查看"))
        replace_values([(row, None)], under_way)


@dataclass(frozen=True)
class UndoneValues:
    """What an undo took back, and the values it left because somebody changed them since."""

    act: Act
    restored: int
    left: tuple[int, ...]


def undo_received(act_id: int, *, by: Actor, reason: str = "") -> UndoneValues:
    """Take back what an act brought: values still as the act left them; a source it added is withdrawn."""
    act = Act.objects.get(pk=act_id)
    with writing(verb="act.undo", by=by, reason=reason, subject=f"act:{act_id}", undoes=act) as under_way:
        if act.undone_by.exclude(pk=under_way.act.pk).exists():
            raise SourceProblem(_("该操作已经撤销过"))
        mine = list(ReceivedValue.objects.filter(act=act).order_by("pk"))
        added = list(Heading.objects.filter(act=act, number_in_source=1, known_to__isnull=True))
        if not mine and not added:
            raise SourceProblem(_("该操作没有写入来源件或数值，无可撤销"))
        still = [row for row in mine if row.known_to is None]
        restored = replace_values(((row, _before(row)) for row in still), under_way)
        for heading in added:
            _withdraw_added(heading, under_way)
    return UndoneValues(under_way.act, restored, tuple(row.pk for row in mine if row.known_to is not None))


def _before(row: ReceivedValue) -> ReceivedValue | None:
    return ReceivedValue.objects.filter(
        source=row.source_id, indicator=row.indicator, scope=row.scope, place=row.place_id, period=row.period,
        number_in_row=row.number_in_row - 1,
    ).first()  # fmt: skip


def _withdraw_added(heading: Heading, within: Writing) -> None:
    """Only while nobody else has put values on the source."""
    if ReceivedValue.objects.filter(source=heading.source_id, known_to__isnull=True, voided=False).exists():
        return
    _close(heading, within)
    open_heading(heading.source, spec_of(heading), within, file=heading.file, number=2, voided=True)
