"""What is to be said about a stretch of a text."""

from __future__ import annotations

from dataclasses import dataclass

SEVERITIES = {"error": "错误", "warning": "疑问", "hint": "提示"}


@dataclass(frozen=True)
class Note:
    """`start` and `end` are offsets into the string of the `Text`; line feeds in `text` begin new paragraphs.

    `severity` error, warning or hint is printed in front as 错误, 疑问, 提示; other words as they are; empty for none.
    """

    start: int
    end: int
    author: str
    text: str
    severity: str = ""

    @property
    def label(self) -> str:
        return SEVERITIES.get(self.severity, self.severity)
