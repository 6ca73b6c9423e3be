"""Frames: the sentences of a summary definition before their figures are known.

A frame is text with `{reference}` (a figure), `{$name}` (a word of the document such as 全市), `{.field}` (a field of the
row that a record sentence tells of), `{?word|other}` (the first word if its gate is passed, else the other) and
`⟨…⟩` around what is left out when a figure inside it is missing. Optional parts may lie inside each other.
`⟪，其中|国家级{a}|省级{b}⟫` is a list: its lead and those items that are there, with 、 between them, or nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

OPEN, CLOSE = "⟨", "⟩"
LIST, END = "⟪", "⟫"


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


@dataclass(frozen=True, slots=True)
class Listing:
    """A lead and items, of which those that have their figures are printed."""

    lead: str
    items: tuple[tuple[Piece, ...], ...]


Piece: TypeAlias = Literal | Figure | Variable | RowField | Gated | Optional | Listing


@lru_cache(maxsize=4096)
def parse_frame(text: str) -> tuple[Piece, ...]:
    """The frame as pieces; raises BadFrame for a brace or an angle that is never closed, and for empty braces."""
    pieces, rest = _sequence(text, 0, until="")
    if rest != len(text):
        raise BadFrame(f"第 {rest + 1} 个字符处多出一个“{text[rest]}”")
    return pieces


def _sequence(text: str, at: int, *, until: str) -> tuple[tuple[Piece, ...], int]:
    """Pieces up to one of the signs of `until` or of a closing sign."""
    pieces: list[Piece] = []
    start = at
    while at < len(text) and text[at] not in (CLOSE, END) and text[at] not in until:
        if text[at] not in (OPEN, LIST, "{"):
            at += 1
            continue
        if at > start:
            pieces.append(Literal(text[start:at]))
        piece, at = _inner(text, at)
        pieces.append(piece)
        start = at
    if at > start:
        pieces.append(Literal(text[start:at]))
    return tuple(pieces), at


def _inner(text: str, at: int) -> tuple[Piece, int]:
    match text[at]:
        case "⟨":
            return _optional(text, at)
        case "⟪":
            return _listing(text, at)
        case _:
            return _braces(text, at)


def _optional(text: str, at: int) -> tuple[Piece, int]:
    inner, end = _sequence(text, at + 1, until="")
    if end >= len(text) or text[end] != CLOSE:
        raise BadFrame(f"第 {at + 1} 个字符处的“{OPEN}”没有配对的“{CLOSE}”")
    return Optional(inner), end + 1


def _listing(text: str, at: int) -> tuple[Piece, int]:
    bar = text.find("|", at)
    if bar < 0:
        raise BadFrame(f"第 {at + 1} 个字符处的列举没有用“|”分开引语和各项")
    lead, items, end = text[at + 1 : bar], [], bar
    while end < len(text) and text[end] == "|":
        item, end = _sequence(text, end + 1, until="|")
        items.append(item)
    if end >= len(text) or text[end] != END:
        raise BadFrame(f"第 {at + 1} 个字符处的“{LIST}”没有配对的“{END}”")
    return Listing(lead, tuple(items)), end + 1


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


def _flat(pieces: tuple[Piece, ...]) -> Iterator[Piece]:
    """Every piece, those inside optional parts and lists too, in the order of the text."""
    for piece in pieces:
        if isinstance(piece, Optional):
            yield from _flat(piece.pieces)
        elif isinstance(piece, Listing):
            for item in piece.items:
                yield from _flat(item)
        else:
            yield piece


def figures_in(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Every reference of the frame, in the order of the text."""
    return (piece.reference for piece in _flat(pieces) if isinstance(piece, Figure))


def fields_in(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Every row field that the frame prints."""
    return (piece.name for piece in _flat(pieces) if isinstance(piece, RowField))


def variables_in(pieces: tuple[Piece, ...]) -> Iterator[str]:
    """Every word of the document that the frame prints."""
    return (piece.name for piece in _flat(pieces) if isinstance(piece, Variable))
