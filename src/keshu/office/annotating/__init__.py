"""Comments in the margin of a Word file, on the exact words that they speak of."""

from .annotate import annotate
from .model import Note

__all__ = ["Note", "annotate"]
