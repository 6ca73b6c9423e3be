"""Any text read into figures: `scan` for values and units, `read` for what each of them says."""

from keshu.kernel.prose.reading.reader import as_json, read
from keshu.kernel.prose.reading.scanner import scan

__all__ = ["as_json", "read", "scan"]
