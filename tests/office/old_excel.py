"""A small Excel 97 workbook, built byte by byte: nothing in the project writes the old form."""

from __future__ import annotations

import struct

SECTOR = 512


def record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def begin(kind: int) -> bytes:
    return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 1997, 0, 6))


def sheet(rows: list[list[str | float | None]], merges: list[tuple[int, int, int, int]]) -> bytes:
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            if isinstance(value, str):
                text = struct.pack("<HB", len(value), 1) + value.encode("utf-16-le")
                cells += record(0x0204, struct.pack("<HHH", row, column, 0) + text)
            elif value is not None:
                cells += record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    merged = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, bottom, left, right in merges)
    return begin(0x0010) + cells + record(0x00E5, struct.pack("<H", len(merges)) + merged) + record(0x000A)


def workbook(name: str, rows: list[list[str | float | None]], merges: list[tuple[int, int, int, int]]) -> bytes:
    title = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    start = begin(0x0005) + record(0x0042, struct.pack("<H", 1200))
    at = len(start) + 4 + 6 + len(title) + 4
    stream = start + record(0x0085, struct.pack("<IBB", at, 0, 0) + title) + record(0x000A) + sheet(rows, merges)
    return compound("Workbook", stream)


def compound(name: str, stream: bytes) -> bytes:
    """A compound file with one stream; padded past 4096 bytes, below which streams live elsewhere."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")
    sectors = len(stream) // SECTOR
    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 2 + sectors), 0xFFFFFFFE]
    table = struct.pack(f"<{len(chain)}I", *chain).ljust(SECTOR, b"\xff")

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        written = (title + "\0").encode("utf-16-le")
        head = written.ljust(64, b"\0") + struct.pack("<HBBIII", len(written), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return head + bytes(36) + struct.pack("<IQ", first, size)

    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry(name, 2, 0xFFFFFFFF, 2, len(stream))
    directory = directory.ljust(SECTOR, b"\0")
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    head += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    head += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<I", 0) + b"\xff" * (108 * 4)
    return head + table + directory + stream
