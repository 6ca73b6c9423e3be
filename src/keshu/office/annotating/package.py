"""The same package with comments: only the body, the comments, their relation and their content type are written anew."""

from __future__ import annotations

import copy
import io
import posixpath
import shutil
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from lxml import etree

from keshu.office.reading.packages import BROKEN, Element
from keshu.office.texts.word_package import WordPackage
from keshu.office.texts.word_reader import WordText
from keshu.office.word.ooxml import XML, clean, root_of, w, wt

from .model import Note
from .ranges import Anchor, Ranges

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MACROS = ("vbaProject.bin", "vbaData.xml", "vbaProject.bin.rels")
_CONTENT_TYPES = "[Content_Types].xml"


def write_commented(
    package: WordPackage, read: WordText, ranges: Ranges, notes: Sequence[Note], at: datetime | None
) -> bytes:
    root = read.roots[read.main]
    comments, path, fresh = _comments(package, read.main)
    number = 1 + max(_numbers(comments, wt("comment")) | _numbers(root, wt("commentRangeStart")), default=-1)
    for note in notes:
        ranges.cut(note.start)
        ranges.cut(note.end)
    anchors = [ranges.anchor(note.start, note.end) for note in notes]
    for place, (note, anchor) in enumerate(zip(notes, anchors, strict=True), number):
        comments.append(_comment(place, note, anchor, at))
    ranges.mark(list(enumerate(anchors, number)))
    changed = {read.main: root, path: comments}
    relations = _relations_path(read.main)
    if fresh or package.has_macros:
        changed[relations] = _related(package, relations, path if fresh else "", read.main)
    changed[_CONTENT_TYPES] = _typed(package, path if fresh else "", read.main)
    return _written(package, changed)


def _relations_path(main: str) -> str:
    folder, _, file = main.rpartition("/")
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _comments(package: WordPackage, main: str) -> tuple[Element, str, bool]:
    """(root of the comments, path of their part, whether it is new)."""
    for relation in package.relations.values():
        if relation.kind == "comments" and relation.target in package.names:
            return package.part(relation.target), relation.target, False
    folder = posixpath.dirname(main)
    place = 0
    while (path := posixpath.join(folder, f"comments{place or ''}.xml")) in package.names:
        place += 1
    return w("comments"), path, True


def _numbers(root: Element, tag: str) -> set[int]:
    values = (element.get(wt("id"), "") for element in root.iter(tag))
    return {int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 10}


def _comment(number: int, note: Note, anchor: Anchor, at: datetime | None) -> Element:
    author = note.author or "核校"
    element = w("comment", id=number, author=author, initials=author[:2])
    if at is not None:
        element.set(wt("date"), at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    words = (f"【{note.label}】" if note.label else "") + note.text + anchor.lead
    for place, line in enumerate(words.split("\n")):
        element.append(_paragraph(line, first=place == 0))
    return element


def _paragraph(line: str, *, first: bool) -> Element:
    """Set by itself: the type of an official document is too large, and too widely spaced, for a margin."""
    words = w("t")
    words.text = clean(line)
    words.set(f"{{{XML}}}space", "preserve")
    small = w("rPr", w("sz", val=18), w("szCs", val=18))
    form = w(
        "pPr",
        w("spacing", before=0, after=0, line=240, lineRule="auto"),
        w("ind", left=0, firstLine=0, firstLineChars=0),
        w("jc", val="left"),
    )
    return w("p", form, w("r", w("annotationRef")) if first else None, w("r", small, words))


def _related(package: WordPackage, path: str, comments: str, main: str) -> Element:
    """The relations of the body with one for the comments, without one for macros."""
    root = copy.deepcopy(package.part(path)) if path in package.names else root_of(_RELATIONS, "Relationships")
    for one in list(root):
        if one.get("Type", "").endswith("/vbaProject"):
            root.remove(one)
    if comments:
        taken = {one.get("Id") for one in root}
        name = next(name for name in (f"rIdComments{n or ''}" for n in range(len(taken) + 1)) if name not in taken)
        target = posixpath.relpath(comments, posixpath.dirname(main) or ".")
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=name, Type=_COMMENTS, Target=target)
    return root


def _typed(package: WordPackage, comments: str, main: str) -> Element:
    root = package.part(_CONTENT_TYPES)
    for one in list(root):
        if one.get("PartName", "").endswith(_MACROS):
            root.remove(one)
        elif one.get("PartName") == f"/{main}":
            one.set("ContentType", f"{_WORD}.document.main+xml")  # templates and files with macros become documents
    if comments:
        kind = f"{_WORD}.comments+xml"
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{comments}", ContentType=kind)
    return root


def _written(package: WordPackage, changed: dict[str, Element]) -> bytes:
    stream = io.BytesIO()
    left = dict(changed)
    try:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as copied:
            for entry in package.zip.infolist():
                if entry.filename.endswith(_MACROS) or entry.is_dir():
                    continue
                if entry.filename in changed:
                    if entry.filename in left:
                        copied.writestr(_entry(entry), _bytes(left.pop(entry.filename)))
                    continue
                with package.zip.open(entry) as source, copied.open(_entry(entry), "w") as target:
                    shutil.copyfileobj(source, target, 2**20)
            for name, root in left.items():
                copied.writestr(_entry(zipfile.ZipInfo(name)), _bytes(root))
    except BROKEN as broken:
        raise package.broken() from broken
    return stream.getvalue()


def _entry(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(entry.filename, entry.date_time)
    made.compress_type, made.external_attr = zipfile.ZIP_DEFLATED, entry.external_attr
    return made


def _bytes(root: Element) -> bytes:
    return bytes(etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8", standalone=True))
