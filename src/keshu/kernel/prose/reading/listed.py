"""Word lists as they are best read: running text."""

from __future__ import annotations


def listed(text: str) -> tuple[str, ...]:
    """The words of a running text, in order."""
    return tuple(text.split())
