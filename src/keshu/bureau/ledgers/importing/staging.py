"""Rows waiting to be taken in: written in short transactions of their own, so that others keep working meanwhile."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from keshu.bureau.ledgers import privacy
from keshu.bureau.ledgers.bulk import insert_rows, update_rows
from keshu.bureau.ledgers.importing.drafts import Draft
from keshu.bureau.ledgers.importing.findings import ERROR, Finding
from keshu.bureau.ledgers.importing.judging import DUPLICATE, WRONG, Judged
from keshu.bureau.ledgers.models import Batch, StagedRow
from keshu.bureau.ledgers.snapshots import AS_TYPED, plain
from keshu.bureau.parties.personal import mask
from keshu.catalogue.schema import Field, Ledger

CHUNK = 500
UNREAD = "_unread"  # under which a staged row keeps the cells that could not be read
LONGEST = 100

COLUMNS = ("batch_id", "ledger", "sheet", "row", "verdict", "key", "entry_id", "seen", "values", "problems")


def stage_rows(batch: Batch, ledgers: dict[str, Ledger], rows: Iterable[Judged]) -> None:
    insert_rows(StagedRow, COLUMNS, [_staged(batch, ledgers[one.draft.ledger], one) for one in rows])


def _staged(batch: Batch, ledger: Ledger, one: Judged) -> tuple[Any, ...]:
    draft = one.draft
    values = {code: plain(value) for code, value in privacy.sealed(ledger, draft.values).items()}
    if draft.typed_as:
        values[AS_TYPED] = draft.typed_as
    if draft.unread:
        values[UNREAD] = _unread(draft, ledger)
    if draft.assumed:
        values["_assumed"] = sorted(draft.assumed)
    if one.twin is not None:
        values["_twin"] = list(one.twin)
    problems = [finding.as_json() for finding in draft.findings]
    return (
        batch.pk, draft.ledger, draft.sheet, draft.row, one.verdict, one.key, one.entry, one.seen, values, problems,
    )  # fmt: skip


def _unread(draft: Draft, ledger: Ledger) -> dict[str, str]:
    """What stands in the cells that gave no value, for the eye that has to mend them; personal fields masked."""
    personal = set(privacy.personal_codes(ledger))
    kinds = {item.code: item.type for item in ledger.fields if item.code in draft.unread.keys() & personal}
    cut = {code: text[:LONGEST] for code, text in draft.unread.items()}
    return cut | {code: mask(cut[code], kind) for code, kind in kinds.items()}


def values_of_staged(ledger: Ledger, values: dict[str, Any]) -> dict[str, Any]:
    """The typed values of a staged row: the inverse of what `stage_rows` wrote, without what begins with "_"."""
    return {item.code: typed(item, values[item.code]) for item in ledger.fields if item.code in values}


def typed(item: Field, stored: Any) -> Any:
    match item.type:
        case "money" | "quantity" | "integer" | "number":
            return Decimal(stored)
        case "date":
            return date.fromisoformat(stored)
        case _:
            return stored


def settle_twins(batch: Batch, main: Ledger) -> None:
    """Rows with the key of an earlier one: the same again is a duplicate, something else is a contradiction."""
    last = 0
    twins = batch.rows.filter(verdict=DUPLICATE, values__has_key="_twin").order_by("pk")
    while page := list(twins.filter(pk__gt=last)[:CHUNK]):
        firsts = _rows_at(batch, {(row.ledger, *row.values["_twin"]) for row in page})
        changed: dict[int, StagedRow] = {}
        said_before: list[int] = []
        for row in page:
            first = firsts.get((row.ledger, *row.values["_twin"]))
            if first is None:
                continue
            if row.ledger != main.code and _content(row) == _content(first):
                said_before.append(row.pk)  # a second mention of a firm's year adds nothing
                continue
            if row.ledger != main.code:
                row.problems = [_contradiction(row, first, []).warning().as_json()]
            else:
                _settle_twin(row, first, main)
                changed[first.pk] = first
            changed[row.pk] = row
        _save(changed.values())
        StagedRow.objects.filter(pk__in=said_before).delete()
        last = page[-1].pk


def _save(rows: Iterable[StagedRow]) -> None:
    update_rows(StagedRow, ("verdict", "problems"), [(row.pk, row.verdict, row.problems) for row in rows])


def _rows_at(batch: Batch, places: set[tuple[str, str, int]]) -> dict[tuple[str, str, int], StagedRow]:
    """The staged rows at these (ledger, sheet, row), the first of each; one pass over the batch."""
    found: dict[tuple[str, str, int], StagedRow] = {}
    for row in batch.rows.filter(row__in={number for _, _, number in places}).order_by("-pk"):
        if (row.ledger, row.sheet, row.row) in places:
            found[row.ledger, row.sheet, row.row] = row
    return found


def _settle_twin(row: StagedRow, first: StagedRow, ledger: Ledger) -> None:
    differing = [
        item.name
        for item in ledger.fields
        if row.values.get(item.code) != first.values.get(item.code)
        and item.code not in ("remark", "story", "highlight")
    ]
    if not differing:
        message = f"与{_where(first, row)}重复"
        finding = Finding(row.sheet, row.row, "", "duplicate", message, "重复行不会入库；请从表中删除其一", "warning")
        row.problems = [*row.problems, finding.as_json()]
        return
    row.verdict = WRONG
    row.problems = [*row.problems, _contradiction(row, first, differing).as_json()]
    holder = ledger.mapped("party")
    if holder is not None and holder.name in differing and first.verdict != WRONG:
        first.verdict = WRONG
        first.problems = [*first.problems, _contradiction(first, row, differing).as_json()]


def _contradiction(row: StagedRow, other: StagedRow, differing: list[str]) -> Finding:
    what = f"但{'、'.join(differing[:4])}不同" if differing else "但内容不同"
    message = f"与{_where(other, row)}是同一条目（关键字段相同），{what}"
    return Finding(row.sheet, row.row, "", "duplicate-differs", message, "请核对后只保留正确的一行")


def _where(row: StagedRow, seen_from: StagedRow) -> str:
    return f"第{row.row}行" if row.sheet == seen_from.sheet else f"工作表“{row.sheet}”第{row.row}行"


def _content(row: StagedRow) -> dict[str, Any]:
    return {code: value for code, value in row.values.items() if not code.startswith("_")}


def add_findings(batch: Batch, findings: Iterable[Finding], main: Ledger) -> list[Finding]:
    """Put what the whole table showed onto its rows; returns what belongs to no row."""
    homeless: list[Finding] = []
    waiting = list(findings)
    for start in range(0, len(waiting), CHUNK):
        piece = waiting[start : start + CHUNK]
        rows = _rows_at(batch, {(main.code, finding.sheet, finding.row) for finding in piece})
        for finding in piece:
            row = rows.get((main.code, finding.sheet, finding.row))
            if row is None:
                homeless.append(finding)
                continue
            row.problems = [*row.problems, finding.as_json()]
            if finding.severity == ERROR:
                row.verdict = WRONG
        _save(rows.values())
    return homeless


def counts_of(batch: Batch) -> dict[str, Any]:
    """{"new": …, "changed": …, …} for the ledger itself, and the same for each fed ledger under "fed"."""
    counted: dict[str, Counter[str]] = {}
    for ledger, verdict, n in batch.rows.values_list("ledger", "verdict").annotate(n=Count("pk")):
        counted.setdefault(ledger, Counter())[verdict] += n
    own = {verdict: counted.get(batch.ledger, Counter())[verdict] for verdict in StagedRow.Verdict.values}
    fed = {code: dict(counter) for code, counter in counted.items() if code != batch.ledger}
    return own | ({"fed": fed} if fed else {})


def problems_of(batch: Batch) -> Iterator[dict[str, Any]]:
    """Every problem of the file in the order of its rows, the file's own first; of a committed one, those it kept."""
    yield from batch.layout.get("problems", [])
    yield from batch.layout.get("findings", [])
    rows = batch.rows.exclude(problems=[]).order_by("pk").values_list("problems", flat=True)
    for problems in rows.iterator(chunk_size=CHUNK):
        yield from problems
