"""Files that are made to hurt: each gets a sentence with a remedy, soon, and within bounds of memory."""

from __future__ import annotations

import http.server
import io
import resource
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from keshu.office.annotating import Note, annotate
from keshu.office.gbt9704 import OfficialDocument, Paragraph, write_official
from keshu.office.soffice import convert
from keshu.office.texts import Limits, TextProblem, read_text

from .pdf_files import latin_pdf, pdf_file, stream
from .word_files import W, paragraph, run, table, word_file

SMALL = Limits(seconds=5)


def with_body(xml: str | bytes) -> bytes:
    """A package whose body part is exactly this."""
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(word_file(paragraph("x")))) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            new.writestr(entry.filename, xml if entry.filename == "word/document.xml" else old.read(entry))
    return made.getvalue()


def laughs(entity: str) -> bytes:
    return with_body(
        f'<!DOCTYPE x [{entity}]><w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>&a9;</w:t></w:r></w:p></w:body></w:document>'
    )


def billion() -> bytes:
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    return laughs(f'<!ENTITY a0 "ha">{rows}')


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"<w/>")
        with package.open("word/media/a.bin", "w", force_zip64=True) as part:
            for _ in range(520):
                part.write(bytes(2**20))
    return made.getvalue()


def lying() -> bytes:
    """The directory says ten bytes; the stream holds 80 MB."""
    data = bytearray(with_body(b" " * (80 * 2**20)))
    place = data.index(b"word/document.xml", data.index(b"PK\x01\x02"))
    central = data.rindex(b"PK\x01\x02", 0, place)
    data[central + 24 : central + 28] = (10).to_bytes(4, "little")
    return bytes(data)


def nested_tables() -> bytes:
    inner = paragraph("x")
    for _ in range(3000):
        inner = f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>"
    return word_file(inner)


def wide_document() -> bytes:
    return word_file("<w:p/>" * 10_000_000)


def many_attributes() -> bytes:
    attributes = " ".join(f'a{n}="1"' for n in range(1000))
    return word_file(f"<w:p {attributes}/>" * 8000)


def many_paragraphs() -> bytes:
    return word_file("".join(paragraph(f"第{n * 7919}段") for n in range(210_000)))


