"""The .docx file: parts, relations, content types. The same document gives the same bytes."""

from __future__ import annotations

import zipfile
from datetime import UTC, datetime
from typing import IO

from lxml import etree

from .body import body, footer
from .marks_part import marks_part, part_properties
from .model import OfficialDocument, marks_of
from .ooxml import Element, clean, root_of, to_bytes, w
from .styles import font_table, settings, styles

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the files inside carry no time, so that equal documents are equal files

_OVERRIDES = {
    "/word/document.xml": f"{_WORD}.document.main+xml",
    "/word/styles.xml": f"{_WORD}.styles+xml",
    "/word/settings.xml": f"{_WORD}.settings+xml",
    "/word/fontTable.xml": f"{_WORD}.fontTable+xml",
    "/word/footer1.xml": f"{_WORD}.footer+xml",
    "/word/footer2.xml": f"{_WORD}.footer+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
}
_ROOT = {
    "rId1": (f"{_OFFICE}/officeDocument", "word/document.xml"),
    "rId2": (
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml",
    ),
    "rId3": (f"{_OFFICE}/extended-properties", "docProps/app.xml"),
}
_DOCUMENT = {
    "rId1": (f"{_OFFICE}/styles", "styles.xml"),
    "rId2": (f"{_OFFICE}/settings", "settings.xml"),
    "rId3": (f"{_OFFICE}/fontTable", "fontTable.xml"),
    "rIdOdd": (f"{_OFFICE}/footer", "footer1.xml"),
    "rIdEven": (f"{_OFFICE}/footer", "footer2.xml"),
    "rIdMarks": (f"{_OFFICE}/customXml", "../customXml/item1.xml"),
}
_ITEM = {"rId1": (f"{_OFFICE}/customXmlProps", "itemProps1.xml")}


def write_package(document: OfficialDocument, stream: IO[bytes]) -> None:
    parts: dict[str, Element] = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations(_ROOT),
        "word/document.xml": w("document", body(document)),
        "word/_rels/document.xml.rels": _relations(_DOCUMENT),
        "word/styles.xml": styles(),
        "word/settings.xml": settings(),
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer("right"),
        "word/footer2.xml": footer("left"),
        "customXml/item1.xml": marks_part(marks_of(document), document.metadata),
        "customXml/itemProps1.xml": part_properties(document.metadata),
        "customXml/_rels/item1.xml.rels": _relations(_ITEM),
        "docProps/core.xml": _core(document),
        "docProps/app.xml": _app(),
    }
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, root in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, to_bytes(root))


def _content_types() -> Element:
    root = root_of(_TYPES, "Types")
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    for extension, kind in (("rels", relations), ("xml", "application/xml")):
        etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
    for name, kind in _OVERRIDES.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=name, ContentType=kind)
    return root


def _relations(relations: dict[str, tuple[str, str]]) -> Element:
    root = root_of(_RELATIONS, "Relationships")
    for name, (kind, target) in relations.items():
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=name, Type=kind, Target=target)
    return root


def _core(document: OfficialDocument) -> Element:
    root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    etree.SubElement(root, f"{{{_DC}}}title").text = clean(document.title.replace("\n", ""))
    etree.SubElement(root, f"{{{_DC}}}creator").text = clean(document.organ)
    made_at = document.metadata.made_at
    if made_at is not None:
        created = etree.SubElement(root, f"{{{_TERMS}}}created")
        created.set(f"{{{_XSI}}}type", "dcterms:W3CDTF")
        created.text = _utc(made_at).strftime("%Y-%m-%dT%H:%M:%SZ")
    return root


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def _app() -> Element:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    root = root_of(space, "Properties")
    etree.SubElement(root, f"{{{space}}}Application").text = "Keshu"
    return root
