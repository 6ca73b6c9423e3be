"""What the command line does with ledgers: the shapes of its JSON answers are fixed."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from keshu.bureau.ledgers import exporting
from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import services, staging
from keshu.bureau.ledgers.models import Batch
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.services import begin_records
from keshu.bureau.pages.downloads import write_xlsx
from keshu.bureau.places.models import Place
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import ZONE, Actor, NothingWritten, now

YEARS = range(1900, 2101)
COUNTED = ("new", "changed", "unchanged", "duplicate", "wrong")


@dataclass(frozen=True)
class Wish:
    """What the caller of an import wants: only look, or take the rows in."""

    commit: bool = False
    skip_wrong: bool = False
    known_on: date | None = None
    reason: str = ""


def import_file(
    ledger: str, file: Path, *, place: str | None = None, commit: bool = False, skip_wrong: bool = False,
    known_on: date | None = None, by: Actor, reason: str = "", at: datetime | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Read a file, and with `commit` write it; wrong rows without `skip_wrong` write nothing (`committed` is False).

    Raises UnknownLedger, EntryProblem (unknown place, known in the future) and FileNotFoundError.
    """
    if known_on is not None and known_on > (at or now()).astimezone(ZONE).date():
        raise EntryProblem(_("知悉日期 %(day)s 晚于今天，请填写实际掌握这些数据的日期") % {"day": known_on})
    batch = services.stage(ledger, file, place=place, by=by, at=at)
    problems = list(staging.problems_of(batch))
    counts = dict(batch.counts)
    act, committed = _commit(batch, Wish(commit, skip_wrong, known_on, reason), by)
    if not committed and batch.state != Batch.State.FAILED:
        services.drop(batch.pk)
    return {
        "ledger": ledger,
        "file": str(file),
        "rows": {name: counts.get(name, 0) for name in COUNTED},
        "problems": problems,
        "committed": committed,
        "act": act.pk if act else None,
        "fed": counts.get("fed", {}),
        "sheets": [{"sheet": sheet["sheet"], "state": sheet["state"]} for sheet in batch.layout.get("sheets", [])],
    }


def _commit(batch: Batch, wish: Wish, by: Actor) -> tuple[Act | None, bool]:
    if not wish.commit or batch.state != Batch.State.READY:
        return None, False
    try:
        act = services.commit(batch.pk, skip_wrong=wish.skip_wrong, known_on=wish.known_on, by=by, reason=wish.reason)
    except services.WrongRows:
        return None, False
    return act, True


def begin_ledger(
    ledger: str, *, place: str, begins_on: date | None, known_on: date | None = None, by: Actor
) -> dict[str, Any]:
    """Say since when a place keeps a ledger; None takes it back. Raises UnknownLedger, EntryProblem (unknown place)."""
    definition, home = ledger_of(ledger), Place.objects.filter(code=place).first()
    if home is None:
        raise EntryProblem(_("没有代码为 %(code)s 的区划") % {"code": place})
    with suppress(NothingWritten):  # it says so already
        begin_records(definition.code, place_id=home.pk, begins_on=begins_on, known_on=known_on, by=by)
    return {"ledger": ledger, "place": place, "begins_on": begins_on.isoformat() if begins_on else None}


def export_file(ledger: str, file: Path, *, place: str = "", year: int | None = None) -> dict[str, Any]:
    """Write the current rows of a ledger to a workbook that can be imported again. Raises UnknownLedger, EntryProblem."""
    definition = ledger_of(ledger)
    counted = 0

    def rows() -> Iterator[list[Any]]:
        nonlocal counted
        for row in exporting.table(definition, exporting.living(definition, place=place, year=year)):
            counted += 1
            yield row

    _refuse_export(place, year)
    made = BytesIO()  # a workbook that breaks off on a full disk would complain once more when it is let go
    write_xlsx(made, exporting.headings(definition), rows())
    scratch = file.with_name(f"{file.name}.part")
    try:
        scratch.write_bytes(made.getbuffer())
        scratch.replace(file)
    finally:
        scratch.unlink(missing_ok=True)
    return {"ledger": ledger, "file": str(file), "rows": counted}


def _refuse_export(place: str, year: int | None) -> None:
    if place and not Place.objects.filter(code=place).exists():
        raise EntryProblem(_("没有代码为 %(code)s 的区划") % {"code": place})
    if year is not None and year not in YEARS:
        raise EntryProblem(_("年度 %(year)s 超出范围，请写成四位年份") % {"year": year})
