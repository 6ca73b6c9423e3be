"""Why a rule cannot be read."""

from __future__ import annotations


class RuleError(ValueError):
    """The text is outside the language of rules; the message says in Chinese what and where.

    ``at`` counts characters from 0; the message names the position counted from 1.
    """

    def __init__(self, what: str, at: int = 0) -> None:
        self.what, self.at = what, at
        super().__init__(f"第 {at + 1} 个字符处：{what}")
