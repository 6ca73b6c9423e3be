"""Read a document back: its text in printed order, and the marks that are still in it.

Reads .docx, .odt and plain text itself; .doc, .rtf and .wps go through LibreOffice first.
"""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Literal

from .reading.encodings import decode
from .reading.packages import PackageBomb, PackageBroken, parse_part, read_part
from .soffice import OfficeProblem, convert
from .word.marks_part import NAMESPACE, Embedded, read_marks_part
from .word.ooxml import MC, Element, wt

_TEXT = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_LOEXT = "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0"
_MOST_BYTES = 64 * 2**20  # of one part; a summary's text is a few hundred kilobytes
_THROUGH_OFFICE = {".doc", ".rtf", ".wps"}


class DocumentUnreadable(OfficeProblem):
    pass


@dataclass(frozen=True)
class Mark:
    """A mark found in a document; `start` and `end` are its place in the plain text."""

    id: str
    found_text: str
    by: Literal["control", "bookmark"]
    start: int
    end: int


@dataclass(frozen=True)
class Marks:
    """`embedded` and `metadata` are what the file was written with; LibreOffice keeps them only in .docx."""

    figures: tuple[Mark, ...]
    plain_text: str
    embedded: dict[str, Embedded] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)


def read_marks(path: Path) -> Marks:
    """Read by content, not by name; plain text has no marks but its words."""
    data = path.read_bytes()
    if data[:4] == b"PK\x03\x04":
        return _read_package(path)
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" or data[:5] == b"{\\rtf":
        with tempfile.TemporaryDirectory(prefix="keshu-read-") as folder:
            source = path
            if path.suffix.lower() not in _THROUGH_OFFICE:
                source = Path(folder) / ("in.rtf" if data[:1] == b"{" else "in.doc")
                source.write_bytes(data)
            return _read_package(convert(source, "docx", Path(folder) / "out"))
    return Marks((), _decoded(data, path.name))


def _decoded(data: bytes, name: str) -> str:
    found = decode(data)
    if found is not None and "\x00" not in found[0]:
        return found[0].replace("\r\n", "\n").replace("\r", "\n")
    raise DocumentUnreadable(f"“{name}”不是可读的文档。", "请提供 .docx、.odt、.doc 或纯文本文件。")


def _read_package(path: Path) -> Marks:
    with path.open("rb") as stream:
        return read_marks_from(stream, path.name)


def read_marks_from(stream: IO[bytes], name: str = "文档") -> Marks:
    """Read an open .docx or .odt."""
    try:
        with zipfile.ZipFile(stream) as package:
            names = set(package.namelist())
            if "word/document.xml" in names:
                return _read_docx(package)
            if "content.xml" in names and b"opendocument.text" in _part(package, "mimetype"):
                return _read_odt(package)
    except (zipfile.BadZipFile, PackageBroken, NotImplementedError) as broken:
        raise DocumentUnreadable(f"“{name}”已损坏，无法打开。", "请重新导出或用 Word 打开修复后另存。") from broken
    raise DocumentUnreadable(f"“{name}”不是 Word 文档。", "请提供 .docx、.odt、.doc 或纯文本文件。")


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    try:
        return read_part(package, name, _MOST_BYTES)
    except PackageBomb as bomb:
        raise DocumentUnreadable("文档内容过大，未予打开。", "请确认文件来源；正常的总结不会超过 64 MB。") from bomb


class _Reader:
    """Collects text line by line, and marks with their places in it."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self.length = 0
        self._open: dict[str, tuple[str, int]] = {}
        self.marks: list[tuple[str, Literal["control", "bookmark"], int, int]] = []

    def add(self, text: str) -> None:
        self._pieces.append(text)
        self.length += len(text)

    def open_bookmark(self, key: str, name: str) -> None:
        self._open[key] = (name, self.length)

    def close_bookmark(self, key: str) -> None:
        if key in self._open:
            name, start = self._open.pop(key)
            self.marks.append((name, "bookmark", start, self.length))

    def control(self, name: str, start: int) -> None:
        self.marks.append((name, "control", start, self.length))

    def finish(self, embedded: dict[str, Embedded], metadata: dict[str, str]) -> Marks:
        text = "".join(self._pieces)
        figures = sorted(
            (Mark(name, text[start:end].strip("\n"), by, start, end) for name, by, start, end in self.marks),
            key=lambda mark: (mark.start, mark.by, mark.id),
        )
        return Marks(tuple(figures), text, embedded, metadata)


def _read_docx(package: zipfile.ZipFile) -> Marks:
    reader = _Reader()
    _walk_docx(parse_part(_part(package, "word/document.xml")), reader)
    embedded: dict[str, Embedded] = {}
    metadata: dict[str, str] = {}
    for name in package.namelist():
        if name.startswith("customXml/item") and name.endswith(".xml") and "Props" not in name:
            root = parse_part(_part(package, name))
            if root.tag == f"{{{NAMESPACE}}}document":
                embedded, metadata = read_marks_part(root)
    return reader.finish(embedded, metadata)


# Words that are in the file but not on the page: deleted, moved away, hidden, codes of fields, and the
# copy of a drawing for old programs.
_NOT_PRINTED = {wt("pPr"), wt("rPr"), wt("del"), wt("moveFrom"), wt("instrText"), wt("delText"), f"{{{MC}}}Fallback"}
_CHARACTERS = {wt("tab"): "\t", wt("br"): "\n", wt("cr"): "\n", wt("noBreakHyphen"): "-", wt("softHyphen"): ""}


def _walk_docx(element: Element, reader: _Reader) -> None:
    tag = element.tag
    if not isinstance(tag, str) or tag in _NOT_PRINTED:
        return
    if tag == wt("t"):
        reader.add(element.text or "")
    elif tag in _CHARACTERS:
        reader.add(_CHARACTERS[tag])
    elif tag == wt("bookmarkStart"):
        reader.open_bookmark(element.get(wt("id"), ""), element.get(wt("name"), ""))
    elif tag == wt("bookmarkEnd"):
        reader.close_bookmark(element.get(wt("id"), ""))
    elif tag == wt("sdt"):
        _walk_control(element, reader)
    elif tag == wt("r") and _hidden(element):
        return
    else:
        for child in element:
            _walk_docx(child, reader)
        if tag == wt("p"):
            reader.add("\n")


def _walk_control(element: Element, reader: _Reader) -> None:
    tag = element.find(f"{wt('sdtPr')}/{wt('tag')}")
    content = element.find(wt("sdtContent"))
    start = reader.length
    # An emptied control shows a prompt in the place of its words.
    if content is not None and element.find(f"{wt('sdtPr')}/{wt('showingPlcHdr')}") is None:
        for child in content:
            _walk_docx(child, reader)
    if tag is not None and tag.get(wt("val")):
        reader.control(tag.get(wt("val"), ""), start)


def _hidden(run: Element) -> bool:
    vanish = run.find(f"{wt('rPr')}/{wt('vanish')}")
    return vanish is not None and vanish.get(wt("val"), "1") not in ("0", "false", "off")


def _read_odt(package: zipfile.ZipFile) -> Marks:
    reader = _Reader()
    body = parse_part(_part(package, "content.xml")).find(f"{{{_OFFICE}}}body")
    if body is not None:
        _walk_odt(body, reader)
    return reader.finish({}, {})


def _odt(name: str) -> str:
    return f"{{{_TEXT}}}{name}"


_ODT_SKIPPED = {_odt("tracked-changes"), _odt("note"), _odt("sequence-decls"), f"{{{_OFFICE}}}annotation"}
_ODT_LINES = {_odt("p"), _odt("h")}


def _odt_name(element: Element) -> str:
    return element.get(_odt("name"), "")


_ODT_ACTS: dict[str, Callable[[Element, _Reader], None]] = {
    _odt("s"): lambda element, reader: reader.add(" " * int(element.get(_odt("c"), "1"))),
    _odt("tab"): lambda _, reader: reader.add("\t"),
    _odt("line-break"): lambda _, reader: reader.add("\n"),
    _odt("bookmark-start"): lambda element, reader: reader.open_bookmark(_odt_name(element), _odt_name(element)),
    _odt("bookmark-end"): lambda element, reader: reader.close_bookmark(_odt_name(element)),
}


def _walk_odt(element: Element, reader: _Reader, printed: bool = False) -> None:
    """OpenDocument keeps words in text and tail of its elements; only those inside a paragraph are printed."""
    tag = element.tag
    if tag in _ODT_SKIPPED or not isinstance(tag, str):
        return
    start = reader.length
    act = _ODT_ACTS.get(tag)
    if act is not None:
        act(element, reader)
    printed = printed or tag in _ODT_LINES
    if printed and element.text:
        reader.add(element.text)
    for child in element:
        _walk_odt(child, reader, printed)
        if printed and child.tail:
            reader.add(child.tail)
    if tag in _ODT_LINES:
        reader.add("\n")
    elif tag == f"{{{_LOEXT}}}content-control" and element.get(f"{{{_LOEXT}}}tag"):
        reader.control(element.get(f"{{{_LOEXT}}}tag", ""), start)
