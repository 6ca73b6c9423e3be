"""What a reader would hold against the text, and the sheet on which its figures are checked one by one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from keshu.bureau.ledgers.catalogue import catalogue
from keshu.bureau.parties.models import Party
from keshu.bureau.records.services import ZONE
from keshu.bureau.reports.asking import tellings_of
from keshu.bureau.reports.compose import definition_of
from keshu.bureau.reports.composing.nodes import Figure, Names, Standing, Text, marks_in, text_of
from keshu.bureau.reports.composing.text import Shown, lines_of
from keshu.bureau.reports.models import Frozen, FrozenMark, Summary
from keshu.bureau.reports.phrases import outdated
from keshu.bureau.reports.proofs import proofs_in
from keshu.bureau.reports.stored import shown_content, shown_sections
from keshu.kernel.measure.period import Period
from keshu.kernel.prose.machine import Finding, betrayals
from keshu.kernel.prose.profile import Profile, profile, shortfalls
from keshu.kernel.prose.reading import scan
from keshu.office.check_sheet import CheckRow, write_check_docx, write_check_xlsx


@dataclass(frozen=True)
class Checked:
    """Everything found, for the page."""

    profile: Profile
    shortfalls: list[str]
    machine: list[tuple[Finding, str]]
    phrases: list[str]
    typed: list[str]
    length: str


def check(summary: Summary) -> Checked:
    """Measure and read the text as it stands."""
    parts = _parts(summary)
    text = summary.title + "\n\n" + plain(parts)
    names = names_in(parts)
    measured = profile(text, names=names)
    findings = [(one, text[one.start : one.end][:40]) for one in betrayals(text, firms=_firms(text))]
    period = Period.parse(summary.period)
    return Checked(
        measured, shortfalls(measured), findings,
        outdated(text, summary.place.code, period.cut_off, summary.known_at), list(typed_in(parts)),
        _length(summary, measured.characters),
    )  # fmt: skip


def _parts(summary: Summary) -> list[Shown]:
    return shown_content(summary.frozen.content) if summary.state == "frozen" else shown_sections(summary)


def plain(parts: list[Shown]) -> str:
    return "\n".join(line.words for line in lines_of(parts))


def names_in(parts: list[Shown]) -> list[str]:
    """The names that the text prints by reference."""
    found: list[str] = []
    for part in parts:
        for _block, _said, node in marks_in(part.blocks):
            if isinstance(node, Names):
                named = _COUNT.split(node.words)[0]
                found += [name for name in _BETWEEN.split(named) if len(name) > 1]
    return found


_COUNT = re.compile(r"等?\d+(?=[家项份个件名支人所部])")
_BETWEEN = re.compile(r"[、“”《》]+")


def _firms(text: str) -> list[str]:
    """Organisations whose full name stands in the text."""
    return [name for name in Party.objects.filter(provisional=False).values_list("name", flat=True) if name in text]


def typed_in(parts: list[Shown]) -> Iterator[str]:
    """Figures that somebody typed: an author stands behind them, no row."""
    for part in parts:
        for block in part.blocks:
            for said in block.sentences:
                for node in said.nodes:
                    if isinstance(node, Standing | Text) and (block.edited or isinstance(node, Standing)):
                        for figure in scan(node.words):
                            yield f"{part.heading or part.theme}：{figure.text}（{text_of(said.nodes)[:30]}）"


def _length(summary: Summary, characters: int) -> str:
    definition = definition_of(summary.kind)
    if definition.length is None:
        return ""
    low, high = definition.length
    if characters < low:
        return f"全文 {characters} 字，少于通常的 {low}—{high} 字"
    return f"全文 {characters} 字，多于通常的 {low}—{high} 字" if characters > high else ""


def sheet_rows(summary: Summary) -> list[CheckRow]:
    """Every figure and list of names with its sentence, its source and who answers for it; typed ones at the end."""
    parts = _parts(summary)
    owners = {part.code: part.owner for part in parts}
    typed = [
        CheckRow(one.sentence, "、".join(one.figures), one.words, owners[one.section], "手填，以文件为据")
        for one in proofs_in(summary, parts)
    ]
    if summary.state == "frozen":
        marks = summary.frozen.marks.exclude(section="annex").order_by("order")
        return [_frozen_row(mark) for mark in marks] + typed
    return [*_composed_rows(summary, parts), *typed]


def _composed_rows(summary: Summary, parts: list[Shown]) -> list[CheckRow]:
    told = tellings_of(summary)
    rows = []
    for part in parts:
        for _block, said, node in marks_in(part.blocks):
            if isinstance(node, Figure | Names):
                formed = told.raw(node.reference)
                source = _source(formed) if formed else ""
                name = formed.figure.name if formed else node.reference
                rows.append(CheckRow(said.words, node.words, source, part.owner, name))
    return rows


def _frozen_row(mark: FrozenMark) -> CheckRow:
    source = f"{mark.stands_on}（{mark.rows}条）" if mark.rows else mark.stands_on
    return CheckRow(mark.sentence, mark.printed, source, mark.owner, mark.name)


def _source(formed) -> str:
    received = formed.figure.received
    if received is not None and formed.figure.row_count == 0:
        return f"{received.issuer}{received.document} {received.cell}".strip()
    indicator = catalogue().indicators.get(formed.figure.code)
    ledger = catalogue().countable.get(indicator.facts.ledger) if indicator and indicator.facts else None
    return f"{ledger.name}台账（{formed.figure.row_count}条）" if ledger else "由其他指标计算"


def notes_of(summary: Summary) -> list[str]:
    frozen: Frozen | None = summary.frozen if summary.state == "frozen" else None
    known = frozen.known_at if frozen else summary.known_at
    return [f"数据掌握时点：{known.astimezone(ZONE):%Y年%m月%d日 %H:%M}", "请逐项对照台账或来源件核对，无误后签字。"]


def write_sheet_docx(summary: Summary, stream: IO[bytes]) -> None:
    write_check_docx(stream, sheet_rows(summary), title=f"{summary.title}数据核对表", notes=notes_of(summary))


def write_sheet_xlsx(summary: Summary, stream: IO[bytes]) -> None:
    write_check_xlsx(stream, sheet_rows(summary), title=f"{summary.title}数据核对表", notes=notes_of(summary))
