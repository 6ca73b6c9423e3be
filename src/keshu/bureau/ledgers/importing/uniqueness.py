"""Values that may stand in one row only: the definition's `unique(...)`, and one title of a kind per firm and year."""

from collections.abc import Sequence
from typing import Any

from keshu.bureau.forms.rules import unique_checks
from keshu.bureau.ledgers.importing.drafts import Draft, RowReader
from keshu.bureau.ledgers.importing.findings import WARNING
from keshu.bureau.ledgers.importing.judging import DUPLICATE, WRONG, Judged, among
from keshu.bureau.ledgers.models import Revision
from keshu.bureau.ledgers.snapshots import plain, values_of
from keshu.kernel.typed import Problem


class Uniqueness:
    """Remembers, for one table, which row said what first."""

    def __init__(self, reader: RowReader) -> None:
        self.reader = reader
        self.rules = unique_checks(reader.ledger)
        self.first: dict[tuple[str, Any], int] = {}

    def check(self, judged: Sequence[Judged]) -> None:
        for one in judged:
            if one.verdict == DUPLICATE:
                continue
            for check, fields in self.rules:
                self._within(one.draft, check.code, fields, check.message, check.remedy, check.severity)
            if self.reader.ledger.code == "title":
                self._title(one.draft)
            if one.draft.wrong:
                one.verdict = WRONG
        for check, fields in self.rules:
            self._against_ledger(judged, check.code, fields, check.message, check.remedy, check.severity)

    def _within(self, draft: Draft, code: str, fields: Sequence[str], message: str, remedy: str, severity: str) -> None:
        values = tuple(str(plain(draft.values[field])) for field in fields if field in draft.values)
        if len(values) < len(fields):
            return
        row = self.first.setdefault((code, values), draft.row)
        if row != draft.row:
            problem = Problem(code, f"{message}（与第{row}行相同）", remedy)
            draft.findings.append(self.reader.finding(draft, fields[0], problem, severity))

    def _title(self, draft: Draft) -> None:
        """A firm is certified once a year; a second certificate is a slip in one of the two rows."""
        kind, holder, issued = (draft.values.get(code) for code in ("kind", "holder", "issued"))
        if not kind or holder is None or issued is None or kind in ("product", "new_product", "patent_product"):
            return
        row = self.first.setdefault(("title", (kind, holder, issued.year)), draft.row)
        if row != draft.row and not draft.findings:
            message = f"该企业{issued.year}年同类资质已在第{row}行出现，证书编号不同"
            problem = Problem("holder-twice", message, "请核对是否同一企业重复填报")
            draft.findings.append(self.reader.finding(draft, "holder", problem, WARNING))

    def _against_ledger(
        self, judged: Sequence[Judged], code: str, fields: Sequence[str], message: str, remedy: str, severity: str
    ) -> None:
        """Rows of the ledger with the same values that are not the row's own entry; asked by the first mapped text."""
        ledger = self.reader.ledger
        column = next((c for field in fields if (c := ledger.column(field)) in ("number", "title")), None)
        asked = next((field for field in fields if ledger.column(field) == column), "")
        wanted = {str(one.draft.values[asked]) for one in judged if asked in one.draft.values}
        if column is None or not wanted:
            return
        rows = Revision.objects.filter(ledger=ledger.code, known_to__isnull=True, voided=False)
        held = {_said(values_of(ledger, row, []), fields): row for row in among(rows, column, sorted(wanted))}
        for one in judged:
            row = held.get(_said(one.draft.values, fields))
            if row is not None and row.entry_id != one.entry and one.verdict != DUPLICATE:
                problem = Problem(code, f"{message}（台账中已有：{row.title or row.number}）", remedy)
                one.draft.findings.append(self.reader.finding(one.draft, fields[0], problem, severity))
                if one.draft.wrong:
                    one.verdict = WRONG


def _said(values: Any, fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(plain(values.get(field, ""))) for field in fields)
