"""Bytes to text as Chinese offices save it: UTF-8 with or without its mark, GB18030, UTF-16 with its mark."""

from __future__ import annotations

import codecs


def decode(data: bytes) -> tuple[str, str] | None:
    """(text, encoding), or None; line ends are kept as they are. GB18030 holds GBK and GB2312."""
    marked = data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return None


def decode_damaged(data: bytes, most: float = 0.002) -> tuple[str, str, int] | None:
    """(text, encoding, places that could not be read) where few are broken, as when a file was cut off; else None."""
    best: tuple[str, str, int] | None = None
    for encoding in ("utf-8-sig", "gb18030"):
        text = data.decode(encoding, "replace")
        wrong = text.count("\ufffd")
        if best is None or wrong < best[2]:
            best = (text, encoding, wrong)
    assert best is not None
    return best if best[2] <= max(2, len(best[0]) * most) and best[2] < max(len(best[0]), 1) / 4 else None