def deflated(size: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([packer.compress(bytes(2**20)) for _ in range(size)]) + packer.flush()


def huge_stream() -> bytes:
    return latin_pdf(content=deflated(300), more="/Filter /FlateDecode")


def looping_pages() -> bytes:
    return pdf_file("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 99999999 >>")


def looping_content() -> bytes:
    form = "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /F 3 0 R >> >>"
    page = (
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 5 0 R /Resources << /XObject << /F 3 0 R >> >> >>"
    )
    return pdf_file(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [4 0 R] /Count 1 >>",
        stream(b"/F Do /F Do", form), page, stream(b"/F Do"),
    )  # fmt: skip


def deep_arrays() -> bytes:
    return latin_pdf("x", page=f"/Annots {'[' * 50_000}{']' * 50_000}")


def endless_operators() -> bytes:
    return latin_pdf(content=b"BT /F1 9 Tf " + b"(a) Tj 0 0 Td " * 3_000_000 + b"ET")


def truncated_zip() -> bytes:
    return word_file(paragraph("正文" * 500))[:600]


def wrong_sum() -> bytes:
    data = bytearray(word_file(paragraph("正文" * 500)))
    data[data.index(b"word/document.xml") + 40] ^= 0xFF
    return bytes(data)


HOSTILE: dict[str, tuple[str, Callable[[], bytes], str, str]] = {
    "billion laughs": ("a.docx", billion, "broken", "另存"),
    "external entity": ("a.docx", lambda: laughs('<!ENTITY a9 SYSTEM "file:///etc/passwd">'), "broken", "另存"),
    "zip bomb": ("a.docx", bomb, "bomb", "来源"),
    "sizes that lie": ("a.docx", lying, "broken", "另存"),
    "deeply nested tables": ("a.docx", nested_tables, "broken", "另存"),
    "ten million empty paragraphs": ("a.docx", wide_document, "too-much|bomb", "请"),
    "eight million attributes": ("a.docx", many_attributes, "too-much", "拆分"),
    "two hundred thousand paragraphs": ("a.docx", many_paragraphs, "too-much", "拆分"),
    "truncated zip": ("a.docx", truncated_zip, "broken", "重新下载"),
    "wrong checksum": ("a.docx", wrong_sum, "broken", "另存"),
    "no body": ("a.docx", lambda: with_body("<a/>"), "broken", "另存"),
    "empty document": ("a.docx", lambda: word_file("<w:p/>"), "no-text", "扫描件"),
    "strict": ("a.docx", lambda: with_body('<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"/>'), "kind", "Word 文档"),
    "empty file": ("a.docx", lambda: b"", "empty", "重新"),
    "200 MB": ("a.docx", lambda: bytes(200 * 2**20), "too-large", "拆分"),
    "200 MB of text": ("a.txt", lambda: "高企1家\n".encode() * (90 * 2**20 // 11), "too-much", "拆分"),
    "a picture": ("a.docx", lambda: b"\x89PNG\r\n\x1a\n" + bytes(99), "kind", "OCR"),
    "a program": ("a.txt", lambda: b"MZ\x90\x00\x03" + bytes(range(256)) * 9, "kind", "提供"),
    "a workbook": ("a.docx", lambda: _zip("xl/workbook.xml"), "kind", "Word"),
    "an archive": ("a.zip", lambda: _zip("b.txt"), "kind", "解压"),
    "a web page": ("a.txt", lambda: b"<!DOCTYPE html><html></html>", "kind", "浏览器"),
    "NULs": ("a.txt", lambda: "高企\x00家".encode() * 9, "broken|kind", "请"),
    "random bytes": ("a.txt", lambda: zlib.compress(bytes(range(256)) * 9), "broken|kind", "请"),
    "an empty PDF": ("a.pdf", lambda: b"%PDF-1.7\n", "broken", "打印"),
    "a PDF of pages in a circle": ("a.pdf", looping_pages, "broken|too-much|slow|no-text", "请"),
    "a PDF of forms in a circle": ("a.pdf", looping_content, "no-text|broken|slow", "请"),
    "a PDF with a huge stream": ("a.pdf", huge_stream, "too-much|slow|broken|no-text", "请"),
    "a PDF with deep arrays": ("a.pdf", deep_arrays, "broken|slow|too-much|read", "请"),
    "a PDF without end": ("a.pdf", endless_operators, "slow|too-much", "请"),
    "a broken .doc": ("a.doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument\0".encode("utf-16-le") * 99, "broken|slow", "另存为 .docx"),
    "a .wps of another program": ("a.wps", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "kind", "另存为 .docx"),
    "XML of Word 2003": ("a.doc", lambda: b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><a/>', "kind", "另存为 .docx"),
    "a locked .docx": ("a.docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage\0".encode("utf-16-le") * 99, "encrypted", "密码"),
}  # fmt: skip


def _zip(name: str) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as package:
        package.writestr(name, "x")
    return made.getvalue()


def refused(data: bytes, name: str) -> TextProblem | None:
    try:
        read_text(data, name, limits=SMALL)
    except TextProblem as problem:
        return problem
    return None


@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gets_a_sentence(case: str) -> None:
    name, make, codes, remedy = HOSTILE[case]
    data = make()
    before, since, spent = _peak(), time.monotonic(), time.process_time()
    problem = refused(data, name)
    assert time.process_time() - spent < 12
    assert time.monotonic() - since < 60
    assert _peak() - before < 1500 * 2**20
    assert (problem.code if problem else "read") in codes.split("|")
    if problem:
        assert remedy in problem.remedy
        assert f"“{name}”" in problem.message


def _peak() -> int:
    """Bytes that this process has had at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def test_a_million_empty_paragraphs_are_passed_over() -> None:
    since = time.process_time()
    text = read_text(word_file("<w:p/>" * 1_000_000, paragraph("末段1家")), "a.docx")
    assert text.text == "末段1家\n"
    assert time.process_time() - since < 10


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(TextProblem, match=r"找不到文件.*核对路径"):
        read_text(Path("/nowhere/a.docx"))


def test_tables_nested_as_deep_as_the_parser_allows_are_read_and_annotated() -> None:
    inner = paragraph("底12家")
    for _ in range(60):
        inner = table(("上",)).replace("</w:tbl>", f"<w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl>")
    data = word_file(inner, paragraph(run("后")))
    text = read_text(data, "a.docx")
    assert "底12家" in text.text
    assert all(len(block.where) < 100 for block in text.blocks)
    start = text.text.index("12")
    assert read_text(annotate(data, [Note(start, start + 2, "a", "b")], text), "b.docx").text == text.text


def test_three_thousand_notes_on_one_paragraph_do_not_take_squares_of_time() -> None:
    data = word_file(paragraph(run("一二三四五六七八九十" * 1000)))
    text = read_text(data, "a.docx")
    since = time.process_time()
    annotate(data, [Note(n, n + 5, "a", "b") for n in range(0, 9000, 3)], text)
    assert time.process_time() - since < 10


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def _note(self) -> None:
            asked.append(self.path)
            self.send_response(404)
            self.end_headers()

        do_GET = do_HEAD = do_OPTIONS = do_PROPFIND = _note

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/x.png", asked
    server.shutdown()


def test_libreoffice_fetches_nothing_that_a_document_links_to(tmp_path: Path, listener: tuple[str, list[str]]) -> None:
    address, asked = listener
    source = tmp_path / "a.docx"
    write_official(OfficialDocument("总结", (Paragraph("正文"),)), source)
    made = zipfile.ZipFile(convert(source, "odt", tmp_path / "odt"))
    picture = (
        '<text:p><draw:frame svg:width="5cm" svg:height="5cm" text:anchor-type="as-char">'
        f'<draw:image xlink:href="{address}" xlink:type="simple"/></draw:frame></text:p>'
    )
    linked = io.BytesIO()
    with zipfile.ZipFile(linked, "w") as package:
        for entry in made.infolist():
            data = made.read(entry)
            if entry.filename == "content.xml":
                place = data.index(b"<text:p")
                data = data[:place] + picture.encode() + data[place:]
            package.writestr(entry, data)
    assert "正文" in read_text(linked.getvalue(), "a.odt").text
    assert asked == []


def test_the_reader_of_pdf_keeps_its_limits_by_itself() -> None:
    command = [sys.executable, "-m", "keshu.office.texts.pdf_worker", "2", str(1024 * 2**20), "10", "1000000"]
    done = subprocess.run(command, input=endless_operators(), capture_output=True, timeout=30, check=False)
    assert done.returncode < 0 or b"problem" in done.stdout
