"""What a file is, by its content; what may be uploaded; under which name it may be kept."""

from __future__ import annotations

import re
import unicodedata
import zipfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .soffice import OfficeProblem

MEGABYTE = 2**20
_HEAD = 8192
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class FileRefused(OfficeProblem):
    """`code` is stable: empty, too-large, kind, mismatch, encrypted, unsafe."""

    def __init__(self, code: str, message: str, remedy: str) -> None:
        super().__init__(message, remedy)
        self.code = code


@dataclass(frozen=True)
class FileKind:
    """`extensions` begins with the one a file of this kind is kept under."""

    code: str
    name: str
    mime: str
    extensions: tuple[str, ...]
    most: int = 50 * MEGABYTE


def _office(code: str, name: str, part: str, *others: str) -> FileKind:
    return FileKind(code, name, f"application/vnd.openxmlformats-officedocument.{part}", (code, *others))


def _open(code: str, name: str, part: str) -> FileKind:
    return FileKind(code, name, f"application/vnd.oasis.opendocument.{part}", (code,))


_ALL = (
    FileKind("pdf", "PDF 文档", "application/pdf", ("pdf",), 100 * MEGABYTE),
    FileKind("ofd", "OFD 版式文档", "application/ofd", ("ofd",), 100 * MEGABYTE),
    _office("docx", "Word 文档", "wordprocessingml.document"),
    _office("xlsx", "Excel 工作簿", "spreadsheetml.sheet"),
    _office("pptx", "PowerPoint 演示文稿", "presentationml.presentation"),
    FileKind("doc", "Word 97 文档", "application/msword", ("doc", "wps")),
    FileKind("xls", "Excel 97 工作簿", "application/vnd.ms-excel", ("xls", "et")),
    FileKind("ppt", "PowerPoint 97 演示文稿", "application/vnd.ms-powerpoint", ("ppt", "dps")),
    _open("odt", "OpenDocument 文本", "text"),
    _open("ods", "OpenDocument 电子表格", "spreadsheet"),
    FileKind("rtf", "RTF 文档", "application/rtf", ("rtf", "doc")),
    FileKind("png", "PNG 图片", "image/png", ("png",), 20 * MEGABYTE),
    FileKind("jpg", "JPEG 图片", "image/jpeg", ("jpg", "jpeg"), 20 * MEGABYTE),
    FileKind("tif", "TIFF 图片", "image/tiff", ("tif", "tiff")),
    FileKind("gif", "GIF 图片", "image/gif", ("gif",), 20 * MEGABYTE),
    FileKind("bmp", "BMP 图片", "image/bmp", ("bmp",), 20 * MEGABYTE),
    FileKind("zip", "ZIP 压缩包", "application/zip", ("zip",), 200 * MEGABYTE),
    FileKind("rar", "RAR 压缩包", "application/vnd.rar", ("rar",), 200 * MEGABYTE),
    FileKind("7z", "7z 压缩包", "application/x-7z-compressed", ("7z",), 200 * MEGABYTE),
    FileKind("csv", "CSV 文本表格", "text/csv", ("csv", "tsv", "txt")),
    FileKind("txt", "纯文本", "text/plain", ("txt", "csv", "tsv", "md")),
    FileKind("html", "网页", "text/html", ("html", "htm")),
    FileKind("xml", "XML 文件", "application/xml", ("xml",)),
    FileKind("encrypted", "加密的 Office 文件", "application/encrypted", ("xlsx", "docx", "xls", "doc", "pptx")),
    FileKind("program", "可执行程序", "application/octet-stream", ("exe", "dll", "com", "scr")),
    FileKind("unknown", "无法识别的文件", "application/octet-stream", ()),
)
KINDS: dict[str, FileKind] = {kind.code: kind for kind in _ALL}

# What proves a record: papers, tables, scans. No archives (nobody can see what is in them), no pages, no programs.
ATTACHMENTS = frozenset({"pdf", "ofd", "docx", "xlsx", "doc", "xls", "odt", "ods", "png", "jpg", "tif", "txt", "csv"})

_SIGNS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"\xff\xd8\xff", "jpg"),
    (b"II*\x00", "tif"),
    (b"MM\x00*", "tif"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"{\\rtf", "rtf"),
    (b"Rar!\x1a\x07", "rar"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"#!", "program"),
)
_OLE_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)


def detect(stream: IO[bytes]) -> FileKind:
    """The kind of an open, seekable file by its content alone; leaves the stream at its beginning."""
    stream.seek(0)
    head = stream.read(_HEAD)
    try:
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return KINDS[_zipped(stream)]
        if head.startswith(_OLE):
            stream.seek(0)
            return KINDS[_compound(stream.read(64 * MEGABYTE))]
    finally:
        stream.seek(0)
    for sign, code in _SIGNS:
        # Two letters prove little: a text may well begin with BM or MZ.
        if head.startswith(sign) and (len(sign) > 2 or code == "program" or b"\x00" in head[:64]):
            return KINDS["unknown" if code == "program" and _as_text(head) and sign == b"MZ" else code]
    return KINDS[_text_kind(head)]


