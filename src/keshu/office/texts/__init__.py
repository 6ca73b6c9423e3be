"""What a file says: .txt, .md, .docx, .pdf, and .doc, .wps, .rtf, .odt where LibreOffice is installed."""

from .model import BlockKind, Limits, Text, TextBlock, TextProblem
from .reader import ACCEPTED, read_text

__all__ = ["ACCEPTED", "BlockKind", "Limits", "Text", "TextBlock", "TextProblem", "read_text"]
