"""Uploads: what a file is and how it may be called."""

from __future__ import annotations

import io
import zipfile

import pytest

from keshu.office.filetypes import FileRefused, check_upload, detect_bytes, safe_name
from keshu.office.gbt9704 import write_official

from .office_documents import report
from .old_excel import compound


def zipped(*names: str, mimetype: str = "") -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        if mimetype:
            package.writestr("mimetype", mimetype)
        for name in names:
            package.writestr(name, "x")
    return stream.getvalue()


def document() -> bytes:
    stream = io.BytesIO()
    write_official(report(), stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (document(), "docx"),
        (zipped("xl/workbook.xml"), "xlsx"),
        (zipped("ppt/presentation.xml"), "pptx"),
        (zipped("OFD.xml", "Doc_0/Document.xml"), "ofd"),
        (zipped("a.txt"), "zip"),
        (zipped(mimetype="application/vnd.oasis.opendocument.text"), "odt"),
        (zipped(mimetype="application/vnd.oasis.opendocument.spreadsheet"), "ods"),
        (compound("WordDocument", b""), "doc"),
        (compound("Workbook", b""), "xls"),
        (compound("EncryptedPackage", b""), "encrypted"),
        (compound("Other", b""), "unknown"),
        (b"%PDF-1.4\n", "pdf"),
        (b"\x89PNG\r\n\x1a\n\x00", "png"),
        (b"\xff\xd8\xff\xe0\x00", "jpg"),
        (b"MZ\x90\x00\x03\x00\x00", "program"),
        (b"#!/bin/sh\n", "program"),
        (b"<!DOCTYPE html><p>", "html"),
        (b'<?xml version="1.0"?><svg/>', "xml"),
        (b"<svg onload='x'/>", "xml"),
        ("甲,乙\n1,2\n".encode("gbk"), "csv"),
        ("一段说明文字。\n第二段。".encode(), "txt"),
        (("汉" * 5000).encode()[:8192], "txt"),
        (b"BM is a word, not a picture", "txt"),
        (b"\x00\x01\x02", "unknown"),
    ],
)
def test_content_tells_the_kind(data: bytes, code: str) -> None:
    assert detect_bytes(data).code == code


def test_a_good_upload_is_known() -> None:
    assert check_upload("总结.docx", io.BytesIO(document())).mime.endswith("wordprocessingml.document")


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.pdf", b"", "empty"),
        ("a.pdf", b"MZ\x90\x00\x03\x00\x00", "kind"),
        ("a.pdf", b"\x89PNG\r\n\x1a\n\x00", "mismatch"),
        ("照片", b"\x89PNG\r\n\x1a\n\x00", "mismatch"),
        ("a.xlsx", compound("EncryptedPackage", b""), "encrypted"),
        ("a.html", b"<html><script>", "kind"),
        ("a.txt", b"<html><script>", "kind"),
        ("a.zip", zipped("a"), "kind"),
    ],
)
def test_a_bad_upload_is_refused_with_a_remedy(name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as caught:
        check_upload(name, io.BytesIO(data))
    assert caught.value.code == code
    assert caught.value.remedy.startswith("请")


def test_a_large_upload_is_refused() -> None:
    with pytest.raises(FileRefused, match="超过上限 1 MB"):
        check_upload("a.pdf", io.BytesIO(b"%PDF-" + bytes(2**20)), most=2**20)


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("总结（定稿）.docx", "总结（定稿）.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.pdf", "a.pdf"),
        ("报表\u202efdp.exe", "报表fdp.exe"),
        ("a\x00b\n.pdf", "ab.pdf"),
        ('a<b>:"c|?*.pdf', "a_b___c___.pdf"),
        ("con.pdf", "文件con.pdf"),
        ("...", "未命名"),
        ("", "未命名"),
        (".pdf", "未命名.pdf"),
        ("甲" * 100 + ".docx", "甲" * 58 + ".docx"),
    ],
)
def test_names_are_made_safe(name: str, kept: str) -> None:
    assert safe_name(name) == kept
    assert len(safe_name(name).encode()) <= 180
