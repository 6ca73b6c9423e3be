"""Collects the string, its blocks, and for annotating the elements that each stretch of it came from."""

from __future__ import annotations

from dataclasses import dataclass

from keshu.office.reading.packages import Element

from .model import BlockKind, Limits, TextBlock, TextProblem


@dataclass(slots=True)
class Piece:
    """`text[start : start + len(words)]` came from `node`.

    `unit` is the element beside which a mark of a comment may stand; it is a run that may be split when `splits`.
    """

    start: int
    words: str
    node: Element
    unit: Element
    splits: bool

    @property
    def end(self) -> int:
        return self.start + len(self.words)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the blocks of a story may carry comments: in it (`host` None), or only beside `host` in the body."""

    part: str
    commented: bool
    host: Element | None = None


class Builder:
    def __init__(self, limits: Limits, name: str) -> None:
        self._limits, self._name = limits, name
        self._strings: list[str] = []
        self.length = 0
        self.blocks: list[TextBlock] = []
        self.pieces: list[list[Piece]] = []  # one list for each block
        self.spots: list[Spot] = []

    def add(
        self,
        kind: BlockKind,
        pieces: list[Piece],
        spot: Spot,
        where: str,
        locator: str,
        *,
        level: int = 0,
        number: str = "",
        cell: tuple[int, int, int] | None = None,
        debris: bool = False,
    ) -> None:
        start = self.length
        for piece in pieces:
            piece.start = self.length
            self._strings.append(piece.words)
            self.length += len(piece.words)
        self.blocks.append(TextBlock(kind, start, self.length, where, locator, level, number, cell=cell, debris=debris))
        self.pieces.append(pieces)
        self.spots.append(spot)
        self._strings.append("\n")
        self.length += 1
        if self.length > self._limits.characters or len(self.blocks) > self._limits.blocks:
            raise TextProblem(
                "too-much",
                f"“{self._name}”的文字超过 {self._limits.characters // 10_000} 万字或 {self._limits.blocks // 10_000} 万段，未予读取。",
                "请拆分为几份文件后分别检查。",
            )

    @property
    def text(self) -> str:
        return "".join(self._strings)
