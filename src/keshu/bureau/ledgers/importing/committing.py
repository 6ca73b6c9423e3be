"""Taking staged rows in: one short act that writes parties, entries and what the file reports about its period."""

from collections.abc import Iterable
from datetime import date
from itertools import islice
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from keshu.bureau.ledgers.catalogue import ledger_of
from keshu.bureau.ledgers.importing import staging
from keshu.bureau.ledgers.importing.memory import collected_afterwards
from keshu.bureau.ledgers.importing.taking import TAKEN, StaleBatch, Taking, stale
from keshu.bureau.ledgers.models import Batch, Report, StagedRow
from keshu.bureau.ledgers.problems import EntryProblem
from keshu.bureau.ledgers.writer import Moved
from keshu.bureau.parties import personal
from keshu.bureau.records.models import Act
from keshu.bureau.records.services import Actor, Writing, writing
from keshu.catalogue.schema import Ledger

ATTEMPTS = 3
KEPT_PROBLEMS = 2000


class WrongRows(EntryProblem):
    """The file has rows that are wrong, and nobody said to leave them out."""


def commit(
    batch_id: int, *, skip_wrong: bool = False, known_on: date | None = None, by: Actor, reason: str = ""
) -> Act | None:
    """Write the new and changed rows as one act; None when the file changes nothing. Called again: the same act.

    Raises WrongRows when rows are wrong and `skip_wrong` was not said, StaleBatch when the ledger changed meanwhile.
    """
    batch = Batch.objects.select_related("place", "act").get(pk=batch_id)
    if batch.state == Batch.State.COMMITTED:
        return batch.act
    _refuse_unready(batch, skip_wrong)
    if not batch.rows.filter(verdict__in=TAKEN).exists():
        return _close_unchanged(batch)
    try:
        with collected_afterwards():
            act = _prepared_and_written(batch, known_on=known_on, by=by, reason=reason)
    except IntegrityError as error:  # somebody took the same row in between our look and our writing
        raise StaleBatch(stale()) from error
    except personal.Erased as error:
        message = _("文件中有人员的个人信息已依法清除，不得再次导入；请从表中删除该人员的证件号码和电话")
        raise EntryProblem(message) from error
    clear_rows(batch)
    return act


def _refuse_unready(batch: Batch, skip_wrong: bool) -> None:
    if batch.state != Batch.State.READY:
        raise EntryProblem(_("该文件当前为“%(state)s”，不能入库") % {"state": batch.get_state_display()})
    wrong = batch.rows.filter(ledger=batch.ledger, verdict=StagedRow.Verdict.WRONG).count()
    if (wrong or blocking(batch)) and not skip_wrong:
        message = _("有 %(n)s 行有误，未写入任何数据；请改正后重新导入，或选择跳过有误的行") % {
            "n": wrong or blocking(batch)
        }
        raise WrongRows(message)


def blocking(batch: Batch) -> int:
    """Errors of the file itself: a sheet that could not be read."""
    return sum(finding.get("severity") == "error" for finding in batch.layout.get("findings", []))


def _prepared_and_written(batch: Batch, *, known_on: date | None, by: Actor, reason: str) -> Act:
    """Everything is worked out first; somebody who registers one of the file's parties meanwhile makes it begin anew."""
    for _attempt in range(ATTEMPTS):
        taking = Taking(batch)
        try:
            taking.prepare()
            return _write(batch, taking, known_on=known_on, by=by, reason=reason)
        except Moved:
            continue
        finally:
            taking.clear()
    raise StaleBatch(stale())


def _write(batch: Batch, taking: Taking, *, known_on: date | None, by: Actor, reason: str) -> Act:
    problems = _problems(batch)
    note = {"file": batch.file_name, "sha256": batch.sha256, "batch": batch.pk, "rows": batch.counts}
    with writing(
        verb="ledger.import", by=by, reason=reason, subject=f"ledger:{batch.ledger}",
        place=batch.place.code if batch.place else "", known_on=known_on, note=note,
    ) as under_way:  # fmt: skip
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.READY:
            raise EntryProblem(_("该文件刚刚由他人处理，请刷新页面"))
        under_way.wrote(bytes.fromhex(batch.sha256), "original")
        taking.write(under_way)
        report(batch, ledger_of(batch.ledger), under_way)
        _close(batch, under_way.act, problems)
    return under_way.act


def _close_unchanged(batch: Batch) -> Act | None:
    """Nothing is left to take: the file changes nothing, or a second click comes after the first has taken it all."""
    with transaction.atomic():
        locked = Batch.objects.select_for_update().get(pk=batch.pk)
        if locked.state != Batch.State.READY:
            return locked.act
        _close(batch, None, _problems(batch))
    return None


def _problems(batch: Batch) -> list[dict[str, Any]]:
    return list(islice(staging.problems_of(batch), KEPT_PROBLEMS))


def _close(batch: Batch, act: Act | None, problems: list[dict[str, Any]]) -> None:
    """Keep what was found with the batch: its rows go, but the clerk still has to mend the file."""
    batch.layout = {key: batch.layout[key] for key in ("sheets", "chosen") if key in batch.layout} | {
        "problems": problems
    }
    batch.state, batch.act = Batch.State.COMMITTED, act
    batch.save(update_fields=["state", "act", "layout"])


def clear_rows(batch: Batch) -> None:
    """The staged rows have done their service; they go in small transactions after the act."""
    while ids := list(batch.rows.order_by("pk").values_list("pk", flat=True)[:5000]):
        StagedRow.objects.filter(pk__in=ids).delete()


def report(batch: Batch, ledger: Ledger, within: Writing) -> None:
    """A file that names its period says that the place has reported it, in a ledger that is reported by periods."""
    place_id = batch.place_id
    if ledger.reporting == "continuous" or place_id is None:
        return
    for period in sorted(periods_of(batch.layout.get("sheets", []), within.act.at.year)):
        standing = Report.objects.filter(ledger=ledger.code, place_id=place_id, period=period, known_to__isnull=True)
        if standing.filter(zero=False).exists():
            continue
        standing.update(known_to=within.known_from)
        Report.objects.create(
            ledger=ledger.code, place_id=place_id, period=period, zero=False,
            known_from=within.known_from, act=within.act,
        )  # fmt: skip


def periods_of(sheets: Iterable[dict[str, Any]], this_year: int) -> set[str]:
    """What the titles say: up to the cut-off of a year, or the whole of a year that is over."""
    periods: set[str] = set()
    for sheet in sheets:
        year, cut_off = sheet.get("year"), sheet.get("cut_off", "")
        if sheet.get("state") != "read" or not (year or cut_off):
            continue
        if cut_off and not cut_off.endswith("12-31"):
            periods.add(f"{cut_off[:4]}-01..{cut_off[:7]}")
        elif cut_off or year < this_year:
            periods.add(cut_off[:4] or str(year))
    return periods
