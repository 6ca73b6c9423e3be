"""What a definition gets wrong, said so that the person who wrote it can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One defect: where it is, what is wrong, what to do."""

    file: str
    line: int
    key: str
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} [{self.key}] {self.message}。{self.remedy}"


@dataclass(frozen=True, slots=True)
class Flaw:
    """A defect inside one definition, before its line is known.

    ``about`` is the code of another definition that was not found: where that one could not be read, its own
    problem is said once, not again by everybody who names it.
    """

    path: tuple[str | int, ...]
    message: str
    remedy: str
    about: str = ""


class CatalogueError(Exception):
    """The catalogue cannot be used; carries every problem found, not only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__(f"定义文件有 {len(self.problems)} 处错误:\n" + "\n".join(str(p) for p in self.problems))
