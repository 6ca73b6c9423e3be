"""The .docx file: parts, relations, content types. The same document gives the same bytes."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
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
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_CORE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_DC, _TERMS = "http://purl.org/dc/elements/1.1/", "http://purl.org/dc/terms/"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the files inside carry no time, so that equal documents are equal files

OVERRIDES = {
    "/word/document.xml": f"{WORD}.document.main+xml",
    "/word/styles.xml": f"{WORD}.styles+xml",
    "/word/settings.xml": f"{WORD}.settings+xml",
    "/word/fontTable.xml": f"{WORD}.fontTable+xml",
    "/word/footer1.xml": f"{WORD}.footer+xml",
    "/word/footer2.xml": f"{WORD}.footer+xml",
    "/docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    "/docProps/app.xml": "application/vnd.openxmlformats-officedocument.extended-properties+xml",
    "/customXml/itemProps1.xml": "application/vnd.openxmlformats-officedocument.customXmlProperties+xml",
}
ROOT = {
    "rId1": (f"{OFFICE}/officeDocument", "word/document.xml"),
    "rId2": (
        "http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties",
        "docProps/core.xml",
    ),
    "rId3": (f"{OFFICE}/extended-properties", "docProps/app.xml"),
}
_DOCUMENT = {
    "rId1": (f"{OFFICE}/styles", "styles.xml"),
    "rId2": (f"{OFFICE}/settings", "settings.xml"),
    "rId3": (f"{OFFICE}/fontTable", "fontTable.xml"),
    "rIdOdd": (f"{OFFICE}/footer", "footer1.xml"),
    "rIdEven": (f"{OFFICE}/footer", "footer2.xml"),
    "rIdMarks": (f"{OFFICE}/customXml", "../customXml/item1.xml"),
}
_ITEM = {"rId1": (f"{OFFICE}/customXmlProps", "itemProps1.xml")}


def write_package(document: OfficialDocument, stream: IO[bytes]) -> None:
    parts: dict[str, Element | bytes] = {
        "[Content_Types].xml": content_types(OVERRIDES),
        "_rels/.rels": relations(ROOT),
        "word/document.xml": w("document", body(document)),
        "word/_rels/document.xml.rels": relations(_DOCUMENT),
        "word/styles.xml": styles(),
        "word/settings.xml": settings(),
        "word/fontTable.xml": font_table(),
        "word/footer1.xml": footer("right"),
        "word/footer2.xml": footer("left"),
        "customXml/item1.xml": marks_part(marks_of(document), document.metadata),
        "customXml/itemProps1.xml": part_properties(document.metadata),
        "customXml/_rels/item1.xml.rels": relations(_ITEM),
        "docProps/core.xml": core(document.title.replace("\n", ""), document.organ, document.metadata.made_at),
        "docProps/app.xml": app(),
    }
    pack(parts, stream)


def pack(parts: Mapping[str, Element | bytes], stream: IO[bytes]) -> None:
    """The parts as one file, in this order; equal parts give equal bytes."""
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            package.writestr(entry, part if isinstance(part, bytes) else to_bytes(part))


def content_types(overrides: Mapping[str, str], **extensions: str) -> Element:
    """What the parts are: by name, and by extension for pictures and the like."""
    root = root_of(_TYPES, "Types")
    plain = {"rels": "application/vnd.openxmlformats-package.relationships+xml", "xml": "application/xml"}
    for extension, kind in {**plain, **extensions}.items():
        etree.SubElement(root, f"{{{_TYPES}}}Default", Extension=extension, ContentType=kind)
    for name, kind in overrides.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=name, ContentType=kind)
    return root


def relations(links: Mapping[str, tuple[str, str]]) -> Element:
    root = root_of(_RELATIONS, "Relationships")
    for name, (kind, target) in links.items():
        etree.SubElement(root, f"{{{_RELATIONS}}}Relationship", Id=name, Type=kind, Target=target)
    return root


def core(title: str, creator: str, made_at: datetime | None = None) -> Element:
    root = etree.Element(f"{{{_CORE}}}coreProperties", nsmap={"cp": _CORE, "dc": _DC, "dcterms": _TERMS, "xsi": _XSI})
    etree.SubElement(root, f"{{{_DC}}}title").text = clean(title)
    etree.SubElement(root, f"{{{_DC}}}creator").text = clean(creator)
    if made_at is not None:
        created = etree.SubElement(root, f"{{{_TERMS}}}created")
        created.set(f"{{{_XSI}}}type", "dcterms:W3CDTF")
        created.text = _utc(made_at).strftime("%Y-%m-%dT%H:%M:%SZ")
    return root


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


def app() -> Element:
    space = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
    root = root_of(space, "Properties")
    etree.SubElement(root, f"{{{space}}}Application").text = "Keshu"
    return root
