"""Texts of our own writing, and somebody who drops them."""

import io

import pytest
from docx import Document

from keshu.bureau.records.services import Actor
from keshu.bureau.texts import reading, services
from keshu.bureau.texts.services import TextSpec

CLERK = Actor("clerk", "周经办")
WORDS = """青岩县科技工作半年情况
一、创新主体
全县新认定高新技术企业5家，其中规上企业3家、规下企业4家。
二、成果转化
技术合同成交额8.46亿元，同比增长15.3%。
"""


@pytest.fixture
def accused(monkeypatch):
    """`accused("5家", "3家")`: the check finds fault with these words of whatever text it is given, and with nothing else.

    What the checks themselves find is tested with them; here it matters what becomes of a finding.
    """
    said: list[tuple[str, str]] = []
    real = reading.read

    def read(source, name, **more):
        found = real(source, name, **more)
        findings = []
        for n, (first, second) in enumerate(said):
            spans = [[at, at + len(words)] for words in (first, second) if (at := found.text.find(words)) >= 0]
            if len(spans) == 2:
                findings.append({
                    "id": f"sum-{n}", "type": "sum", "code": "sum.parts", "statement": f"分项相加不等于{first}",
                    "severity": "error", "certainty": "certain", "spans": spans, "expected": "7", "actual": "5",
                    "arithmetic": "3＋4＝7", "remedy": "核对分项",
                })  # fmt: skip
        return reading.Found(found.text, found.blocks, found.figures, findings, found.notes, found.read, found.file)

    monkeypatch.setattr(reading, "read", read)
    return lambda first, second: said.append((first, second))


@pytest.fixture
def keep(places):
    """`keep(words, place="990121", year=2026, title="材料")` keeps a text and reads it."""

    def kept(words=WORDS, *, place="990121", year=2026, kind="draft", title="材料", name="材料.txt", read=True):
        content = words if isinstance(words, bytes) else words.encode()
        text = services.keep_text(TextSpec(place, year, kind, title, name), content, by=CLERK)
        if read:
            services.read_text(text.pk)
        text.refresh_from_db()
        return text

    return kept


def word_file(*paragraphs: str) -> bytes:
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    memory = io.BytesIO()
    document.save(memory)
    return memory.getvalue()
