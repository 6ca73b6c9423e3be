"""数据核对表: every figure of a summary with its sentence, its source and the person who answers for it by signature."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from . import sheets
from .gbt9704 import Column, Metadata, OfficialDocument, Paragraph, Table, Text, write_official
from .word.model import Block, Runs


@dataclass(frozen=True)
class CheckRow:
    """One figure. `value` is printed as in the summary, with its unit; `source` names rows or a document and cell."""

    sentence: str
    value: str
    source: str
    owner: str
    indicator: str = ""
    note: str = ""


_COLUMNS = (
    Column("序号", 0.5, "center"),
    Column("文中表述", 4.2),
    Column("数值", 1.3, "right"),
    Column("指标口径", 1.8),
    Column("数据来源", 2.6),
    Column("责任科室", 1.2, "center"),
    Column("核对意见", 1.3),
    Column("签字、日期", 1.3),
)


def write_check_docx(
    target: str | Path | IO[bytes],
    rows: Sequence[CheckRow],
    *,
    title: str,
    notes: Sequence[str] = (),
    metadata: Metadata | None = None,
) -> None:
    """A landscape table to print and sign, in the order of the rows; the value stands bold in its sentence."""
    cells = tuple(
        (
            str(number),
            _sentence(row),
            row.value,
            row.indicator,
            row.source,
            row.owner,
            row.note,
            "",
        )
        for number, row in enumerate(rows, 1)
    )
    blocks: list[Block] = [Paragraph(note, indent=False) for note in notes]
    blocks.append(Table(_COLUMNS, cells, size=10.5))
    blocks.append(
        Paragraph(
            "填表人：　　　　　　　　审核人：　　　　　　　　分管领导：　　　　　　　　　　年　　月　　日", indent=False
        )
    )
    document = OfficialDocument(title, tuple(blocks), landscape=True, metadata=metadata or Metadata())
    write_official(document, target)


def _sentence(row: CheckRow) -> Runs:
    """The first occurrence of the value that is not part of a longer number, in bold."""
    at = row.sentence.find(row.value) if row.value else -1
    while at >= 0:
        end = at + len(row.value)
        if not (row.sentence[:at][-1:].isdigit() or row.sentence[end : end + 1].isdigit()):
            return Text(row.sentence[:at]), Text(row.value, bold=True), Text(row.sentence[end:])
        at = row.sentence.find(row.value, at + 1)
    return row.sentence


def write_check_xlsx(stream: IO[bytes], rows: Iterable[CheckRow], *, title: str, notes: Sequence[str] = ()) -> int:
    """The same table as a workbook; the value is text, as it is printed."""
    columns = [
        sheets.Column("序号", "integer", 6),
        sheets.Column("文中表述", "text", 60),
        sheets.Column("数值", "text", 14),
        sheets.Column("指标口径", "text", 22),
        sheets.Column("数据来源", "text", 36),
        sheets.Column("责任科室", "text", 14),
        sheets.Column("核对意见", "text", 16),
        sheets.Column("签字、日期", "text", 16),
    ]
    lines = (
        (number, row.sentence, row.value, row.indicator, row.source, row.owner, row.note, "")
        for number, row in enumerate(rows, 1)
    )
    return sheets.write_table(stream, columns, lines, title=title, notes=notes, sheet="数据核对表")
