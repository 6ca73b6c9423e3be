"""Texts that wait in the library: a clean draft, one with seven planted faults, last year's Word file of a county."""

import io
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from docx import Document

from keshu.bureau.records.services import Actor, end_of, now
from keshu.bureau.reports.build import build_text, wish_for, write
from keshu.bureau.texts.services import TextSpec, keep_text, read_text
from keshu.kernel.measure.period import Period
from keshu.office.texts import read_text as read_file

CLEAN, FAULTY, LAST = "990102", "990123", "990122"
TEN_MONTHS, LAST_YEAR = Period.parse("2026-01..2026-10"), Period.parse("2025")
KNOWN = date(2026, 1, 8)
BY = Actor("county", "县区科技局")

#: each holds exactly one fault; the words are ours
FAULTS = (
    "全县现有县级以上农业科技示范点12个，其中省级3个、市级5个、县级6个。",
    "发放科技创新券36.5万元，上年同期为30.0万元，同比增长31.7%。",
    "组织申报县级科技计划项目18项，获批立项21项，其余项目列入后备库。",
    "今年以来，举办实用技术讲座26场次，受到群众欢迎。今年以来，实用技术讲座共举办28场次，覆盖所有乡镇。",
    "依托科技小院培训农民xx人次，示范带动作用逐步显现。",
    "科技创新综合评价位次由全市第3位上升至第5位。",
    "财政科技支出占一般公共预算支出的比重由1.8%提高到2.1%，提高0.3%。",
)


def load_drafts() -> int:
    """Three texts, read and checked; returns how many."""
    clean = _lines(CLEAN, TEN_MONTHS, "county", None)
    faulty = _lines(FAULTY, TEN_MONTHS, "brief", None)
    last = _lines(LAST, LAST_YEAR, "county", KNOWN)
    _keep(CLEAN, 2026, "draft", "江川区2026年1—10月科技工作总结（报送稿）", clean)
    _keep(FAULTY, 2026, "draft", "白沙县2026年科技工作情况（报送稿）", with_faults(faulty))
    _keep(LAST, 2025, "final", "石门县科学技术局2025年工作总结", last)
    return 3


def with_faults(lines: list[str]) -> list[str]:
    """The faults as a paragraph of its own after the first third, where a hasty clerk would have put them."""
    at = max(2, len(lines) // 3)
    return [*lines[:at], "".join(FAULTS[:4]), "".join(FAULTS[4:]), *lines[at:]]


def _lines(place: str, period: Period, kind: str, known_on: date | None) -> list[str]:
    """A text composed from the records, as plain lines: what a county would have typed into Word itself."""
    known_at = now() if known_on is None else min(now(), end_of(known_on))
    built = build_text(wish_for(place, period, kind, known_at))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "text.docx"
        write(built.document, path)
        file = read_file(path, path.name)
    return [f"{one.number}{file.text[one.start : one.end]}" for one in file.blocks
            if one.kind in ("heading", "paragraph") and not one.debris]  # fmt: skip


def word_of(lines: list[str]) -> bytes:
    """An ordinary Word file without any mark of ours."""
    document = Document()
    document.add_heading(lines[0], 0)
    for line in lines[1:]:
        if line.strip():
            document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def _keep(place: str, year: int, kind: str, title: str, lines: list[str]) -> None:
    spec = TextSpec(place=place, year=year, kind=kind, title=title, file_name=f"{title}.docx")
    read_text(keep_text(spec, word_of(lines), by=BY).pk)
