"""What is wrong with a row, said so that a clerk can mend it: where, what, and what to do."""

from dataclasses import dataclass, replace
from typing import Any

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing found. An error keeps the row out; a warning names it and takes the row."""

    sheet: str
    row: int
    column: str
    code: str
    message: str
    remedy: str
    severity: str = ERROR
    cell: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "sheet": self.sheet, "row": self.row, "column": self.column, "code": self.code, "message": self.message,
            "remedy": self.remedy, "severity": self.severity, "cell": self.cell,
        }  # fmt: skip

    def warning(self) -> "Finding":
        return replace(self, severity=WARNING)


def from_json(content: dict[str, Any]) -> Finding:
    return Finding(**content)


def column_letters(index: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