def detect_bytes(data: bytes) -> FileKind:
    import io

    return detect(io.BytesIO(data))


def _zipped(stream: IO[bytes]) -> str:
    try:
        with zipfile.ZipFile(stream) as package:
            names = set(package.namelist())
            if "mimetype" in names and package.getinfo("mimetype").file_size < 200:
                declared = package.read("mimetype").decode("ascii", "replace").strip()
                return {"odt": "odt", "text": "odt", "spreadsheet": "ods"}.get(declared.rpartition(".")[2], "zip")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError):
        return "unknown"
    for part, code in (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx")):
        if part in names:
            return code
    if any(re.fullmatch(r"word/document\d*\.xml", name) for name in names):
        return "docx"  # Word on the web numbers the part
    if "xl/workbook.bin" in names:
        return "unknown"  # .xlsb: nothing here reads it
    return "ofd" if "OFD.xml" in names else "zip"


def _compound(data: bytes) -> str:
    """By the names of the streams in the directory, which are UTF-16."""
    for stream, code in _OLE_STREAMS:
        if (stream + "\x00").encode("utf-16-le") in data:
            return code
    return "unknown"


def _as_text(head: bytes) -> str | None:
    """The beginning as text, or None; a character torn at the end does not count."""
    for encoding in ("utf-8-sig", "gb18030"):
        for cut in range(4):
            try:
                text = head[: len(head) - cut].decode(encoding)
            except UnicodeDecodeError:
                continue
            return None if "\x00" in text else text
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", "ignore")
    return None


def _text_kind(head: bytes) -> str:
    text = _as_text(head)
    if text is None or any(unicodedata.category(letter) == "Cc" and letter not in "\t\n\r\f\x1a" for letter in text):
        return "unknown"
    start = text.lstrip().lower()
    if re.match(r"<!doctype html|<html|<head|<body|<table|<script", start):
        return "html"
    if start.startswith(("<?xml", "<svg")):
        return "html" if "<html" in start else "xml"
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    for separator in (",", "\t", ";"):
        if len(lines) > 1 and all(separator in line for line in lines[:-1]):
            return "csv"
    return "txt"


def check_upload(
    name: str, stream: IO[bytes], *, allowed: Collection[str] = ATTACHMENTS, most: int | None = None
) -> FileKind:
    """The kind of an uploaded file, or `FileRefused` with a sentence and what to do.

    Content decides; a name that says something else is refused, because whoever opens the file later would
    open it with the wrong program.
    """
    stream.seek(0, 2)
    size = stream.tell()
    if size == 0:
        raise FileRefused("empty", f"“{name}”是空文件（0 字节）。", "请检查原文件后重新上传。")
    kind = detect(stream)
    if kind.code == "encrypted":
        raise FileRefused("encrypted", f"“{name}”设有打开密码。", "请在 Office 中取消密码、另存后重新上传。")
    if kind.code not in allowed:
        names = "、".join(one.name for one in _ALL if one.code in allowed)
        raise FileRefused("kind", f"“{name}”的内容是{kind.name}，不在允许的类型之内。", f"请上传：{names}。")
    limit = most if most is not None else kind.most
    if size > limit:
        raise FileRefused(
            "too-large",
            f"“{name}”有 {size / MEGABYTE:.1f} MB，超过上限 {limit / MEGABYTE:g} MB。",
            "请压缩图片、降低扫描分辨率或拆分后重新上传。",
        )
    extension = Path(name).suffix.lower().lstrip(".")
    if extension not in kind.extensions:
        shown = f"扩展名是 .{extension}" if extension else "没有扩展名"
        raise FileRefused(
            "mismatch",
            f"“{name}”{shown}，内容却是{kind.name}。",
            f"请确认文件无误，把扩展名改为 .{kind.extensions[0]} 后重新上传。",
        )
    return kind


_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)$")


def safe_name(name: str, *, most_bytes: int = 180) -> str:
    """The name without folders, control and direction characters and what Windows forbids; its extension is kept.

    A direction mark could show 报表fdp.exe as 报表exe.pdf.
    """
    last = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    kept = "".join(letter for letter in last if unicodedata.category(letter) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    kept = re.sub(r'[<>:"|?*]', "_", kept).lstrip(" ").rstrip(" .")
    stem, dot, extension = kept.rpartition(".")
    if not dot or len(extension) > 10:
        stem, extension = kept, ""
    stem = stem.strip(" .")
    if not stem or _RESERVED.match(stem):
        stem = f"文件{stem}" if stem else "未命名"
    tail = f".{extension}" if extension else ""
    while len((stem + tail).encode()) > most_bytes:
        stem = stem[:-1]
    return stem + tail
