"""A summary as an official document: headings, paragraphs with marked figures, the table of main indicators."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from keshu.bureau.reports.composing import nodes
from keshu.bureau.reports.composing.nodes import mark_id
from keshu.bureau.reports.composing.text import AnnexRow, Line, Shown, lines_of
from keshu.kernel.ids import document
from keshu.office.gbt9704 import (
    Annex,
    Block,
    Column,
    Figure,
    Heading,
    Metadata,
    Name,
    OfficialDocument,
    Paragraph,
    Record,
    RedHead,
    Run,
    Table,
    Text,
)

ALIAS = 60


@dataclass(frozen=True)
class Paper:
    """What stands around the text: who sends it where, when, under which number."""

    organ: str = ""
    addressee: str = ""
    dated: date | None = None
    number: str = ""
    signers: tuple[str, ...] = ()
    made_at: datetime | None = None
    place: str = ""
    period: str = ""
    summary: str = ""
    sha256: str = ""


@dataclass(frozen=True)
class Sending:
    """What an upward document bears besides its text: 发文字号, 签发人, 主送机关. Without a number it is a plain one."""

    number: str = ""
    signers: tuple[str, ...] = ()
    addressee: str = ""


class BadSending(Exception):
    """What was given for the upward form does not do; the message says why and what to do."""


def read_sending(*, number: str = "", signers: Sequence[str] = (), addressee: str = "") -> Sending:
    """The upward form as somebody typed it. Raises BadSending for half of it, or a number that is written wrongly."""
    given, names = number.strip(), tuple(name.strip() for name in signers if name.strip())
    if names and not given:
        raise BadSending("写了签发人，还须写发文字号；普通格式不写签发人")
    if given and not names:
        raise BadSending("上行文须写明签发人")
    verdict = document.check(given) if given else None
    if verdict and not verdict.ok:
        raise BadSending(f"{verdict.message}；{verdict.remedy}")
    return Sending(verdict.value if verdict else "", names, addressee.strip())


def document_of(
    title: str,
    parts: Sequence[Shown],
    annex: Sequence[AnnexRow],
    annex_title: str,
    paper: Paper,
    *,
    table_first: bool = False,
) -> OfficialDocument:
    """The document; an upward one with a red head where it bears a number."""
    blocks: list[Block] = [_block(line) for line in lines_of(list(parts))]
    if annex and table_first:
        blocks.insert(0, _table_before(annex, annex_title, paper.summary))
    elif annex:
        blocks.append(Annex(annex_title, (_table(annex, paper.summary),), landscape=True))
    return OfficialDocument(
        title=title,
        blocks=tuple(blocks),
        form="upward" if paper.number else "plain",
        head=RedHead(paper.organ, paper.number, paper.signers) if paper.number else None,
        addressee=paper.addressee,
        organ=paper.organ,
        date=paper.dated,
        metadata=Metadata(paper.place, paper.period, paper.summary, paper.sha256, paper.made_at),
    )


def _block(line: Line) -> Block:
    if line.level:
        return Heading(1 if line.level == 1 else 2, line.words)
    lead = line.number + (line.block.lead if line.block else "")
    opening: tuple[Run, ...] = (Text(lead, bold=True),) if lead else ()
    sentences = line.block.sentences if line.block else ()
    runs = (_run(node) for said in sentences for node in said.nodes)
    return Paragraph((*opening, *_merged(runs)))


def _merged(runs: Iterable[Run]) -> list[Run]:
    """Neighbouring plain texts as one run: fewer seams in the file."""
    merged: list[Run] = []
    for run in runs:
        if isinstance(run, Text) and merged and isinstance(merged[-1], Text):
            merged[-1] = Text(merged[-1].text + run.text)
        else:
            merged.append(run)
    return merged


def _run(node: nodes.Node) -> Run:
    match node:
        case nodes.Figure():
            return Figure(node.mark, node.words, node.reference, (node.name or node.reference)[:ALIAS])
        case nodes.Names():
            return Name(node.mark, node.words, node.reference)
        case nodes.Record():
            return Record(node.mark, node.words, f"{node.ledger}#{node.entry}.{node.revision}")
        case _:
            return Text(node.words)


_COLUMNS = (
    Column("指标", 3.4), Column("目标", 1.6, "right"), Column("完成", 1.5, "right"), Column("完成率", 1.2, "right"),
    Column("上年", 1.5, "right"), Column("增减", 2.0, "right"), Column("位次", 1.0, "center"),
    Column("责任科室", 1.3), Column("数据来源", 2.6),
)  # fmt: skip


#: narrower, because it stands on an upright page; the last column says on how many rows or where in the document
_FIRST = (
    Column("指标", 3.1), Column("目标", 1.7, "right"), Column("完成", 1.7, "right"), Column("完成率", 1.35, "right"),
    Column("同比", 1.7, "right"), Column("位次", 1.15, "center"), Column("责任科室", 1.2, "center"), Column("来源", 2.2),
    Column("佐证", 1.1, "center"),
)  # fmt: skip


def _table_before(rows: Sequence[AnnexRow], title: str, seed: str) -> Table:
    cells = []
    for row in rows:
        name, target, actual, completion, _last, change, rank, owner, source = _cells(row, seed)
        cells.append((name, target, actual, completion, change, rank, owner, source, row.evidence or "—"))
    return Table(_FIRST, tuple(cells), caption=title, size=9)


def _table(rows: Sequence[AnnexRow], seed: str) -> Table:
    return Table(_COLUMNS, tuple(_cells(row, seed) for row in rows), size=10.5)


def _cells(row: AnnexRow, seed: str) -> tuple[str | tuple[Run, ...], ...]:
    name = f"{row.name}（{row.period}）" if row.period else row.name
    plain = (row.last_year, row.change, row.rank, row.owner, row.source)
    return (
        name,
        *(_cell(row, column, seed) for column in ("target", "actual", "completion")),
        *(text or "—" for text in plain),
    )


def _cell(row: AnnexRow, column: str, seed: str) -> str | tuple[Run, ...]:
    """Target, actual and completion are marked, so that a changed table is found like a changed sentence."""
    text, reference = getattr(row, column), row.references.get(column, "")
    if not text or not reference:
        return text or "—"
    return (Figure(mark_id("a", seed, row.code, row.period, column), text, reference, row.name[:ALIAS]),)
