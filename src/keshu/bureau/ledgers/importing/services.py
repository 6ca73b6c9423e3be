"""Reading a file into staging, and what may be done with it afterwards."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import beating, files, staging
from keshu.bureau.ledgers.importing.committing import StaleBatch, WrongRows, clear_rows, commit
from keshu.bureau.ledgers.importing.context import context_for
from keshu.bureau.ledgers.importing.findings import Finding
from keshu.bureau.ledgers.importing.memory import collected_afterwards
from keshu.bureau.ledgers.importing.reading import FileReader
from keshu.bureau.ledgers.importing.tables import Grid
from keshu.bureau.ledgers.models import Batch
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.places.models import Place
from keshu.bureau.records.services import Actor, now
from keshu.office.tables import Sheet, WorkbookProblem, read_workbook

__all__ = ["StaleBatch", "WrongRows", "begin", "commit", "drop", "read_again", "run", "stage"]
ZONE = ZoneInfo("Asia/Shanghai")
Chosen = Mapping[str, Mapping[int, str]]


def stage(
    ledger_code: str,
    source: Path | bytes,
    *,
    name: str = "",
    place: str | None = None,
    by: Actor,
    at: datetime | None = None,
) -> Batch:
    """Read a file and judge its rows against the ledger, without writing to it. The batch comes back READY or FAILED.

    `place` is the code of the place for rows that name none; rows outside it are wrong. `at` is the clock.
    """
    content = source.read_bytes() if isinstance(source, Path) else source
    name = name or (source.name if isinstance(source, Path) else "")
    batch = begin(ledger_code, content, name=name, place=place, by=by, at=at or now())
    return run(batch.pk, today=(at or now()).astimezone(ZONE).date(), content=content)


def begin(ledger_code: str, content: bytes, *, name: str, place: str | None, by: Actor, at: datetime) -> Batch:
    """Keep the file and open a batch for it; `run` reads it, now or in the background."""
    ledger = ledger_of(ledger_code)
    home = Place.objects.filter(code=place).first() if place else None
    if place and home is None:
        raise EntryProblem(_("没有代码为 %(code)s 的区划") % {"code": place})
    batch = Batch.objects.create(
        ledger=ledger.code, place=home, file_name=name[-255:], sha256=files.digest(content),
        started_by=by.username, started_at=at,
    )  # fmt: skip
    batch.stored = files.put(content, f"batch-{batch.pk}")
    batch.save(update_fields=["stored"])
    return batch


class Superseded(Exception):
    """The batch was dropped, or somebody began to read it again: this reading has nothing more to say."""


def run(batch_id: int, *, today: date, content: bytes | None = None, chosen: Chosen | None = None) -> Batch:
    """Read the batch's file into staging, a thousand rows a transaction; starting again begins from nothing."""
    batch, chosen = _start(batch_id, chosen)
    if batch.state != Batch.State.PARSING:
        return batch
    try:
        with collected_afterwards(), beating.alive(batch.stored):
            sheets = read_workbook(content if content is not None else files.take(batch.stored), batch.file_name)
            _read(batch, sheets, today, chosen)
    except WorkbookProblem as problem:
        _fail(batch, Finding("", 0, "", problem.code, str(problem.message), problem.remedy))
    except FileNotFoundError:
        _fail(batch, Finding("", 0, "", "file-gone", "上传的文件已不在服务器上", "请重新上传"))
    except Superseded:
        batch.refresh_from_db()
    return batch


def _start(batch_id: int, chosen: Chosen | None) -> tuple[Batch, Chosen]:
    """Take the batch for this reading: a token in it tells the reading from any other."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update(of=("self",)).select_related("place").get(pk=batch_id)
        wanted = chosen or _chosen(batch)
        if batch.state not in (Batch.State.COMMITTED, Batch.State.DROPPED):
            batch.state, batch.done, batch.message = Batch.State.PARSING, 0, ""
            batch.layout = batch.layout | {"run": uuid4().hex}
            batch.save(update_fields=["state", "done", "message", "layout"])
    if batch.state == Batch.State.PARSING:
        clear_rows(batch)
    return batch, wanted


def _mine(batch: Batch) -> QuerySet[Batch]:
    """The batch, as long as it is still this reading's."""
    return Batch.objects.filter(pk=batch.pk, state=Batch.State.PARSING, layout__run=batch.layout["run"])


