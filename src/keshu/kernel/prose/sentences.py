"""Paragraphs, headings and sentences of a plain text, with their places."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}、|（[一二三四五六七八九十]{1,3}）|\([一二三四五六七八九十]{1,3}\)|附件)"
)
_LEVEL_ONE = re.compile(r"\s*[一二三四五六七八九十]{1,3}、")
_SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]+[”’」』）)]*|[^。！？!?\n]+")
_RUN_IN = re.compile(r"[^。]{2,24}。")


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A line of text. `heading` is the heading it is or begins with, `level` 1 or 2 (0: none)."""

    start: int
    end: int
    text: str
    heading: str
    level: int
    sentences: tuple[Sentence, ...]


def paragraphs(text: str) -> list[Paragraph]:
    """Lines that are not empty. A heading is a numbered line, or the numbered lead phrase with which a line begins."""
    lines = re.finditer(r"[^\n]+", text)
    return [_paragraph(line[0], line.start()) for line in lines if line[0].strip()]


def sentences(text: str) -> list[Sentence]:
    """All sentences outside headings, in order."""
    return [sentence for paragraph in paragraphs(text) for sentence in paragraph.sentences]


def _paragraph(line: str, start: int) -> Paragraph:
    heading, level, body = "", 0, 0
    if _HEADING.match(line):
        level = 1 if _LEVEL_ONE.match(line) else 2
        lead = _RUN_IN.match(line)
        if lead and lead.end() <= 40:
            heading, body = lead[0], lead.end()
        elif "。" not in line:
            heading, body = line, len(line)
    parts = tuple(
        Sentence(start + found.start(), start + found.end(), found[0].strip())
        for found in _SENTENCE.finditer(line, body)
        if found[0].strip()
    )
    return Paragraph(start, start + len(line), line, heading.strip(), level if heading else 0, parts)
