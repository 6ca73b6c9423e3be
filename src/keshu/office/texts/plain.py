"""Plain text and Markdown: the string is the decoded file, letter by letter; blocks are its lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from keshu.office.reading.encodings import decode, decode_damaged

from .headings import heading_level, page_numbers
from .model import Limits, Text, TextBlock, TextProblem

_LINE = re.compile(r"[^\r\n]+")
_MARKED = re.compile(r"(#{1,6})\s+\S")
_ENCODINGS = {"utf-8-sig": "UTF-8", "gb18030": "GB18030", "utf-16": "UTF-16"}


def read_plain(data: bytes, name: str, limits: Limits, *, kind: str = "txt") -> Text:
    text, encoding, notes = _decoded(data, name)
    if len(text) > limits.characters:
        raise TextProblem(
            "too-much", f"“{name}”超过 {limits.characters // 10_000} 万字，未予读取。", "请拆分为几份文件后分别检查。"
        )
    blocks = tuple(_blocks(text, limits, name, marked=kind == "md"))
    return Text(text, blocks, name, kind, _ENCODINGS[encoding], notes)


def _decoded(data: bytes, name: str) -> tuple[str, str, tuple[str, ...]]:
    found = decode(data)
    notes: tuple[str, ...] = ()
    if found is None:
        damaged = decode_damaged(data)
        if damaged is None:
            raise TextProblem(
                "broken",
                f"“{name}”不是可读的文本文件。",
                "请用记事本或 WPS 打开，另存为 UTF-8 编码的 .txt 或 .docx 后重试。",
            )
        found = damaged[:2]
        notes = (f"文件中有 {damaged[2]} 处字节无法识别，以 \ufffd 代替；文件可能不完整。",)
    if found[0].count("\x00"):
        raise TextProblem(
            "broken",
            f"“{name}”中含有空字符（NUL），不是纯文本，或者编码没有标明。",
            "请用记事本打开，另存为 UTF-8 编码的 .txt 后重试。",
        )
    return *found, notes


def _blocks(text: str, limits: Limits, name: str, *, marked: bool) -> Iterator[TextBlock]:
    lines = [found for found in _LINE.finditer(text) if not found[0].isspace()]
    if len(lines) > limits.blocks:
        raise TextProblem(
            "too-much", f"“{name}”超过 {limits.blocks // 10_000} 万行，未予读取。", "请拆分为几份文件后分别检查。"
        )
    debris = page_numbers([found[0] for found in lines])
    number, last = 1, 0
    for place, found in enumerate(lines):
        number += _breaks(text, last, found.start())
        last = found.start()
        title = _MARKED.match(found[0]) if marked else None
        level = len(title[1]) if title else heading_level(found[0])
        yield TextBlock(
            "heading" if level and place not in debris else "paragraph",
            found.start(),
            found.end(),
            f"第{number}行",
            f"#{number}",
            level if place not in debris else 0,
            debris=place in debris,
        )


def _breaks(text: str, start: int, end: int) -> int:
    """Line ends between two places: \\n, \\r\\n or \\r."""
    return text.count("\n", start, end) + text.count("\r", start, end) - text.count("\r\n", start, end)
