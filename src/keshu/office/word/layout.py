"""The measures of GB/T 9704—2012 in twips (1/20 pt), and how wide words are in them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

LINE = 579  # 28.95 pt: 22 lines in 225 mm; at 29 pt Word fits only 21
SQUEEZE = -5  # 28 characters of 16 pt are 448 pt, the text is 442.2 pt wide; Word counts in whole twips
CHARACTER = 320 + SQUEEZE  # the advance of one 3号 character
TITLE_SIZE, BODY_SIZE, SMALL_SIZE = 22.0, 16.0, 14.0


def mm(millimetres: float) -> int:
    return round(millimetres / 25.4 * 1440)


@dataclass(frozen=True)
class Page:
    """Paper and margins. `text_width` and `text_height` are the 版心."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    footer: int
    landscape: bool = False

    @property
    def text_width(self) -> int:
        return self.width - self.left - self.right

    @property
    def text_height(self) -> int:
        return self.height - self.top - self.bottom


# The dash beside the page number hangs 7 mm below the text: the line of 14 pt starts 5 mm below it.
PORTRAIT = Page(11906, 16838, mm(37), mm(26), mm(35), mm(28), footer=mm(25))
# Turned so that the head of a wide table lies at the binding side, the left edge of the upright page.
LANDSCAPE = Page(16838, 11906, mm(28), mm(37), mm(26), mm(35), footer=mm(16), landscape=True)


def cells(text: str) -> float:
    """How many full-width characters the text is wide: Latin letters and digits take half a one."""
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)


def advance(text: str, size: float = BODY_SIZE) -> int:
    """Width of the text in twips as Word sets it, squeezed characters included."""
    return round(cells(text) * size * 20) + SQUEEZE * len(text)
