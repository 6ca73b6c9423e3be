"""Opening zipped documents that strangers send: sizes after unpacking first, XML without anything from outside."""

from __future__ import annotations

import io
import zipfile
import zlib

from lxml import etree

Element = etree._Element

_CHUNK = 2**20
_FREE = 20 * 2**20  # up to this size the ratio proves nothing
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError, OSError)


class PackageBroken(Exception):
    """The archive or a part of it cannot be read."""


class PackageBomb(Exception):
    """More would come out than a reader takes; `megabytes` is how much is known of it."""

    def __init__(self, unpacked: int) -> None:
        super().__init__(unpacked)
        self.megabytes = unpacked // 2**20


def open_package(data: bytes, *, unpacked: int, ratio: int) -> zipfile.ZipFile:
    """The archive, unless its directory promises too much."""
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
    except BROKEN as broken:
        raise PackageBroken from broken
    size = sum(entry.file_size for entry in package.infolist())
    if size > unpacked or (size > _FREE and size > ratio * len(data)):
        package.close()
        raise PackageBomb(size)
    return package


def read_part(package: zipfile.ZipFile, part: str, most: int) -> bytes:
    """The bytes of a part, never more than `most` whatever the directory says of it."""
    pieces, size = [], 0
    try:
        with package.open(part) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                if size > most:
                    raise PackageBomb(size)
                pieces.append(piece)
    except BROKEN as broken:
        raise PackageBroken from broken
    return b"".join(pieces)


def parse_part(data: bytes) -> Element:
    """The root of an XML part; a document type is refused, for offices write none and bombs are built of it."""
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))
    except (etree.XMLSyntaxError, ValueError) as broken:
        raise PackageBroken from broken
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise PackageBroken
    return root
