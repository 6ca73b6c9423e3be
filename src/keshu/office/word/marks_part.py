"""The custom XML part: what each mark of the file stands on and what was printed there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from .model import Marked, Metadata
from .ooxml import Element, clean, root_of

NAMESPACE = "urn:keshu:marks:1"
PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/customXml"
_FIELDS = ("place", "period", "summary", "sha256")


@dataclass(frozen=True)
class Embedded:
    """A mark as the file was written with it."""

    reference: str
    text: str
    kind: str = "figure"


def marks_part(marks: Iterable[Marked], metadata: Metadata) -> Element:
    root = root_of(NAMESPACE, "document")
    for name in _FIELDS:
        root.set(name, clean(getattr(metadata, name)))
    if metadata.made_at is not None:
        root.set("made_at", metadata.made_at.isoformat())
    for mark in marks:
        element = etree.SubElement(
            root, f"{{{NAMESPACE}}}mark", id=mark.id, kind=mark.kind, reference=clean(mark.reference)
        )
        element.text = clean(mark.text)
    return root


def part_properties(metadata: Metadata) -> Element:
    item = uuid.uuid5(uuid.NAMESPACE_URL, f"{NAMESPACE}/{metadata.summary}")
    root = etree.Element(f"{{{PROPERTIES}}}datastoreItem", nsmap={"ds": PROPERTIES})
    root.set(f"{{{PROPERTIES}}}itemID", f"{{{item}}}".upper())
    references = etree.SubElement(root, f"{{{PROPERTIES}}}schemaRefs")
    etree.SubElement(references, f"{{{PROPERTIES}}}schemaRef").set(f"{{{PROPERTIES}}}uri", NAMESPACE)
    return root


def read_marks_part(root: Element) -> tuple[dict[str, Embedded], dict[str, str]]:
    """Marks by id, and what the file says about itself."""
    embedded = {
        element.get("id", ""): Embedded(element.get("reference", ""), element.text or "", element.get("kind", "figure"))
        for element in root.iter(f"{{{NAMESPACE}}}mark")
    }
    return embedded, {str(name): str(value) for name, value in root.attrib.items()}
