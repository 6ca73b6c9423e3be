"""Hundreds of broken files: a text or a sentence, never anything else; what is read can be annotated and read again."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from keshu.office.annotating import Note, annotate
from keshu.office.gbt9704 import write_official
from keshu.office.texts import Limits, Text, TextProblem, read_text
from keshu.office.texts.pdf import text_of
from keshu.office.texts.pdf_worker import answer

from .office_documents import report
from .pdf_files import latin_pdf
from .word_files import box, field, paragraph, run, table, word_file

LIMITS = Limits(seconds=10)


def rich_word() -> bytes:
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    merged = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/><w:vMerge/></w:tcPr>{paragraph("并")}</w:tc>'
    control = f"<w:sdt><w:sdtPr><w:tag w:val='a'/></w:sdtPr><w:sdtContent>{run('1,272')}</w:sdtContent></w:sdt>"
    listed = '<w:pStyle w:val="a"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    return word_file(
        paragraph("一、成效", properties=listed), paragraph(control, "家", note, field("PAGE", "3"), box(paragraph("框"))),
        table(("甲", "12"), (merged, "乙")), paragraph(f'<w:ins w:id="1">{run("增")}</w:ins><w:del w:id="2">{run("删")}</w:del>'),
        f"<w:sdt><w:sdtContent>{paragraph('块')}</w:sdtContent></w:sdt>",
        '<w:sectPr><w:headerReference w:type="default" r:id="rId_header1"/></w:sectPr>',
        parts={
            "styles": '<w:style w:styleId="a"><w:basedOn w:val="a"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>',
            "numbering": '<w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0"><w:start w:val="1"/><w:lvlText w:val="%1"/></w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>',
            "footnotes": f'<w:footnote w:id="7">{paragraph("注9件")}</w:footnote>', "header1": paragraph("页眉"),
            "comments": f'<w:comment w:id="3" w:author="a">{paragraph("旧")}</w:comment>',
        },
    )  # fmt: skip


def bytes_changed(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 2, 5, 40))):
        at = chance.randrange(len(out))
        match chance.randrange(5):
            case 0:
                out[at] = chance.randrange(256)
            case 1:
                del out[at : at + chance.choice((1, 9, 300))]
            case 2:
                out[at:at] = out[chance.randrange(len(out)) :][: chance.choice((1, 9, 300))]
            case 3:
                out[at:at] = chance.choice(
                    (b"\x00", b"\xff\xfe", b"%", b"obj", "１".encode(), b"\xd8\x00", b"99999999999")
                )
            case 4:
                del out[at:]
        if not out:
            return b"\x00"
    return bytes(out)


def tags_changed(data: bytes, chance: random.Random) -> bytes:
    """The XML of a part with elements lost, doubled, renamed, and values that no program writes."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        broken = chance.choice([*old.namelist(), "word/document.xml", "word/document.xml"])
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, _worse(text, chance) if name == broken else text)
    return made.getvalue()


def _worse(text: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 3, 10))):
        values = list(re.finditer(r'="([^"]*)"', text))
        elements = list(re.finditer(r"<(w:\w+)[^<>]*/>|<(w:\w+)(?:\s[^<>]*)?>[^<>]*</\2>", text))
        match chance.randrange(4):
            case 0 if values:
                one = chance.choice(values)
                wild = chance.choice(
                    ("", "-1", "99999999999999", "１", "x", "a" * 999, "%1%2%9", "../../x", "0", "7", "begin")
                )
                text = text[: one.start(1)] + wild + text[one.end(1) :]
            case 1 if elements:
                one = chance.choice(elements)
                text = text[: one.start()] + text[one.end() :]
            case 2 if elements:
                one, other = chance.choice(elements), chance.choice(elements)
                text = text[: one.start()] + other[0] + text[one.start() :]
            case _:
                names = re.findall(r"w:[a-zA-Z]+", text) or ["w:p"]
                text = text.replace(chance.choice(names), chance.choice(names), chance.choice((1, 2, -1)))
    return text


def well_formed(text: Text) -> None:
    last = 0
    for block in text.blocks:
        assert last <= block.start < block.end <= len(text.text)
        assert text.text[block.start : block.end].strip()
        last = block.end
    text.text.encode()


def tried(read: Callable[[], Text]) -> Text | None:
    since = time.process_time()
    try:
        text = read()
    except TextProblem:
        return None
    finally:
        assert time.process_time() - since < 5
    well_formed(text)
    return text


def annotated(data: bytes, text: Text, chance: random.Random) -> None:
    starts = [chance.randrange(len(text.text)) for _ in range(5)]
    notes = [Note(at, min(at + chance.randrange(9), len(text.text)), "a", "b") for at in starts]
    try:
        made = annotate(data, notes, text)
    except TextProblem:
        return  # a part that reading does not need is broken
    again = read_text(made, "b.docx")
    assert "".join(again.text.split()).startswith("".join(text.text.split())[:9])
    if text.kind == "docx":
        assert again.text == text.text
    package = zipfile.ZipFile(io.BytesIO(made))
    comments = [package.read(name) for name in package.namelist() if name.startswith("word/comments")]
    assert sum(part.count(b"<w:comment ") for part in comments) >= len(notes)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("change", [tags_changed, bytes_changed])
def test_word_files(change: Callable[[bytes, random.Random], bytes], seed: int) -> None:
    chance, read = random.Random(seed), 0
    for _ in range(40):
        data = change(rich_word(), chance)
        text = tried(lambda data=data: read_text(data, "a.docx", limits=LIMITS))
        if text is not None and text.kind == "docx":
            read += 1
            annotated(data, text, chance)
    assert read or change is bytes_changed


def test_our_own_export() -> None:
    stream, chance = io.BytesIO(), random.Random(3)
    write_official(report(), stream)
    for _ in range(20):
        data = tags_changed(stream.getvalue(), chance)
        text = tried(lambda data=data: read_text(data, "a.docx", limits=LIMITS))
        if text is not None:
            annotated(data, text, chance)


def test_plain_texts() -> None:
    chance = random.Random(4)
    sample = "某市总结\r\n一、成效\n　　全市高企1,272家，增长12.5%。\r— 3 —\n（一）企业\n" * 3
    for turn in range(150):
        data = bytes_changed(sample.encode(("utf-8", "gb18030", "utf-16")[turn % 3]), chance)
        text = tried(
            lambda data=data: read_text(data, "a.txt", limits=LIMITS) if data[:5] != b"%PDF-" else read_text(b"x", "a")
        )
        if text is not None and turn % 10 == 0:
            annotated(data, text, chance)


def test_pdf_files() -> None:
    chance, read = random.Random(5), 0
    for _ in range(150):
        data = bytes_changed(latin_pdf("Total 1,272 in 2025", "growth 12.5%", "- 1 -"), chance)
        found = answer(data, 10, 100_000)
        if "pages" in found:
            read += tried(lambda found=found: text_of(found, "a.pdf")) is not None
    assert read
