"""Elements of WordprocessingML, written short."""

from __future__ import annotations

import re

from lxml import etree

Element = etree._Element

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
XML = "http://www.w3.org/XML/1998/namespace"
PREFIXES = {"w": W, "r": R}

# XML 1.0 has no way to write these, and one of them in a pasted name would make the whole file unreadable.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    return _UNWRITABLE.sub("", text)


def w(tag: str, *children: Element | None, **attributes: str | int) -> Element:
    """An element of the main namespace; attributes are of the same namespace, empty children are left out."""
    element = etree.Element(f"{{{W}}}{tag}", nsmap=PREFIXES)
    for name, value in attributes.items():
        element.set(f"{{{W}}}{name}", clean(str(value)))
    element.extend(child for child in children if child is not None)
    return element


def root_of(namespace: str, tag: str) -> Element:
    """A root element whose namespace is the default one, as the parts of the package have it."""
    return etree.fromstring(f'<{tag} xmlns="{namespace}"/>'.encode())


def wt(name: str) -> str:
    return f"{{{W}}}{name}"


def to_bytes(root: Element) -> bytes:
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"] if root.nsmap.get("w") == W else None)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))
