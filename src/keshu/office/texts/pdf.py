"""A PDF with a text layer: lines joined into paragraphs, page numbers and running heads marked."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import isfinite
from typing import Any

from keshu.office.word.ooxml import clean

from .headings import heading_level, is_page_number, page_numbers
from .model import BlockKind, Limits, Text, TextBlock, TextProblem

_CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
# Programs set a little air between Chinese and Latin; it comes out as a blank that nobody typed.
_AIR = re.compile(rf"(?<=[{_CHINESE}]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[{_CHINESE}])")


@dataclass(frozen=True)
class Line:
    words: str
    left: float
    right: float
    bottom: float
    size: float
    page: int


def _line(found: list[Any], page: int) -> Line:
    """Fonts of broken files give letters that no text may hold, and places that are no numbers."""
    words = clean(str(found[0])).replace("\r", " ").replace("\n", " ")
    left, right, bottom, size = (float(value) if isfinite(value) else 0.0 for value in found[1:])
    return Line(_AIR.sub("", words), left, right, bottom, size, page)


def read_pdf(data: bytes, name: str, limits: Limits) -> Text:
    answer = _asked(data, name, limits)
    if "problem" in answer:
        raise _problem(str(answer["problem"]), name, limits)
    return text_of(answer, name)


def text_of(answer: dict[str, Any], name: str) -> Text:
    """What the worker found, as text with blocks."""
    pages = [[_line(line, number) for line in lines] for number, lines in enumerate(answer["pages"], 1)]
    empty = sum(1 for lines in pages if not any(line.words.strip() for line in lines))
    if not pages or empty == len(pages):
        raise TextProblem(
            "no-text",
            f"“{name}”没有文字层，可能是扫描件。",
            "请用识别软件（OCR）转成 Word 或可检索的 PDF，或找到原来的 Word 文件后重试。",
        )
    notes = []
    if empty:
        notes.append(f"共 {len(pages)} 页，其中 {empty} 页没有文字（可能是扫描页或图片），没有读取。")
    text, blocks = _composed(pages)
    return Text(text, tuple(blocks), name, "pdf", notes=tuple(notes))


def _asked(data: bytes, name: str, limits: Limits) -> dict[str, Any]:
    # -P: a file json.py in the folder where the command was typed is not what the reader imports.
    command = [sys.executable, "-P", "-m", f"{__package__}.pdf_worker"]
    command += [str(number) for number in (limits.seconds, limits.memory, limits.pages, limits.characters)]
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=limits.seconds, check=False
        )
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        return {"problem": "slow"}
    except ValueError:
        # No answer: stopped by the limits of time or memory, or by a fault below Python.
        return {"problem": "slow" if done.returncode < 0 else "broken"}
    return answer if isinstance(answer, dict) else {"problem": "broken"}


def _problem(code: str, name: str, limits: Limits) -> TextProblem:
    remedy = "请用阅读器打开，“打印”为新的 PDF，或另存为 Word 后重试。"
    match code:
        case "encrypted":
            return TextProblem(code, f"“{name}”设有打开密码，无法读取。", "请在阅读器中取消密码、另存后重试。")
        case "slow":
            return TextProblem(code, f"“{name}”在 {limits.seconds} 秒内没有读完，已停止。", remedy)
        case "too-much":
            return TextProblem(
                code,
                f"“{name}”超过 {limits.pages} 页或 {limits.characters // 10_000} 万字，或者所需内存过大，未予读取。",
                "请拆分为几份文件后分别检查。",
            )
    return TextProblem("broken", f"“{name}”已损坏，无法打开。", remedy)


def _composed(pages: list[list[Line]]) -> tuple[str, list[TextBlock]]:
    pieces: list[str] = []
    blocks: list[TextBlock] = []
    length = 0
    for lines, kind in _paragraphs(pages):
        words = _joined([line.words.strip() for line in lines])
        page = lines[0].page
        level = heading_level(words) if kind == "paragraph" else 0
        shown: BlockKind = "heading" if level else kind
        where = f"第{page}页" if page == lines[-1].page else f"第{page}—{lines[-1].page}页"
        debris = kind in ("header", "footer")
        block = TextBlock(shown, length, length + len(words), where, f"page{page}#{len(blocks) + 1}", level, page=page)
        blocks.append(replace(block, debris=debris))
        pieces += [words, "\n"]
        length += len(words) + 1
    return "".join(pieces), blocks


def _paragraphs(pages: list[list[Line]]) -> Iterator[tuple[list[Line], BlockKind]]:
    """Lines that belong together, with what they are; a paragraph may go on over the end of a page."""
    edges = _edges(pages)
    margins = _margins(pages)
    open_lines: list[Line] = []
    held: list[tuple[list[Line], BlockKind]] = []  # page numbers between two halves of a paragraph come after it
    for number, lines in enumerate(pages):
        for place, line in enumerate(lines):
            if not line.words.strip():
                continue
            if (number, place) in edges:
                held.append(([line], "header" if place == 0 else "footer"))
            elif open_lines and _goes_on(open_lines, line, margins[open_lines[-1].page - 1]):
                open_lines.append(line)
            else:
                if open_lines:
                    yield open_lines, "paragraph"
                yield from held
                held, open_lines = [], [line]
    if open_lines:
        yield open_lines, "paragraph"
    yield from held


def _edges(pages: list[list[Line]]) -> set[tuple[int, int]]:
    """First and last lines that are page numbers, or that repeat from page to page as running heads do."""
    found = set()
    repeated = Counter(
        _masked(words) for lines in pages for words in {line.words for line in lines[:1] + lines[-1:]} if len(lines) > 2
    )
    lasts = [lines[-1].words if lines else "" for lines in pages]
    counted = {
        place
        for place, words in enumerate(lasts)
        if re.fullmatch(r"\s*\d{1,4}\s*", words) and len(pages) > 1 and abs(int(words) - place - 1) <= 20
    }
    counted |= page_numbers(lasts) if len(lasts) > 1 else set()
    for number, lines in enumerate(pages):
        for place in {0, len(lines) - 1} if lines else ():
            runs = repeated[_masked(lines[place].words)] >= max(3, len(pages) * 0.4)
            if runs or (place == len(lines) - 1 and number in counted):
                found.add((number, place))
        ends = {*range(min(2, len(lines))), *range(max(len(lines) - 4, 0), len(lines))}  # 版记 may stand below it
        found |= {(number, place) for place in ends if is_page_number(lines[place].words)}
    return found


def _masked(words: str) -> str:
    return re.sub(r"\d+", "#", words.strip())


def _margins(pages: list[list[Line]]) -> list[float]:
    """How far full lines reach on each page; a page with one long line only takes the edge of the others."""
    own = []
    for lines in pages:
        rights = sorted((line.right for line in lines), reverse=True)
        full = len(rights) > 1 and rights[0] - rights[1] < 2 * lines[0].size
        own.append(rights[0] if full else 0.0)
    usual = Counter(round(edge, -1) for edge in own if edge).most_common(1)
    return [edge or (float(usual[0][0]) if usual else 0.0) for edge in own]


def _goes_on(before: list[Line], line: Line, right: float) -> bool:
    """A full line goes on in the next one unless that is indented, numbered, or set in another size."""
    last = before[-1]
    size = max(last.size, line.size, 1.0)
    words = line.words.strip()
    if last.right < max(right - 2.5 * size, last.left + 12 * size) or abs(last.size - line.size) > 0.2 * size:
        return False
    if "\t" in last.words or "\t" in words or (last.words.rstrip()[-1:].isdigit() and words[:1].isdigit()):
        return False  # rows of a table; nobody breaks a number at the end of a line
    if len(before) == 1 and last.left > line.left + 4 * size:
        return False  # a date or a name at the right
    if line.page == last.page and not 0 <= last.bottom - line.bottom < 3 * size:
        return False
    body_left = min(one.left for one in before[1:]) if len(before) > 1 else last.left
    if line.left > body_left + 1.2 * size:
        return False
    indented_before = len(before) == 1 and last.left > line.left + 0.8 * size
    ended = last.words.rstrip()[-1:] in "。！？"
    return not (heading_level(words) and not indented_before) and not (ended and line.left > body_left + 0.8 * size)


def _joined(lines: list[str]) -> str:
    """Chinese lines run together; between Latin words that met at a line end stands a blank."""
    text = ""
    for line in lines:
        latin = text[-1:].isascii() and text[-1:].isalpha() and line[:1].isascii() and line[:1].isalpha()
        text += (" " if latin else "") + line
    return text
