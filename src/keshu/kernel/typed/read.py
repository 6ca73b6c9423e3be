"""What a reader gives back, and what counts as an empty cell."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Generic, TypeVar

from keshu.kernel.width import half_width, no_spaces, plain_dashes, tidy

T = TypeVar("T")

_MISSING_WORDS = """/ // \\ - -- --- _ . 、 无 暂无 没有 空 空白 不详 不明 未知 未填 未报 缺 暂缺 待定 待补 待填 待补充 无数据
    不适用 n/a na #n/a null none nan nil (空) (无) ? ??"""
MISSING = frozenset(["", *_MISSING_WORDS.split()])


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a cell could not be read, and what to do about it."""

    code: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Read(Generic[T]):
    """`value` is None for an empty cell or a `problem`; `note` says what was assumed; `approx` marks 约, 余, 近."""

    value: T | None = None
    note: str = ""
    problem: Problem | None = None
    approx: bool = False

    @property
    def missing(self) -> bool:
        """Nothing was typed: not zero, and nothing wrong."""
        return self.value is None and self.problem is None


def wrong(code: str, message: str, remedy: str) -> Problem:
    return Problem(code, message, remedy)


def cell_text(value: object) -> str:
    """The cell as a person sees it: whole floats without .0, dates as 2025-03-02, no white space at the ends."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == datetime.min.time() else value.isoformat(" ")
    if isinstance(value, date):
        return str(value)
    return str(value).strip()


def _float_text(value: float) -> str:
    if math.isnan(value):
        return ""
    return format(Decimal(f"{value:.15g}"), "f") if math.isfinite(value) else "#NUM!"


def is_missing(value: object) -> bool:
    """Empty, a dash, a slash, 无, 暂无, N/A, #N/A. A zero is not missing, a formula that failed is a problem."""
    text = no_spaces(plain_dashes(half_width(cell_text(value)))).lower()
    return text in MISSING or not text.strip("-")


def cleaned(value: object) -> str:
    """Half-width text with single spaces."""
    return tidy(cell_text(value))
