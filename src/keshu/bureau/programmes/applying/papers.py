"""Files in the slots of a draft: put in, taken out, put in order. They become evidence when the form is handed in."""

import io
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction
from django.db.models import Max
from django.http import Http404
from django.utils.translation import gettext as _

from keshu.bureau.forms import uploads
from keshu.bureau.programmes.applying.cells import held
from keshu.bureau.programmes.applying.layout import Layout
from keshu.bureau.programmes.models import Application, FormVersion, Paper
from keshu.bureau.records import files
from keshu.bureau.records.services import Actor
from keshu.catalogue.schema.programme_form import Slot
from keshu.office.filetypes import KINDS, MEGABYTE, FileRefused, check_upload, safe_name
from keshu.office.images import merge_to_pdf

MOST = 40  # files in one slot


@dataclass(frozen=True)
class Arrived:
    """A file whose bytes lie on the disk under their hash and whose kind was checked."""

    sha256: str
    name: str
    size: int
    mime: str


def files_in_drafts(hashes: Collection[str]) -> Iterable[str]:
    """Those of the hashes that lie in a slot of a draft; what was handed in has a File of its own."""
    rows = Paper.objects.filter(sha256__in=hashes, removed_at__isnull=True)
    return rows.values_list("sha256", flat=True)


def kinds_of(slot: Slot) -> tuple[str, ...]:
    """The slot's types as `office.filetypes` calls them: WPS writes the format of Word 97."""
    return tuple(dict.fromkeys("doc" if one == "wps" else one for one in slot.types))


def upload_slot(application_id: int, slot: Slot) -> uploads.Slot:
    """The slot as resumable uploads want it."""
    return uploads.Slot(f"application:{application_id}", slot.code, kinds_of(slot), slot.megabytes * MEGABYTE)


def slot_or_404(layout: Layout, code: str) -> Slot:
    if code not in layout.slots:
        raise Http404
    return layout.slots[code]


def received(slot: Slot, name: str, content: bytes) -> Arrived:
    """A file that came in one piece, judged and kept. Raises FileRefused."""
    kind = check_upload(name, io.BytesIO(content), allowed=kinds_of(slot), most=slot.megabytes * MEGABYTE)
    return Arrived(files.keep(content), safe_name(name), len(content), kind.mime)


def merged(slot: Slot, parts: list[tuple[str, bytes]]) -> Arrived:
    """Pictures as one PDF in their order, named after the first. Raises FileRefused."""
    if "pdf" not in slot.types:
        raise FileRefused("kind", _("这一项不收 PDF，图片不能合并。"), _("请逐张上传。"))
    content = merge_to_pdf([part for _name, part in parts])
    name = f"{Path(safe_name(parts[0][0])).stem}_{len(parts)}.pdf"
    if len(content) > slot.megabytes * MEGABYTE:
        words = {"most": slot.megabytes}
        raise FileRefused("too-large", _("合并后超过 %(most)s MB。") % words, _("请降低拍摄或扫描的分辨率。"))
    return Arrived(files.keep(content), name, len(content), KINDS["pdf"].mime)


def may_merge(slot: Slot) -> bool:
    return "pdf" in slot.types


def add_paper(
    application_id: int, slot_code: str, arrived: Arrived, *, parties: frozenset[int], by: Actor, at: datetime
) -> Paper:
    """Put a file into a slot. The same file again is there already; where a slot takes one file, it replaces the other.

    Raises Http404, CaseProblem, FileRefused.
    """
    with transaction.atomic():
        slot = slot_or_404(held(application_id, parties), slot_code)
        there = Paper.objects.filter(application_id=application_id, slot=slot.code, removed_at__isnull=True)
        if same := there.filter(sha256=arrived.sha256).first():
            return same
        if not slot.many:
            there.update(removed_at=at)
        elif there.count() >= MOST:
            words = {"name": slot.name, "most": MOST}
            raise FileRefused("too-many", _("“%(name)s”最多 %(most)s 份。") % words, _("请合并后再上传。"))
        last = there.aggregate(last=Max("order"))["last"] or 0
        return Paper.objects.create(
            application_id=application_id, slot=slot.code, name=arrived.name, sha256=arrived.sha256, size=arrived.size,
            mime=arrived.mime, order=last + 1, added_by=by.username, added_at=at,
        )  # fmt: skip


def change_paper(
    application_id: int, paper_id: int, kind: str, *, parties: frozenset[int], by: Actor, at: datetime
) -> Paper:
    """`kind`: remove, up or down. A removed file stays on the disk for the versions that name it."""
    with transaction.atomic():
        held(application_id, parties)
        paper = Paper.objects.filter(pk=paper_id, application_id=application_id, removed_at__isnull=True).first()
        if paper is None:
            raise Http404
        if kind == "remove":
            Paper.objects.filter(pk=paper.pk).update(removed_at=max(at, paper.added_at))
            return paper
        rows = Paper.objects.filter(application_id=application_id, slot=paper.slot, removed_at__isnull=True)
        order = [row.pk for row in rows.order_by("order", "pk")]
        place = order.index(paper.pk)
        to = max(0, place - 1) if kind == "up" else min(len(order) - 1, place + 1)
        order.insert(to, order.pop(place))
        for number, pk in enumerate(order, start=1):
            Paper.objects.filter(pk=pk).update(order=number)
    return paper


def paper_for(application: Application, sha256: str, *, own: bool) -> Paper:
    """A file of the case by its hash: her own organisation sees every one, others what was handed in."""
    rows = Paper.objects.filter(application_id=application.pk, sha256=sha256).order_by("-pk")
    paper = rows.filter(removed_at__isnull=True).first() if own else None
    if paper is None and sha256 in _handed_in(application):
        paper = rows.first()
    if paper is None:
        raise Http404
    return paper


def _handed_in(application: Application) -> set[str]:
    rows = FormVersion.objects.filter(application_id=application.pk).values_list("papers", flat=True)
    return {str(paper["sha256"]) for papers in rows for paper in papers}
