"""Frames: the sentences of a summary definition before their figures are known.

A frame is text with `{reference}` (a figure), `{$name}` (a word of the document such as 全市), `{.field}` (a field of the
row that a record sentence tells of), `{?word|other}` (the first word if its gate is passed, else the other) and
`⟨…⟩` around what is left out when a figure inside it is missing. Optional parts may lie inside each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

OPEN, CLOSE = "⟨", "⟩"


class BadFrame(ValueError):
    """The frame cannot be read; the message says in Chinese where."""


@dataclass(frozen=True, slots=True)
class Literal:
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A reference as it was written, without its braces."""

    reference: str


@dataclass(frozen=True, slots=True)
class Variable:
    name: str


@dataclass(frozen=True, slots=True)
class RowField:
    name: str


@dataclass(frozen=True, slots=True)
class Gated:
    word: str
    otherwise: str


@dataclass(frozen=True, slots=True)
class Optional:
    pieces: tuple[Piece, ...]


Piece: TypeAlias = Literal | Figure | Variable | RowField | Gated | Optional


@lru_cache(maxsize=4096)
def parse_frame(text: str) -> tuple[Piece, ...]:
    """The frame as pieces; raises BadFrame for a brace or an angle that is never closed, and for empty braces."""
    pieces, rest = _sequence(text, 0, depth=0)
    if rest != len(text):
        raise BadFrame(f"第 {rest + 1} 个字符处多出一个“{CLOSE}”")
    return pieces


def _sequence(text: str, at: int, *, depth: int) -> tuple[tuple[Piece, ...], int]:
    pieces: list[Piece] = []
    start = at
    while at < len(text) and text[at] != CLOSE:
        if text[at] not in (OPEN, "{"):
            at += 1
            continue
        if at > start:
            pieces.append(Literal(text[start:at]))
        piece, at = _optional(text, at, depth) if text[at] == OPEN else _braces(text, at)
        pieces.append(piece)
        start = at
    if at > start:
        pieces.append(Literal(text[start:at]))
    return tuple(pieces), at


def _optional(text: str, at: int, depth: int) -> tuple[Piece, int]:
    inner, end = _sequence(text, at + 1, depth=depth + 1)
    if end >= len(text):
        raise BadFrame(f"第 {at + 1} 个字符处的“{OPEN}”没有配对的“{CLOSE}”")
    return Optional(inner), end + 1


def _braces(text: str, at: int) -> tuple[Piece, int]:
    end = text.find("}", at)
    if end < 0:
        raise BadFrame(f"第 {at + 1} 个字符处的“{{”没有配对的“}}”")
    inside = text[at + 1 : end].strip()
    if not inside or inside in ("$", ".", "?"):
        raise BadFrame(f"第 {at + 1} 个字符处的花括号是空的")
    return _named(inside, at), end + 1


def _named(inside: str, at: int) -> Piece:
    match inside[0]:
        case "$":
            return Variable(inside[1:])
        case ".":
            return RowField(inside[1:])
        case "?":
            word, bar, otherwise = inside[1:].partition("|")
            if not bar:
                raise BadFrame(f"第 {at + 1} 个字符处的“{{?{word}}}”没有写不过关时用的词,应写成 {{?{word}|其他词}}")
            return Gated(word, otherwise)
        case _:
            return Figure(inside)


def figures_in(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Every reference of the frame, those in optional parts too, in the order of the text."""
    for piece in pieces:
        if isinstance(piece, Figure):
            yield piece.reference
        elif isinstance(piece, Optional):
            yield from figures_in(piece.pieces)


def fields_in(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Every row field that the frame prints."""
    for piece in pieces:
        if isinstance(piece, RowField):
            yield piece.name
        elif isinstance(piece, Optional):
            yield from fields_in(piece.pieces)


def variables_in(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Every word of the document that the frame prints."""
    for piece in pieces:
        if isinstance(piece, Variable):
            yield piece.name
        elif isinstance(piece, Optional):
            yield from variables_in(piece.pieces)
