"""Takes the lines out of a PDF; run as a program of its own, so that no file can take the server's time or memory.

Reads the file from standard input and writes one JSON object to standard output: either `problem`, or `pages` of
lines [words, left, right, bottom, size]. Arguments: seconds, bytes of memory, most pages, most characters.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

Line = list[Any]


def answer(data: bytes, pages: int, characters: int) -> dict[str, Any]:
    """The lines or the problem; never raises but for want of memory."""
    import pypdf
    from pypdf.errors import FileNotDecryptedError, WrongPasswordError

    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "encrypted"}
        if len(reader.pages) > pages:
            return {"problem": "too-much"}
        return _pages(reader, characters)
    except (FileNotDecryptedError, WrongPasswordError):
        return {"problem": "encrypted"}
    except MemoryError:
        return {"problem": "too-much"}
    except Exception as wrong:  # noqa: BLE001 - a broken PDF may fail in any line of a library of 30,000
        encrypted = "cryptography" in str(wrong).lower() or "AES" in str(wrong)
        return {"problem": "encrypted" if encrypted else "broken"}


def _pages(reader: Any, characters: int) -> dict[str, Any]:
    found: list[list[Line]] = []
    total = pictures = unread = 0
    for page in reader.pages:
        try:
            lines = _lines(page)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - one page that cannot be read does not end the reading of the others
            lines, unread = [], unread + 1
        pictures += not lines and "/XObject" in (page.get("/Resources") or {})
        total += sum(len(line[0]) for line in lines)
        if total > characters:
            return {"problem": "too-much"}
        found.append(lines)
    return {"pages": found, "pictures": pictures, "unread": unread}


def _lines(page: Any) -> list[Line]:
    """Pieces of one height joined from left to right as the page sets them, columns kept apart by tabs."""
    lines: list[Line] = []
    fresh, blank, letters = True, False, 0

    def take(text: str, current: list[float], matrix: list[float], _: Any, size: float) -> None:
        nonlocal fresh, blank, letters
        left, bottom = _moved(matrix, current)
        height = abs(size * (matrix[3] or matrix[0] or 1) * (current[3] or current[0] or 1)) or 10.0
        for place, words in enumerate(text.split("\n")):
            fresh = fresh or place > 0
            if not words.strip():  # blanks that the page sets, or that stand for a gap, come without a size
                blank = bool(words) and not fresh
                continue
            right = left + _width(words) * height
            if fresh or not lines:
                lines.append([words, left, right, bottom, height])
            else:
                line = lines[-1]
                line[0] += _between(line[0], words, (left - line[2]) / height, letters, blank) + words
                line[1], line[2] = min(line[1], left), max(line[2], right)
            fresh, blank, letters = False, False, len(words)

    page.extract_text(visitor_text=take)
    return lines


def _between(before: str, after: str, gap: float, letters: int, blank: bool) -> str:
    """What stands between two pieces of a line: a tab for a gap between columns.

    The gap is in units of the type size. Full lines are spread, a little between any two of the `letters` of the
    piece before; numbers are never parted by spreading.
    """
    numbers = before[-1:].isdigit() and after[:1].isdigit()
    if gap > (0.5 if numbers else 0.7 + 0.1 * letters):
        return "\t"
    return " " if blank and not before[-1:].isspace() else ""


def _moved(matrix: list[float], current: list[float]) -> tuple[float, float]:
    left, bottom = matrix[4], matrix[5]
    return (
        left * current[0] + bottom * current[2] + current[4],
        left * current[1] + bottom * current[3] + current[5],
    )


def _width(words: str) -> float:
    """In units of the type size: a Chinese character fills a square, a Latin letter half of one."""
    return sum(1.0 if ord(letter) > 0x2E7F or letter in "—…“”‘’" else 0.5 for letter in words)


def main() -> None:
    import resource

    seconds, memory, pages, characters = (int(argument) for argument in sys.argv[1:5])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stderr = io.StringIO()  # the library logs a line for each fault it finds
    out = sys.stdout
    result = answer(sys.stdin.buffer.read(), pages, characters)
    json.dump(result, out)


if __name__ == "__main__":
    main()
