"""One stream out of a compound file, the container in which Office 97 keeps what it writes."""

from __future__ import annotations

import struct

_END = 0xFFFFFFFA  # this and everything above marks an end, a free sector or a sector of the table itself
_ENTRY = 128


class BrokenCompound(Exception):
    """The container contradicts itself."""


def stream_of(data: bytes, *names: str) -> bytes:
    """The bytes of the first of these streams that is there. Raises BrokenCompound when none is, or it is torn."""
    try:
        return _File(data).stream(names)
    except (struct.error, IndexError) as broken:
        raise BrokenCompound(str(broken)) from broken


class _File:
    def __init__(self, data: bytes) -> None:
        self.data = data
        shift, small_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= shift <= 16 or not 4 <= small_shift <= shift:
            raise BrokenCompound("sector size")
        self.size, self.small_size = 1 << shift, 1 << small_shift
        self.first, self.cutoff, self.first_small = (
            struct.unpack_from("<I", data, 48)[0], struct.unpack_from("<I", data, 56)[0],
            struct.unpack_from("<I", data, 60)[0],
        )  # fmt: skip
        self.table = self._numbers(b"".join(map(self._sector, self._sectors_of_table())))

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self.size  # the header takes the first one
        found = self.data[start : start + self.size]
        if not found:
            raise BrokenCompound("a sector behind the end")
        return found

    def _sectors_of_table(self) -> list[int]:
        """109 of them stand in the header, the rest in sectors that are chained by their last number."""
        found = list(struct.unpack_from("<109I", self.data, 76))
        further, seen = struct.unpack_from("<I", self.data, 68)[0], set[int]()
        while further < _END and further not in seen:
            seen.add(further)
            *more, further = self._numbers(self._sector(further))
            found += more
        return [number for number in found if number < _END]

    @staticmethod
    def _numbers(content: bytes) -> list[int]:
        whole = len(content) // 4
        return list(struct.unpack_from(f"<{whole}I", content))

    def _chain(self, first: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while first < _END:
            found.append(first)
            if len(found) > len(table):
                raise BrokenCompound("a chain without end")
            first = table[first]
        return found

    def _read(self, first: int) -> bytes:
        return b"".join(map(self._sector, self._chain(first, self.table)))

    def stream(self, names: tuple[str, ...]) -> bytes:
        directory = self._read(self.first)
        entries: dict[str, tuple[int, int]] = {}
        root = 0
        for start in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, start + 64)
            title = directory[start : start + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            first, size = struct.unpack_from("<II", directory, start + 116)
            if kind == 5:
                root = first
            elif kind == 2:
                entries.setdefault(title, (first, size))
        for name in names:
            if name in entries:
                return self._content(*entries[name], root)
        raise BrokenCompound(f"no stream {names}")

    def _content(self, first: int, size: int, root: int) -> bytes:
        """Small streams lie in a stream of their own, in sectors of their own."""
        if size >= self.cutoff:
            return self._read(first)[:size]
        whole, step = self._read(root), self.small_size
        table = self._numbers(self._read(self.first_small)) if self.first_small < _END else []
        return b"".join(whole[n * step : (n + 1) * step] for n in self._chain(first, table))[:size]
