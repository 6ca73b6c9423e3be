"""Read any file that a clerk may drop: what it is by its content, within limits, or a sentence that says what to do."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

from keshu.office.filetypes import KINDS, MEGABYTE, detect_bytes
from keshu.office.soffice import ConversionFailed, OfficeMissing, convert

from .model import Limits, Text, TextProblem
from .pdf import read_pdf
from .plain import read_plain
from .word_reader import read_docx

# What LibreOffice is asked to save as .docx first, with the name of its filter that reads it.
THROUGH_OFFICE = {"doc": "MS Word 97", "rtf": "Rich Text Format", "odt": "writer8"}
_PLAIN = {"txt", "csv", "unknown", "program", "bmp"}  # a text may begin with BM, MZ or #!, or hold a stray letter
_REMEDIES = {
    "encrypted": "请在 Word 中依次点“文件—信息—保护文档—用密码进行加密”，清空密码并保存后重试。",
    "html": "请用浏览器打开，把正文复制到 Word 或记事本中保存后重试。",
    "ofd": "请用 OFD 阅读器打开，另存为带文字的 PDF 或复制文字到 Word 后重试。",
    "xml": "请用 Word 打开，另存为 .docx 后重试。",
    "zip": "请先解压，再逐份检查其中的文件。",
    "xlsx": "表格请复制到 Word 中，或到“导入”页导入。",
    "xls": "表格请复制到 Word 中，或到“导入”页导入。",
}
_COMPOUND = b"\xd0\xcf\x11\xe0"  # how .doc, .wps and other files of the nineties begin
_PICTURES = {"png", "jpg", "tif", "gif"}
ACCEPTED = ".docx、.doc、.wps、.rtf、.odt、.pdf、.txt 或 .md"


def read_text(source: Path | bytes, name: str = "", *, limits: Limits | None = None) -> Text:
    """What the file says, in reading order; `TextProblem` says in Chinese what is wrong and what to do.

    The content decides what the file is; a name that says something else is noted. The string of a .txt or .md is
    the decoded file, so that offsets are those of `open(newline="")`; other files give one line for each paragraph.
    """
    limits = limits or Limits()
    data, name = load(source, name, limits)
    kind = kind_of(data, name)
    if kind == "docx":
        text = read_docx(data, name, limits).text
    elif kind == "pdf":
        text = read_pdf(data, name, limits)
    elif kind in THROUGH_OFFICE:
        converted = through_office(data, name, kind, limits)
        text = replace(read_docx(converted, name, limits).text, kind=kind)
        text = replace(text, notes=(*text.notes, f"{KINDS[kind].name}由 LibreOffice 转换后读取。"))
    else:
        text = read_plain(data, name, limits, kind=kind)
    if not text.blocks:
        raise TextProblem("no-text", f"“{name}”里没有文字。", "请确认选对了文件；扫描件和图片要先识别出文字。")
    return replace(text, notes=(*_misnamed(name, kind), *text.notes))


def load(source: Path | bytes, name: str, limits: Limits) -> tuple[bytes, str]:
    if isinstance(source, Path):
        name = name or source.name
        if not source.is_file():
            raise TextProblem("absent", f"找不到文件“{name}”。", "请核对路径和文件名。")
        size = source.stat().st_size
    else:
        name, size = name or "文件", len(source)
    if size == 0:
        raise TextProblem("empty", f"“{name}”是空文件（0 字节）。", "请检查原文件后重新选取。")
    if size > limits.bytes:
        raise TextProblem(
            "too-large",
            f"“{name}”有 {size / MEGABYTE:.1f} MB，超过上限 {limits.bytes // MEGABYTE} MB。",
            "请压缩或删去图片后另存，或拆分为几份文件。",
        )
    return (source.read_bytes() if isinstance(source, Path) else source), name


def kind_of(data: bytes, name: str) -> str:
    """docx, pdf, doc, rtf, odt, txt or md; `TextProblem` for anything else."""
    kind = detect_bytes(data)
    if kind.code in ("docx", "pdf", *THROUGH_OFFICE):
        return kind.code
    if kind.code in _PLAIN and _may_be_plain(data):
        return "md" if Path(name).suffix.lower() in (".md", ".markdown") else "txt"
    if kind.code == "encrypted":
        raise TextProblem("encrypted", f"“{name}”设有打开密码，无法读取。", _REMEDIES["encrypted"])
    if data.startswith(b"PK"):
        _refuse_damaged_zip(kind.code, name)
    if kind.code in _PICTURES:
        raise TextProblem(
            "kind", f"“{name}”是图片（{kind.name}），没有文字可读。", "请先用识别软件（OCR）转成 Word 后重试。"
        )
    remedy = _REMEDIES.get(kind.code, f"请提供 {ACCEPTED} 文件。")
    if data.startswith(_COMPOUND) and kind.code == "unknown":
        remedy = "请用 Word 或 WPS 打开，另存为 .docx 后重试。"
    raise TextProblem("kind", f"“{name}”的内容是{kind.name}，不是可以检查的文稿。", remedy)


def _refuse_damaged_zip(code: str, name: str) -> None:
    if code == "unknown" or (code == "zip" and Path(name).suffix.lower() in (".docx", ".docm", ".odt")):
        raise TextProblem(
            "broken",
            f"“{name}”已损坏或不完整，无法打开。",
            "请重新下载或拷贝；或用 Word、WPS 打开修复后另存为新的 .docx。",
        )


def _may_be_plain(data: bytes) -> bool:
    """Few control characters, if any; what is wrong with them in detail is said by the reader of plain text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return True
    head = data[:65536]
    if head.startswith((b"PK\x03\x04", _COMPOUND, b"\x7fELF")):
        return False
    strange = sum(head.count(bytes((value,))) for value in range(32) if value not in b"\t\n\r\f\v\x1a\x1b")
    return strange <= 2 + len(head) // 500


def _misnamed(name: str, kind: str) -> tuple[str, ...]:
    extension = Path(name).suffix.lower().lstrip(".")
    known = {"docx": ("docx", "docm", "dotx", "dotm"), "doc": ("doc", "wps", "dot", "wpt"), "md": ("md", "markdown")}
    fitting = known.get(kind, KINDS[kind].extensions if kind in KINDS else ())
    if not extension or extension in fitting or (kind == "txt" and extension not in KINDS):
        return ()
    called = KINDS[kind].name if kind in KINDS else kind
    return (f"文件扩展名是 .{extension}，内容却是{called}，已按内容读取。",)


def through_office(data: bytes, name: str, kind: str, limits: Limits) -> bytes:
    """The same document as .docx, made by LibreOffice."""
    with tempfile.TemporaryDirectory(prefix="keshu-text-") as folder:
        source = Path(folder) / f"in.{kind}"
        source.write_bytes(data)
        try:
            made = convert(source, "docx", Path(folder) / "out", limits.seconds, opened_as=THROUGH_OFFICE[kind])
            return made.read_bytes()
        except OfficeMissing as missing:
            raise TextProblem(
                "no-office",
                f"读取“{name}”（{KINDS[kind].name}）需要 LibreOffice，本机没有安装。",
                "请在 Word 或 WPS 中另存为 .docx 后重试；或请管理员安装 libreoffice-writer。",
            ) from missing
        except ConversionFailed as failed:
            code = "slow" if "超过" in failed.message else "broken"
            raise TextProblem(
                code, f"“{name}”无法打开，可能已损坏、加密或过大。", "请用 Word 或 WPS 打开，另存为 .docx 后重试。"
            ) from failed
