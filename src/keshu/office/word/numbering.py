"""Numbers of headings: 一、 （一） 1. (1), each level counted anew below the one above it."""

from __future__ import annotations

from dataclasses import replace

from .model import Block, Heading, Text, as_runs

_DIGITS = "零一二三四五六七八九"


def in_chinese(number: int) -> str:
    """1 to 99 as headings count: 十, 十一, 二十, 二十一."""
    if not 1 <= number <= 99:
        raise ValueError(f"headings are counted from 1 to 99, not {number}")
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def heading_number(level: int, number: int) -> str:
    match level:
        case 1:
            return f"{in_chinese(number)}、"
        case 2:
            return f"（{in_chinese(number)}）"
        case 3:
            return f"{number}."
        case 4:
            return f"（{number}）"
    raise ValueError(f"an official document has four levels of headings, not {level}")


def number_headings(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """The same blocks with a number before each heading's words."""
    counts = [0, 0, 0, 0]
    numbered: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (4 - block.level)
            number = Text(heading_number(block.level, counts[block.level - 1]))
            numbered.append(replace(block, runs=(number, *as_runs(block.runs))))
        else:
            numbered.append(block)
    return tuple(numbered)