def _read(batch: Batch, sheets: list[Sheet], today: date, chosen: Chosen) -> None:
    ledger = ledger_of(batch.ledger)
    context = context_for(batch.place_id, today=today)
    reader = FileReader(ledger, context, batch.file_name, chosen)
    ledgers = {ledger.code: ledger} | {target.code: target for _feed, target in reader.feeds}
    grids = [_grid(sheet) for sheet in sheets if not sheet.hidden]
    for piece in reader.read(grids, [sheet.name for sheet in sheets if sheet.hidden]):
        batch.done += sum(one.draft.ledger == ledger.code for one in piece)
        with transaction.atomic():
            if not _mine(batch).update(done=batch.done, total=reader.report.total):
                raise Superseded
            staging.stage_rows(batch, ledgers, piece)
    staging.settle_twins(batch, ledger)
    homeless = staging.add_findings(batch, reader.report.findings, ledger)
    layout = {
        "sheets": reader.report.sheets,
        "findings": [finding.as_json() for finding in homeless],
        "strangers": [stranger.as_json() for stranger in context.resolver.strangers],
        "learnt": {str(pk): code for pk, code in context.resolver.learnt.items()},
        "chosen": {sheet: {str(column): code for column, code in columns.items()} for sheet, columns in chosen.items()},
    }
    batch.total = reader.report.total
    _finish(batch, Batch.State.READY, layout, "")


def _finish(batch: Batch, state: str, layout: dict[str, Any], message: str) -> None:
    """Leave the batch in its new state, unless it is no longer this reading's."""
    counts = staging.counts_of(batch)
    ended = {"state": state, "layout": layout, "message": message, "counts": counts, "total": batch.total}
    if not _mine(batch).update(**ended, done=batch.done):
        raise Superseded
    batch.state, batch.layout, batch.message, batch.counts = state, layout, message, counts


def _grid(sheet: Sheet) -> Grid:
    above: list[list[object]] = [[] for _ in range(sheet.first_row - 1)]
    merged = [((m.first_row - 1, m.first_column - 1), (m.last_row - 1, m.last_column - 1)) for m in sheet.merges]
    rows = [[_clean(value) for value in row] for row in sheet.values]
    return Grid(str(_clean(sheet.name)), [*above, *rows], sheet.uncalculated, merged)


_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def _clean(value: object) -> object:
    """Text without control characters: they cannot be seen, nor all of them be stored."""
    if isinstance(value, str) and not value.isprintable():
        return _CONTROL.sub("", value)
    return value


def _fail(batch: Batch, finding: Finding) -> None:
    try:
        _finish(batch, Batch.State.FAILED, {"findings": [finding.as_json()]}, f"{finding.message}{finding.remedy}")
    except Superseded:
        batch.refresh_from_db()


def _chosen(batch: Batch) -> Chosen:
    kept = batch.layout.get("chosen", {})
    return {sheet: {int(column): code for column, code in columns.items()} for sheet, columns in kept.items()}


def read_again(batch_id: int, *, today: date, chosen: Chosen) -> Batch:
    """Read the kept file once more with columns as a person set them."""
    return run(batch_id, today=today, chosen=chosen)


def drop(batch_id: int) -> None:
    """Forget a file that was read; the ledger never knew of it."""
    with transaction.atomic():
        batch = Batch.objects.select_for_update().get(pk=batch_id)
        if batch.state == Batch.State.COMMITTED:
            raise EntryProblem(_("该文件已入库，不能放弃；如需收回，请在操作记录中撤销"))
        batch.state = Batch.State.DROPPED
        batch.save(update_fields=["state"])
    clear_rows(batch)
    files.drop(batch.stored)
